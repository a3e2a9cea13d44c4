"""A request from receipt to answer: each act with its letter, its entry in the trail and its step of casework.states (Art. 12)."""

from datetime import timedelta

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from ..conf import setting
from ..datamap import Right
from ..days import start_of
from ..errors import (
    IdentityNotShown,
    PreviewOutdated,
    RequestNotApproved,
    RequestNotFound,
    TooEarly,
)
from ..evidence import replay
from ..evidence.recipients import Notice
from ..rights import access, erasure, successors
from ..rights.preview import preview
from ..steps import NotYet, Plan, Run, carry_out, ready, write_ledger
from ..subjects import Subject
from . import agenda, four_eyes, identity, letters, mailing, mandates, pausing, refusing, restricting
from .receiving import receive, record, register
from .requests import DataSubjectRequest
from .states import Status, move
from .telling import TELLING

Channel = DataSubjectRequest.Channel

# We said yes or no: `request`, `status` and `refused_about` (what a no in part is about; empty for all), in the transaction of the act.
decided = Signal()
# Rights that are carried out in steps by a worker, and those steps. Of any other right a person says that it is done (`fulfil`).
PLANS = {Right.ACCESS: access.plan, Right.PORTABILITY: access.plan, Right.ERASURE: erasure.plan}
closing = Plan()
# Before the day on which a letter has to be answered, for the steps, the recipients and the answer: a weekend, and the day after.
DAYS_TO_CARRY_OUT = 3
# However late a letter is accepted, so that who did not write it reads ours first.
DAYS_TO_GO_BACK_AT_LEAST = 1
# For `Run.rest`, its longest: what a person has to do first is not tried again every minute.
TRIES_UNTIL_SOMEBODY_LOOKS = 10
# Rights whose requests outlive the database: put back from a backup, it asks the ledger what became of them (casework.replaying).
REMEMBERED = {Right.ERASURE, Right.OBJECTION, Right.RESTRICTION}


def submit(
    right,
    *,
    subject,
    channel=Channel.SELF_SERVICE,
    identified_by="",
    actor_ref="",
    received_at=None,
    choices=None,
    ground="",
    scope="",
    seen=None,
    words="",
    language="",
):
    """Receive a request and answer with an acknowledgement, in one transaction.

    `scope` says which data an archive is about (rights.portability.Scope.words).

    `ground` is why data must be erased, by default that they are no longer necessary (Art. 17(1)); UnknownGround where it is none.
    `words` say beside the trail what was asked, where somebody else entered it for her (evidence.remarks).
    `language` to answer in, where she has no account that says so.
    `seen` is the fingerprint of the preview the person confirmed: PreviewOutdated where her data changed since.
    RequestAlreadyOpen where one of this kind is open; two at once leave one. ReceivedInFuture where the clock would start late (G-01).
    LastInRole where the person is the only one with her task.
    """
    how = {"channel": channel, "identified_by": identified_by, "actor_ref": actor_ref, "received_at": received_at}
    request = receive(right, subject, **how, choices=choices or {}, ground=ground, scope=scope, language=language)
    if right == Right.ERASURE and subject.has_root:
        successors.refuse_last(subject)
    with transaction.atomic():
        if seen is not None and preview(subject, request.choices).fingerprint != seen:
            raise PreviewOutdated
        register(request, subject, words)
        letters.write(request, letters.Kind.ACKNOWLEDGEMENT)
        restricting.note_received(request, subject)
    return request


def approve(request, *, subject, actor_ref="", grace=None):
    """Accept: the worker may begin. An erasure hides the person at once and waits `grace` (PRIVACY["ERASURE_GRACE_DAYS"]).

    RequestNotFound where the request is about somebody else; SecondPersonNeeded where it came by letter and the same person entered it;
    IdentityNotShown where we looked who asks and it was not shown, or have to look; MandateMissing where nobody saw the mandate of who
    asks for her; StillPaused where we wait for the person; LastInRole where nobody else has her task.
    """
    if subject.ref != request.subject_ref:
        raise RequestNotFound
    four_eyes.refuse_single_hand(request, str(actor_ref))
    has_steps = request.right in PLANS and subject.has_root  # who has no account is answered by a person, whatever she asks
    with transaction.atomic():
        hold(request)
        request.refresh_from_db()
        identity.need(request)
        pausing.need_running(request)
        mandates.need(request)
        if request.right == Right.ERASURE and has_steps:
            identity.need_more_than_mail(request)
        move(request, Status.APPROVED, approved_at=timezone.now())
        agenda.note_accepted(request)
        begin = begins(request, timezone.now(), grace)
        if request.right == Right.ERASURE and has_steps:
            successors.need_one(subject)
            erasure.hide(subject)
        if has_steps:
            write_ledger(Run.objects.create(request=request, not_before=begin), plan_of(request))
        if request.is_by_hand and not replay.under_way():
            letters.write(request, letters.Kind.ACCEPTED)
        record("approved", request, actor_ref or request.actor_ref)
        if request.right == Right.ERASURE and has_steps:
            replay.note("hidden", subject_ref=request.subject_ref, not_before=begin, **request.facts)
    if has_steps:
        transaction.on_commit(lambda: ready.send(sender=DataSubjectRequest, request=request))


