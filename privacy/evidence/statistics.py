"""Counts of at least 10 people, made once when a month closes, over everybody's rows (recital 26)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.db.models import Count, Exists, Min, OuterRef
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import setting
from ..datamap import registry
from ..datamap.rows import Counted
from ..subjects import unusable_condition

# A cell with fewer people could single one out.
PEOPLE_AT_LEAST = 10


class MonthlyStatistic(models.Model):
    """Subclass per table that is `counted`: the dimensions as fields named as in that table, and what is counted in which month.

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

    span = models.CharField(
        _("span"), max_length=5, choices=Span.choices, default=Span.MONTH, help_text=_("A month, or a year over withheld months.")
    )
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


MONTH, YEAR = MonthlyStatistic.Span.MONTH, MonthlyStatistic.Span.YEAR
LENGTH = {MONTH: relativedelta(months=1), YEAR: relativedelta(years=1)}


def close_due(now=None) -> int:
    """Make the statistics of every month and year that ended PRIVACY["STATISTICS_DELAY_DAYS"] ago and are not made yet; how many.

    Each period is a transaction of its own, so that a worker that was stopped goes on where it was; of two at once one makes it.
    """
    counted = [data_map for data_map in registry.maps.values() if isinstance(data_map.row, Counted)]
    return sum(_close(data_map, span, begins_on) for data_map in counted for span, begins_on in _due(data_map, now or timezone.now()))


def _due(data_map, now) -> Iterator[tuple[str, date]]:
    """From the earliest row there is; each year after its December, which decides what was withheld."""
    statistic = data_map.row.statistic
    closed = set(StatisticsClosure.objects.filter(statistic=statistic._meta.label).values_list("span", "begins_on"))
    begins_on = _first_month(data_map)
    last_day = (now.astimezone(UTC) - timedelta(days=setting("STATISTICS_DELAY_DAYS"))).date()
    while begins_on and begins_on + LENGTH[MONTH] <= last_day:
        periods = [(MONTH, begins_on)] + [(YEAR, begins_on.replace(month=1))] * (begins_on.month == 12)
        yield from (period for period in periods if period not in closed)
        begins_on += LENGTH[MONTH]


def _first_month(data_map) -> date | None:
    earliest = data_map.model._base_manager.aggregate(earliest=Min(data_map.row.statistic.moment))["earliest"]
    return earliest and earliest.astimezone(UTC).date().replace(day=1)


def _close(data_map, span, begins_on) -> bool:
    """False where another worker made it; on PostgreSQL the unique row waits for that worker to commit or give up."""
    statistic = data_map.row.statistic
    with transaction.atomic():
        _closure, is_ours = StatisticsClosure.objects.get_or_create(statistic=statistic._meta.label, span=span, begins_on=begins_on)
        if is_ours:
            statistic._base_manager.bulk_create(
                statistic(span=span, begins_on=begins_on, **cell) for cell in _cells(data_map, span, begins_on)
            )
    return is_ours


def _cells(data_map, span, begins_on) -> models.QuerySet:
    """Dimensions, people and times, where there are enough people."""
    statistic = data_map.row.statistic
    rows = _rows(data_map, begins_on, begins_on + LENGTH[span])
    if span == YEAR:
        rows = _withheld(rows, statistic)
    counts = {"people": Count(statistic.person, distinct=True), "times": Count("pk")}
    return rows.order_by().values(*_columns(statistic)).annotate(**counts).filter(people__gte=PEOPLE_AT_LEAST)


def _rows(data_map, begins_on, until) -> models.QuerySet:
    """Rows of people who are not hidden, in UTC days; a row without a person or a dimension is in no cell."""
    statistic = data_map.row.statistic
    period = {f"{statistic.moment}__gte": _midnight(begins_on), f"{statistic.moment}__lt": _midnight(until)}
    complete = {f"{name}__isnull": False for name in (statistic.person, *statistic.dimensions)}
    return data_map.model._base_manager.filter(**period, **complete).exclude(unusable_condition(data_map))


def _withheld(rows, statistic) -> models.QuerySet:
    """Rows of months for which nothing was published: with them alone, no month can be found by subtraction."""
    month = TruncMonth(statistic.moment, tzinfo=UTC, output_field=models.DateField())
    same_cell = {column: OuterRef(column) for column in _columns(statistic)}
    published = statistic._base_manager.filter(span=MONTH, begins_on=OuterRef("month"), **same_cell)
    return rows.alias(month=month).filter(~Exists(published))


def _columns(statistic) -> list[str]:
    return [statistic._meta.get_field(name).attname for name in statistic.dimensions]


def _midnight(day) -> datetime:
    return datetime.combine(day, time.min, UTC)
