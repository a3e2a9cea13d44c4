"""When things happened: within half a year."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

DAYS_BACK = 180
# The youngest rows are this old, so that nothing happens after now.
MINUTES_AGO = 30


def some_time_ago(random) -> datetime:
    return timezone.now() - timedelta(days=random.uniform(1, DAYS_BACK))


def later(moment, random, *, hours) -> datetime:
    """Up to so many hours after a moment, and not after now."""
    return min(moment + timedelta(hours=random.uniform(0.05, hours)), timezone.now())


def one_after_the_other(how_many: int, random) -> Iterator[datetime]:
    """The newest last, as a real table has them."""
    until, step = timezone.now() - timedelta(minutes=MINUTES_AGO), timedelta(days=DAYS_BACK) / max(how_many, 1)
    return (until - (left - random.random()) * step for left in range(how_many, 0, -1))