def begins(request, now, grace=None):
    """When it may begin, accepted now. What came by letter is answered in time (Art. 12(3)): an old one leaves less time to go back."""
    if request.right != Right.ERASURE:
        return now
    if grace is not None or not request.is_by_hand:
        return now + (timedelta(days=setting("ERASURE_GRACE_DAYS")) if grace is None else grace)
    in_time = start_of(request.answer_by - timedelta(days=DAYS_TO_CARRY_OUT))
    at_least = identity.days_to_object(request) or DAYS_TO_GO_BACK_AT_LEAST
    return min(now + timedelta(days=setting("ERASURE_GRACE_DAYS")), max(in_time, now + timedelta(days=at_least)))


def run(request, *, progress=None) -> bool:
    """Carry out what was approved; True once it is fulfilled. Safe to call any number of times, from any worker.

    TooEarly while the person can still go back, RequestNotApproved where it is refused, taken back, or not accepted yet,
    IdentityNotShown where the last look at who asks failed.
    """
    request.refresh_from_db()
    if request.status == Status.APPROVED:
        _begin(request)
    if request.status == Status.FULFILLED:
        return True
    if request.status != Status.RUNNING:
        raise RequestNotApproved
    done = carry_out(request.run, plan_of(request), subject_of=subject_of, progress=progress)
    request.refresh_from_db()
    return done


def _begin(request):
    """Under way, whether this worker was the first or another; taken back, where the person was. It rests where a look failed meanwhile."""
    if request.run.not_before > timezone.now():
        raise TooEarly
    try:
        _move_on(request)
    except IdentityNotShown:
        request.run.rest(tries=TRIES_UNTIL_SOMEBODY_LOOKS)
        raise


@transaction.atomic
def _move_on(request):
    hold(request)
    request.refresh_from_db()
    if request.status == Status.APPROVED:
        identity.refuse_failed(request)
        move(request, Status.RUNNING)


def subject_of(request):
    """The person of a request, or None once erased."""
    return Subject.objects.filter(ref=request.subject_ref).first()


def plan_of(request):
    return in_order(PLANS[request.right])


def in_order(plan):
    """The right's own steps with telling and answering, which every act has, in one order."""
    return sorted([*plan, *closing], key=lambda step: (step.order, step.name))


@closing.step(TELLING, order=900)
def _tell_recipients(work):
    """Done when every recipient confirmed, or is recorded as not reached (Art. 19)."""
    if replay.under_way():  # whether they were told before is what a later line says
        raise NotYet
    mailing.deliver_notices(request_ref=work.request.ref)
    if Notice.objects.filter(request_ref=work.request.ref).undelivered().exists():
        raise NotYet


@closing.step("answer", order=950)
def _answer(work):
    """Letter, closed request, last step and run are one transaction: what is fulfilled has no open step (G-44)."""
    with work.batch():
        fulfil(work.request)
        work.finish()
        work.run.finish()
        if work.request.right == Right.ERASURE:
            replay.note("answered", subject_ref=work.request.subject_ref, request_ref=work.request.ref)


@erasure.erasure_step("close other requests", order=620)
def _close_other_requests(work):
    """What she asked besides can no longer be done; her address may not wait for it."""
    with work.batch():
        for other in DataSubjectRequest.objects.open().filter(subject_ref=work.request.subject_ref).exclude(pk=work.request.pk):
            Run.objects.filter(request=other).update(finished_at=timezone.now())
            _close(other, Status.OVERTAKEN)
            letters.write(other, letters.Kind.OVERTAKEN)
            record("overtaken", other, "")


