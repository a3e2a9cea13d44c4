"""Taking data elsewhere: nothing leaves before she said yes on both sides, it survives what breaks, and it ends clearly."""

import errno
import io
import json
from base64 import b64decode, b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from consents import outgoing, tasks
from consents.errors import NotReached
from consents.models import OutgoingTransfer
from consents.oidc.signing_keys import issuer
from consents.outgoing import Answer
from consents.transfer import contract, going, sending
from consents.transfer.contract import API
from consents.transfer.models import LASTS, TOKENS
from privacy import keys
from privacy.casework import disowning, mailing, quota
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import registry
from privacy.errors import TooManyArchives
from privacy.evidence import signing
from privacy.evidence.recipients import Disclosure
from privacy.models import TrailEntry
from privacy.rights import access
from privacy.rights.erasure import hide

from . import transferring
from .properties.acts import erase
from .transferring import again, go_there, make_archive, only, send

pytestmark = pytest.mark.django_db
# Of a transfer, as a receiver may give it.
NUMBER = "5b0cf3f1-6d9c-4c0e-8f0a-0b1f8a2a7c11"


@pytest.fixture
def receiver(settings):
    return transferring.make_receiver(settings)


@pytest.fixture
def browser(an):
    transferring.live(an, "eerst dit", "dan dat")
    browser = Client()
    browser.force_login(an)
    return browser


def test_what_she_takes_arrives_and_both_sides_keep_the_receipt(receiver, browser, monkeypatch):
    send(monkeypatch, browser)

    again()

    incoming = transferring.IncomingTransfer.objects.get()
    assert (only().state, only().problem, incoming.state) == ("done", "", "done")
    assert only().receipt == incoming.receipt
    assert {each["record"]: each["here"] for each in only().said["taken"]}["usage.Favourite"] == 2


def test_each_side_says_for_itself_that_it_is_done(receiver, browser, monkeypatch):
    send(monkeypatch, browser)
    again()

    incoming = transferring.IncomingTransfer.objects.get()
    assert "Je gegevens blijven ook hier" in browser.get(only().get_absolute_url()).content.decode()
    assert "Wat hier al was, bleef zoals het was" in browser.get(incoming.get_absolute_url()).content.decode()


def test_nothing_leaves_before_she_said_yes_there(receiver, browser, monkeypatch):
    called = transferring.call_in_process(monkeypatch)

    go_there(browser, answer="no")

    assert [method for method, _url in called] == ["GET"]
    assert not Disclosure.objects.exists()


def test_it_is_on_record_as_a_disclosure_once(receiver, browser, monkeypatch, an):
    send(monkeypatch, browser)
    again()

    released = Disclosure.objects.get(recipient=receiver.recipient)
    assert (released.attributes, released.subject_ref, released.basis) == (["data.portable"], an.subject.ref, "legal_obligation")
    events = list(TrailEntry.objects.filter(event__startswith="transfer.").order_by("pk").values_list("event", flat=True))
    assert events == ["transfer.asked", "transfer.allowed", "transfer.begun", "transfer.done"]


def test_a_letter_says_once_where_her_data_went(receiver, browser, monkeypatch, an):
    """T-07."""
    send(monkeypatch, browser)
    again()
    mailing.send_due()

    assert [sent.to for sent in mail.outbox if "Ginds" in sent.body] == [[an.email]]


