"""A request from receipt to answer."""

import ast
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Member
from privacy import keys
from privacy.casework import at_once, cases, expiry, mailing
from privacy.casework.letters import Letter
from privacy.casework.requests import DataSubjectRequest, new_reference
from privacy.casework.states import SAYS_NO, TRANSITIONS, Status, move
from privacy.datamap import RefusalGround, Right
from privacy.errors import (
    OwnDecision,
    PreviewOutdated,
    ReceivedInFuture,
    RefusalIncomplete,
    RequestAlreadyOpen,
    RequestNotApproved,
    RequestNotFound,
    TooEarly,
    TooManyRequests,
    UnknownChoice,
    UnknownPerson,
)
from privacy.evidence.trail import TrailEntry
from privacy.rights.preview import preview
from privacy.rights.rectification import Rectification
from privacy.steps import Run, StepDefinition, carry_out
from privacy.subjects import Subject

from . import races
from .makers import make_comment, make_message, make_score, make_view

NO_GRACE = timedelta(0)
ROOT = Path(__file__).resolve().parent.parent
# Has a status of its own, which is none of a request.
OF_AN_HTTP_ANSWER = "consents/transfer/errors.py"


def submit(member, right=Right.ERASURE, **options):
    return cases.submit(right, subject=member.subject, **options)


def approved(member, right=Right.ERASURE, grace=NO_GRACE):
    request = submit(member, right)
    cases.approve(request, subject=member.subject, grace=grace)
    return request


def events(request):
    return list(TrailEntry.objects.filter(request_ref=request.ref).order_by("pk").values_list("event", flat=True))


def kinds(request):
    return list(request.letters.order_by("pk").values_list("kind", flat=True))


ACTS = {
    Status.APPROVED: lambda request, an: cases.approve(request, subject=an.subject),
    Status.RUNNING: lambda request, an: move(request, Status.RUNNING),
    Status.FULFILLED: lambda request, an: cases.fulfil(request),
    Status.PARTLY: lambda request, an: move(request, Status.PARTLY),
    Status.REFUSED: lambda request, an: cases.refuse(request, ground=RefusalGround.UNFOUNDED, reasons="Omdat.", actor_ref="dpo"),
    Status.CANCELLED: lambda request, an: (cases.stop if request.status == Status.RUNNING else cases.cancel)(request),
}


@pytest.mark.parametrize(("status", "wanted"), list(product(Status, ACTS)))
def test_a_request_goes_where_the_table_allows_and_nowhere_else(an, status, wanted):
    request = submit(an, Right.ACCESS)
    DataSubjectRequest.objects.filter(pk=request.pk).update(
        status=status, closed_at=None, refusal_ground=RefusalGround.UNFOUNDED, refusal_reasons="Omdat."
    )
    if status != Status.RECEIVED:  # accepted: a worker carries it out
        Run.objects.create(request=request, not_before=timezone.now())
    request.refresh_from_db()

    if wanted in TRANSITIONS.get(status, ()):
        ACTS[wanted](request, an)
    else:
        with pytest.raises(RequestNotApproved), transaction.atomic():
            ACTS[wanted](request, an)

    request.refresh_from_db()
    assert request.status == (wanted if wanted in TRANSITIONS.get(status, ()) else status)


def test_the_table_of_transitions_is_the_one_of_the_documentation():
    assert {status: set(to) for status, to in TRANSITIONS.items()} == {
        "received": {"approved", "refused", "cancelled", "overtaken"},
        "approved": {"running", "refused", "cancelled", "overtaken"},
        "running": {"fulfilled", "partly", "cancelled", "overtaken"},
    }


def test_one_file_alone_writes_a_status():
    """No assignment to `.status`, no keyword `status=` in a call that writes, outside states.py."""
    product_code = [path for app in ("privacy", "accounts", "consents", "usage", "config") for path in (ROOT / app).rglob("*.py")]

    writers = {
        path.relative_to(ROOT).as_posix() for path in product_code for node in ast.walk(ast.parse(path.read_text())) if _writes_status(node)
    }

    assert writers == {"privacy/casework/states.py", OF_AN_HTTP_ANSWER}
    assert _writes_status(ast.parse("request.status = 'x'").body[0])


