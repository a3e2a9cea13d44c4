"""manage.py erase_subject."""

import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.models import Value
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import Member
from consents.models import PartnerGrant
from privacy.casework import by_hand, cases, outcome
from privacy.casework.cases import DataSubjectRequest
from privacy.datamap import RefusalGround, Right
from privacy.models import Notice, Remark, TrailEntry

from .beside import check_now
from .makers import make_grant, make_message, make_score, make_view

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"


def approved(member, right=Right.ERASURE, grace=timedelta(0)):
    request = cases.submit(right, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=grace)
    return request


def erase(*arguments):
    """What it says on stdout."""
    out = StringIO()
    call_command("erase_subject", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments):
    """(exit code, the one line of the refusal); nothing is erased."""
    people = Member.objects.count()
    with pytest.raises(CommandError) as error:
        erase(*arguments)
    assert Member.objects.count() == people
    assert len(str(error.value).splitlines()) == 1
    return error.value.returncode, str(error.value)


@pytest.fixture
def demo(settings):
    settings.PRIVACY = {**settings.PRIVACY, "DEMO": True}


def test_it_carries_out_an_approved_request_and_says_per_table_what_it_did(an, bo):
    """G-44, G-46."""
    for member in (an, an, bo):
        make_view(member)
    make_score(an)
    make_message(an, bo)
    request = approved(an)

    said = erase(an.email, "--request", request.ref)

    request.refresh_from_db()
    assert request.status == "fulfilled"
    assert list(Member.objects.all()) == [bo]
    for category in outcome.of(request).treated:
        assert f"{category.rows:>9} {category.title}: {category.label}\n" in said
    assert said.endswith(f"{request.ref}: erased\n")


@pytest.mark.parametrize("spelling", ["{}", " {} ", "AN.PEETERS@School.Example"])
def test_her_address_is_found_in_any_spelling_and_the_number_in_any_case(an, spelling):
    request = approved(an)

    said = erase(spelling.format(an.email), "--request", f" {request.ref.lower()} ")

    assert "erased" in said


@pytest.mark.parametrize(
    "address", ["niemand@school.example", "", "peeters", "an.peeters@school.exampl", "%", "an.peeters@school.example\x00"]
)
def test_an_address_that_nobody_has_is_refused(an, address):
    code, line = refusal(address, "--request", approved(an).ref)

    assert (code, "spelling" in line or "schrijfwijze" in line) == (1, True)


@pytest.mark.parametrize("number", ["ZZZZZZZZZZ", "A\x00", "\udcff", "' OR 1=1 --", "x" * 10_000])
def test_a_number_that_does_not_exist_is_refused(an, number):
    code, _line = refusal(an.email, "--request", number)

    assert code == 1


def test_the_request_of_another_person_is_refused(an, bo):
    """T-18: the operator names both, and they have to belong together."""
    code, _line = refusal(an.email, "--request", approved(bo).ref)

    assert code == 1


def test_a_request_for_another_right_is_refused(an):
    code, _line = refusal(an.email, "--request", approved(an, Right.ACCESS).ref)

    assert code == 1


def test_a_request_that_was_not_approved_is_refused(an):
    """T-06, T-18."""
    request = cases.submit(Right.ERASURE, subject=an.subject)

    assert refusal(an.email, "--request", request.ref)[0] == 1


@pytest.mark.parametrize(
    "close", [cases.cancel, lambda request: cases.refuse(request, ground=RefusalGround.UNFOUNDED, reasons="x", actor_ref="dpo")]
)
def test_a_request_that_was_taken_back_or_refused_is_refused(an, close):
    request = approved(an)
    close(request)

    assert refusal(an.email, "--request", request.ref)[0] == 1


def test_before_its_time_it_is_refused(an):
    """G-47."""
    request = approved(an, grace=timedelta(days=14))

    code, line = refusal(an.email, "--request", request.ref)

    assert (code, request.ref in line) == (1, False)
    request.refresh_from_db()
    assert request.status == "approved"


@pytest.mark.parametrize("arguments", [["--yes"], ["--yes", "--now"]])
def test_outside_a_demo_it_makes_no_request_of_its_own(an, settings, arguments):
    settings.DEBUG = False

    code, _line = refusal(an.email, *arguments)

    assert code == 2
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("arguments", [[], ["--now"], ["--request", "ABC", "--yes"], ["--request", "ABC", "--now"], ["--request", ""]])
def test_wrong_usage_exits_with_2(an, demo, arguments):
    assert refusal(an.email, *arguments)[0] == 2


