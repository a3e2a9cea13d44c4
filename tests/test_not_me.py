"""This was not me: a link in every letter, a page with one button, and what it stops (T-07, T-15, T-28)."""

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consents import permissions
from privacy import keys
from privacy.casework import at_once, cases, disowning, letters, mailing, not_me
from privacy.casework.letters import Letter
from privacy.conf import store
from privacy.datamap import Right
from privacy.errors import ArchiveUnavailable, RequestNotApproved
from privacy.evidence.trail import TrailEntry
from privacy.models import Archive
from privacy.rights import access, spool
from privacy.steps import Run

from . import races
from .makers import make_grant, make_view
from .properties.acts import erase
from .signing_in import browser_of

pytestmark = pytest.mark.django_db


def submitted(member, right=Right.ACCESS):
    return cases.submit(right, subject=member.subject)


def approved(member, right):
    request = submitted(member, right)
    cases.approve(request, subject=member.subject)
    return request


def with_archive(member):
    request = approved(member, Right.ACCESS)
    cases.run(request)
    request.refresh_from_db()
    return request


def address_of(request):
    return not_me.link_to(request).removeprefix("http://127.0.0.1:8000")


def state_of(request):
    request.refresh_from_db()
    return request.status


def test_opening_the_link_changes_nothing_and_needs_no_sign_in(an, client):
    """Mail scanners open links."""
    request = approved(an, Right.ERASURE)

    page = client.get(address_of(request))

    assert page.status_code == 200
    assert (state_of(request), disowning.is_disowned(request)) == ("approved", False)
    assert page.content.decode().count("Dit was ik niet</button>") == 1


def test_the_page_names_the_end_of_the_number_and_no_more_of_it(an, client):
    request = submitted(an)

    page = client.get(address_of(request)).content.decode()

    assert request.ref[-4:] in page
    assert request.ref not in page
    assert not [word for word in (an.email, an.last_name, str(an.subject.ref)) if word in page]


def test_the_button_works_for_a_browser_that_was_never_here(an):
    """The form brings the cookie that it is checked with."""
    request = submitted(an)
    address = address_of(request)
    browser = Client(enforce_csrf_checks=True)
    field = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(address).content.decode())[1]

    answer = browser.post(address, {"csrfmiddlewaretoken": field}, follow=True)

    assert answer.redirect_chain == [(address, 302)]
    assert state_of(request) == "cancelled"


def test_an_erasure_in_its_grace_is_undone(an, client):
    """T-15."""
    request = approved(an, Right.ERASURE)

    client.post(address_of(request))

    an.subject.refresh_from_db()
    assert (state_of(request), an.subject.hidden_at) == ("cancelled", None)
    with pytest.raises(RequestNotApproved):
        cases.run(request)


def test_an_archive_that_is_ready_is_destroyed_with_its_key(an, client):
    request = with_archive(an)
    file = request.archive.path
    assert file.exists()

    client.post(address_of(request))

    assert not file.exists()
    with pytest.raises(ArchiveUnavailable):
        access.open_archive(request)
    assert state_of(request) == "fulfilled"


def test_an_archive_that_is_being_made_is_never_ready(an, client):
    """Said while a worker is in the middle of it: the worker finds its run finished."""
    request = approved(an, Right.ACCESS)
    write = access.write_archive

    def meanwhile(*arguments, **options):
        manifest = write(*arguments, **options)
        disowning.disown(type(request).objects.get(pk=request.pk))
        return manifest

    with mock.patch.object(access, "write_archive", meanwhile):
        done = cases.run(request)

    assert (done, state_of(request)) == (False, "cancelled")
    assert not Archive.objects.exists()
    assert list(access.store("archives").iterdir()) == []


