"""After a recovery of the account no archive goes out for a day, unless a second step from before it says otherwise (T-08)."""

from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.tasks import forget_old
from privacy.casework.requests import DataSubjectRequest
from privacy.models import Archive, TrailEntry
from privacy.pages import step_up
from privacy.pages.moments import moment

from .going_elsewhere import go
from .makers import make_view
from .reading import questions, words_of
from .signing_in import browser_of
from .test_access_collect import answered
from .test_accounts_notices import SECOND, change, change_password, reset_password, set_first_password
from .test_page_download import address, let_step_up_pass, whole

Kind = SecurityEvent.Kind
pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(an):
    make_view(an)
    return answered(an).archive


@pytest.fixture
def browser(an):
    return browser_of(an, headers={"accept-language": "en"})


def happened(member, kind=Kind.PASSWORD_RESET, **ago):
    return SecurityEvent.objects.create(member=member, kind=kind, at=timezone.now() - timedelta(**ago))


@pytest.mark.parametrize("kind", Kind)
def test_an_archive_waits_and_the_page_says_until_when_and_why(an, browser, archive, kind):
    event = happened(an, kind, hours=1)

    answer = browser.get(address(archive))

    text = words_of(answer.content.decode())
    assert answer.status_code == 403
    assert moment(event.at + timedelta(hours=24)).partition(", ")[2] in text
    assert "somebody recovered this account" in text
    assert "sign in with it: then you need not wait" in text
    assert 22 * 3600 < int(answer["Retry-After"]) <= 23 * 3600


def test_nothing_is_told_as_fetched_while_it_waits(an, browser, archive):
    happened(an)

    browser.get(address(archive))
    browser.head(address(archive))

    assert not TrailEntry.objects.filter(event="access.fetched").exists()


def test_the_rest_of_a_download_that_broke_off_waits_too(an, browser, archive):
    """Her account may have been taken over since it began."""
    etag = browser.get(address(archive))["ETag"]
    happened(an)

    answer = browser.get(address(archive), headers={"range": "bytes=10-", "if-range": etag})

    assert answer.status_code == 403


def test_a_question_about_the_file_alone_waits_too(an, browser, archive):
    happened(an)

    assert browser.head(address(archive)).status_code == 403


def test_after_the_wait_it_is_handed_out(an, browser, archive):
    happened(an, hours=24, seconds=1)

    answer = browser.get(address(archive))

    assert (answer.status_code, len(whole(answer))) == (200, archive.size)


def test_what_happened_to_bo_does_not_hold_ans_archive(an, bo, browser, archive):
    happened(bo)

    assert browser.get(address(archive)).status_code == 200


def test_the_last_of_several_events_counts(an, rf, browser, archive):
    happened(an, hours=20)
    last = happened(an, Kind.ADDRESS_CHANGED, hours=2)
    happened(an, hours=10)

    answer = browser.get(address(archive))

    assert answer.context["until"] == last.at + timedelta(hours=24)


def test_who_runs_the_site_sets_how_long(an, browser, archive, settings):
    settings.DELIVERY_WAIT_HOURS = 48
    happened(an, hours=47)

    assert browser.get(address(archive)).status_code == 403


def test_the_request_itself_is_accepted_and_its_clock_runs(an, browser):
    happened(an)

    answer = browser.post(reverse("privacy:download"), {"scope": "everything"})

    asked = DataSubjectRequest.objects.get()
    assert answer.url == reverse("privacy:request", args=[asked.ref])
    assert (asked.status, asked.received_at.date()) == ("approved", timezone.now().date())


def test_she_shows_who_she_is_before_she_learns_of_it(an, browser, archive):
    """T-07."""
    happened(an)
    let_step_up_pass(browser, minutes=6)

    assert browser.get(address(archive)).status_code == 302


def test_an_archive_that_is_gone_says_so_first(an, browser, archive):
    happened(an)
    Archive.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert browser.get(address(archive)).status_code == 410


def test_an_archive_that_is_destroyed_before_the_wait_is_over_leads_to_a_new_one(an, browser, archive):
    happened(an)
    Archive.objects.update(expires_at=timezone.now() + timedelta(hours=2))

    assert "By then this archive is destroyed" in words_of(browser.get(address(archive)).content.decode())


def test_the_page_of_the_request_says_the_time_instead_of_offering_the_file(an, browser, archive):
    page = reverse("privacy:request", args=[archive.request.ref])
    offered = browser.get(page).content.decode()
    happened(an)

    held = browser.get(page).content.decode()

    assert (address(archive) in offered, address(archive) in held) == (True, False)
    assert "You can download it from" in words_of(held)


def test_the_list_of_archives_does_not_offer_it_either(an, browser, archive):
    happened(an)

    page = browser.get(reverse("privacy:download")).content.decode()

    assert address(archive) not in page
    assert "Waits until" in words_of(page)


