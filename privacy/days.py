"""Days as the controller counts them: from midnight to midnight in Brussels."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

# Where the controller answers: a day that somebody names, and the day on which something reached us, are days of this zone.
ZONE = ZoneInfo("Europe/Brussels")


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)


def day_of(moment: datetime) -> date:
    """23:30 UTC on 31 January is 1 February."""
    return moment.astimezone(ZONE).date()


def today() -> date:
    return day_of(timezone.now())


def is_midnight(moment: datetime) -> bool:
    return moment.astimezone(ZONE).time() == time.min