def test_the_token_is_kept_sealed_and_gone_at_the_end(receiver, browser, monkeypatch):
    called = send(monkeypatch, browser)
    under_way = only()
    token = under_way.token
    assert token.encode() not in bytes(under_way.sealed_token)

    again()
    again()

    assert bytes(only().sealed_token) == b""
    assert not keys.exists(str(under_way.ref), TOKENS)
    assert called[-1] == ("POST", issuer() + reverse("oidc:revoke"))
    assert transferring.Sender(token, None, str(under_way.remote_ref)).status().status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        lambda asked: {name: value for name, value in asked.items() if name != "iss"},
        lambda asked: asked | {"iss": ["https://another.example"]},
        lambda asked: asked | {"code": ["x"]},
        lambda asked: asked | {"error": ["access_denied"]},
    ],
)
def test_an_answer_that_is_not_to_what_was_asked_sends_nothing(receiver, browser, monkeypatch, change):
    transferring.call_in_process(monkeypatch)
    back = go_there(browser)
    asked = change(parse_qs(urlsplit(back).query))

    answer = browser.get(reverse("transfer:back"), asked)

    assert answer.status_code == 400
    assert not OutgoingTransfer.objects.filter(state="sending").exists()
    assert browser.get(back).status_code == 400


def test_a_forged_answer_leaves_her_own_good(receiver, browser, monkeypatch):
    transferring.call_in_process(monkeypatch)
    back = go_there(browser)

    assert browser.get(reverse("transfer:back"), {"state": "forged"}).status_code == 400
    assert only().state == "asked"
    assert browser.get(back).status_code == 302
    assert only().state == "sending"


def test_an_answer_in_another_browser_sends_nothing(receiver, browser, monkeypatch, bo):
    transferring.call_in_process(monkeypatch)
    other = Client()
    other.force_login(bo)

    assert other.get(go_there(browser)).status_code == 400


@pytest.mark.parametrize("code", ["timeout", "too_large", "connection"])
def test_a_receiver_that_does_not_answer_is_tried_again(receiver, browser, monkeypatch, code):
    def broken(method, path, answer):
        if path.startswith(API) and method != "GET":
            raise NotReached(code)
        return answer

    send(monkeypatch, browser, broken)
    failed = only()
    transferring.call_in_process(monkeypatch)
    again()
    again()

    assert (failed.state, failed.problem, failed.failures) == ("sending", code, 1)
    assert failed.held_until > timezone.now()
    assert (only().state, only().problem) == ("done", "")


@pytest.mark.parametrize(("wait", "least", "most"), [(7, 1, 7), (None, 1, 5), (10**6, 3000, 3600)])
def test_a_busy_receiver_is_asked_again_when_it_says_and_that_is_no_failure(receiver, browser, monkeypatch, wait, least, most):
    send(monkeypatch, browser, lambda method, path, answer: Answer(429, "", b"", wait) if method == "PUT" else answer)
    busy = only()
    transferring.call_in_process(monkeypatch)
    again()
    again()

    assert (busy.state, busy.problem, busy.failures) == ("sending", "", 0)
    assert least <= (busy.held_until - timezone.now()).total_seconds() <= most
    assert only().state == "done"


def test_the_manifest_goes_over_once(receiver, browser, monkeypatch):
    called = send(monkeypatch, browser)
    again()

    assert only().state == "done"
    assert [url for method, url in called if method == "POST"].count(f"{issuer()}{API}/transfers") == 1


def test_a_receiver_that_forgot_the_beginning_is_told_it_again(receiver, browser, monkeypatch):
    """As after a restore there."""
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    transferring.IncomingTransfer.objects.update(state="allowed", manifest_sha256="")
    transferring.call_in_process(monkeypatch)
    again()
    again()

    assert only().state == "done"


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_followed_nowhere(receiver, browser, monkeypatch, status):
    send(monkeypatch, browser, lambda method, path, answer: Answer(status, "", b"") if method == "PUT" else answer)

    assert (only().state, only().problem) == ("failed", str(status))


def test_after_three_days_it_is_given_up(receiver, browser, monkeypatch):
    def broken(method, path, answer):
        return Answer(503, "", b"") if method == "PUT" else answer

    send(monkeypatch, browser, broken)
    OutgoingTransfer.objects.update(started_at=timezone.now() - LASTS)
    again()

    assert (only().state, only().problem) == ("failed", "503")