def _writes_status(node):
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(part, ast.Attribute) and part.attr == "status" for target in targets for part in ast.walk(target))
    writes = (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "create", "save", "bulk_update"}
    )
    return writes and any(keyword.arg == "status" for keyword in node.keywords)


def test_a_request_is_a_row_a_letter_and_an_entry(an):
    """G-12, G-09."""
    request = submit(an, identified_by="password")

    assert (request.status, request.language, request.channel) == ("received", "nl", "self_service")
    assert kinds(request) == ["acknowledgement"]
    assert events(request) == ["erasure.submitted"]


def test_what_is_submitted_leaves_nothing_when_its_transaction_fails(an, monkeypatch):
    monkeypatch.setattr(cases.letters, "write", lambda *_args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        submit(an)

    assert not DataSubjectRequest.objects.exists()
    assert not TrailEntry.objects.filter(event="erasure.submitted").exists()


def test_a_second_request_points_to_the_first_and_does_not_block_it(an):
    """T-14."""
    first = submit(an)

    with pytest.raises(RequestAlreadyOpen, match=first.ref) as refusal:
        submit(an)

    assert refusal.value.request == first
    assert DataSubjectRequest.objects.get() == first


def test_another_right_another_person_and_a_closed_request_stand_in_nobodys_way(an, bo):
    first = submit(an)
    submit(an, Right.ACCESS)
    submit(bo)
    cases.cancel(first)

    second = submit(an)

    assert second.ref != first.ref
    assert DataSubjectRequest.objects.open().count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_submissions_at_once_one_becomes_a_row(an):
    """T-14, T-24."""
    races.needs_threads()

    results = races.at_once(lambda: submit(an), lambda: submit(an))

    request = DataSubjectRequest.objects.get()
    assert sorted(type(result).__name__ for result in results) == ["DataSubjectRequest", "RequestAlreadyOpen"]
    assert (Letter.objects.count(), events(request)) == (1, ["erasure.submitted"])


def test_a_request_cannot_be_received_in_the_future(an):
    """G-01."""
    with pytest.raises(ReceivedInFuture):
        submit(an, received_at=timezone.now() + timedelta(minutes=1))

    assert not DataSubjectRequest.objects.exists()


def test_an_unknown_group_or_choice_is_refused(an):
    for choices in ({"articles": "remove"}, {"comments": "burn"}, {"comments": ""}):
        with pytest.raises(UnknownChoice):
            submit(an, choices=choices)

    assert submit(an, choices={"comments": "remove"}).choices == {"comments": "remove"}


def test_what_she_made_after_she_looked_makes_the_preview_outdated(an):
    seen = preview(an.subject).fingerprint
    make_score(an)

    with pytest.raises(PreviewOutdated):
        submit(an, seen=seen)

    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("add", [make_comment, lambda an: make_message(an, an)])
def test_a_comment_or_a_message_makes_the_preview_outdated_too(an, add):
    seen = preview(an.subject).fingerprint
    add(an)

    with pytest.raises(PreviewOutdated):
        submit(an, seen=seen)


def test_a_page_that_she_looked_at_does_not_make_the_preview_outdated(an):
    seen = preview(an.subject).fingerprint
    make_view(an)

    assert submit(an, seen=seen).status == "received"


def test_another_choice_than_she_saw_makes_the_preview_outdated(an):
    seen = preview(an.subject, {"comments": "name_stays"}).fingerprint

    with pytest.raises(PreviewOutdated):
        submit(an, seen=seen, choices={"comments": "remove"})


@pytest.mark.parametrize(("ground", "reasons"), [("", "Omdat."), (RefusalGround.UNFOUNDED, " \n"), ("because", "Omdat.")])
def test_a_refusal_needs_a_ground_and_reasons(an, ground, reasons):
    """G-07."""
    request = submit(an)

    with pytest.raises(RefusalIncomplete):
        cases.refuse(request, ground=ground, reasons=reasons, actor_ref="dpo")

    request.refresh_from_db()
    assert (request.status, kinds(request)) == ("received", ["acknowledgement"])


@pytest.mark.parametrize("status", SAYS_NO)
def test_the_database_too_refuses_a_no_without_ground(an, status):
    """G-07: to all or to some."""
    request = submit(an)

    with pytest.raises(IntegrityError), transaction.atomic():
        DataSubjectRequest.objects.filter(pk=request.pk).update(status=status)


def test_a_refusal_is_a_letter_and_an_entry_with_its_ground(an):
    """G-07, G-09."""
    request = submit(an)

    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")

    entry = TrailEntry.objects.get(event="erasure.refused")
    assert (entry.reason, entry.actor_ref) == ("exception", "dpo")
    assert kinds(request) == ["acknowledgement", "refusal"]
    assert request.closed_at is not None


def _fulfil(request, subject):
    cases.approve(request, subject=subject)
    cases.fulfil(request, actor_ref="dpo")


def _refuse(request, _subject):
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Omdat.", actor_ref="dpo")


@pytest.mark.parametrize(("decide", "status"), [(_fulfil, "fulfilled"), (_refuse, "refused")])
def test_who_acts_on_a_decision_hears_it_and_can_undo_it(an, decide, status):
    """In the transaction of the act: a listener that fails leaves the request as it was."""
    request, heard = submit(an, Right.OBJECTION), []

    def listen(request, status, refused_about, **_sender):
        heard.append((request.ref, status, refused_about))
        raise ZeroDivisionError

    cases.decided.connect(listen)
    try:
        with pytest.raises(ZeroDivisionError):
            decide(request, an.subject)
    finally:
        cases.decided.disconnect(listen)

    assert heard == [(request.ref, status, ())]
    assert DataSubjectRequest.objects.open().get() == request


@pytest.mark.parametrize("decide", [cases.fulfil, lambda request, **who: cases.refuse(request, ground="exception", reasons="x", **who)])
def test_nobody_decides_about_herself(daan, decide):
    """T-18."""
    request = submit(daan, Right.OBJECTION)
    cases.approve(request, subject=daan.subject)

    with pytest.raises(OwnDecision):
        decide(request, actor_ref=daan.subject.ref)

    assert DataSubjectRequest.objects.open().get() == request


def test_accepting_an_erasure_hides_the_person_and_waits(an, settings):
    """K-14, G-47."""
    request = submit(an)

    cases.approve(request, subject=an.subject)

    assert an.subject.hidden_at is not None
    assert abs(request.run.not_before - timezone.now() - timedelta(days=settings.PRIVACY["ERASURE_GRACE_DAYS"])) < timedelta(minutes=1)
    assert events(request) == ["erasure.submitted", "erasure.approved"]


def test_accepting_another_request_hides_nobody_and_begins_at_once(an):
    request = approved(an, Right.ACCESS)

    assert an.subject.hidden_at is None
    assert request.run.not_before <= timezone.now()


def test_a_request_is_never_accepted_for_another_person(an, bo):
    request = submit(an)

    with pytest.raises(RequestNotFound):
        cases.approve(request, subject=bo.subject)

    bo.subject.refresh_from_db()
    assert bo.subject.hidden_at is None


def test_before_its_time_nothing_is_erased(an):
    """G-47."""
    request = approved(an, grace=timedelta(days=1))

    with pytest.raises(TooEarly):
        cases.run(request)

    assert Member.objects.filter(pk=an.pk).exists()
    assert request.status == "approved"


def test_taken_back_she_is_seen_again_and_nothing_runs(an):
    """G-47, T-15."""
    request = approved(an)

    cases.cancel(request)

    an.subject.refresh_from_db()
    assert an.subject.hidden_at is None
    assert not Run.objects.due(timezone.now()).exists()
    with pytest.raises(RequestNotApproved):
        cases.run(request)
    assert kinds(request) == ["acknowledgement", "cancelled"]


def test_a_refused_erasure_makes_her_visible_again(an):
    request = approved(an)

    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Er loopt een zaak.", actor_ref="dpo")

    an.subject.refresh_from_db()
    assert an.subject.hidden_at is None


def test_what_was_never_hidden_is_not_said_to_be_shown_again(an):
    request = submit(an)

    cases.cancel(request)

    assert not TrailEntry.objects.filter(event="subject.shown").exists()


def test_cancelling_an_access_request_does_not_undo_an_erasure(an):
    approved(an)
    other = submit(an, Right.ACCESS)

    cases.cancel(other)

    an.subject.refresh_from_db()
    assert an.subject.hidden_at is not None


def test_once_it_began_it_cannot_be_taken_back(an):
    request = approved(an)
    move(request, Status.RUNNING)

    with pytest.raises(RequestNotApproved):
        cases.cancel(request)


@pytest.mark.django_db(transaction=True)
def test_of_cancel_and_run_at_once_one_wins_whole(an):
    """G-47: either she is gone, or all is as before; never both, never half."""
    races.needs_threads()
    make_score(an)
    request = approved(an)

    def fresh():
        return DataSubjectRequest.objects.get(pk=request.pk)

    run, cancelled = races.at_once(lambda: cases.run(fresh()), lambda: cases.cancel(fresh()))

    gone = not Member.objects.filter(pk=an.pk).exists()
    assert fresh().status == ("fulfilled" if gone else "cancelled")
    assert isinstance(cancelled, RequestNotApproved) if gone else isinstance(run, RequestNotApproved)
    assert gone or Subject.objects.get().hidden_at is None


@pytest.mark.skipif(not connection.features.has_select_for_update_nowait, reason="needs locks of rows")
@pytest.mark.parametrize("end", [cases.cancel, lambda request: cases.refuse(request, ground="unfounded", reasons="x", actor_ref="d")])
@pytest.mark.django_db(transaction=True)
def test_who_ends_a_request_waits_for_its_run_before_taking_it(an, end):
    """T-07: "this was not me" holds the run and goes on to the request; it must not meet one that comes from the other side."""
    request = approved(an)

    with transaction.atomic():
        Run.objects.select_for_update().get(request=request)
        ending = races.start(lambda: end(DataSubjectRequest.objects.get(pk=request.pk)))
        races.let_it_reach_the_lock()
        DataSubjectRequest.objects.select_for_update(nowait=True).get(pk=request.pk)

    assert races.outcome(ending) is None


def test_running_what_is_fulfilled_changes_nothing(an):
    request = approved(an)
    assert cases.run(request) is True
    before = events(request)

    assert cases.run(request) is True
    assert events(request) == before


def test_a_worker_with_an_old_copy_of_the_request_finds_out(an):
    request = approved(an)
    old = DataSubjectRequest.objects.get(pk=request.pk)
    cases.cancel(request)

    with pytest.raises(RequestNotApproved):
        cases.run(old)


def test_a_fulfilled_request_has_no_open_step_and_no_open_run(an, monkeypatch):
    """G-44: whoever looks finds the answer given, the ledger closed and the run ended, all at once."""
    request, seen, finish = approved(an), [], Run.finish

    def finish_and_look(run):
        finish(run)
        seen.append((DataSubjectRequest.objects.get().status, run.steps.filter(finished_at=None).count(), run.finished_at is None))

    monkeypatch.setattr(Run, "finish", finish_and_look)
    cases.run(request)

    assert set(seen) == {("fulfilled", 0, False)}


def test_killed_right_after_the_answer_nothing_is_left_to_do(an, monkeypatch):
    """G-44."""
    request = approved(an)
    monkeypatch.setattr(
        cases, "carry_out", lambda run, plan, **options: carry_out(run, [*plan, StepDefinition("killed", _kill, 990)], **options)
    )

    with pytest.raises(SystemExit):
        cases.run(request)

    request.refresh_from_db()
    assert request.status == "fulfilled"
    assert not Run.objects.due(timezone.now() + timedelta(days=1)).exists()


def _kill(work):
    raise SystemExit


def test_a_correction_is_done_at_once(an):
    """G-12."""
    request = at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "2000 Antwerpen"}})

    an.refresh_from_db()
    assert (an.town, request.status, kinds(request)) == ("2000 Antwerpen", "fulfilled", ["answer"])
    assert events(request) == ["rectification.submitted", "rectification.fulfilled"]


