"""How a partner's program manages its stream of events (OpenID Shared Signals 1.0, RFC 8936)."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from consents import permissions
from consents.models import Signal, Stream
from consents.signals.events import Kind, address_of
from privacy import waking
from privacy.casework import mailing
from privacy.evidence.recipients import Notice
from privacy.steps import Run

from . import partner_side
from .makers import make_grant, make_partner
from .partner_side import make_application
from .properties.acts import erase
from .receiving import ISSUER, Program, claims_of, make_stream

REVOKED, PURGED = f"{ISSUER}/secevent/authorisation-revoked", "https://schemas.openid.net/secevent/risc/event-type/account-purged"
PUSH = {"method": "urn:ietf:rfc:8935", "endpoint_url": "https://edupartner.example/events"}


@pytest.fixture
def application(edupartner):
    return make_application(edupartner)


@pytest.fixture
def program(application):
    return Program(application)


@pytest.fixture
def other(db):
    return Program(make_application(make_partner("ander")))


def created(program, **wishes) -> dict:
    answer = program.call("POST", "stream", wishes)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_ssf_1_the_configuration_has_exactly_these_members(client):
    told = client.get("/.well-known/ssf-configuration")

    assert told["Content-Type"] == "application/json"
    assert told.json() == {
        "spec_version": "1_0",
        "issuer": ISSUER,
        "jwks_uri": f"{ISSUER}/.well-known/jwks.json",
        "delivery_methods_supported": ["urn:ietf:rfc:8935", "urn:ietf:rfc:8936"],
        "configuration_endpoint": f"{ISSUER}/ssf/stream",
        "status_endpoint": f"{ISSUER}/ssf/status",
        "add_subject_endpoint": f"{ISSUER}/ssf/subjects:add",
        "remove_subject_endpoint": f"{ISSUER}/ssf/subjects:remove",
        "verification_endpoint": f"{ISSUER}/ssf/verify",
        "authorization_schemes": [{"spec_urn": "urn:ietf:rfc:6749"}],
        "default_subjects": "ALL",
    }


def test_ssf_2_without_delivery_it_is_polled_where_we_say(program):
    told = created(program, events_requested=[REVOKED, "https://elsewhere.example/event"])

    assert told["delivery"] == {"method": "urn:ietf:rfc:8936", "endpoint_url": f"{ISSUER}/ssf/poll/{told['stream_id']}"}
    assert (told["iss"], told["aud"], told["events_delivered"]) == (ISSUER, "edupartner", [REVOKED])
    assert told["events_requested"] == [REVOKED, "https://elsewhere.example/event"]
    assert PURGED in told["events_supported"]


def test_ssf_3_a_second_stream_is_refused(program):
    created(program)

    assert program.call("POST", "stream", {}).status_code == 409
    assert Stream.objects.count() == 1


def test_ssf_4_without_a_number_a_list(program):
    before = program.call("GET", "stream")
    made = created(program)

    assert (before.status_code, before.json()) == (200, [])
    assert "no-store" in before["Cache-Control"]
    assert program.call("GET", "stream").json() == [made]
    assert program.call("GET", "stream", stream_id=made["stream_id"]).json() == made


def test_ssf_5_put_clears_what_it_leaves_out_and_patch_keeps_it(program):
    made = created(program, events_requested=[REVOKED], description="Oefenen")

    kept = program.call("PATCH", "stream", {"stream_id": made["stream_id"], "delivery": PUSH}).json()
    cleared = program.call("PUT", "stream", {"stream_id": made["stream_id"], "delivery": PUSH}).json()

    assert (kept["events_requested"], kept["description"], kept["delivery"]) == ([REVOKED], "Oefenen", PUSH)
    assert (cleared["events_requested"], "description" in cleared) == ([], False)


NOT_THEIRS = [{"aud": "ander"}, {"iss": "https://ander.example"}, {"events_supported": []}, {"events_delivered": [PURGED]}]


@pytest.mark.parametrize("wrong", NOT_THEIRS)
def test_ssf_6_what_is_ours_to_say_is_not_changed(program, wrong):
    made = created(program)

    answer = program.call("PATCH", "stream", {"stream_id": made["stream_id"], **wrong})

    assert (answer.status_code, program.call("GET", "stream").json()) == (400, [made])


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_ssf_6_what_is_ours_may_be_repeated_as_it_is(program, method):
    made = created(program, events_requested=[REVOKED])

    assert program.call(method, "stream", made).json() == made


def test_ssf_7_the_stream_of_another_is_not_there(program, other):
    theirs = created(other)["stream_id"]

    answers = [
        program.call("GET", "stream", stream_id=theirs),
        program.call("PATCH", "stream", {"stream_id": theirs}),
        program.call("PUT", "stream", {"stream_id": theirs}),
        program.call("DELETE", "stream", stream_id=theirs),
        program.call("GET", "status", stream_id=theirs),
        program.call("POST", "status", {"stream_id": theirs, "status": "disabled"}),
        program.call("POST", "verify", {"stream_id": theirs}),
        program.call("POST", "subjects:add", {"stream_id": theirs, "subject": {}}),
        program.call("POST", f"poll/{theirs}", {}),
        program.call("GET", "stream", stream_id=uuid.uuid4()),
        program.call("GET", "stream", stream_id="geen-nummer"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert Stream.objects.get().state == "enabled"


def test_ssf_8_without_a_token_nothing_opens(client, program):
    bare, forged = client.get("/ssf/stream"), client.get("/ssf/stream", headers={"Authorization": "Bearer verzonnen"})

    assert (bare.status_code, forged.status_code) == (401, 401)
    assert bare["WWW-Authenticate"].startswith("Bearer")


def test_ssf_8_a_token_in_the_address_is_refused(client, program):
    answer = client.get("/ssf/stream", {"access_token": program.token})

    assert answer.status_code == 400


def test_ssf_8_each_act_takes_its_scope(application):
    reader = Program(application, scope="ssf.read")

    refused = reader.call("POST", "stream", {})

    assert (reader.call("GET", "stream").status_code, refused.status_code) == (200, 403)
    assert 'error="insufficient_scope", scope="ssf.manage"' in refused["WWW-Authenticate"]


def test_ssf_8_the_token_of_a_member_opens_no_stream(application, an, client):
    client.force_login(an)
    hers = partner_side.Program(application, client).sign_in()

    answer = client.get("/ssf/stream", headers={"Authorization": f"Bearer {hers['access_token']}"})

    assert answer.status_code == 403


def test_ssf_9_a_test_says_the_same_words_back(program):
    number = created(program)["stream_id"]

    asked = program.call("POST", "verify", {"stream_id": number, "state": "Zeg dit na €"})
    (token,) = program.poll(number)["sets"].values()

    assert (asked.status_code, asked.content) == (204, b"")
    claims = claims_of(token)
    assert claims["events"] == {"https://schemas.openid.net/secevent/ssf/event-type/verification": {"state": "Zeg dit na €"}}
    assert claims["sub_id"] == {"format": "opaque", "id": number}


def test_ssf_9_tests_come_one_at_a_time(program):
    number = created(program)["stream_id"]

    answers = [program.call("POST", "verify", {"stream_id": number}).status_code for _nth in range(2)]

    assert answers == [204, 429]


def test_ssf_10_a_paused_stream_holds_and_releases_in_order(program, an, edupartner):
    number = created(program, events_requested=[REVOKED])["stream_id"]
    program.call("POST", "status", {"stream_id": number, "status": "paused", "reason": "Onderhoud"})
    for _nth in range(2):
        permissions.withdraw(make_grant(an, edupartner))
        mailing.deliver_notices()

    held = program.poll(number)
    status = program.call("POST", "status", {"stream_id": number, "status": "enabled"}).json()
    released = program.poll(number)["sets"]

    assert held == {"sets": {}, "moreAvailable": False}
    assert status == {"stream_id": number, "status": "enabled"}
    assert list(released) == [str(jti) for jti in Signal.objects.order_by("pk").values_list("jti", flat=True)]
    assert len(released) == 2


def test_the_status_is_told_with_its_reason(program):
    number = created(program)["stream_id"]

    program.call("POST", "status", {"stream_id": number, "status": "paused", "reason": "Onderhoud"})

    assert program.call("GET", "status", stream_id=number).json() == {"stream_id": number, "status": "paused", "reason": "Onderhoud"}


def test_what_a_disabled_stream_would_bring_goes_by_mail(program, an, edupartner):
    """G-48: nobody can close his ears to Article 19."""
    number = created(program, events_requested=[REVOKED])["stream_id"]
    permissions.withdraw(make_grant(an, edupartner))
    mailing.deliver_notices()

    program.call("POST", "status", {"stream_id": number, "status": "disabled"})
    mailing.deliver_notices()

    assert (Notice.objects.get().state, len(mail.outbox)) == ("delivered", 1)
    assert program.poll(number)["sets"] == {}


def test_what_an_ended_stream_would_bring_goes_by_mail(program, an, edupartner):
    number = created(program, events_requested=[REVOKED])["stream_id"]
    permissions.withdraw(make_grant(an, edupartner))
    mailing.deliver_notices()

    ended = program.call("DELETE", "stream", stream_id=number)
    mailing.deliver_notices()

    assert (ended.status_code, ended.content, Notice.objects.get().state) == (204, b"", "delivered")
    assert program.call("GET", "stream").json() == []


@pytest.mark.parametrize("address", ["niemand@school.example", "an.peeters@school.example"])
def test_ssf_12_whether_somebody_has_an_account_is_not_said(program, an, address):
    number, subject = created(program)["stream_id"], {"format": "email", "email": address}

    added = program.call("POST", "subjects:add", {"stream_id": number, "subject": subject, "verified": True})
    removed = program.call("POST", "subjects:remove", {"stream_id": number, "subject": subject})

    assert [(answer.status_code, answer.content) for answer in (added, removed)] == [(200, b""), (204, b"")]


def waiting(program, an, edupartner, times=1):
    """A stream with a withdrawal on it."""
    number = created(program, events_requested=[REVOKED])["stream_id"]
    for _nth in range(times):
        permissions.withdraw(make_grant(an, edupartner))
    mailing.deliver_notices()
    return number


def test_set_4_what_is_not_acknowledged_comes_again(program, an, edupartner):
    number = waiting(program, an, edupartner)

    first, second = program.poll(number)["sets"], program.poll(number)["sets"]

    assert first == second
    assert Notice.objects.get().state == "queued"


def test_set_4_what_is_acknowledged_is_gone_and_the_notice_says_so(program, an, edupartner):
    number = waiting(program, an, edupartner)
    jti = next(iter(program.poll(number)["sets"]))

    answer = program.poll(number, ack=[jti])

    notice = Notice.objects.get()
    assert answer == {"sets": {}, "moreAvailable": False}
    assert (notice.state, notice.known_as, mail.outbox) == ("acknowledged", "", [])
    assert [(done.way, done.answer) for done in notice.tries.all()] == [("poll", "fetched"), ("poll", "acknowledged")]
    assert Signal.objects.filter(sub="", subject_ref=None).count() == 1


def test_set_4_an_error_is_noted_and_the_partner_is_written_to(program, an, edupartner):
    number = waiting(program, an, edupartner)
    jti = next(iter(program.poll(number)["sets"]))

    program.poll(number, setErrs={jti: {"err": "invalid_issuer", "description": "Wie is An Peeters?"}})
    mailing.deliver_notices()

    notice = Notice.objects.get()
    assert Signal.objects.get().state == "failed"
    assert [done.answer for done in notice.tries.all()] == ["fetched", "refused invalid_issuer", "accepted"]
    assert (notice.state, len(mail.outbox)) == ("delivered", 1)


@pytest.mark.parametrize(
    "says", [lambda numbers: {"ack": numbers}, lambda numbers: {"setErrs": {number: {"err": "x"} for number in numbers}}]
)
def test_an_erasure_that_waits_for_the_program_goes_on_once_that_answered(
    program, an, edupartner, says, monkeypatch, django_capture_on_commit_callbacks
):
    make_grant(an, edupartner)
    number, request, woken = created(program, events_requested=[PURGED])["stream_id"], erase(an.subject), []
    numbers = list(program.poll(number)["sets"])
    monkeypatch.setattr(waking.current_app, "send_task", lambda *asked, **_options: woken.append(asked))
    assert not Run.objects.due(timezone.now()).exists()

    with django_capture_on_commit_callbacks(execute=True):
        program.poll(number, **says(numbers))

    assert woken == [("privacy.run", (request.pk,))]
    assert Run.objects.due(timezone.now()).get().request == request


def test_set_4_nought_events_acknowledges_alone(program, an, edupartner):
    number = waiting(program, an, edupartner)

    assert program.poll(number, maxEvents=0) == {"sets": {}, "moreAvailable": True}
    assert Signal.objects.get().attempts == 0


def test_set_4_as_many_as_it_asks_and_whether_there_are_more(program, an, edupartner):
    number = waiting(program, an, edupartner, times=3)

    answer = program.poll(number, maxEvents=2)

    assert (len(answer["sets"]), answer["moreAvailable"]) == (2, True)


def test_what_was_never_fetched_is_not_acknowledged(program, an, edupartner):
    number = waiting(program, an, edupartner)

    program.poll(number, maxEvents=0, ack=[str(Signal.objects.get().jti), "geen nummer", str(uuid.uuid4())])

    assert Signal.objects.get().state == "queued"


def test_another_program_acknowledges_nothing_of_ours(program, other, an, edupartner):
    number = waiting(program, an, edupartner)
    theirs, jti = created(other)["stream_id"], next(iter(program.poll(number)["sets"]))

    other.poll(theirs, ack=[jti])

    assert Signal.objects.get().state == "queued"


def test_fetching_every_second_fills_no_table(program, an, edupartner):
    number = waiting(program, an, edupartner)

    for _nth in range(5):
        program.poll(number)

    assert Notice.objects.get().tries.count() == 1


def test_who_does_not_fetch_for_a_day_is_written_to_and_hears_it_once(program, an, edupartner, monkeypatch):
    """G-50."""
    number = waiting(program, an, edupartner)
    monkeypatch.setattr(mailing, "WRITE_AFTER", timedelta(0))
    Notice.objects.update(held_until=None)

    mailing.deliver_notices()

    assert (Notice.objects.get().state, len(mail.outbox), program.poll(number)["sets"]) == ("delivered", 1, {})
    assert Signal.objects.get().sub == ""


def test_to_wait_for_a_program_is_no_attempt(program, an, edupartner):
    waiting(program, an, edupartner)

    for _nth in range(3):
        mailing.deliver_notices()

    assert Notice.objects.get().attempts == 0


BAD = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"delivery": "push"}',
    b'{"delivery": {"method": "urn:example:pigeon"}}',
    b'{"delivery": {"method": "urn:ietf:rfc:8935"}}',
    b'{"delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": "http://edupartner.example/"}}',
    b'{"delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": "https://169.254.169.254/"}}',
    b'{"delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": "https://[::ffff:127.0.0.1]/"}}',
    b'{"delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": "https://edupartner.example/", "authorization_header": "a\\r\\nX: b"}}',
    b'{"delivery": {"method": "urn:ietf:rfc:8936", "endpoint_url": "https://edupartner.example/"}}',
    b'{"description": "\\u0000"}',
    b'{"description": "\\ud800"}',
    b'{"events_requested": ["\\ud800"]}',
    b'{"events_requested": ["\\u0000"]}',
    b'{"events_requested": "all"}',
    json.dumps({"description": "x" * 100_000}).encode(),
    json.dumps({"events_requested": ["https://e.example/"] * 101}).encode(),
    b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_what_cannot_be_read_is_refused_in_words_and_nothing_is_made(program, body):
    answer = program.call("POST", "stream", body)

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Stream.objects.exists()


@pytest.mark.parametrize(
    "asked", [{"maxEvents": -1}, {"maxEvents": "veel"}, {"ack": "x"}, {"ack": [1]}, {"ack": ["x"] * 1001}, {"setErrs": []}, {"ack": ["\0"]}]
)
def test_a_poll_that_cannot_be_read_is_refused(program, asked):
    number = created(program)["stream_id"]

    assert program.call("POST", f"poll/{number}", asked).status_code == 400


@pytest.mark.parametrize("said", ["x", None, 7, {"err": 7}, {"err": "<script>"}, {"err": "x" * 10_000}])
def test_an_error_in_words_of_its_own_is_an_error_without_them(program, an, edupartner, said):
    number = waiting(program, an, edupartner)
    jti = next(iter(program.poll(number)["sets"]))

    program.poll(number, setErrs={jti: said})

    assert Signal.objects.get().answer == "refused"


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
def test_what_is_no_json_is_refused(program, kind):
    answer = Client(headers={"Authorization": f"Bearer {program.token}"}).post("/ssf/stream", b"--x\r\n", content_type=kind)

    assert (answer.status_code, Stream.objects.exists()) == (400, False)


def test_words_of_every_script_come_back_as_they_were(program):
    words = "Oefenen <script> \u202e\u0629\u0628 🎓"

    assert created(program, description=words)["description"] == words


def test_what_it_shows_us_is_kept_sealed_never_told_and_survives_a_repetition(program):
    made = created(program, delivery=PUSH | {"authorization_header": "Bearer geheim van hen"})
    stream = Stream.objects.get()

    program.call("PUT", "stream", made)

    stream.refresh_from_db()
    assert "geheim" not in str(made)
    assert b"geheim" not in bytes(stream.sealed_authorization)
    assert stream.authorization == "Bearer geheim van hen"


def test_another_address_does_not_get_what_was_meant_for_the_first(program):
    made = created(program, delivery=PUSH | {"authorization_header": "Bearer geheim van hen"})

    program.call("PATCH", "stream", {"stream_id": made["stream_id"], "delivery": PUSH | {"endpoint_url": "https://elders.example/"}})

    assert Stream.objects.get().authorization == ""


def test_a_stream_that_is_pushed_is_not_polled(program):
    number = created(program, delivery=PUSH)["stream_id"]

    assert program.call("POST", f"poll/{number}", {}).status_code == 404


def test_its_description_for_machines_is_served(client):
    told = client.get("/ssf/openapi.json").json()

    assert {"/ssf/stream", "/ssf/status", "/ssf/verify", "/ssf/subjects:add", "/ssf/subjects:remove"} <= set(told["paths"])


@pytest.mark.parametrize("kind", ["authorisation-revoked", "data-rectified", "processing-restricted", "restriction-lifted", "objection"])
def test_the_address_of_each_event_of_ours_says_what_it_means(client, kind):
    page = client.get(f"/secevent/{kind}", headers={"Accept": "text/html"})
    told = client.get(f"/secevent/{kind}", headers={"Accept": "application/json"}).json()

    assert address_of(kind) == f"{ISSUER}/secevent/{kind}" == told["event"]
    assert told["event"] in page.content.decode()


@pytest.mark.parametrize("kind", [Kind.ACCOUNT_PURGED, "bestaat-niet"])
def test_the_address_of_no_event_of_ours_is_not_found(client, kind):
    assert client.get(f"/secevent/{kind}").status_code == 404


def test_two_creations_at_once_make_one_stream(application):
    make_stream(application)
    program = Program(application)

    assert program.call("POST", "stream", {}).status_code == 409
