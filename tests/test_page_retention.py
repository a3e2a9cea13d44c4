"""What goes by itself, at the desk: whom a rule would touch before it is approved, and what went each night."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from privacy.casework import unused
from privacy.models import ApprovedRule, TrailEntry, UnusedAccount
from privacy.pages import step_up
from privacy.rights import inactivity, retention

from .makers import make_member, make_view
from .reading import questions, words_of
from .signing_in import browser_of

PAGE, OVERVIEW = reverse("privacy:retention"), reverse("privacy:overview")
APPROVE, WITHDRAW = (reverse(f"privacy:retention_{act}", args=["member"]) for act in ("approve", "withdraw"))
SEEN = "member 36 (60, 30, 7)"


@pytest.fixture(autouse=True)
def rule(settings):
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_MONTHS": {"member": 36}}
    return inactivity.rules()[0]


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "en"})


def away(name, years=4):
    member = make_member(name)
    Member.objects.filter(pk=member.pk).update(date_joined=timezone.now() - timedelta(days=366 * years), last_login=None)
    return member


def forget_who_it_is(browser):
    session = browser.session
    session.pop(step_up.SESSION_KEY)
    session.save()


@pytest.mark.parametrize(("address", "method"), [(PAGE, "get"), (APPROVE, "post"), (WITHDRAW, "post")])
def test_it_opens_to_the_data_protection_officer_alone(an, client, address, method):
    """T-18."""
    anonymous, teacher = getattr(client, method)(address), getattr(browser_of(an), method)(address, {"seen": SEEN})

    assert anonymous.status_code == 302
    assert teacher.status_code == 403
    assert not ApprovedRule.objects.exists()


def test_before_anybody_approved_it_says_how_many_and_since_when_without_a_name(browser):
    member = away("Els")

    page = words_of(browser.get(PAGE).content.decode())

    assert "Waits for your approval" in page
    assert "1 account is next" in page
    assert str(member.subject.ref) in page
    assert "Els" not in page
    assert member.email not in page


def test_approved_it_stands_in_the_trail_and_warnings_begin(browser, daan, rule):
    away("Els")

    page = words_of(browser.post(APPROVE, {"seen": SEEN}, follow=True).content.decode())
    unused.carry_on(timezone.now())

    assert "You approved the rule" in page
    assert "Approved today" in page
    assert TrailEntry.objects.get(event="retention.approved").actor_ref == str(daan.subject.ref)
    assert UnusedAccount.objects.count() == 1


@pytest.mark.parametrize("address", [APPROVE, WITHDRAW])
def test_both_acts_ask_first_who_it_is(browser, address):
    forget_who_it_is(browser)

    answer = browser.post(address, {"seen": SEEN}, headers={"referer": f"http://testserver{PAGE}"})

    assert answer.headers["Location"].startswith(reverse("privacy:step_up"))
    assert not ApprovedRule.objects.exists()


@pytest.mark.parametrize("seen", ["", "member 24 (60, 30, 7)", "<script>", "x" * 100_000])
def test_only_the_rule_that_was_looked_at_is_approved(browser, seen):
    page = words_of(browser.post(APPROVE, {"seen": seen}, follow=True).content.decode())

    assert "Nothing was approved" in page
    assert not ApprovedRule.objects.exists()


def test_a_rule_that_was_changed_says_so(browser, rule, settings):
    unused.approve(rule, actor_ref="daan")
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_MONTHS": {"member": 24}}

    assert "The rule was changed" in words_of(browser.get(PAGE).content.decode())


def test_stopped_nobody_is_warned_any_more(browser, rule):
    away("Els")
    unused.approve(rule, actor_ref="daan")
    unused.carry_on(timezone.now())

    page = words_of(browser.post(WITHDRAW, follow=True).content.decode())

    assert "The rule is stopped" in page
    assert not UnusedAccount.objects.exists()


def test_approved_and_stopped_twice_changes_nothing_more(browser):
    for address in (APPROVE, APPROVE, WITHDRAW, WITHDRAW):
        assert browser.post(address, {"seen": SEEN}, follow=True).status_code == 200

    assert list(TrailEntry.objects.filter(event__startswith="retention.").order_by("pk").values_list("event", flat=True)) == [
        "retention.approved",
        "retention.withdrawn",
    ]


def test_a_kind_without_a_rule_is_not_found(browser):
    assert browser.post(reverse("privacy:retention_approve", args=["pupil"]), {"seen": SEEN}).status_code == 404


def test_it_says_what_is_due_and_what_went(browser, an):
    make_view(an, viewed_at=timezone.now() - timedelta(days=100))
    before = words_of(browser.get(PAGE).content.decode())
    retention.apply(timezone.now())
    after = words_of(browser.get(PAGE).content.decode())

    assert "90 days 1" in before
    assert "Values whose time has passed" in after
    assert "IP address: 1" in after


def test_a_night_that_was_broken_off_says_so(browser):
    unused.RetentionRun.objects.create(what="values")

    assert "Broken off, the next night goes on" in words_of(browser.get(PAGE).content.decode())


def test_it_asks_as_much_however_many_people_there_are(browser, rule):
    unused.approve(rule, actor_ref="daan")
    away("Lid")
    few = questions(browser, PAGE)
    for number in range(20):
        away(f"Lid{number}", years=4 + number % 5)
    unused.carry_on(timezone.now(), at_most=5)

    assert questions(browser, PAGE) == few


def test_whoever_is_warned_reads_since_when_and_until_when(an, rule):
    """In a session from before; a sign-in would keep the account."""
    browser = browser_of(an, headers={"accept-language": "en"})
    Member.objects.filter(pk=an.pk).update(date_joined=timezone.now() - timedelta(days=1600), last_login=None)
    an.usersession_set.update(last_seen_at=timezone.now() - timedelta(days=1500))
    unused.approve(rule, actor_ref="daan")
    unused.carry_on(timezone.now())

    away_still = words_of(browser.get(OVERVIEW).content.decode())
    back = words_of(browser_of(an, headers={"accept-language": "en"}).get(OVERVIEW).content.decode())

    assert "Your account has not been used since" in away_still
    assert "unless you sign in again" in away_still
    assert "Your account stays, since you signed in" in back
