"""How soon we answer: requests by the month in which they came and by right, counted from the requests themselves (Art. 12(3))."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import TruncDate

from ..datamap import Right
from ..days import ZONE, day_of, start_of
from . import deadlines
from .requests import DataSubjectRequest
from .states import DONE, OPEN, Status

# We said yes or no; what was taken back or ended with an erasure is no answer of ours.
ANSWERED = (*DONE, Status.REFUSED)
# Answered by the page itself in the act that asked, as a correction: these would make every share look good. What an operator
# hands over had come before he did.
AT_ONCE = Q(approved_at=F("closed_at")) & ~Q(channel=DataSubjectRequest.Channel.COMMAND)


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; of nothing there is no percentage."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all."""
        return self.part * 100 // self.whole if self.whole else None


@dataclass
class Tally:
    """How requests fared that came in one month, about one right, or both. Where nothing else is said, those done at once are left out.

    `days`: from receipt to answer, in Brussels -> how many. Late: not answered when the time of Art. 12(3) was over, extended or not.
    """

    at_once: int = 0
    waited: int = 0
    answered: int = 0
    partly: int = 0
    refused: int = 0
    ended: int = 0
    extended: int = 0
    open: int = 0
    in_month: int = 0
    after_month: int = 0
    in_three: int = 0
    after_three: int = 0
    days: Counter = field(default_factory=Counter)

    def __add__(self, other):
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def received(self) -> int:
        """All of them."""
        return self.at_once + self.waited

    @property
    def given_more_time(self) -> Share:
        """Often is itself a sign that something is wrong (G-05)."""
        return Share(self.extended, self.waited)

    @property
    def within_month(self) -> Share:
        """Of those that were answered, or had to be."""
        return Share(self.in_month, self.in_month + self.after_month)

    @property
    def within_three(self) -> Share:
        return Share(self.in_three, self.in_three + self.after_three)

    @property
    def median_days(self) -> float | None:
        count = self.days.total()
        return (_nth(self.days, (count - 1) // 2) + _nth(self.days, count // 2)) / 2 if count else None


@dataclass(frozen=True)
class Figures:
    """`cells`: (first day of the month, right) -> what came then. Months and rights without any are there too."""

    months: list[date]
    cells: dict[tuple[date, Right], Tally]

    def of_month(self, month: date) -> Tally:
        return total(tally for (each, _right), tally in self.cells.items() if each == month)

    def of_right(self, right: Right) -> Tally:
        return total(tally for (_month, each), tally in self.cells.items() if each == right)

    @property
    def total(self) -> Tally:
        return total(self.cells.values())


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def of(months: list[date], now: datetime) -> Figures:
    """Of requests received in these months, which follow each other, as they stand now; one question."""
    cells = defaultdict(Tally)
    for row in _rows(months):
        _add(cells[row["received_on"].replace(day=1), Right(row["right"])], row, day_of(now))
    return Figures(months, dict(cells))


def _rows(months) -> Iterator[dict]:
    """So many of a right that came on one day, were closed on one day and stand alike."""
    since, until = start_of(months[0]), start_of(_next(months[-1]))
    found = DataSubjectRequest.objects.asked().filter(received_at__gte=since, received_at__lt=until).order_by()
    alike = {
        "received_on": TruncDate("received_at", tzinfo=ZONE),
        "closed_on": TruncDate("closed_at", tzinfo=ZONE),
        "at_once": Case(When(AT_ONCE, then=Value(True)), default=Value(False)),
        "extended": Case(When(extended_at__isnull=False, then=Value(True)), default=Value(False)),
    }
    return found.annotate(**alike).values("right", "status", *alike).annotate(how_many=Count("pk")).iterator()


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _add(tally, row, today) -> None:
    count, status = row["how_many"], row["status"]
    if row["at_once"]:
        tally.at_once += count
        return
    tally.waited += count
    tally.extended += count * row["extended"]
    if status in ANSWERED:
        _add_answer(tally, row, count)
    elif status in OPEN:
        tally.open += count
    else:
        tally.ended += count
        return
    _add_time(tally, row, count, today)


def _add_answer(tally, row, count) -> None:
    tally.answered += count
    tally.partly += count * (row["status"] == Status.PARTLY)
    tally.refused += count * (row["status"] == Status.REFUSED)
    tally.days[(row["closed_on"] - row["received_on"]).days] += count


def _add_time(tally, row, count, today) -> None:
    """What is open counts against us from the day on which its time is over, and for nothing before."""
    one, three = _limits(row["received_on"])
    closed_on = row["closed_on"]
    tally.in_month += count * bool(closed_on and closed_on <= one)
    tally.in_three += count * bool(closed_on and closed_on <= three)
    tally.after_month += count * ((closed_on or today) > one)
    tally.after_three += count * ((closed_on or today) > three)


@lru_cache(maxsize=4096)
def _limits(received_on: date) -> tuple[date, date]:
    """Last day of one month and of three, as the law counts them."""
    return deadlines.due_on(received_on), deadlines.due_on(received_on, extended=True)


def _nth(days: Counter, place: int) -> int:
    """The value at this place, from 0, of all of them in order."""
    for value in sorted(days):
        place -= days[value]
        if place < 0:
            return value
    raise IndexError(place)
