"""What a partner's program is brought, and what becomes of the notice (RFC 8417, RFC 8935, Art. 19)."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from consents import permissions, tasks
from consents.errors import AddressRefused
from consents.models import PartnerGrant, Signal, Stream
from consents.signals import making, pushing, streams
from consents.signals.events import Kind
from privacy.casework import cases, mailing
from privacy.evidence.recipients import Notice, tell
from privacy.rights import erasure
from privacy.steps import Run

from . import receiving
from .makers import make_grant, make_member, make_partner
from .partner_side import make_application
from .properties.acts import erase
from .receiving import ISSUER, claims_of, deliver, make_stream, opened

RISC = "https://schemas.openid.net/secevent/risc/event-type"


@pytest.fixture
def application(edupartner):
    return make_application(edupartner)


@pytest.fixture
def receiver(settings):
    settings.PARTNERS_ON_LOOPBACK = True
    with receiving.running() as receiver:
        yield receiver


@pytest.fixture
def stream(application, receiver):
    return make_stream(application, receiver)


def withdrawn(member, partner) -> PartnerGrant:
    return permissions.withdraw(make_grant(member, partner))


def erased(member):
    """Told by its programs, the erasure goes on to its end."""
    request = erase(member.subject)
    deliver()
    Run.objects.update(lease_until=None)
    cases.run(request)
    return request


def let_time_pass():
    """Nothing rests any longer."""
    Notice.objects.update(held_until=None)
    Stream.objects.update(held_until=None)
    Signal.objects.update(held_until=None)


def test_set_1_the_token_is_a_security_event_and_nothing_else(stream, receiver, an, edupartner):
    """T-22."""
    grant = withdrawn(an, edupartner)

    deliver()

    token = opened(receiver.tokens[0])
    assert {name: token.header[name] for name in ("typ", "alg")} == {"typ": "secevent+jwt", "alg": "RS256"}
    assert set(token.claims) == {"iss", "iat", "jti", "aud", "txn", "sub_id", "events"}
    assert (token.claims["iss"], token.claims["aud"]) == (ISSUER, "edupartner")
    assert token.claims["sub_id"] == {"format": "iss_sub", "iss": ISSUER, "sub": str(grant.sub)}
    said = token.claims["events"][f"{ISSUER}/secevent/authorisation-revoked"]
    assert (len(token.claims["events"]), said["scopes"], said["initiating_entity"]) == (1, ["first_name"], "user")


def test_set_2_the_headers_are_exact(stream, receiver, an, edupartner):
    stream.authorization = "Bearer van hen"
    stream.save()
    withdrawn(an, edupartner)

    deliver()

    environ, _body = receiver.heard[0]
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", "/events")
    assert (environ["CONTENT_TYPE"], environ["HTTP_ACCEPT"]) == ("application/secevent+jwt", "application/json")
    assert environ["HTTP_AUTHORIZATION"] == "Bearer van hen"
    assert "HTTP_COOKIE" not in environ


def test_set_3_accepted_is_confirmed(stream, receiver, an, edupartner):
    """G-48: the receiver itself says so; nobody is written to."""
    withdrawn(an, edupartner)

    deliver()

    notice = Notice.objects.get()
    assert (notice.state, notice.known_as, mail.outbox) == ("acknowledged", "", [])
    assert [(done.way, done.answer) for done in notice.tries.all()] == [("push", "202"), ("push", "202")]
    assert not Signal.objects.exclude(sub="", subject_ref=None).exists()


@pytest.mark.parametrize("error", ["invalid_request", "invalid_key", "invalid_issuer", "invalid_audience", "its own word"])
def test_set_3_what_is_refused_for_good_is_not_tried_again(application, receiver, an, edupartner, error):
    make_stream(application, receiver, events_requested=[f"{ISSUER}/secevent/authorisation-revoked"])
    receiver.refuses(error)
    withdrawn(an, edupartner)

    deliver()
    let_time_pass()
    deliver()

    notice = Notice.objects.get()
    assert (len(receiver.heard), Signal.objects.get().state) == (1, "failed")
    assert (notice.state, len(mail.outbox)) == ("delivered", 1)
    assert [done.answer for done in notice.tries.all()] == [f"400 {error}" if "_" in error else "400", "accepted"]


@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests", "404 Not Found", "302 Found", "200 OK", "500 No"])
def test_set_3_a_failure_that_may_pass_is_tried_again_later(stream, receiver, an, edupartner, status):
    receiver.fails(status)
    withdrawn(an, edupartner)

    deliver()
    at_once = len(receiver.heard)
    deliver()
    resting = len(receiver.heard)
    let_time_pass()
    deliver()

    assert (at_once, resting, len(receiver.heard)) == (1, 1, 3)
    assert receiver.tokens[0] == receiver.tokens[1]
    assert (Notice.objects.get().state, mail.outbox) == ("acknowledged", [])


def test_set_3_it_rests_longer_each_time(stream, receiver, an, edupartner):
    receiver.fails(times=3)
    withdrawn(an, edupartner)
    rests = []
    for _nth in range(3):
        let_time_pass()
        deliver()
        stream.refresh_from_db()
        rests.append(round((stream.held_until - timezone.now()).total_seconds() / 60))

    assert rests == [1, 2, 4]
    assert Notice.objects.get().attempts == 3
    assert Notice.objects.get().held_until == stream.held_until


@pytest.mark.parametrize(
    "change",
    [
        lambda stream: streams.set_status(stream, "paused"),
        lambda stream: streams.change(stream, endpoint_url="https://edupartner.example/other"),
        lambda stream: streams.change(stream, method=Stream.Method.POLL, endpoint_url=""),
        streams.end,
    ],
    ids=["paused", "elsewhere", "fetches", "ended"],
)
def test_nothing_more_goes_out_once_the_program_said_otherwise_in_the_middle(stream, receiver, an, edupartner, monkeypatch, change):
    withdrawn(an, edupartner)
    mailing.deliver_notices()
    post = pushing.outgoing.post

    def post_and_change(*args):
        monkeypatch.setattr(pushing.outgoing, "post", post)
        answer = post(*args)
        change(Stream.objects.get())
        return answer

    monkeypatch.setattr(pushing.outgoing, "post", post_and_change)

    assert not pushing.push(stream)
    assert receiver.events == ["authorisation-revoked"]


def test_what_was_told_another_way_in_the_middle_is_not_brought(stream, receiver, an, edupartner, monkeypatch):
    withdrawn(an, edupartner)
    mailing.deliver_notices()
    post = pushing.outgoing.post

    def post_and_tell(*args):
        Signal.objects.order_by("pk").last().notice.settle("delivered")
        return post(*args)

    monkeypatch.setattr(pushing.outgoing, "post", post_and_tell)
    pushing.push(stream)

    assert receiver.events == ["authorisation-revoked"]


def test_set_5_what_one_act_causes_has_one_cause(stream, receiver, an, edupartner):
    withdrawn(an, edupartner)

    deliver()

    assert receiver.events == ["authorisation-revoked", "session-revoked"]
    assert len({claims_of(token)["txn"] for token in receiver.tokens}) == 1


def test_set_5_both_programs_of_a_partner_hear_of_one_erasure(stream, receiver, an, edupartner):
    make_stream(make_application(edupartner, client_id="tweede"), receiver)
    make_grant(an, edupartner)

    erased(an)

    purged = [claims_of(token) for token, event in zip(receiver.tokens, receiver.events, strict=True) if event == "account-purged"]
    assert {claims["aud"] for claims in purged} == {"edupartner", "tweede"}
    assert len({claims["txn"] for claims in purged}) == 1


def test_two_partners_cannot_tell_by_the_cause_that_they_know_the_same_person(stream, receiver, an, edupartner):
    """T-23."""
    other = make_partner("ander")
    make_stream(make_application(other), receiver)
    make_grant(an, edupartner)
    make_grant(an, other)

    erased(an)

    purged = [claims_of(token) for token, event in zip(receiver.tokens, receiver.events, strict=True) if event == "account-purged"]
    for name in ("txn", "jti", "aud"):
        assert len({claims[name] for claims in purged}) == 2
    assert len({claims["sub_id"]["sub"] for claims in purged}) == 2


def test_an_erasure_is_told_confirmed_and_forgotten(stream, receiver, an, edupartner):
    """G-48, T-26."""
    sub = str(make_grant(an, edupartner).sub)

    request = erased(an)

    assert receiver.events[-1] == "account-purged"
    assert claims_of(receiver.tokens[-1])["events"] == {f"{RISC}/account-purged": {}}
    assert claims_of(receiver.tokens[-1])["sub_id"]["sub"] == sub
    assert (request.status, Notice.objects.get().state) == ("fulfilled", "acknowledged")
    assert not Signal.objects.exclude(sub="", subject_ref=None).exists()


def test_what_waits_in_the_stream_goes_with_the_person_and_is_made_again_from_the_notice(stream, receiver, an, edupartner):
    """The same number, so that to hear it twice costs nothing."""
    make_grant(an, edupartner)
    permissions.tell(PartnerGrant.objects.get(), "erasure", request_ref="")
    mailing.deliver_notices()
    before = Signal.objects.get().jti
    Signal.objects.all().delete()
    let_time_pass()

    mailing.deliver_notices()

    assert Signal.objects.get().jti == before


def test_hiding_and_showing_again_are_told_in_order(stream, receiver, an, bo, edupartner):
    make_grant(an, edupartner)
    make_grant(bo, edupartner)

    erasure.hide(an.subject)
    erasure.unhide(an.subject)
    deliver()

    assert receiver.events == ["account-disabled", "account-enabled"]
    assert [claims_of(token)["events"] for token in receiver.tokens] == [{f"{RISC}/account-disabled": {}}, {f"{RISC}/account-enabled": {}}]
    assert not Notice.objects.exists()


def test_hiding_twice_is_told_once(stream, an, edupartner):
    make_grant(an, edupartner)

    erasure.hide(an.subject)
    erasure.hide(an.subject)

    assert Signal.objects.count() == 1


def test_who_ended_the_permission_before_is_not_told_of(stream, an, edupartner):
    withdrawn(an, edupartner)

    erasure.hide(an.subject)

    assert not Signal.objects.filter(kind=Kind.ACCOUNT_DISABLED).exists()


def test_an_act_that_is_taken_back_tells_nobody(stream, an, edupartner):
    make_grant(an, edupartner)
    with transaction.atomic():
        erasure.hide(an.subject)
        transaction.set_rollback(True)

    assert not Signal.objects.exists()


def test_a_correction_names_the_claim_and_not_its_value(stream, receiver, an, edupartner):
    make_grant(an, edupartner)
    tell(edupartner.recipient, "rectification", subject_ref=an.subject.ref, known_as="wie", attributes=["first_name"])

    deliver()

    (said,) = claims_of(receiver.tokens[0])["events"].values()
    assert said["claims"] == ["given_name"]


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("narrowed", "authorisation-narrowed"),
        ("restriction", "processing-restricted"),
        ("restriction-lifted", "restriction-lifted"),
        ("objection", "objection"),
    ],
)
def test_the_other_rights_have_events_of_their_own(stream, receiver, an, edupartner, event, name):
    tell(edupartner.recipient, event, subject_ref=an.subject.ref, known_as="wie")

    deliver()

    assert receiver.events == [name]


def test_ssf_11_before_we_pause_the_program_hears_that_we_will(stream, receiver, an, edupartner):
    streams.pause(stream, "Onderhoud")
    withdrawn(an, edupartner)

    deliver()

    assert receiver.events == ["stream-updated"]
    (said,) = claims_of(receiver.tokens[0])["events"].values()
    assert said == {"status": "paused", "reason": "Onderhoud"}


def test_ssf_11_when_we_go_on_it_hears_that_first(stream, receiver, an, edupartner):
    streams.pause(stream, "Onderhoud")
    streams.verify(stream)
    deliver()

    streams.resume(stream)
    deliver()

    assert receiver.events == ["stream-updated", "stream-updated", "verification"]


@pytest.mark.parametrize("refusal", ["authentication_failed", "access_denied", "401 Unauthorized", "403 Forbidden"])
def test_who_shuts_us_out_gets_nothing_more_and_is_written_to(stream, receiver, an, bo, edupartner, refusal):
    receiver.fails(refusal) if refusal[0].isdigit() else receiver.refuses(refusal)
    withdrawn(an, edupartner)
    withdrawn(bo, edupartner)

    deliver()
    deliver()

    stream.refresh_from_db()
    assert (stream.state, stream.paused_by_us) == ("paused", True)
    assert receiver.events == ["authorisation-revoked", "stream-updated"]
    assert {notice.state for notice in Notice.objects.all()} == {"delivered"}
    assert len(mail.outbox) == 2


def test_a_stream_that_fails_keeps_its_order_and_holds_up_no_other(stream, receiver, an, bo, edupartner):
    receiver.fails(times=1)
    other = make_partner("ander")
    make_stream(make_application(other), receiver)
    withdrawn(an, edupartner)
    withdrawn(bo, edupartner)
    withdrawn(bo, other)

    deliver()

    assert [claims_of(token)["aud"] for token in receiver.tokens] == ["edupartner", "ander", "ander"]
    let_time_pass()
    deliver()
    subs = [claims_of(token)["sub_id"]["sub"] for token in receiver.tokens if claims_of(token)["aud"] == "edupartner"]
    of_an, of_bo = [str(PartnerGrant.objects.get(member=member, partner=edupartner).sub) for member in (an, bo)]
    assert subs == [of_an, of_an, of_an, of_bo, of_bo]


def test_one_worker_brings_a_stream_at_a_time(stream, receiver, an, edupartner):
    withdrawn(an, edupartner)
    mailing.deliver_notices()
    Stream.objects.get().take()

    pushing.push(Stream.objects.get())

    assert receiver.heard == []


def test_a_program_that_does_not_take_the_event_that_says_it_all_is_written_to(application, receiver, an, edupartner):
    make_stream(application, receiver, events_requested=["https://schemas.openid.net/secevent/caep/event-type/session-revoked"])
    withdrawn(an, edupartner)

    deliver()

    assert (Notice.objects.get().state, receiver.heard) == ("delivered", [])


def test_a_recipient_without_a_program_is_written_to_as_before(an, edupartner):
    withdrawn(an, edupartner)

    mailing.deliver_notices()

    assert (Notice.objects.get().state, len(mail.outbox)) == ("delivered", 1)
    assert [(done.way, done.answer) for done in Notice.objects.get().tries.all()] == [("mail", "accepted")]


def no_mail(message):
    raise ConnectionRefusedError(f"550 {message.to[0]} unknown")


def test_who_is_reached_in_no_way_for_seven_days_is_recorded_so_with_what_was_tried(stream, receiver, an, edupartner, settings):
    """G-48, G-50: the proof holds codes and moments, and nothing of a person."""
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": f"{__name__}.no_mail"}
    receiver.fails(times=9)
    withdrawn(an, edupartner)
    deliver()
    Signal.objects.update(created_at=timezone.now() - timedelta(days=8))
    Notice.objects.update(created_at=timezone.now() - timedelta(days=8))
    let_time_pass()

    mailing.deliver_notices()

    notice = Notice.objects.get()
    assert (notice.state, notice.known_as) == ("impossible", "")
    assert [(done.way, done.answer) for done in notice.tries.all()] == [("push", "503"), ("mail", "ConnectionRefusedError")]
    assert not Signal.objects.queued().exists()


def test_nothing_that_a_program_says_is_kept_or_logged(stream, receiver, an, edupartner, caplog):
    receiver.refuses("An Peeters bestaat niet")
    withdrawn(an, edupartner)

    with caplog.at_level(logging.DEBUG):
        deliver()

    kept = [*Signal.objects.values_list("answer", flat=True), *Notice.objects.values_list("tries__answer", flat=True)]
    assert "Peeters" not in f"{kept} {caplog.text}"


def test_a_way_that_breaks_stops_no_mail(an, edupartner, monkeypatch, caplog):
    monkeypatch.setattr("consents.signals.making.of_notice", lambda notice: 1 / 0)
    withdrawn(an, edupartner)

    mailing.deliver_notices()

    assert Notice.objects.get().state == "delivered"
    assert "ZeroDivisionError" in caplog.text


def test_an_address_that_leads_to_us_by_now_is_not_called(stream, receiver, an, edupartner, settings):
    """T-21."""
    settings.PARTNERS_ON_LOOPBACK = False
    withdrawn(an, edupartner)

    deliver()

    assert receiver.heard == []
    assert Notice.objects.get().tries.get().answer == AddressRefused.__name__


def test_the_worker_is_told_numbers_alone_and_finds_what_no_message_told(stream, receiver, an, edupartner, monkeypatch):
    withdrawn(an, edupartner)
    mailing.deliver_notices()
    sent = []
    monkeypatch.setattr(tasks.bring, "apply_async", lambda arguments, **options: sent.append(arguments))

    tasks.bring_all()
    tasks.bring(*sent[0])

    assert sent == [[str(stream.pk)]]
    assert Notice.objects.get().state == "acknowledged"


def test_the_first_attempt_comes_within_a_minute(settings):
    """G-50."""
    schedule = settings.CELERY_BEAT_SCHEDULE

    assert schedule["sweep"]["schedule"] + schedule["signals"]["schedule"] <= 60


def test_what_nobody_took_is_given_up_after_a_week_and_forgotten_after_a_month(stream, an, edupartner):
    make_grant(an, edupartner)
    erasure.hide(an.subject)
    Signal.objects.update(created_at=timezone.now() - timedelta(days=8))
    tasks.forget_old()
    given_up = Signal.objects.get()
    Signal.objects.update(settled_at=timezone.now() - timedelta(days=31))

    tasks.forget_old()

    assert (given_up.state, given_up.sub, given_up.subject_ref) == ("dropped", "", None)
    assert not Signal.objects.exists()


def test_making_the_messages_of_a_notice_asks_as_much_for_many_members(stream, an, edupartner, django_assert_num_queries):
    withdrawn(an, edupartner)
    making.of_notice(Notice.objects.get())
    for nth in range(3):
        withdrawn(make_member(f"Lid{nth}"), edupartner)
    notice = Notice.objects.earliest("pk")

    with django_assert_num_queries(3):
        making.of_notice(notice)