def fulfil(request, *, actor_ref=""):
    """Answered: the letter is written and the request closed.

    OwnDecision where somebody of ours answers herself, IdentityNotShown where the last look at who asks failed.
    """
    four_eyes.refuse_own(request, str(actor_ref))
    with transaction.atomic():
        _take_up(request)
        letters.write(request, letters.Kind.ANSWER)
        _close(request, Status.FULFILLED)
        record("fulfilled", request, actor_ref)
        decided.send(sender=DataSubjectRequest, request=request, status=request.status, refused_about=())


def _take_up(request):
    """What no worker carries out is done by who answers it."""
    mandates.need(request)
    if request.status == Status.APPROVED and not Run.objects.filter(request=request).exists():
        identity.refuse_failed(request)
        pausing.need_running(request)
        move(request, Status.RUNNING)


def refuse_in_part(request, *, ground, reasons, actor_ref, about=(), evidence=""):
    """Some of it was done, the rest is refused, with ground and reasons as `refuse` (Art. 12(4)). Never what a worker carries out.

    `about`: which of the uses that it names are refused; PartNotNamed where there are several and none or all of them are.
    """
    four_eyes.refuse_own(request, str(actor_ref))
    with transaction.atomic():
        hold(request)
        if Run.objects.filter(request=request).exists():
            raise RequestNotApproved
        refusing.check_part(request, about)
        no = refusing.as_columns(request, ground, reasons, evidence)
        _take_up(request)
        _close(request, Status.PARTLY, refused_about=sorted(about), **no)
        letters.write(request, letters.Kind.PARTLY)
        record("partly", request, actor_ref, reason=ground)
        decided.send(sender=DataSubjectRequest, request=request, status=request.status, refused_about=tuple(request.refused_about))


def refuse(request, *, ground, reasons, actor_ref, evidence=""):
    """Not followed: a coded ground of this right and reasons in words are needed, and the letter names complaint and court (Art. 12(4)).

    `evidence`: what shows that it is excessive; ours to prove (Art. 12(5)). OwnDecision where somebody of ours refuses herself.
    """
    four_eyes.refuse_own(request, str(actor_ref))
    with transaction.atomic():
        hold(request)
        _close(request, Status.REFUSED, **refusing.as_columns(request, ground, reasons, evidence))
        _unhide(request)
        letters.write(request, letters.Kind.REFUSAL)
        record("refused", request, actor_ref, reason=ground)
        decided.send(sender=DataSubjectRequest, request=request, status=request.status, refused_about=())
        _note_end(request, ground=ground)


def cancel(request, *, actor_ref=""):
    """Taken back by the person, while nothing has begun."""
    if request.status == Status.RUNNING:
        raise RequestNotApproved
    with transaction.atomic():
        hold(request)
        _close(request, Status.CANCELLED)
        _unhide(request)
        letters.write(request, letters.Kind.CANCELLED)
        record("cancelled", request, actor_ref)
        _note_end(request)


def stop(request) -> None:
    """It was not she who asked; inside the caller's transaction, which holds run and request.

    An erasure that has begun goes on: half of it would help nobody. A worker at an archive finds its run finished, and leaves nothing.
    """
    if request.is_open and not (request.right == Right.ERASURE and request.status == Status.RUNNING):
        _close(request, Status.CANCELLED)
        _unhide(request)
        _note_end(request)


def _note_end(request, ground=""):
    """It will not be carried out: nor from a backup in which it is still open."""
    if request.right in REMEMBERED:
        replay.note("stopped", subject_ref=request.subject_ref, request_ref=request.ref, ground=ground)


def end_again(request, *, refused="", reasons=""):
    """As it ended before the database was put back: without a letter."""
    hold(request)
    request.refresh_from_db()
    outcome = {"refusal_ground": refused, "refusal_reasons": reasons} if refused else {}
    _close(request, Status.REFUSED if refused else Status.CANCELLED, **outcome)
    _unhide(request)


def hold(request):
    """First the run, then the request, in the order of a worker's batch: neither waits for the other for ever."""
    Run.objects.select_for_update().filter(request=request).first()
    DataSubjectRequest.objects.select_for_update().filter(pk=request.pk).first()


def _unhide(request):
    subject = subject_of(request)
    if request.right == Right.ERASURE and subject is not None:
        erasure.unhide(subject)
    Run.objects.filter(request=request).update(finished_at=timezone.now())


def _close(request, status, **outcome):
    """With its end nothing of it waits for us any more."""
    move(request, status, closed_at=timezone.now(), **outcome)
    pausing.note_closed(request)
    agenda.note_closed(request)
    restricting.note_closed(request)
