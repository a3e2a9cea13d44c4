"""When things happened: within half a year."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

DAYS_BACK = 180
# The youngest rows are this old, so that nothing happens after now.
MINUTES_AGO = 30
# Hours between which people write.
MORNING, NIGHT = 7, 23


def some_time_ago(random) -> datetime:
    return _by_day(timezone.now() - timedelta(days=random.uniform(2, DAYS_BACK)), random)


def later(moment, random, *, hours) -> datetime:
    """Up to so many hours after a moment, the morning after where that is at night, and not after now."""
    return min(_by_day(moment + timedelta(hours=random.uniform(0.05, hours)), random), timezone.now())


def _by_day(moment, random):
    """Teachers sleep. The dice fall the same at any time of day, so that two platforms are alike whenever they were filled."""
    here, minute = timezone.localtime(moment), random.randrange(60)
    if MORNING <= here.hour < NIGHT:
        return moment
    morning = here.replace(hour=MORNING, minute=minute)
    return morning if here.hour < MORNING else morning + timedelta(days=1)


def one_after_the_other(how_many: int, random) -> Iterator[datetime]:
    """The newest last, as a real table has them."""
    until, step = timezone.now() - timedelta(minutes=MINUTES_AGO), timedelta(days=DAYS_BACK) / max(how_many, 1)
    return (until - (left - random.random()) * step for left in range(how_many, 0, -1))
