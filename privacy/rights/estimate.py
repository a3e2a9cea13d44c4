"""How large an archive will be and how long it takes, from those made here before; with too few of them, from what we measured once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from django.apps import apps
from django.db.models import Count, Sum

from ..subjects import Subject
from .counting import count_each
from .portability import Scope

# What an archive holds without any rows, and what each row adds: measured on two busy cores with SQLite, at 100 to 200 rows of all kinds
# (21-28 kB, 0.1 s) and at 100,000 views (1.2 MB, 1.2-1.9 s). The second is what a worker needs to wake up.
BASE_BYTES = 20_000
BASE_SECONDS = 1.0
BYTES_PER_ROW = 30
SECONDS_PER_ROW = 0.00002
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


def of_each(subject: Subject, scopes: Iterable[Scope] = (Scope.EVERYTHING, Scope.PORTABLE)) -> dict[Scope, Estimate]:
    """Two statements, however much we hold."""
    known, rows = rates(), _rows(subject, list(scopes))
    return {scope: Estimate(number, known.bytes(number), known.seconds(number)) for scope, number in rows.items()}


def expected_rows(subject: Subject, scope: Scope) -> int:
    return _rows(subject, [scope])[scope]


def _rows(subject, scopes) -> dict[Scope, int]:
    tables = [(scope, data_map) for scope in scopes for data_map, _lines in scope.parts()]
    # The same table is counted once for all scopes that take the same of it.
    wanted = dict.fromkeys((data_map, scope.since, scope.until) for scope, data_map in tables)
    counted = count_each(Scope(since=since, until=until).rows(data_map, subject) for data_map, since, until in wanted)
    counts = dict(zip(wanted, counted, strict=True))
    rows = Counter(dict.fromkeys(scopes, 0))
    for scope, data_map in tables:
        rows[scope] += counts[data_map, scope.since, scope.until]
    return dict(rows)


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