def test_what_waits_for_us_does_not_stand_in_the_way_of_what_she_does_herself(an):
    """K-13, G-52, T-14: she asked us to correct a locked field, and goes on correcting the others."""
    waiting = [submit(an, Right.RECTIFICATION), submit(an, Right.WITHDRAWAL)]

    done = [at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "2000 Antwerpen"}}), at_once.withdrawn(an.subject)]

    assert [request.status for request in done] == ["fulfilled", "fulfilled"]
    assert list(DataSubjectRequest.objects.open().order_by("pk")) == waiting


def test_a_request_names_nobody(an):
    """G-67: neither name nor address, in any column."""
    request = submit(an)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM privacy_datasubjectrequest")
        row = [bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()]
    cells = " ".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row).lower()
    assert request.sealed_address
    assert not [mark for mark in (an.email, "peeters", "school.example") if mark in cells]


def test_references_can_be_read_aloud_and_do_not_repeat():
    refs = {new_reference() for _ in range(500)}

    assert len(refs) == 500
    assert not set("".join(refs)) & set("01OI")


@pytest.mark.parametrize("approve", [False, True])
def test_an_erasure_ends_what_she_asked_besides(an, approve):
    """Her address may not wait for an answer that cannot come."""
    access = submit(an, Right.ACCESS)
    if approve:
        cases.approve(access, subject=an.subject)

    cases.run(approved(an))
    mailing.send_due()

    access.refresh_from_db()
    assert (access.status, kinds(access)) == (Status.OVERTAKEN, ["acknowledgement", "overtaken"])
    assert list(keys.made_before(timezone.now() + timedelta(days=1))) == []


