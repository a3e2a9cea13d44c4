"""What lies ahead: which open requests fall due each week, and how many would be open if all went on as it did (Art. 12(3))."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from ..days import day_of, start_of
from .figures import AT_ONCE
from .requests import DataSubjectRequest

# A quarter: long enough for a holiday in it, short enough to be about now.
WEEKS_BACK = 13
WEEKS_AHEAD = 8


@dataclass(frozen=True)
class Week:
    """`due`: of what is open now, whose last day is in this week; in the first one also what is late. `expected`: open at its end."""

    begins_on: date
    due: int
    expected: int


@dataclass(frozen=True)
class Backlog:
    """`came` and `went`: in the last WEEKS_BACK weeks, without what was done at once."""

    open: int
    late: int
    came: int
    went: int
    weeks: list[Week]

    @property
    def came_weekly(self) -> float:
        return self.came / WEEKS_BACK

    @property
    def went_weekly(self) -> float:
        return self.went / WEEKS_BACK


def ahead(now: datetime) -> Backlog:
    """Three questions, however many requests there are."""
    today, due = day_of(now), _due()
    came, went = _since("received_at", now), _since("closed_at", now)
    count, weeks = due.total(), []
    for nth in range(WEEKS_AHEAD):
        begins_on = today - timedelta(days=today.weekday()) + timedelta(weeks=nth)
        expected = max(0, count + round((came - went) / WEEKS_BACK * (nth + 1)))
        weeks.append(Week(begins_on, _in_week(due, begins_on, is_first=not nth), expected))
    return Backlog(count, sum(many for day, many in due.items() if day < today), came, went, weeks)


def _due() -> Counter:
    """Last day -> how many are open."""
    rows = DataSubjectRequest.objects.asked().open().order_by().values_list("due_on").annotate(how_many=Count("pk"))
    return Counter(dict(rows))


def _since(moment: str, now) -> int:
    """Whole days of Brussels, up to now."""
    begin = start_of(day_of(now) - timedelta(weeks=WEEKS_BACK))
    found = DataSubjectRequest.objects.asked().filter(**{f"{moment}__gte": begin, f"{moment}__lte": now})
    counts = found.aggregate(all=Count("pk"), at_once=Count("pk", filter=AT_ONCE))
    return counts["all"] - counts["at_once"]


def _in_week(due: Counter, begins_on: date, *, is_first: bool) -> int:
    ends_on = begins_on + timedelta(days=6)
    return sum(many for day, many in due.items() if day <= ends_on and (is_first or day >= begins_on))