def test_what_a_worker_keeps_of_a_part_is_destroyed_too(an, monkeypatch):
    """Said while the rows are read: the worker stops, and neither what it read nor the key to it stays."""
    monkeypatch.setattr(spool, "SMALL", 10)
    make_view(an)
    request = cases.submit(Right.ACCESS, subject=an.subject, scope="activity=usage")
    cases.approve(request, subject=an.subject)
    kept, keep = [], spool.Spool.keep

    def meanwhile(*arguments):
        keep(*arguments)
        kept.extend((store("parts") / request.ref).iterdir())
        if kept:
            disowning.disown(type(request).objects.get(pk=request.pk))

    monkeypatch.setattr(spool.Spool, "keep", meanwhile)
    done = cases.run(request)

    assert (kept != [], done, state_of(request)) == (True, False, "cancelled")
    assert list(store("parts").iterdir()) == list(store("archives").iterdir()) == []
    assert list(store("keys", "archives").iterdir()) == []


def test_a_worker_that_was_about_to_begin_keeps_nothing(an, monkeypatch):
    request = approved(an, Right.ACCESS)

    def meanwhile(*arguments, **options):
        disowning.disown(type(request).objects.get(pk=request.pk))
        store("parts", request.ref)
        return spool.Spool(*arguments, **options)

    monkeypatch.setattr(access, "Spool", meanwhile)
    done = cases.run(request)

    assert (done, state_of(request)) == (False, "cancelled")
    assert list(store("parts").iterdir()) == list(store("keys", "archives").iterdir()) == []


def test_whoever_is_signed_in_as_her_is_out(an, bo, client):
    thief, hers, other = browser_of(an), browser_of(an), browser_of(bo)
    request = submitted(an)

    client.post(address_of(request))

    reached = [browser.get("/account/").status_code for browser in (thief, hers, other)]
    assert reached == [302, 302, 200]


@pytest.mark.parametrize("hook", ["privacy.conf.no_sessions", "accounts.identity.end_sessions"])
def test_in_her_own_browser_she_is_signed_out_without_an_error(an, settings, hook):
    """Whether its session was ended behind its back, or the host cannot end sessions."""
    settings.PRIVACY = {**settings.PRIVACY, "SESSIONS": hook}
    browser = browser_of(an)
    request = submitted(an)

    answer = browser.post(address_of(request), follow=True)

    assert answer.status_code == 200
    assert "_auth_user_id" not in browser.session


def test_somebody_else_who_presses_the_button_stays_signed_in(an, bo):
    """T-28: her colleague, to whom she passed the letter on."""
    browser = browser_of(bo)

    browser.post(address_of(submitted(an)))

    assert browser.get("/account/").status_code == 200


