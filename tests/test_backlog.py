"""What lies ahead: what falls due each week, and how many would be open."""

from datetime import date, timedelta

import pytest

from privacy.casework import backlog
from privacy.casework.states import Status

from .counting_requests import ASKED, came, keep, make_many, now_is, sql_count

pytestmark = pytest.mark.django_db

# A Sunday: its week began on the 23rd.
NOW = now_is(2026, 11, 29, 12)
TODAY = NOW.date()


def due(in_days, **fields):
    return came(TODAY - timedelta(days=20), due_on=TODAY + timedelta(days=in_days), **fields)


def test_each_week_has_what_falls_due_in_it():
    keep(due(0), due(1), due(7), due(8), due(200))

    weeks = backlog.ahead(NOW).weeks

    assert [week.begins_on for week in weeks[:3]] == [date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)]
    assert [week.due for week in weeks[:4]] == [1, 2, 1, 0]


def test_what_is_late_is_due_this_week():
    keep(due(-100), due(-1), due(0))

    coming = backlog.ahead(NOW)

    assert (coming.open, coming.late, coming.weeks[0].due) == (3, 2, 3)


def test_what_is_closed_is_due_no_more():
    keep(due(-1, days=10), due(3, days=2, status=Status.CANCELLED))

    coming = backlog.ahead(NOW)

    assert (coming.open, coming.late, sum(week.due for week in coming.weeks)) == (0, 0, 0)


def test_it_goes_on_as_it_went():
    """26 came in thirteen weeks and 13 went: one more each week."""
    keep(*(came(TODAY - timedelta(days=30)) for _nth in range(13)), *(came(TODAY - timedelta(days=40), days=5) for _nth in range(13)))

    coming = backlog.ahead(NOW)

    assert (coming.came_weekly, coming.went_weekly) == (2, 1)
    assert [week.expected for week in coming.weeks] == list(range(14, 22))


def test_a_pile_never_shrinks_below_nothing():
    keep(came(TODAY), *(came(TODAY - timedelta(days=200), days=190) for _nth in range(40)))

    assert [week.expected for week in backlog.ahead(NOW).weeks] == [0] * 8


def test_what_the_page_does_at_once_neither_comes_nor_goes():
    keep(*(came(TODAY, days=0, at_once=True) for _nth in range(5)))

    coming = backlog.ahead(NOW)

    assert (coming.came, coming.went) == (0, 0)


@pytest.mark.parametrize("channel", ["retention", "demo"])
def test_what_nobody_asked_is_no_pile(channel):
    keep(due(3, channel=channel), came(TODAY - timedelta(days=30), days=14, channel=channel))

    coming = backlog.ahead(NOW)

    assert (coming.open, coming.came, coming.went) == (0, 0, 0)


def test_it_counts_what_the_database_counts():
    """G-69."""
    make_many(400, until=NOW)
    begin = now_is(2026, 8, 30)
    waited = f"{ASKED} AND NOT (approved_at IS NOT NULL AND approved_at = closed_at)"

    coming = backlog.ahead(NOW)

    assert coming.open == sql_count(f"{ASKED} AND closed_at IS NULL")
    assert coming.late == sql_count(f"{ASKED} AND closed_at IS NULL AND due_on < %s", TODAY.isoformat())
    assert coming.came == sql_count(f"{waited} AND received_at >= %s", begin)
    assert coming.went == sql_count(f"{waited} AND closed_at >= %s", begin)


def test_an_empty_desk_stays_empty():
    coming = backlog.ahead(NOW)

    assert (coming.open, coming.came, {week.expected for week in coming.weeks}) == (0, 0, {0})