def test_a_receiver_that_says_for_ever_that_it_is_busy_is_given_up_too(receiver, browser, monkeypatch):
    busy = json.dumps({"transfer": NUMBER, "state": "taking_in", "wanted": []}).encode()

    def say_busy(method, path, answer):
        return Answer(202, "application/json", busy) if method == "POST" and API in path else answer

    send(monkeypatch, browser, say_busy)
    waited = only().state

    OutgoingTransfer.objects.update(started_at=timezone.now() - LASTS)
    again()

    assert (waited, only().state, only().problem) == ("sending", "failed", "late")
    assert "within three days" in page_of(browser, "en")


def test_a_401_in_the_middle_ends_it(receiver, browser, monkeypatch):
    sent = []

    def shut(method, path, answer):
        sent.append(path)
        return Answer(401, "", b"") if method == "PUT" and len(sent) > 6 else answer

    send(monkeypatch, browser, shut)

    assert (only().state, only().problem) == ("failed", "#consent")
    assert "say yes there once more" in page_of(browser, "en")


def page_of(browser, language="nl"):
    return browser.get(only().get_absolute_url(), headers={"Accept-Language": language}).content.decode()


def test_an_archive_that_cannot_be_opened_now_is_tried_again(receiver, browser, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(access.Archive, "open", too_many_open_files)
        send(patch, browser)
    failed = only()
    transferring.call_in_process(monkeypatch)
    again()
    again()

    assert (failed.state, failed.problem, failed.failures) == ("sending", "archive", 1)
    assert only().state == "done"


def too_many_open_files(archive):
    raise OSError(errno.EMFILE, "Too many open files")


def test_an_archive_that_is_broken_ends_it(receiver, browser, monkeypatch):
    monkeypatch.setattr(access.Archive, "open", lambda archive: io.BytesIO(b"no zip"))

    send(monkeypatch, browser)

    assert (only().state, only().problem) == ("failed", "archive")


def test_a_worker_killed_in_the_middle_is_followed_where_it_was(receiver, browser, monkeypatch):
    monkeypatch.setattr("consents.transfer.sending.PIECE_BYTES", 200)
    sent = []

    def killed(method, path, answer):
        sent.append(method)
        if sent.count("PUT") == 3:
            raise KeyboardInterrupt
        return answer

    with pytest.raises(KeyboardInterrupt):
        send(monkeypatch, browser, killed)
    called = transferring.call_in_process(monkeypatch)
    again()
    again()

    assert only().state == "done"
    assert [method for method, _url in called].count("PUT") > 1
    assert Disclosure.objects.filter(recipient=receiver.recipient).count() == 1


def test_two_workers_do_not_send_it_both(receiver, browser, monkeypatch):
    transferring.call_in_process(monkeypatch)
    browser.get(go_there(browser))
    make_archive()
    first, second = only(), only()

    assert first.take()
    assert not second.take()


def lying(*, kind=contract.RECEIPT, **changes):
    """A receiver that signs something else than what happened."""

    def change(method, path, answer):
        told = json.loads(answer.body) if answer.body.startswith(b"{") else {}
        if "signature" not in told.get("receipt", ""):
            return answer
        said = json.loads(b64decode(told["receipt"]["receipt"]))
        raw = json.dumps(said | {name: value(said) if callable(value) else value for name, value in changes.items()}).encode()
        signed = {"receipt": b64encode(raw).decode(), "signature": signing.sign(raw, kind=kind)}
        return Answer(200, "application/json", json.dumps(told | {"receipt": signed}).encode())

    return change


def garbled(answer, signature="x"):
    """What is no receipt, and no JSON."""
    told = json.loads(answer.body) if answer.body.startswith(b"{") else {}
    if "signature" not in told.get("receipt", ""):
        return answer
    nothing = {"receipt": b64encode(b"[" * 99_999).decode(), "signature": signature}
    return Answer(200, "application/json", json.dumps(told | {"receipt": nothing}).encode())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lying(manifest_sha256="0" * 64), "receipt_of_another"),
        (lying(transfer="another"), "receipt_of_another"),
        (lying(receiver="https://another.example"), "receipt_of_another"),
        (lying(taken=[]), "receipt_counts"),
        (lying(taken=lambda said: [each | {"new": 99} for each in said["taken"]]), "receipt_counts"),
        (lying(taken="nothing"), "receipt_unreadable"),
        (lambda *_asked: garbled(_asked[-1]), "receipt_signature"),
        (lambda *_asked: garbled(_asked[-1], "\ud800"), "receipt_signature"),
        (lambda *_asked: garbled(_asked[-1], "\0"), "receipt_signature"),
        (lying(kind="inzage-manifest"), "receipt_signature"),
    ],
)
def test_a_receipt_that_lies_is_kept_and_she_is_told(receiver, browser, monkeypatch, change, problem):
    send(monkeypatch, browser, change)

    again()

    assert (only().state, only().problem) == ("unconfirmed", problem)
    assert only().receipt
    assert browser.get(only().get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"wanted": "all"},
        {"transfer": "x", "state": "begun", "wanted": [{"name": "../../etc/passwd", "bytes": 1, "sha256": "", "received": 0}]},
        {"transfer": "x", "state": "begun", "wanted": [{"name": "manifest.json", "bytes": 1, "sha256": "0", "received": -1}]},
        {"transfer": "x" * 99, "state": "begun", "wanted": []},
        {"transfer": "x", "state": "done", "wanted": []},
        {"transfer": "\0", "state": "begun", "wanted": []},
        {"transfer": NUMBER, "state": "done", "wanted": [], "receipt": {"receipt": b64encode(b"{\0}").decode(), "signature": "x"}},
    ],
)
def test_an_answer_that_no_receiver_gives_ends_it(receiver, browser, monkeypatch, said):
    send(monkeypatch, browser, saying(said))

    assert (only().state, only().problem) == ("failed", "answer")


