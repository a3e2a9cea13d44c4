"""A request from receipt to answer; this file alone writes its status (Art. 12)."""

import secrets
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import keys
from ..conf import hook, setting
from ..datamap import RefusalGround, Right, registry
from ..errors import (
    PreviewOutdated,
    ReceivedInFuture,
    RefusalIncomplete,
    RequestAlreadyOpen,
    RequestNotApproved,
    RequestNotFound,
    TooEarly,
)
from ..evidence import trail
from ..evidence.recipients import Notice
from ..rights import access, erasure, rectification
from ..rights.preview import preview
from ..steps import NotYet, Plan, Run, carry_out, ready, write_ledger
from ..subjects import Subject
from . import deadlines, letters

# Without 0/O and 1/I, so that a number survives being read aloud.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 10


def new_reference() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


class RequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=DataSubjectRequest.OPEN)

    def about(self, subject):
        return self.filter(subject_ref=subject.ref)


class DataSubjectRequest(models.Model):
    """What a person asked, and how far we are. Names nobody: the answer's address is sealed under the request's own key."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        APPROVED = "approved", _("accepted")
        RUNNING = "running", _("being carried out")
        FULFILLED = "fulfilled", _("done")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    class Channel(models.TextChoices):
        SELF_SERVICE = "self_service", _("signed in")
        COMMAND = "command", _("by an operator")
        DEMO = "demo", _("demonstration")

    OPEN = (Status.RECEIVED, Status.APPROVED, Status.RUNNING)

    ref = models.CharField(
        _("number"), max_length=20, unique=True, default=new_reference, editable=False, help_text=_("To quote when you write to us.")
    )
    right = models.CharField(_("right"), max_length=20, choices=Right.choices, help_text=_("What was asked."))
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.RECEIVED, help_text=_("How far it is."))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, help_text=_("How it reached us."))
    identified_by = models.CharField(_("identified by"), max_length=40, blank=True, help_text=_("How we knew who asks, as a code."))
    actor_ref = models.CharField(_("entered by"), max_length=60, blank=True, help_text=_("Reference or role of who entered it."))
    received_at = models.DateTimeField(_("received"), default=timezone.now, help_text=_("When it reached us."))
    due_on = models.DateField(_("answer due"), help_text=_("Last day to answer."))
    approved_at = models.DateTimeField(_("accepted"), null=True, blank=True, help_text=_("When it was accepted."))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, help_text=_("When it was answered."))
    refusal_ground = models.CharField(
        _("ground of refusal"), max_length=20, choices=RefusalGround.choices, blank=True, help_text=_("Why it was refused, as a code.")
    )
    refusal_reasons = models.TextField(
        _("reasons"), max_length=5000, blank=True, help_text=_("Why it was refused, in words; no personal data.")
    )
    choices = models.JSONField(
        _("choices"), default=dict, blank=True, help_text=_("Per group of publications: former_member, name_stays or remove.")
    )
    map_version = models.CharField(_("version of the data map"), max_length=64, help_text=_("Which declarations were in force."))
    language = models.CharField(_("language"), max_length=5, help_text=_("In which we answer."))
    sealed_address = models.BinaryField(
        _("answer to"), blank=True, help_text=_("Sealed under the request's own key, which is destroyed when it closes.")
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_ref", "right"],
                condition=models.Q(status__in=["received", "approved", "running"]),
                name="privacy_one_open_request_per_right",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="refused") | (~models.Q(refusal_ground="") & ~models.Q(refusal_reasons="")),
                name="privacy_refusal_has_ground_and_reasons",
            ),
        ]

    def __str__(self):
        return self.ref

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


Status, Channel = DataSubjectRequest.Status, DataSubjectRequest.Channel

# The state machine: from -> to. docs/requests.md draws it.
TRANSITIONS = {
    Status.RECEIVED: {Status.APPROVED, Status.REFUSED, Status.CANCELLED},
    Status.APPROVED: {Status.RUNNING, Status.REFUSED, Status.CANCELLED},
    Status.RUNNING: {Status.FULFILLED},
}

# Rights that are carried out in steps by a worker, and those steps.
PLANS = {Right.ACCESS: access.plan, Right.PORTABILITY: access.plan, Right.ERASURE: erasure.plan}
closing = Plan()


def submit(right, *, subject, channel=Channel.SELF_SERVICE, identified_by="", actor_ref="", received_at=None, choices=None, seen=None):
    """Receive a request and answer with an acknowledgement, in one transaction.

    `seen` is the fingerprint of the preview the person confirmed: PreviewOutdated where her data changed since.
    RequestAlreadyOpen where one of this kind is open; two at once leave one. ReceivedInFuture where the clock would start late (G-01).
    """
    erasure.check_choices(choices or {})
    received_at = received_at or timezone.now()
    if received_at > timezone.now():
        raise ReceivedInFuture
    request = DataSubjectRequest(
        right=right,
        subject_ref=subject.ref,
        channel=channel,
        identified_by=identified_by,
        actor_ref=str(actor_ref or subject.ref),
        received_at=received_at,
        due_on=deadlines.due_on(deadlines.received_on(received_at)),
        choices=choices or {},
        map_version=registry.version(),
        language=hook("LANGUAGE")(subject),
    )
    with transaction.atomic():
        if seen is not None and preview(subject, request.choices).fingerprint != seen:
            raise PreviewOutdated
        _insert(request)
        _seal_address(request, subject)
        trail.record(f"{right}.submitted", subject_ref=subject.ref, actor_ref=request.actor_ref, request_ref=request.ref)
        letters.write(request, letters.Kind.ACKNOWLEDGEMENT)
    return request


def correct(subject, changes, *, actor_ref="", channel=Channel.SELF_SERVICE, identified_by=""):
    """A rectification, done at once: all of it or nothing (Art. 16). `changes` as in rights.rectification.correct."""
    with transaction.atomic():
        request = submit(Right.RECTIFICATION, subject=subject, actor_ref=actor_ref, channel=channel, identified_by=identified_by)
        rectification.correct(subject, changes, actor_ref=request.actor_ref, request_ref=request.ref)
        _done_at_once(request)
    return request


def withdrawn(subject, *, actor_ref="", channel=Channel.SELF_SERVICE, identified_by=""):
    """The record of a withdrawal that the host carries out in the same transaction (Art. 7(3))."""
    with transaction.atomic():
        request = submit(Right.WITHDRAWAL, subject=subject, actor_ref=actor_ref, channel=channel, identified_by=identified_by)
        _done_at_once(request)
    return request


def handed_over(right, *, subject, actor_ref, received_at):
    """The record of an archive that an operator made, done at once (manage.py export_subject)."""
    with transaction.atomic():
        request = submit(right, subject=subject, channel=Channel.COMMAND, actor_ref=actor_ref, received_at=received_at)
        _done_at_once(request)
    return request


def _done_at_once(request):
    """Answered in the act itself: no acknowledgement goes before the answer."""
    request.letters.all().delete()
    _move(request, Status.APPROVED, approved_at=timezone.now())
    _move(request, Status.RUNNING)
    fulfil(request, actor_ref=request.actor_ref)


def _insert(request):
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        older = DataSubjectRequest.objects.open().filter(subject_ref=request.subject_ref, right=request.right).first()
        if older is None:
            raise
        raise RequestAlreadyOpen(older) from None


def _seal_address(request, subject):
    addresses = hook("ADDRESSES")(subject)
    if addresses:
        keys.make(request.ref)
        request.sealed_address = keys.seal(request.ref, addresses[0])
        request.save(update_fields=["sealed_address"])


def approve(request, *, subject, actor_ref="", grace=None):
    """Accept: the worker may begin. An erasure hides the person at once and waits `grace` (PRIVACY["ERASURE_GRACE_DAYS"]).

    RequestNotFound where the request is about somebody else.
    """
    if subject.ref != request.subject_ref:
        raise RequestNotFound
    with transaction.atomic():
        _move(request, Status.APPROVED, approved_at=timezone.now())
        begin = timezone.now()
        if request.right == Right.ERASURE:
            erasure.hide(subject)
            begin += timedelta(days=setting("ERASURE_GRACE_DAYS")) if grace is None else grace
        act = Run.objects.create(request=request, not_before=begin)
        write_ledger(act, plan_of(request))
        trail.record(
            f"{request.right}.approved", subject_ref=request.subject_ref, actor_ref=actor_ref or request.actor_ref, request_ref=request.ref
        )
    transaction.on_commit(lambda: ready.send(sender=DataSubjectRequest, request=request))


def run(request, *, progress=None) -> bool:
    """Carry out what was approved; True once it is fulfilled. Safe to call any number of times, from any worker.

    TooEarly while the person can still go back, RequestNotApproved where it is refused, taken back, or not accepted yet.
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
    """Under way, whether this worker was the first or another; taken back, where the person was."""
    if request.run.not_before > timezone.now():
        raise TooEarly
    with suppress(RequestNotApproved):
        _move(request, Status.RUNNING)
    request.refresh_from_db()


