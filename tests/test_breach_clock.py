"""72 hours are hours, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from privacy.casework import alerts
from privacy.casework.registers import breaching, clock
from privacy.days import ZONE
from privacy.models import Alert

from .breached import known


def brussels(*moment):
    return datetime(*moment, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("aware_at", "ends_at"),
    [
        (brussels(2026, 11, 24, 9), brussels(2026, 11, 27, 9)),
        (brussels(2026, 10, 23, 12), brussels(2026, 10, 26, 11)),  # the night of 25 October has 25 hours
        (brussels(2027, 3, 26, 12), brussels(2027, 3, 29, 13)),  # the night of 28 March has 23
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 28, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_time_is_hours_over_a_change_of_the_clocks(aware_at, ends_at):
    """G-63."""
    assert clock.ends_at(aware_at) == ends_at.astimezone(UTC)


def test_the_two_moments_of_one_hour_that_comes_twice_end_an_hour_apart():
    """G-63: 02:30 on 25 October, before and after the clocks go back."""
    first, second = (datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZONE) for fold in (0, 1))

    assert clock.ends_at(second) - clock.ends_at(first) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("aware_at", "day"),
    [
        (brussels(2026, 11, 25, 23, 59), date(2026, 11, 28)),
        (brussels(2026, 11, 26, 9), date(2026, 11, 29)),  # a Sunday: the shift to a working day is a maximum
        (brussels(2026, 11, 26, 8, 59), date(2026, 11, 28)),
        (brussels(2026, 11, 26, 0, 30), date(2026, 11, 28)),
    ],
)
def test_the_last_day_is_one_of_brussels_that_has_a_morning(aware_at, day):
    """G-63."""
    assert clock.last_day(aware_at, aware_at) == day


@pytest.mark.parametrize(("hours", "day"), [(70, date(2026, 11, 28)), (71.75, date(2026, 11, 29)), (90, date(2026, 11, 29))])
def test_no_last_day_lies_before_it_was_noted_but_for_the_end_itself(hours, day):
    """G-63: 72 hours end at half past midnight of the 29th."""
    aware_at = brussels(2026, 11, 26, 0, 30)

    assert clock.last_day(aware_at, aware_at + timedelta(hours=hours)) == day


def test_the_last_alert_comes_while_there_is_time(db, mailoutbox):
    """G-63: a night earlier than the one in which it is over."""
    aware_at = brussels(2026, 11, 26, 0, 30)
    breaching.note(title="Lijst verstuurd", aware_at=aware_at, known=known(), actor_ref="dpo", now=aware_at)

    alerts.send(brussels(2026, 11, 28, 3))

    assert Alert.objects.get().days_left == 0
    assert clock.hours_left(aware_at, brussels(2026, 11, 28, 3)) > 20


@pytest.mark.parametrize(
    ("after", "left", "is_late"),
    [
        (timedelta(0), 72, False),
        (timedelta(hours=71, minutes=30), 0, False),
        (timedelta(hours=72), 0, False),
        (timedelta(hours=72, seconds=1), -1, True),
        (timedelta(hours=100), -28, True),
    ],
)
def test_hours_are_counted_down_and_late_begins_with_the_first_second(after, left, is_late):
    """G-63."""
    aware_at = brussels(2026, 10, 23, 12)
    now = aware_at.astimezone(UTC) + after

    assert (clock.hours_left(aware_at, now), clock.is_late(aware_at, now)) == (left, is_late)


@pytest.mark.parametrize(("hours", "said"), [(72.1, 1), (73.5, 1), (74.1, 2), (100, 28)])
def test_lateness_is_told_in_hours_that_passed(hours, said):
    aware_at = brussels(2026, 10, 23, 12)

    assert clock.hours_late(aware_at, aware_at.astimezone(UTC) + timedelta(hours=hours)) == said