def test_in_a_demo_it_hides_and_names_the_day(an, demo):
    said = erase(an.email, "--yes")

    request = DataSubjectRequest.objects.get()
    an.subject.refresh_from_db()
    assert said.startswith("hidden; will be erased on ")
    assert (request.channel, request.status, an.subject.hidden_at is not None) == ("demo", "approved", True)


def test_in_a_demo_it_erases_at_once(an, demo):
    said = erase(an.email, "--yes", "--now")

    assert said.endswith("erased\n")
    assert not Member.objects.exists()


def test_in_a_demo_a_request_that_is_open_is_pointed_to(an, demo):
    older = cases.submit(Right.ERASURE, subject=an.subject)

    code, line = refusal(an.email, "--yes", "--now")

    assert (code, older.ref in line) == (1, True)


def test_while_a_recipient_is_not_told_it_says_so(an, edupartner, monkeypatch):
    make_grant(an, edupartner)
    request = approved(an)
    monkeypatch.setattr("privacy.casework.mailing.deliver_notices", lambda **_only: None)

    said = erase(an.email, "--request", request.ref)

    assert said.endswith(f"{request.ref}: under way; recipients are still to be told\n")
    assert Notice.objects.get().state == "queued"
    assert not PartnerGrant.including_hidden.exists()


def test_an_error_of_the_database_is_one_line_without_its_words(an, monkeypatch):
    """T-32: they may hold values."""
    request = approved(an)

    def fail(*_arguments, **_options):
        raise OperationalError(f"deadlock\nDETAIL: {an.email}")

    monkeypatch.setattr(cases, "run", fail)

    code, line = refusal(an.email, "--request", request.ref)

    assert (code, "OperationalError" in line, an.email in line) == (1, True, False)


def test_what_it_says_names_nobody(an, edupartner):
    make_grant(an, edupartner)

    said = erase(an.email, "--request", approved(an).ref).lower()

    assert not [word for word in (an.email, "peeters", str(an.pk), str(an.subject_id)) if word in said]


def test_in_a_pipe_it_shows_no_bar(an, capfd):
    make_view(an)

    call_command("erase_subject", an.email, "--request", approved(an).ref)

    assert capfd.readouterr().err == ""


@pytest.mark.worker
@pytest.mark.parametrize("arguments", [[], ["--yes"]])
def test_as_a_process_it_says_no_in_one_line_on_stderr(arguments):
    environment = {"PATH": "", "INZAGE_VAR": str(project.VAR), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, MANAGE, "erase_subject", "x@school.example", *arguments]

    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_while_another_worker_holds_it_it_says_so(an):
    request = approved(an)
    request.run.claim()

    said = erase(an.email, "--request", request.ref)

    assert said.endswith(f"{request.ref}: under way; another worker goes on\n")


def test_of_two_addresses_that_differ_in_capitals_the_one_that_was_typed_counts(an, bo):
    check_now()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX accounts_member_email_once_in_any_case")  # a host need not have it
    Member._base_manager.filter(pk=bo.pk).update(email=Upper(Value(an.email)))
    request = approved(an)

    assert refusal(an.email.title(), "--request", request.ref)[0] == 1
    assert "erased" in erase(an.email, "--request", request.ref)


def test_an_address_that_was_stored_in_capitals_is_found(an):
    Member._base_manager.filter(pk=an.pk).update(email=Upper("email"))

    assert "erased" in erase(an.email, "--request", approved(an).ref)


@pytest.mark.parametrize("by_address", [True, False])
def test_who_carries_it_out_stands_in_the_trail_and_why_goes_with_her(an, daan, by_address):
    """T-18, D-5."""
    request = approved(an)

    erase(an.email, "--request", request.ref, "--actor", daan.email if by_address else "Daan Peeters", "--reason", "brief van 3 maart")

    entry = TrailEntry.objects.get(event="erasure.run")
    expected = str(daan.subject.ref) if by_address else "operator"
    assert (entry.subject_ref, entry.actor_ref, entry.reason) == (an.subject.ref, expected, "")
    assert not Remark.objects.exists()


@pytest.mark.parametrize("arguments", [["--actor", "daan"], ["--reason", "brief"], ["--actor", "daan", "--reason", "x" * 61]])
def test_an_actor_gives_a_reason(an, arguments):
    assert refusal(an.email, "--request", approved(an).ref, *arguments)[0] in {1, 2}


def test_a_letter_that_nobody_else_accepted_is_not_carried_out(an, daan):
    """T-18: the command is no second way."""
    entered = by_hand.enter(
        an.subject, channel="letter", identified_by="id_card", received_at=timezone.now(), reason="brief", actor_ref=daan.subject.ref
    )

    assert refusal(an.email, "--request", entered.ref, "--actor", "daan", "--reason", "brief")[0] == 1