@pytest.mark.parametrize("problem", ["An Peeters is ziek", "AnPeeters", {"code": 1}, "\0"])
def test_a_refusal_in_other_words_than_the_contracts_ends_it_without_them(receiver, browser, monkeypatch, problem):
    said = {"transfer": NUMBER, "state": "refused", "wanted": [], "problem": problem}

    send(monkeypatch, browser, saying(said))

    assert (only().state, only().problem) == ("failed", "refused")
    assert TrailEntry.objects.get(event="transfer.failed").reason == "refused"


def saying(said):
    """A receiver that answers this where something begins."""
    raw = json.dumps(said).encode()
    return lambda method, path, answer: Answer(200, "application/json", raw) if path == f"{API}/transfers" else answer


def test_stopped_by_her_it_sends_nothing_more_and_is_destroyed_there(receiver, browser, monkeypatch):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    called = transferring.call_in_process(monkeypatch)

    browser.post(reverse("transfer:stop", args=[only().ref]))
    again()

    assert (only().state, bytes(only().sealed_token)) == ("stopped", b"")
    assert [method for method, _url in called][:1] == ["DELETE"]
    assert transferring.IncomingTransfer.objects.get().state == "stopped"


def test_a_receiver_that_is_away_hears_of_the_stop_when_it_is_back(receiver, browser, monkeypatch):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    for _round in range(sending.FAREWELLS):
        again()
    browser.post(reverse("transfer:stop", args=[only().ref]))

    be_away(monkeypatch)
    for _farewell in range(sending.FAREWELLS - 1):
        again()
    transferring.call_in_process(monkeypatch)
    again()

    assert transferring.IncomingTransfer.objects.get().state == "stopped"
    assert bytes(only().sealed_token) == b""


def be_away(monkeypatch):
    def call(*_asked, **_bounds):
        raise NotReached("timeout")

    monkeypatch.setattr(outgoing, "call", call)
    monkeypatch.setattr(outgoing, "post", call)


