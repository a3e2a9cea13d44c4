"""When an answer is due: pure calendar arithmetic (Art. 12(3); periods after Regulation 1182/71)."""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.relativedelta import relativedelta

MONTHS_TO_ANSWER = 1
MONTHS_WHEN_EXTENDED = 3


def due_on(received: date, *, extended=False, paused_days=0) -> date:
    """Last day to answer: 1 calendar month after receipt, 3 when extended, moved to a working day (G-02, G-04).

    `paused_days`: so long the clock stood still; they come after the months (G-06).
    """
    return _working_day(raw_due_on(received, extended=extended, paused_days=paused_days))


def raw_due_on(received: date, *, extended=False, paused_days=0) -> date:
    """The same day number, else the last day of that month; what we show and work to, as the shift is a maximum."""
    months = MONTHS_WHEN_EXTENDED if extended else MONTHS_TO_ANSWER
    return received + relativedelta(months=months) + timedelta(days=paused_days)


def _working_day(day: date) -> date:
    while day.weekday() >= 5 or day in _belgian_holidays():
        day += timedelta(days=1)
    return day


@lru_cache
def _belgian_holidays():
    return holidays.country_holidays("BE")
