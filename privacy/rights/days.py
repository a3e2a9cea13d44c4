"""Days as the controller counts them: from midnight to midnight in Brussels."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

# Where the controller answers: a day that somebody names, and the day on which something reached us, are days of this zone.
ZONE = ZoneInfo("Europe/Brussels")


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def is_midnight(moment: datetime) -> bool:
    return moment.astimezone(ZONE).time() == time.min
