"""How many rows of a table came in each of the last twelve months."""

from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.template.defaultfilters import date as formatted
from django.utils import timezone

from ..datamap.maps import DataMap
from ..subjects import Subject, rows_concerning
from .columns import moment_of

MONTHS = 12
# Of the drawing, which stretches (.spark): a month is 10 wide, the fullest this high.
FULL = 46


@dataclass(frozen=True)
class Month:
    """`left`, `top`, `height`: of its bar."""

    begins_on: date
    rows: int
    left: str
    top: str
    height: str

    @property
    def name(self) -> str:
        return formatted(self.begins_on, "F Y")

    @property
    def letter(self) -> str:
        return formatted(self.begins_on, "b")[:1]


@dataclass(frozen=True)
class Year:
    data_map: type[DataMap]
    months: list[Month]

    @property
    def most(self) -> Month:
        return max(self.months, key=lambda month: month.rows)

    @property
    def empty(self) -> int:
        return sum(1 for month in self.months if not month.rows)

    @property
    def least(self) -> Month:
        return min(self.months, key=lambda month: month.rows)


def through_the_year(subject: Subject, categories, *, today: date | None = None) -> Year | None:
    """Of the largest table that says when; None where fewer than two months have rows: there is nothing to compare."""
    data_map = next((category.data_map for category in categories if moment_of(category.data_map)), None)
    if data_map is None:
        return None
    begins = [(today or timezone.localdate()).replace(day=1) - relativedelta(months=back) for back in reversed(range(MONTHS))]
    counts = _counts(data_map, subject, begins[0], begins[-1] + relativedelta(months=1))
    if sum(1 for begin in begins if counts.get(begin)) < 2:
        return None
    highest = max(counts.values())
    return Year(data_map, [_month(begin, counts.get(begin, 0), nth, highest) for nth, begin in enumerate(begins)])


def _counts(data_map, subject, first, end) -> dict[date, int]:
    moment = moment_of(data_map)
    rows = rows_concerning(data_map, subject).filter(**{f"{moment}__gte": _midnight(first), f"{moment}__lt": _midnight(end)}).order_by()
    counted = rows.annotate(in_month=TruncMonth(moment)).values("in_month").annotate(how_many=Count("pk"))
    return {row["in_month"].date(): row["how_many"] for row in counted}


def _midnight(on):
    return timezone.make_aware(datetime.combine(on, time()))


def _month(begins_on, rows, nth, highest) -> Month:
    """Text, since a drawing knows no decimal comma."""
    height = rows / highest * FULL
    return Month(begins_on, rows, f"{nth * 10 + 1.5}", f"{50 - height:.1f}", f"{height:.1f}")
