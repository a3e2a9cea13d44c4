"""Counts of at least 10 people, made once when a month closes, over everybody's rows (recital 26)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A cell with fewer people could single one out.
PEOPLE_AT_LEAST = 10


class MonthlyStatistic(models.Model):
    """Subclass per table that is `counted`, with the dimensions as fields and `Counted` saying what is counted.

    class ResourceReads(MonthlyStatistic):
        resource = ForeignKey(Resource, ...)
        counts = "usage.ResourceView"; person = "member"; moment = "viewed_at"; dimensions = ["resource"]
    """

    class Span(models.TextChoices):
        MONTH = "month", _("month")
        YEAR = "year", _("year, over the months that were withheld")

    counts: str
    person: str
    moment: str
    dimensions: list[str]

    span = models.CharField(_("span"), max_length=5, choices=Span.choices, default=Span.MONTH, help_text=_("A month, or a year over withheld months."))
    begins_on = models.DateField(_("from"), help_text=_("First day of the month or year, in UTC."))
    people = models.PositiveIntegerField(_("people"), help_text=_("How many different people; at least 10."))
    times = models.PositiveIntegerField(_("times"), help_text=_("How often."))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=models.Q(people__gte=PEOPLE_AT_LEAST), name="%(app_label)s_%(class)s_10_people"),
        ]

    def __str__(self):
        return f"{self.begins_on:%Y-%m}"


class StatisticsClosure(models.Model):
    """That a month's or year's statistics were made: they are never made again."""

    statistic = models.CharField(_("statistic"), max_length=100, help_text=_("Which statistic."))
    span = models.CharField(_("span"), max_length=5, choices=MonthlyStatistic.Span.choices, help_text=_("A month or a year."))
    begins_on = models.DateField(_("from"), help_text=_("First day of the month or year."))
    closed_at = models.DateTimeField(_("made"), default=timezone.now, help_text=_("When it was made."))

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")
        constraints = [models.UniqueConstraint(fields=["statistic", "span", "begins_on"], name="privacy_statistics_made_once")]

    def __str__(self):
        return f"{self.statistic} {self.begins_on:%Y-%m}"
