"""When an answer is due."""

from datetime import UTC, date, datetime

import pytest

from privacy.casework import cases, deadlines
from privacy.datamap import Right
from privacy.days import day_of

# docs/requirements.md, "Table of deadlines": received, raw, due, raw when extended, due when extended.
VECTORS = [
    ("2026-03-05", "2026-04-05", "2026-04-07", "2026-06-05", "2026-06-05"),
    ("2026-08-31", "2026-09-30", "2026-09-30", "2026-11-30", "2026-11-30"),
    ("2026-01-31", "2026-02-28", "2026-03-02", "2026-04-30", "2026-04-30"),
    ("2028-01-31", "2028-02-29", "2028-02-29", "2028-04-30", "2028-05-02"),
    ("2026-11-25", "2026-12-25", "2026-12-28", "2027-02-25", "2027-02-25"),
    ("2026-04-01", "2026-05-01", "2026-05-04", "2026-07-01", "2026-07-01"),
    ("2026-10-31", "2026-11-30", "2026-11-30", "2027-01-31", "2027-02-01"),
    ("2026-04-14", "2026-05-14", "2026-05-15", "2026-07-14", "2026-07-14"),
]


@pytest.mark.parametrize("vector", VECTORS, ids=[received for received, *_rest in VECTORS])
def test_an_answer_is_due_as_the_table_says(vector):
    """G-02, G-04."""
    received, *expected = map(date.fromisoformat, vector)

    due = [
        deadlines.raw_due_on(received),
        deadlines.due_on(received),
        deadlines.raw_due_on(received, extended=True),
        deadlines.due_on(received, extended=True),
    ]

    assert due == expected


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 7, 31, 21, 59, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),
    ],
)
def test_the_day_of_receipt_is_the_day_in_brussels(moment, day):
    """G-03: in winter and in summer."""
    assert day_of(moment) == day


def test_a_due_day_is_never_at_a_weekend_or_on_a_holiday():
    """G-02: four years of days, whose due days are working days, never before the raw date."""
    received = [date.fromordinal(number) for number in range(date(2024, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]
    fixed = {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}

    due = {day: deadlines.due_on(day) for day in received}

    assert all(day.weekday() < 5 and (day.month, day.day) not in fixed for day in due.values())
    assert all(deadlines.raw_due_on(day) <= due[day] for day in received)


@pytest.mark.django_db
def test_a_request_remembers_the_last_day_to_answer(an):
    """G-01, G-03: it counts from receipt, whenever it is entered."""
    request = cases.submit(Right.ACCESS, subject=an.subject, received_at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC))

    assert request.due_on == date(2026, 3, 2)