def test_nothing_can_be_asked_for_somebody_who_was_erased(an):
    subject = an.subject
    cases.run(approved(an))

    with pytest.raises(UnknownPerson):
        cases.submit(Right.ACCESS, subject=subject)


def test_a_right_without_steps_is_answered_by_a_person(an):
    """K-13."""
    request = submit(an, Right.OBJECTION)
    cases.approve(request, subject=an.subject)

    cases.fulfil(request, actor_ref="dpo")

    assert (request.status, kinds(request)) == (Status.FULFILLED, ["acknowledgement", "answer"])


def test_a_right_with_steps_is_not_answered_without_them(an):
    request = approved(an)

    with pytest.raises(RequestNotApproved):
        cases.fulfil(request)


def test_what_shows_that_we_kept_the_rules_goes_after_five_years(an):
    """G-67, G-68."""
    done = at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "9050 Gent"}})
    still_open = submit(an, Right.ACCESS)

    expiry.forget(timezone.now() + timedelta(days=5 * 366))

    assert list(DataSubjectRequest.objects.all()) == [still_open]
    assert not Letter.objects.filter(request_id=done.pk).exists()
    assert not Rectification.objects.exists()


def test_a_flood_of_requests_is_stopped_and_nothing_of_it_kept(an, settings):
    """T-24: a hijacked session cannot bury her mailbox."""
    settings.PRIVACY = {**settings.PRIVACY, "REQUESTS_PER_DAY": 3}
    for town in ("9000 Gent.", "9000 Gent..", "9000 Gent..."):
        at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": town}})

    with pytest.raises(TooManyRequests):
        at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "2000 Antwerpen"}})

    an.refresh_from_db()
    assert (an.town, DataSubjectRequest.objects.count()) == ("9000 Gent...", 3)


@pytest.mark.parametrize("right", [Right.WITHDRAWAL, Right.ERASURE])
def test_leaving_is_never_stopped_as_a_flood(an, settings, right):
    """G-52."""
    settings.PRIVACY = {**settings.PRIVACY, "REQUESTS_PER_DAY": 0}

    assert cases.submit(right, subject=an.subject).ref
