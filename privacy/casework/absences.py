"""Who of the desk is away, and who stands in: she gets the alerts, and sees what the other had in hand (Art. 12(3))."""

from datetime import date, timedelta
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..days import day_of
from ..errors import AwayAlready, DaysMixedUp, UnfitStandIn
from ..subjects import Subject
from .colleagues import DECIDES, who_may

# A slip of the year is no holiday.
DAYS_AT_MOST = 365
# How long it is known who was away; nobody needs it once the alerts of that time were answered.
DAYS_KEPT = 90


class AbsenceQuerySet(models.QuerySet):
    def on(self, day: date):
        return self.filter(begins_on__lte=day, ends_on__gte=day)

    def to_come(self, day: date):
        """With those of today."""
        return self.filter(ends_on__gte=day).order_by("begins_on", "pk")

    def meeting(self, begins_on: date, ends_on: date):
        """That have a day in common with these."""
        return self.filter(begins_on__lte=ends_on, ends_on__gte=begins_on)


class Absence(models.Model):
    """A time in which somebody of the desk is away, the first and the last day included."""

    subject_ref = models.UUIDField(_("away"), db_index=True, help_text=_("Reference of who is away."))
    stand_in_ref = models.UUIDField(_("stand-in"), db_index=True, help_text=_("Reference of who stands in."))
    begins_on = models.DateField(_("first day"), help_text=_("The first day away."))
    ends_on = models.DateField(_("last day"), db_index=True, help_text=_("The last day away."))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, help_text=_("When it was noted."))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="privacy_absence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(stand_in_ref=F("subject_ref")), name="privacy_nobody_stands_in_for_herself"),
        ]

    def __str__(self):
        return f"{self.begins_on} - {self.ends_on}"


def note(subject_ref: UUID, *, stand_in_ref: UUID, begins_on: date, ends_on: date, on: date) -> Absence:
    """By herself, from `on` (today) at the earliest.

    DaysMixedUp, UnfitStandIn where that colleague may not decide or is herself, AwayAlready where she noted those days before.
    """
    if not on <= begins_on <= ends_on <= on + timedelta(days=DAYS_AT_MOST):
        raise DaysMixedUp
    if stand_in_ref == subject_ref or not who_may(DECIDES).filter(subject=stand_in_ref).exists():
        raise UnfitStandIn
    with transaction.atomic():
        Subject.objects.select_for_update(no_key=True).get(pk=subject_ref)  # of two windows one notes it
        if Absence.objects.filter(subject_ref=subject_ref).meeting(begins_on, ends_on).exists():
            raise AwayAlready
        return Absence.objects.create(subject_ref=subject_ref, stand_in_ref=stand_in_ref, begins_on=begins_on, ends_on=ends_on)


def end(pk: int, subject_ref: UUID) -> bool:
    """She is back, or does not go; False where it is not hers, or gone already."""
    return bool(Absence.objects.filter(pk=pk, subject_ref=subject_ref).delete()[0])


def stood_in_for(subject_ref: UUID, on: date) -> list[UUID]:
    """Whose work is hers too on this day."""
    return list(Absence.objects.on(on).filter(stand_in_ref=subject_ref).values_list("subject_ref", flat=True))


def stand_ins(on: date):
    """Users who stand in on this day, are there themselves and may decide."""
    today = Absence.objects.on(on)
    there = today.exclude(stand_in_ref__in=today.values("subject_ref"))
    return who_may(DECIDES).filter(subject__in=there.values("stand_in_ref"))


def forget(now) -> None:
    Absence.objects.filter(ends_on__lt=day_of(now) - timedelta(days=DAYS_KEPT)).delete()
