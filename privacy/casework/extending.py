"""More time to answer: two months, once, told within the first month with a reason of the law (Art. 12(3))."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..days import day_of, start_of
from ..errors import AlreadyExtended, ExtensionIncomplete, TooLateToExtend
from . import clock, four_eyes, letters
from .receiving import record

DAY = timedelta(days=1)


class Reason(models.TextChoices):
    """The law knows two; that it is much work, or that we are large, is none (G-05)."""

    COMPLEX = "complex", _("the request is complex")
    NUMEROUS = "numerous", _("this person asked many things")


class Extension(models.Model):
    """That we took more time, why, and until when; the person reads it in a letter of the same moment."""

    request = models.ForeignKey(
        "privacy.DataSubjectRequest",
        on_delete=models.CASCADE,
        related_name="extensions",
        verbose_name=_("request"),
        help_text=_("Which request takes longer."),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, help_text=_("Why it takes longer, as a code."))
    words = models.TextField(
        _("in words"), max_length=1000, blank=True, help_text=_("What makes it so here; the person reads it. No personal data.")
    )
    granted_at = models.DateTimeField(_("extended"), help_text=_("When we took more time, and wrote so."))
    in_time_until = models.DateTimeField(_("possible until"), help_text=_("The end of the first month, in which it has to be told."))
    due_on = models.DateField(_("answer due"), help_text=_("Last day to answer, from then on."))
    by = models.CharField(_("done by"), max_length=60, blank=True, help_text=_("Reference or role of who did it."))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(fields=["request"], name="privacy_extended_once"),
            models.CheckConstraint(
                condition=models.Q(granted_at__lt=models.F("in_time_until")), name="privacy_extended_within_the_first_month"
            ),
            models.CheckConstraint(condition=models.Q(reason__in=Reason.values), name="privacy_extension_reason_is_known"),
        ]

    def __str__(self):
        return f"{self.reason} {self.request}"


def extend(request, *, reason: str, words: str, actor_ref, now: datetime | None = None) -> Extension:
    """Row, new last day and letter, in one transaction.

    AlreadyExtended the second time, TooLateToExtend after the first month, ExtensionIncomplete without reason and words,
    OwnDecision where somebody of ours takes the time for an answer to herself.
    """
    now = now or timezone.now()
    four_eyes.refuse_own(request, str(actor_ref))
    if reason not in Reason.values or not words.strip():
        raise ExtensionIncomplete
    with transaction.atomic():
        clock.hold_open(request)
        granted = _grant(request, Reason(reason), words.strip(), str(actor_ref), now)
        letters.write(request, letters.Kind.EXTENSION)
        record("extended", request, actor_ref, reason=granted.reason)
    return granted


def may_extend(request, now: datetime) -> bool:
    return request.is_open and not request.is_extended and now < in_time_until(request, now)


def in_time_until(request, now: datetime) -> datetime:
    """Midnight in Brussels after the last day of the first month; pauses count."""
    return start_of(clock.due_on(request, day_of(now)) + DAY)


def _grant(request, reason, words, actor_ref, now):
    if request.is_extended:
        raise AlreadyExtended
    until = in_time_until(request, now)
    if now >= until:
        raise TooLateToExtend
    request.extended_at = now
    request.save(update_fields=["extended_at"])
    clock.set_due(request, day_of(now))
    how = {"granted_at": now, "in_time_until": until, "due_on": request.due_on, "by": actor_ref}
    return Extension.objects.create(request=request, reason=reason, words=words, **how)
