"""A mail server says that a letter did not arrive: the desk gets a task, and nothing else of the report is kept."""

import io
from contextlib import suppress

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from privacy.casework import bounces, cases, letters, mailing
from privacy.casework.letters import Kind, State
from privacy.datamap import Right
from privacy.errors import NotABounce
from privacy.models import AgendaItem, Letter, TrailEntry

from . import races

pytestmark = pytest.mark.django_db

# As Postfix writes it.
REPORT = """From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: bounces@platform.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Sun, 29 Nov 2026 10:00:00 +0100

Final-Recipient: rfc822; an.peeters@school.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <an.peeters@school.example>: no such user

--b1
Content-Type: {returned}

Message-ID: {message_id}
To: an.peeters@school.example
Subject: We kregen je verzoek

--b1--
"""


def sent(member):
    request = cases.submit(Right.OBJECTION, subject=member.subject)
    mailing.send_due()
    return request


def id_of(message) -> str:
    return message.extra_headers["Message-ID"]


def report(message_id, *, action="failed", status="5.1.1", returned="text/rfc822-headers") -> bytes:
    return REPORT.format(message_id=message_id, action=action, status=status, returned=returned).encode()


@pytest.fixture
def request_of_an(an):
    return sent(an)


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_finds_its_letter_and_makes_a_task(request_of_an, returned):
    letter = bounces.note_report(report(id_of(mail.outbox[0]), returned=returned))

    letter.refresh_from_db()
    assert (letter.request, letter.state, letter.returned_because) == (request_of_an, State.RETURNED, "5.1.1")
    assert AgendaItem.objects.open().filter(kind="bounced", request_ref=request_of_an.ref).count() == 1
    assert TrailEntry.objects.get(event="letter.returned").actor_ref == "mail_server"


def test_each_letter_of_a_kind_that_comes_often_is_found(request_of_an):
    for _nth in range(2):
        letters.write_again(request_of_an, Kind.MESSAGE)
        mailing.send_due()

    found = bounces.note_report(report(id_of(mail.outbox[-1])))

    assert found == request_of_an.letters.filter(kind=Kind.MESSAGE).last()


def test_told_twice_it_is_noted_once(request_of_an):
    once = report(id_of(mail.outbox[0]))

    assert bounces.note_report(once) is not None
    assert bounces.note_report(once) is None
    assert TrailEntry.objects.filter(event="letter.returned").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_reports_at_once_one_is_noted(an):
    races.needs_threads()
    sent(an)
    once = report(id_of(mail.outbox[0]))

    found = races.at_once(*[lambda: bounces.note_report(once)] * 4)

    assert sum(isinstance(each, Letter) for each in found) == 1
    assert TrailEntry.objects.filter(event="letter.returned").count() == 1


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", ""])
def test_a_letter_that_is_late_did_not_come_back(request_of_an, action):
    with pytest.raises(NotABounce):
        bounces.note_report(report(id_of(mail.outbox[0]), action=action))

    assert not Letter.objects.returned().exists()


@pytest.mark.parametrize(
    "message_id", ["<x@y>", "", "<ABCDEFGHJK.acknowledgement@x>", "<{ref}.answer@x>", "<{ref}.acknowledgement.7@x>", "<{ref}.fetched@x>"]
)
def test_a_report_about_no_letter_of_ours_notes_nothing(request_of_an, message_id):
    assert bounces.note_report(report(message_id.format(ref=request_of_an.ref))) is None
    assert not Letter.objects.returned().exists()


def test_a_letter_that_never_left_did_not_come_back(an):
    request = cases.submit(Right.OBJECTION, subject=an.subject)

    assert bounces.note_report(report(f"<{request.ref}.acknowledgement@platform.example>")) is None


HOSTILE = [
    b"",
    b"\x00" * 1_000,
    b"hello",
    b"x" * (bounces.LARGEST + 1),
    b"Content-Type: message/delivery-status\n\nAction: failed",
    b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n" * 10_000,
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/delivery-status; charset=\xff\n\n\xff: \xff\n--b--",
    b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n%%%",
    b"Content-Type: text/html\n\n<script>alert(1)</script>",
]


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_anybody_mails_us_stops_nothing(said):
    with suppress(NotABounce):
        assert bounces.note_report(said) is None


def test_a_code_that_is_none_is_said_as_failed(request_of_an):
    bounces.note_report(report(id_of(mail.outbox[0]), status="<script>" + "9" * 500))

    assert Letter.objects.returned().get().returned_because == "failed"


def run(content, tmp_path):
    file, said = tmp_path / "report.eml", io.StringIO()
    file.write_bytes(content)
    call_command("note_bounce", str(file), stdout=said)
    return said.getvalue()


def test_the_command_says_which_request_and_no_address(request_of_an, tmp_path):
    said = run(report(id_of(mail.outbox[0])), tmp_path)

    assert said == f"noted: acknowledgement of request {request_of_an.ref} came back\n"


@pytest.mark.parametrize(("content", "code"), [(b"hello", 2), (report("<x@y>"), 1)])
def test_the_command_says_by_its_exit_code_that_nothing_was_noted(db, tmp_path, content, code):
    with pytest.raises(CommandError) as refusal:
        run(content, tmp_path)

    assert refusal.value.returncode == code


def test_the_command_reads_what_a_mail_server_hands_over(request_of_an, monkeypatch):
    content = report(id_of(mail.outbox[0]))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    said = io.StringIO()

    call_command("note_bounce", stdout=said)

    assert request_of_an.ref in said.getvalue()


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path):
    with pytest.raises(CommandError, match="cannot be read") as refusal:
        call_command("note_bounce", str(tmp_path / "none.eml"))

    assert refusal.value.returncode == 2