def test_a_token_that_nobody_takes_back_is_forgotten_in_the_end(receiver, browser, monkeypatch):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    be_away(monkeypatch)
    browser.post(reverse("transfer:stop", args=[only().ref]))
    kept = []

    for _farewell in range(sending.FAREWELLS):
        kept.append(bool(only().sealed_token))
        again()

    assert kept == [True] * sending.FAREWELLS
    assert bytes(only().sealed_token) == b""


def test_once_she_says_that_it_was_not_she_no_further_piece_goes(receiver, browser, monkeypatch):
    sent = []

    def disown(method, path, answer):
        if method == "PUT":
            sent.append(path)
            disowning.disown(DataSubjectRequest.objects.get(right="portability"))
        return answer

    send(monkeypatch, browser, disown)
    again()

    assert (len(sent), only().state) == (1, "stopped")
    assert transferring.IncomingTransfer.objects.get().state == "stopped"


def test_hiding_her_stops_it(receiver, browser, monkeypatch, an):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)
    called = transferring.call_in_process(monkeypatch)

    hide(an.subject)
    OutgoingTransfer.including_hidden.update(held_until=None)
    tasks.send_transfer(str(OutgoingTransfer.including_hidden.get().ref))

    ended = OutgoingTransfer.including_hidden.get()
    assert (ended.state, bytes(ended.sealed_token)) == ("stopped", b"")
    assert "PUT" not in [method for method, _url in called]


def test_who_is_hidden_cannot_begin(receiver, browser, an):
    hide(an.subject)

    assert browser.post(reverse("transfer:start", args=["ginds"])).status_code in {302, 403}
    assert not OutgoingTransfer.including_hidden.exists()


def test_she_shows_who_she_is_first(receiver, browser):
    session = browser.session
    session["privacy.identified"] = ["sign_in", 0]
    session.save()

    assert "is-it-you" in browser.post(reverse("transfer:start", args=["ginds"]))["Location"]


def test_after_a_recovery_nothing_leaves(receiver, browser, settings, monkeypatch):
    called = transferring.call_in_process(monkeypatch)
    settings.PRIVACY = {**settings.PRIVACY, "DELIVERY_HELD_UNTIL": "tests.test_direct_sender.tomorrow"}

    assert browser.post(reverse("transfer:start", args=["ginds"])).status_code == 400
    assert called == []


def tomorrow(request):
    return timezone.now() + timedelta(days=1)


def test_one_at_a_time(receiver, browser, monkeypatch):
    send(monkeypatch, browser, lambda method, path, answer: Answer(503, "", b"") if method == "PUT" else answer)

    assert browser.post(reverse("transfer:start", args=["ginds"])).status_code == 400
    assert OutgoingTransfer.objects.count() == 1


def test_what_she_asked_and_did_not_allow_stands_in_nobodys_way(receiver, browser, monkeypatch, an):
    transferring.call_in_process(monkeypatch)
    first = going.ask(an, receiver)

    go_there(browser)

    first.refresh_from_db()
    assert first.state == "stopped"


def test_the_receiver_is_called_while_nothing_is_locked(receiver, browser, monkeypatch):
    outermost, open_at_calls = len(connection.savepoint_ids), []

    def look(method, path, answer):
        open_at_calls.append(len(connection.savepoint_ids) - outermost)
        return answer

    transferring.call_in_process(monkeypatch, look)
    browser.get(go_there(browser))

    assert set(open_at_calls) == {0}


def test_who_asked_for_too_many_archives_hears_so_before_she_goes_there(receiver, browser, monkeypatch):
    transferring.call_in_process(monkeypatch)
    monkeypatch.setattr(quota, "refuse_one_too_many", too_many)

    assert browser.post(reverse("transfer:start", args=["ginds"])).status_code == 400
    assert not OutgoingTransfer.objects.exists()