def subject_of(request):
    """The person of a request, or None once erased."""
    return Subject.objects.filter(ref=request.subject_ref).first()


def plan_of(request):
    """The right's own steps, then telling and answering, which every act ends with."""
    return [*PLANS[request.right], *closing]


@closing.step("tell recipients", order=900)
def _tell_recipients(work):
    """Done when every recipient confirmed, or is recorded as not reached (Art. 19)."""
    letters.deliver_notices(request_ref=work.request.ref)
    if Notice.objects.filter(request_ref=work.request.ref).undelivered().exists():
        raise NotYet


@closing.step("answer", order=950)
def _answer(work):
    """Letter, closed request, last step and run are one transaction: what is fulfilled has no open step (G-44)."""
    with work.batch():
        fulfil(work.request)
        work.finish()
        work.run.finish()


def fulfil(request, *, actor_ref=""):
    """Answered: the letter is written and the request closed."""
    with transaction.atomic():
        letters.write(request, letters.Kind.ANSWER)
        _move(request, Status.FULFILLED, closed_at=timezone.now())
        trail.record(f"{request.right}.fulfilled", subject_ref=request.subject_ref, actor_ref=actor_ref, request_ref=request.ref)


def refuse(request, *, ground, reasons, actor_ref):
    """Not followed: a coded ground and reasons in words are needed, and the letter names complaint and court (Art. 12(4))."""
    if ground not in RefusalGround.values or not reasons.strip():
        raise RefusalIncomplete
    with transaction.atomic():
        _move(request, Status.REFUSED, closed_at=timezone.now(), refusal_ground=RefusalGround(ground), refusal_reasons=reasons)
        _unhide(request)
        letters.write(request, letters.Kind.REFUSAL)
        trail.record(
            f"{request.right}.refused", subject_ref=request.subject_ref, actor_ref=actor_ref, request_ref=request.ref, reason=ground
        )


def cancel(request, *, actor_ref=""):
    """Taken back by the person, while nothing has begun."""
    with transaction.atomic():
        _move(request, Status.CANCELLED, closed_at=timezone.now())
        _unhide(request)
        letters.write(request, letters.Kind.CANCELLED)
        trail.record(f"{request.right}.cancelled", subject_ref=request.subject_ref, actor_ref=actor_ref, request_ref=request.ref)


def _unhide(request):
    subject = subject_of(request)
    if request.right == Right.ERASURE and subject is not None:
        erasure.unhide(subject)
    Run.objects.filter(request=request).update(finished_at=timezone.now())


def _move(request, status, **fields):
    """One step of the state machine, lost by whoever comes second."""
    if status not in TRANSITIONS.get(request.status, ()):
        raise RequestNotApproved
    moved = DataSubjectRequest.objects.filter(pk=request.pk, status=request.status).update(status=status, **fields)
    if not moved:
        raise RequestNotApproved
    request.refresh_from_db()
