"""How a transfer ends where something comes late, twice or at a bad moment: what ended stays ended, and what is said of it is true."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from consents.models import IncomingTransfer, OutgoingTransfer
from consents.outgoing import Answer
from consents.transfer import coming, going, sending, taking
from consents.transfer.errors import Problem
from consents.transfer.following import Coming, Going
from privacy.casework import disowning, mailing
from privacy.casework.requests import DataSubjectRequest
from privacy.errors import LedgerUnwritable, MakerUnreadable
from privacy.evidence import replay

from . import transferring
from .transferring import again, go_there, only, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings):
    return transferring.make_receiver(settings)


@pytest.fixture
def browser(an):
    transferring.live(an, "eerst dit", "dan dat")
    browser = Client()
    browser.force_login(an)
    return browser


@pytest.fixture
def sender(settings, an):
    transferring.trust_elsewhere(settings)
    application = transferring.make_sender()
    return transferring.Sender(transferring.token_for(application, an), transferring.archive_of(an))


def raising(error):
    def act(*asked, **more):
        raise error

    return act


@pytest.mark.parametrize("made", [coming.no_consent, coming.try_again])
def test_a_refusal_keeps_nothing_of_the_call_before(made):
    """An exception that is raised twice holds the frames of both: a request, its token, its body."""
    with pytest.raises(Problem) as raised:
        raise made()

    assert raised.value.__traceback__
    assert made() is not raised.value
    assert made().__traceback__ is None


def test_what_arrived_is_not_stopped_by_who_looked_before(receiver, browser, monkeypatch):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    before = only()
    OutgoingTransfer.objects.update(state="done")

    going.end(before, OutgoingTransfer.State.STOPPED)

    assert only().state == "done"


def test_a_letter_that_it_was_not_she_says_where_her_archive_went(receiver, browser, monkeypatch):
    """T-07."""
    send(monkeypatch, browser)
    mailing.send_due()
    mail.outbox.clear()

    disowning.disown(DataSubjectRequest.objects.get(right="portability"))
    mailing.send_due()

    said = mail.outbox[-1].body
    assert "Ginds" in said
    assert "privacy@ginds.example" in said


def test_a_reload_of_the_way_back_leaves_the_first_alone(receiver, browser, monkeypatch):
    reloaded = []

    def reload(method, path, answer):
        if path.startswith(reverse("oidc:token")) and not reloaded:
            reloaded.append(browser.get(back).status_code)
        return answer

    transferring.call_in_process(monkeypatch, reload)
    back = go_there(browser)

    assert browser.get(back).status_code == 302
    assert reloaded == [400]
    assert only().state == "sending"
    assert only().token


def test_what_came_to_nothing_stops_no_transfer_that_goes_on(receiver, browser, monkeypatch):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)

    going.give_up(only())
    going.decline(only(), "another")

    assert only().state == "sending"
    assert only().token


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_token_counts_as_given_back_once_the_receiver_took_it(receiver, browser, monkeypatch, status):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    browser.post(reverse("transfer:stop", args=[only().ref]))
    transferring.call_in_process(monkeypatch, lambda method, path, answer: Answer(status, "", b"") if "revoke" in path else answer)

    for _farewell in range(sending.FAREWELLS - 1):
        again()
        assert bytes(only().sealed_token)
    transferring.call_in_process(monkeypatch)
    again()

    assert not bytes(only().sealed_token)


def test_a_token_is_given_back_where_the_end_was_not_heard(receiver, browser, monkeypatch):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    browser.post(reverse("transfer:stop", args=[only().ref]))

    called = transferring.call_in_process(monkeypatch, lambda method, path, answer: Answer(500, "", b"") if method == "DELETE" else answer)
    again()

    assert [url for _method, url in called if url.endswith(reverse("oidc:revoke"))]


def test_a_ledger_that_cannot_be_written_is_no_end(sender, monkeypatch):
    sender.begin()
    monkeypatch.setattr(replay, "note", raising(LedgerUnwritable("No space left on device")))

    answer = sender.call("DELETE", f"/{sender.ref}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_keys_that_are_being_replaced_for_long_end_nothing(sender, monkeypatch):
    transfer = whole(sender)
    monkeypatch.setattr(taking, "_taken_in", raising(MakerUnreadable("https://elders.example")))

    for _look in range(taking.ATTEMPTS + 2):
        take(transfer)

    assert sender.transfer.state == "taking_in"
    monkeypatch.undo()
    take(transfer)
    assert sender.transfer.state == "done"


def whole(sender) -> IncomingTransfer:
    sender.begin()
    sender.put_all()
    sender.end()
    return sender.transfer


def take(transfer):
    IncomingTransfer.objects.filter(pk=transfer.pk).update(held_until=None)
    taking.take(IncomingTransfer.objects.get(pk=transfer.pk))


@pytest.mark.parametrize("state", ["stopped", "expired", "refused"])
def test_where_we_had_begun_to_take_it_in_nobody_reads_that_nothing_was(sender, state):
    transfer = sender.transfer if sender.begin() else None
    transfer.state, transfer.attempts, transfer.problem = state, 1, "#broken-off" if state == "refused" else ""

    with translation.override("en"):
        assert "nothing was taken in" not in Coming(transfer).sentence


@pytest.mark.parametrize(("began", "says"), [(False, "Nothing went there."), (True, "Nothing more goes there.")])
def test_what_was_stopped_before_it_began_sent_nothing(receiver, browser, monkeypatch, began, says):
    transferring.call_in_process(monkeypatch)
    back = go_there(browser)
    if began:
        browser.get(back)

    going.stop(only())

    with translation.override("en"):
        assert Going(only()).sentence.startswith(says)
