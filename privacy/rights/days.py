"""Days as the controller counts them: from midnight to midnight in Brussels."""

from datetime import date, datetime, time

from django.utils import timezone

from ..zone import ZONE


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)


def day_of(moment: datetime) -> date:
    """23:30 UTC on 31 January is 1 February."""
    return moment.astimezone(ZONE).date()


def today() -> date:
    return day_of(timezone.now())


def is_midnight(moment: datetime) -> bool:
    return moment.astimezone(ZONE).time() == time.min
