"""The 72 hours in which the authority is told of a breach, from the moment we knew: hours, whatever the clocks do (Art. 33(1))."""

from datetime import UTC, date, datetime, time, timedelta

from ...days import ZONE, day_of

TO_TELL = timedelta(hours=72)
HOUR = timedelta(hours=1)
# Alerts go out at night and are read at the desk by this hour.
MORNING = time(9)


def ends_at(aware_at: datetime) -> datetime:
    """In UTC: added to a time of Brussels, three days over a change of the clocks are 71 or 73 hours (test_registers_clock)."""
    return aware_at.astimezone(UTC) + TO_TELL


def last_day(aware_at: datetime, noted_at: datetime) -> date:
    """The last day on which who reads of it in the morning is in time, where we work; the end itself, where no such day is left.

    Never moved to a working day, as the shift is a maximum.
    """
    end = ends_at(aware_at).astimezone(ZONE)
    before = end.date() - timedelta(days=end.time() < MORNING)
    return before if before >= day_of(noted_at) else end.date()


def hours_left(aware_at: datetime, now: datetime) -> int:
    """Whole hours that are left; negative once it is too late, from the first second on."""
    return (ends_at(aware_at) - now.astimezone(UTC)) // HOUR


def hours_late(aware_at: datetime, now: datetime) -> int:
    """As people say it: 1 within the first two hours, then whole hours."""
    return max(1, (now.astimezone(UTC) - ends_at(aware_at)) // HOUR)


def is_late(aware_at: datetime, told_at: datetime) -> bool:
    """To the second: what is told in the 72nd hour is in time."""
    return told_at.astimezone(UTC) > ends_at(aware_at)