def test_said_twice_it_is_done_once(an, client):
    request = submitted(an)
    client.post(address_of(request))
    browser = browser_of(an)

    client.post(address_of(request))

    assert TrailEntry.objects.filter(event="access.disowned").count() == 1
    assert Letter.objects.filter(kind="disowned").count() == 1
    assert browser.get("/account/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_said_twice_at_once_it_is_done_once(an):
    races.needs_threads()
    request = submitted(an)

    def say():
        disowning.disown(type(request).objects.get(pk=request.pk))

    races.at_once(say, say)

    assert TrailEntry.objects.filter(event="access.disowned").count() == 1


def test_she_reads_what_was_done_and_what_to_do(an, client):
    request = with_archive(an)
    letters.write_again(request, letters.Kind.FETCHED)
    client.post(address_of(request))

    mailing.send_due()

    message = mail.outbox[-1]
    assert (message.to, request.ref in message.subject) == ([an.email], True)
    for words in ("Het archief is vernietigd", "Het werd voordien opgehaald", "ander wachtwoord", "dpo@platform.example"):
        assert words in message.body


@pytest.mark.parametrize("act", ["withdraw", "correct"])
def test_what_was_done_at_once_is_noted_and_ends_sessions(an, edupartner, client, act):
    grant = make_grant(an, edupartner)
    if act == "withdraw":
        permissions.withdraw(grant)
    else:
        at_once.correct(an.subject, {("accounts.Member", an.pk): {"first_name": "Anna"}})
    request = cases.DataSubjectRequest.objects.get()
    browser = browser_of(an)
    mailing.send_due()
    keys.destroy(request.ref)

    page = client.post(address_of(request), follow=True).content.decode()
    mailing.send_due()

    assert "viel niets meer te stoppen" in page
    assert browser.get("/account/").status_code == 302
    assert TrailEntry.objects.filter(event=f"{request.right}.disowned", subject_ref=an.subject.ref).exists()
    assert "viel niets meer te stoppen" in mail.outbox[-1].body
    assert "dpo@platform.example" in mail.outbox[-1].body


def test_after_the_erasure_it_says_that_this_cannot_be_undone(an, client):
    request = erase(an.subject)
    sent = len(mail.outbox)
    before = client.get(address_of(request)).content.decode()

    after = client.post(address_of(request), follow=True).content.decode()
    mailing.send_due()

    assert "kunnen het niet ongedaan maken" in before
    assert "dpo@platform.example" in after
    assert "kunnen het niet ongedaan maken" in after
    assert (state_of(request), len(mail.outbox)) == ("fulfilled", sent)
    assert TrailEntry.objects.filter(event="erasure.disowned").exists()


def test_an_erasure_that_has_begun_goes_on(an, client):
    request = approved(an, Right.ERASURE)
    type(request).objects.filter(pk=request.pk).update(status="running")

    client.post(address_of(request))

    assert state_of(request) == "running"
    assert Run.objects.get().finished_at is None


def test_a_running_request_is_not_taken_back_in_the_ordinary_way(an):
    """Only by saying that it was not her: else an erasure could be left half done."""
    request = approved(an, Right.ERASURE)
    type(request).objects.filter(pk=request.pk).update(status="running")
    request.refresh_from_db()

    with pytest.raises(RequestNotApproved):
        cases.cancel(request)


def test_a_link_of_more_than_thirty_days_is_gone(an, client):
    with mock.patch("django.core.signing.time.time", return_value=(timezone.now() - timedelta(days=31)).timestamp()):
        address = address_of(submitted(an))

    for answer in (client.get(address), client.post(address)):
        assert (answer.status_code, b"dpo@platform.example" in answer.content) == (410, True)
    assert not TrailEntry.objects.filter(event="access.disowned").exists()


@pytest.mark.parametrize(
    "token",
    ["x", "ABC:1:2", "<script>alert(1)</script>", "ABC:" + 10_000 * "x", "‮ABC:1x:é"],
)
def test_a_link_that_we_never_made_is_not_found(client, token):
    answer = client.get(reverse("privacy:not_me", args=[token.replace("/", "")]))

    assert (answer.status_code, b"<script>alert" in answer.content) == (404, False)


def test_a_link_signed_for_something_else_is_not_found(an, client):
    address = reverse("privacy:not_me", args=[TimestampSigner(salt="other").sign(submitted(an).ref)])

    assert client.get(address).status_code == 404


def test_a_link_with_another_number_in_it_is_not_found(an, bo, client):
    mine, theirs = submitted(an), submitted(bo)

    answer = client.post(address_of(mine).replace(mine.ref, theirs.ref))

    assert (answer.status_code, state_of(theirs)) == (404, "received")


def test_a_request_that_was_forgotten_is_not_found(an, client):
    request = submitted(an)
    address = address_of(request)
    request.delete()

    assert client.get(address).status_code == 404


def test_other_methods_are_refused(an, client):
    assert client.delete(address_of(submitted(an))).status_code == 405


def test_without_an_address_of_the_site_letters_hold_no_link(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "SITE": ""}
    submitted(an)

    mailing.send_due()

    assert "http" not in mail.outbox[0].body
    assert "wijzig je wachtwoord" in mail.outbox[0].body


def test_the_page_costs_few_queries(an, client, django_assert_max_num_queries):
    address = address_of(with_archive(an))

    with django_assert_max_num_queries(5):
        client.get(address)


def test_a_hidden_person_reaches_the_page(an):
    request = approved(an, Right.ERASURE)

    assert browser_of(an).get(address_of(request)).status_code == 200