def too_many(subject):
    raise TooManyArchives(timezone.now())


def test_a_token_of_a_transfer_that_does_not_begin_is_given_back(receiver, browser, monkeypatch):
    called = transferring.call_in_process(monkeypatch)
    back = go_there(browser)
    monkeypatch.setattr(quota, "refuse_one_too_many", too_many)

    assert browser.get(back).status_code == 400

    assert called[-1] == ("POST", issuer() + reverse("oidc:revoke"))
    assert not get_access_token_model().objects.exists()
    assert not keys.exists(str(only().ref), TOKENS)


def test_what_she_did_not_answer_in_a_day_ends(receiver, monkeypatch, an):
    going.ask(an, receiver)
    tasks.carry_on_transfers()
    soon = only().state

    OutgoingTransfer.objects.update(created_at=timezone.now() - going.ANSWER_WITHIN)
    tasks.carry_on_transfers()

    assert (soon, only().state) == ("asked", "stopped")


def test_a_receiver_that_says_it_is_another_gets_nobody(receiver, browser, monkeypatch):
    def another(method, path, answer):
        return Answer(200, "", json.dumps({"issuer": "https://another.example"}).encode())

    transferring.call_in_process(monkeypatch, another)

    assert browser.post(reverse("transfer:start", args=["ginds"])).status_code == 400
    assert not OutgoingTransfer.objects.exists()


def test_she_sees_what_would_go_and_what_it_does_not_take(receiver, browser, monkeypatch):
    transferring.call_in_process(monkeypatch)

    page = browser.get(reverse("transfer:start", args=["ginds"]), headers={"Accept-Language": "en"}).content.decode()

    assert "What does it not take?" in page
    assert "On to Ginds" in page


def test_what_says_whose_the_rest_is_is_not_said_to_stay(receiver, browser, monkeypatch):
    transferring.call_in_process(monkeypatch)

    package = browser.get(reverse("transfer:start", args=["ginds"])).context["package"]

    assert [kind.title for kind in package.shows_whose] == [registry.labelled("account.EmailAddress").heading()]
    assert not {kind.title for kind in package.shows_whose} & {kind.title for kind in package.goes + package.stays}


@pytest.mark.parametrize("said", [Answer(200, "", b"no json"), Answer(503, "application/problem+json", b"{}")])
def test_of_a_silent_receiver_she_still_sees_what_would_go(receiver, browser, monkeypatch, said):
    transferring.call_in_process(monkeypatch, lambda *_: said)

    answer = browser.get(reverse("transfer:start", args=["ginds"]), headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert "On to Ginds" not in answer.content.decode()


def test_every_page_tells_how_it_stands(receiver, browser, monkeypatch):
    send(monkeypatch, browser)

    for _round in "12":
        incoming = transferring.IncomingTransfer.objects.get()
        pages = [reverse("transfer:choose"), only().get_absolute_url(), incoming.get_absolute_url()]
        assert [browser.get(page).status_code for page in pages] == [200] * 3
        assert "Ginds" in browser.get(pages[0]).content.decode()
        again()


def test_nobody_else_sees_her_transfer(receiver, browser, monkeypatch, bo):
    send(monkeypatch, browser)
    again()
    other = Client()
    other.force_login(bo)

    for name in ("outgoing", "outgoing_receipt"):
        assert other.get(reverse(f"transfer:{name}", args=[only().ref])).status_code == 404
    assert other.post(reverse("transfer:stop", args=[only().ref])).status_code == 404


def test_who_took_her_data_in_is_told_of_her_erasure_under_the_number_it_knows(receiver, browser, monkeypatch, an):
    """Art. 19."""
    send(monkeypatch, browser)
    again()
    number = only().remote_ref

    erase(an.subject)

    (written,) = [sent.body for sent in mail.outbox if sent.to == [receiver.recipient.contact_email]]
    assert number
    assert number in written
