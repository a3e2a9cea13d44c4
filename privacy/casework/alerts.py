"""Alerts before an answer is due, 7, 3, 1 and 0 days ahead, and each day once it is late: numbers, and nobody's name (Art. 12(3))."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import setting
from ..days import day_of
from . import officer, remaining
from .agenda import ENDS_WITH_REQUEST, AgendaItem
from .requests import DataSubjectRequest

# So many days before the last one (G-09).
STEPS = (0, 1, 3, 7)
# Numbers in one mail; how many more there are stands below them.
LISTED = 100


class Alert(models.Model):
    """One alert that went out: about which number, and how many days were left of which last day."""

    request_ref = models.CharField(_("number"), max_length=20, help_text=_("Of the request or the breach; of a setting its name."))
    due_on = models.DateField(_("due"), help_text=_("The last day, as it was then."))
    days_left = models.SmallIntegerField(_("days left"), help_text=_("7, 3, 1 or 0; below zero it was late."))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, db_index=True, help_text=_("When it went out."))

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [models.UniqueConstraint(fields=["request_ref", "due_on", "days_left"], name="privacy_alert_once")]

    def __str__(self):
        return f"{self.request_ref} {self.days_left}"


@dataclass(frozen=True)
class Due:
    """A number, its last day, and the alert that it asks for today."""

    ref: str
    due_on: date
    days_left: int

    @property
    def step(self) -> int:
        """A night in which nothing ran is made up for; once it is late, each day is one."""
        return next((step for step in STEPS if 0 <= self.days_left <= step), self.days_left)

    @property
    def key(self) -> tuple[str, date, int]:
        return self.ref, self.due_on, self.step

    def alert(self, now: datetime) -> Alert:
        return Alert(request_ref=self.ref, due_on=self.due_on, days_left=self.step, sent_at=now)

    @property
    def in_words(self) -> str:
        return remaining.in_words(self.days_left)


def send(now: datetime) -> None:
    """One mail for all; none where nobody is there to read it. A mail that fails is tried the next night."""
    on = day_of(now)
    with transaction.atomic():
        due, to = _new(_due(on)), officer.addresses(on)
        if not due or not to:
            return
        Alert.objects.bulk_create([each.alert(now) for each in due])
        late = [each for each in due if each.days_left < 0]
        soon = [each for each in due if each.days_left >= 0]
        officer.write("alert", to, late=late[:LISTED], soon=soon[:LISTED], number=len(due), more=len(late[LISTED:]) + len(soon[LISTED:]))


def _due(on: date) -> list[Due]:
    """What is open and may be late in a week, the most urgent first; a number with several last days stands there with each."""
    until = on + timedelta(days=max(STEPS))
    apart = AgendaItem.objects.open().exclude(kind__in=ENDS_WITH_REQUEST).filter(due_on__lte=until).values_list("due_on", "request_ref")
    asked = DataSubjectRequest.objects.open().filter(due_on__lte=until).values_list("due_on", "ref")
    return [Due(ref, day, (day - on).days) for day, ref in sorted({*apart, *asked})]


def _new(due: list[Due]) -> list[Due]:
    said = Alert.objects.filter(request_ref__in=[each.ref for each in due])
    told = set(said.values_list("request_ref", "due_on", "days_left"))
    return [each for each in due if each.key not in told]


def forget(now: datetime) -> None:
    """That we were warned shows that we kept the rules, as long as the request does."""
    Alert.objects.filter(sent_at__lt=now - relativedelta(years=setting("ACCOUNTABILITY_YEARS"))).delete()
