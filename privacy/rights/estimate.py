"""How large an archive will be and how long it takes, from those made here before; with too few of them, from what we measured once."""

from dataclasses import dataclass
from math import ceil

from django.apps import apps
from django.db.models import Count, Sum

from ..subjects import Subject, rows_concerning
from .counting import count_each
from .portability import Scope

# Measured with `make demo` (a member with 3,000 rows) and bench/exporting.py (100,000 rows) on two cores with SQLite, the slower of both
# databases: what an archive holds without any rows, and what each row adds.
BASE_BYTES = 25_000
BASE_SECONDS = 1.0
BYTES_PER_ROW = 45
SECONDS_PER_ROW = 0.00005
# The last archives of this installation say more, once they hold this many rows together.
RECENT = 20
ENOUGH_ROWS = 1_000


@dataclass(frozen=True)
class Rates:
    """What one row adds."""

    bytes_per_row: float = BYTES_PER_ROW
    seconds_per_row: float = SECONDS_PER_ROW

    def seconds(self, rows: int) -> int:
        return ceil(BASE_SECONDS + rows * self.seconds_per_row)

    def bytes(self, rows: int) -> int:
        return round(BASE_BYTES + rows * self.bytes_per_row)


@dataclass(frozen=True)
class Estimate:
    """`seconds` counts from when a worker begins."""

    rows: int
    bytes: int
    seconds: int


def of(subject: Subject, scope: Scope) -> Estimate:
    """Two statements, however much we hold."""
    rows, known = expected_rows(subject, scope), rates()
    return Estimate(rows, known.bytes(rows), known.seconds(rows))


def expected_rows(subject: Subject, scope: Scope) -> int:
    return sum(count_each(rows_concerning(data_map, subject) for data_map, _lines in scope.parts()))


def rates() -> Rates:
    """Of this installation's last archives; small ones are mostly base and say little."""
    archives = apps.get_model("privacy", "Archive").objects.filter(rows__gt=0)
    recent = archives.filter(pk__in=archives.order_by("-pk").values("pk")[:RECENT])
    made = recent.aggregate(number=Count("pk"), rows=Sum("rows"), bytes=Sum("size"), seconds=Sum("seconds"))
    if (made["rows"] or 0) < ENOUGH_ROWS:
        return Rates()
    return Rates(_beyond_base(made, "bytes", BASE_BYTES), _beyond_base(made, "seconds", BASE_SECONDS))


def _beyond_base(made, what, base) -> float:
    return max(0.0, made[what] - made["number"] * base) / made["rows"]
