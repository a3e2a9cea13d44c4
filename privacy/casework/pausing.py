"""The clock stands still only while we miss who asks, or what exactly, and asked for it without delay (Art. 12(3), 12(6), rec. 63)."""

from datetime import date, datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import setting
from ..days import day_of
from ..errors import AlreadyPaused, NoDoubt, NothingToWaitFor, NotPaused, RequestNotApproved, StillPaused
from ..evidence import replay
from . import agenda, clock, four_eyes, letters
from .receiving import record
from .requests import DataSubjectRequest
from .states import Status


class Reason(models.TextChoices):
    IDENTITY = "identity", _("we need to know who asks")
    SPECIFY = "specify", _("we need to know what exactly is asked")


class PauseQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at__isnull=True)


class Pause(models.Model):
    """From when until when the clock of a request stood still, why and by whom; no article says so, the guidelines do (G-06)."""

    request = models.ForeignKey(
        "privacy.DataSubjectRequest",
        on_delete=models.CASCADE,
        related_name="pauses",
        verbose_name=_("request"),
        help_text=_("Which request waits for the person."),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, help_text=_("What we miss, as a code."))
    begun_at = models.DateTimeField(_("begun"), help_text=_("When we asked for it."))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text=_("When we had it, or the request was closed."))
    moves_deadline = models.BooleanField(_("counts"), help_text=_("Whether we asked soon enough for the last day to move."))
    by = models.CharField(_("done by"), max_length=60, blank=True, help_text=_("Reference or role of who did it."))

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("time on hold")
        verbose_name_plural = _("times on hold")
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=models.Q(ended_at__isnull=True), name="privacy_one_open_pause"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("begun_at")),
                name="privacy_pause_ends_after_it_began",
            ),
            models.CheckConstraint(condition=models.Q(reason__in=Reason.values), name="privacy_pause_reason_is_known"),
        ]

    def __str__(self):
        return f"{self.reason} {self.request}"

    def days(self, on: date) -> int:
        """From midnight to midnight in Brussels, until its end or until then; on the day itself none."""
        until = day_of(self.ended_at) if self.ended_at else on
        return max((until - day_of(self.begun_at)).days, 0)


def pause(request, *, reason: str, actor_ref, now: datetime | None = None) -> Pause:
    """Asks the person for what we miss. Later than PRIVACY["PAUSE_WITHIN_DAYS"] after receipt it moves no deadline.

    NoDoubt about who was signed in (G-13), NothingToWaitFor where a worker has it, AlreadyPaused the second time,
    OwnDecision where somebody of ours stops the clock of her own request.
    """
    now, reason = now or timezone.now(), Reason(reason)
    four_eyes.refuse_own(request, str(actor_ref))
    with transaction.atomic():
        clock.hold_open(request)
        _refuse_needless(request, reason)
        begun = Pause.objects.create(request=request, reason=reason, begun_at=now, moves_deadline=in_time(request, now), by=str(actor_ref))
        if reason == Reason.IDENTITY:
            agenda.note(agenda.Kind.IDENTIFY, request.ref, request.due_on)
        letters.write_again(request, letters.Kind.PAUSED, now)
        record("paused", request, actor_ref, reason=reason)
    return begun


def reasons_for(request) -> list[Reason]:
    """Who was signed in is never asked to show again who it is."""
    return [reason for reason in Reason if reason != Reason.IDENTITY or may_be_doubted(request)]


def may_pause(request) -> bool:
    """Before it is carried out."""
    waits_for_us = request.status == Status.RECEIVED or request.right in agenda.ANSWERED_BY_US
    return request.is_open and waits_for_us and open_pause(request) is None


def in_time(request, now: datetime) -> bool:
    """Whether we ask soon enough after receipt."""
    passed = day_of(now) - day_of(request.received_at)
    return passed.days <= setting("PAUSE_WITHIN_DAYS")


def open_pause(request) -> Pause | None:
    return request.pauses.open().first()


def may_be_doubted(request) -> bool:
    """Signing in is proof enough (Art. 12(6), rec. 57; G-13)."""
    return request.channel != DataSubjectRequest.Channel.SELF_SERVICE


def _refuse_needless(request, reason):
    if open_pause(request) is not None:
        raise AlreadyPaused
    if not may_pause(request):
        raise NothingToWaitFor
    if reason not in reasons_for(request):
        raise NoDoubt


def resume(request, *, actor_ref="", now: datetime | None = None) -> None:
    """We wait no more, and a letter says until when she does: where they count, the days of the pause come after the last day.

    Who asks is still to be found out where no look showed it. NotPaused where the clock runs.
    """
    now = now or timezone.now()
    with transaction.atomic():
        clock.hold_open(request)
        waiting = open_pause(request)
        if waiting is None:
            raise NotPaused
        _end(waiting, now)
        clock.set_due(request, day_of(now))
        if is_shown(request, now):
            agenda.AgendaItem.objects.end(request.ref, agenda.Kind.IDENTIFY)
        letters.write_again(request, letters.Kind.RESUMED, now)
        record("resumed", request, actor_ref, reason=waiting.reason)


def _end(waiting, now):
    waiting.ended_at = max(now, waiting.begun_at)
    waiting.save(update_fields=["ended_at"])


def is_shown(request, at: datetime) -> bool:
    """Whether the last look until then said that it was she."""
    return bool(request.identity_checks.filter(at__lte=at).order_by("pk").values_list("passed", flat=True).last())


def note_identified(request, actor_ref="") -> None:
    """It was shown who asks: nothing is left to wait for, where that was what we missed."""
    if request.is_open and request.pauses.open().filter(reason=Reason.IDENTITY).exists():
        resume(request, actor_ref=actor_ref)


def note_closed(request) -> None:
    """Whatever its end, we wait for the person no more."""
    waiting = open_pause(request)
    if waiting is not None:
        _end(waiting, timezone.now())


def need_running(request) -> None:
    """StillPaused where we wait for the person; after a restore it was decided as it was then."""
    if open_pause(request) is not None and not replay.under_way():
        raise StillPaused


def move_on(now: datetime) -> None:
    """Each night: while the clock stands still, the last day is a day further."""
    on = day_of(now)
    for waiting in Pause.objects.open().filter(moves_deadline=True).select_related("request").order_by("pk"):
        with transaction.atomic():
            try:
                clock.hold_open(waiting.request)
            except RequestNotApproved:
                continue
            clock.set_due(waiting.request, on)