def test_the_page_asks_the_database_as_much_after_many_events(an, browser, archive):
    page = reverse("privacy:request", args=[archive.request.ref])
    happened(an)
    after_one = questions(browser, page)
    for _ in range(5):
        happened(an)

    assert questions(browser, page) == after_one


@pytest.mark.parametrize(
    ("act_of", "kind"),
    [
        (reset_password, Kind.PASSWORD_RESET),
        (set_first_password, Kind.PASSWORD_SET),
        (lambda an: change(an, action_primary="", email=SECOND), Kind.ADDRESS_CHANGED),
    ],
)
def test_what_she_does_on_the_pages_is_what_holds(an, act_of, kind):
    an.emailaddress_set.create(email=SECOND, verified=True)

    act_of(an)()

    assert list(SecurityEvent.objects.values_list("member", "kind")) == [(an.pk, kind)]


def confirm_second(an):
    waiting = an.emailaddress_set.get(email=SECOND)
    return lambda: Client().post(f"/account/confirm-email/{EmailConfirmationHMAC(waiting).key}/")


def test_another_address_that_signs_in_from_now_on_holds(an):
    """T-08: else who had her session for a moment comes back by a mailbox of his own."""
    an.emailaddress_set.create(email=SECOND)

    confirm_second(an)()

    assert list(SecurityEvent.objects.values_list("member", "kind")) == [(an.pk, Kind.ADDRESS_CONFIRMED)]


def test_the_first_address_holds_nothing(an):
    an.emailaddress_set.update(email=SECOND, verified=False)

    confirm_second(an)()

    assert an.emailaddress_set.get().verified
    assert not SecurityEvent.objects.exists()


def test_another_place_to_sign_in_at_holds(an, stand_in):
    """T-08."""
    go(browser_of(an), process="connect")

    assert an.socialaccount_set.exists()
    assert list(SecurityEvent.objects.values_list("member", "kind")) == [(an.pk, Kind.CONNECTED)]


def test_signing_up_from_elsewhere_holds_nothing(stand_in):
    go()

    assert not SecurityEvent.including_hidden.exists()


@pytest.mark.parametrize("act_of", [change_password, lambda an: change(an, action_add="", email=SECOND)])
def test_what_needs_the_old_password_or_takes_nothing_away_holds_nothing(an, act_of):
    act_of(an)()

    assert not SecurityEvent.objects.exists()


def test_a_change_that_is_not_finished_holds_nothing(an):
    an.emailaddress_set.create(email=SECOND, verified=False)

    change(an, action_primary="", email=SECOND)()

    assert not SecurityEvent.objects.exists()


def test_who_asked_for_erasure_is_guarded_too(an, browser, archive):
    happened(an)
    an.subject.hidden_at = timezone.now()
    an.subject.save()

    assert browser.get(address(archive)).status_code == 403


def test_an_event_is_forgotten_once_it_holds_nothing(an):
    happened(an, hours=25)
    kept = happened(an, hours=23)

    forget_old()

    assert list(SecurityEvent.objects.all()) == [kept]


def shown(browser, member, number, *, at=None):
    """As allauth and our own gate note it in a session."""
    session = browser.session
    at = (at or timezone.now()).timestamp()
    records = [record for record in session[AUTHENTICATION_METHODS_SESSION_KEY] if record["method"] != "mfa"]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [*records, {"method": "mfa", "at": at, "id": number, "type": "totp"}]
    session[step_up.SESSION_KEY] = ["totp", timezone.now().timestamp()]
    session.save()


def second_step(member, **ago):
    return Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={}, created_at=timezone.now() - timedelta(**ago))


@pytest.mark.parametrize(("enrolled", "status"), [({"days": 3}, 200), ({"minutes": 30}, 403)])
def test_a_second_step_lifts_the_wait_only_if_she_had_it_before(an, browser, archive, enrolled, status):
    happened(an, hours=1)
    shown(browser, an, second_step(an, **enrolled).pk)

    assert browser.get(address(archive)).status_code == status


def test_a_second_step_that_was_shown_before_the_event_lifts_nothing(an, browser, archive):
    """Who took over this very session did not show it."""
    happened(an, hours=1)
    shown(browser, an, second_step(an, days=3).pk, at=timezone.now() - timedelta(hours=2))

    assert browser.get(address(archive)).status_code == 403


def test_the_second_step_of_another_lifts_nothing(an, bo, browser, archive):
    happened(an, hours=1)
    shown(browser, an, second_step(bo, days=3).pk)

    assert browser.get(address(archive)).status_code == 403


def test_a_second_step_lifts_only_what_came_after_it(an, browser, archive):
    happened(an, hours=4)
    happened(an, hours=1)
    shown(browser, an, second_step(an, hours=2).pk)

    assert browser.get(address(archive)).context["until"] > timezone.now() + timedelta(hours=19)


def test_removing_a_second_step_holds(an, rf):
    authenticator_removed.send(Authenticator, request=rf.get("/"), user=an, authenticator=second_step(an, days=3))

    assert SecurityEvent.objects.get().kind == Kind.FACTOR_REMOVED
