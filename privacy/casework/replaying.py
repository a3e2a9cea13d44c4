"""Requests and their outcome, done again on a database that was put back from a backup: by the same steps, without a letter."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import RequestNotApproved
from ..evidence.replay import is_settling, replayed
from ..rights import statements
from ..steps import Run, Step, ready
from ..subjects import Subject
from . import asking, cases, certifying, letters
from .receiving import receive, record, register_again
from .requests import DataSubjectRequest

Status = DataSubjectRequest.Status
# The step that wrote the line.
NOTED = "note in the ledger"
# Longer than it takes to leave an erasure to the worker.
A_MOMENT = timedelta(minutes=1)


@replayed("hidden")
@transaction.atomic
def hide_again(line) -> None:
    """She waits for her erasure as before: until the same moment, free to take it back."""
    request = _request_of(line)
    if request is not None and request.status == Status.RECEIVED:
        not_before = datetime.fromisoformat(line.facts["not_before"])
        cases.approve(request, subject=cases.subject_of(request), grace=not_before - timezone.now())


@replayed("stopped")
@transaction.atomic
def stop_again(line) -> None:
    """Taken back, not hers, or refused: what a backup still has open must not be carried out."""
    request = DataSubjectRequest.objects.filter(ref=line.facts["request_ref"]).first()
    if request is not None and request.is_open:
        cases.end_again(request, refused=line.facts["ground"], reasons=_("They stand in the letter that we sent you then."))


@replayed("erasure")
def erase_again(line) -> None:
    """Every step but telling and answering, which may have been done: the line "answered" says so, and else the worker goes on there."""
    request = _request_of(line)
    if request is None or cases.subject_of(request) is None:
        return
    if request.status == Status.RECEIVED:
        cases.approve(request, subject=cases.subject_of(request))
    if is_settling():
        _leave_to_worker(request, line)
        return
    _note_once_more(request)
    Run.objects.filter(request=request).update(not_before=timezone.now(), lease_until=None)
    cases.run(request)
    if cases.subject_of(request) is not None:
        raise RequestNotApproved


@transaction.atomic
def _note_once_more(request):
    """So that the certificate says so."""
    cases.hold(request)
    if not certifying.replayed_at(request):
        record("replayed", request, "operator")


@transaction.atomic
def _leave_to_worker(request, line):
    """Under way, so that nobody can go back: an erasure that takes long, or cannot finish, keeps nobody else waiting."""
    run = Run.objects.filter(request=request)
    run.update(not_before=timezone.now(), lease_until=timezone.now() + A_MOMENT)  # its steps find it held
    cases.run(request)
    Step.objects.filter(run__request=request, name=NOTED, finished_at=None).update(finished_at=line.at)
    run.update(lease_until=None)
    transaction.on_commit(lambda: ready.send(sender=DataSubjectRequest, request=request))


@replayed("answered")
@transaction.atomic
def answer_once(line) -> None:
    """She has our answer, and hears nothing twice; recipients are told again, since that they were went with the lost part (Art. 19).

    Where the process died with the line written, the answer never left: the worker writes it.
    """
    request = DataSubjectRequest.objects.filter(ref=line.facts["request_ref"]).first()
    if request is None or not request.is_open or is_settling():
        return
    letters.note_sent(request, letters.Kind.ANSWER)
    letters.Letter.objects.unsent().filter(request__subject_ref=request.subject_ref).update(sent_at=line.at)
    Run.objects.filter(request=request).update(lease_until=None)


@replayed("asked")
@transaction.atomic
def ask_again(line) -> None:
    """Waits for the data protection officer once more; her own words went with the lost part, and the desk sees which uses it is about."""
    request = _request_of(line)
    subject = request and cases.subject_of(request)
    if subject is None:
        return
    known = {said.about for said in statements.words_with(request)}
    asking.keep(request, subject, [use for use in line.facts["about"] if use not in known], ground=line.facts["because"])


def _request_of(line) -> DataSubjectRequest | None:
    """As the backup has it, or registered again; None where it knows neither request nor person. Of a kind she has one at most."""
    facts = line.facts
    hers = DataSubjectRequest.objects.filter(subject_ref=line.subject_ref)
    found = hers.filter(ref=facts["request_ref"]).first() or hers.open_one(facts["right"])
    subject = Subject.objects.filter(ref=line.subject_ref).first()
    if found is not None or subject is None:
        return found
    given = {name: facts[name] for name in ("channel", "choices", "ground")}
    request = receive(facts["right"], subject, received_at=datetime.fromisoformat(facts["received_at"]), actor_ref="operator", **given)
    request.ref = facts["request_ref"]
    register_again(request, subject)
    tell = letters.write if is_settling() else letters.note_sent
    tell(request, letters.Kind.ACKNOWLEDGEMENT)
    return request
