"""How soon we answer: the figures are what the database counts."""

from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from privacy.casework import at_once, cases, deadlines, figures
from privacy.casework.figures import Share, Tally
from privacy.casework.states import Status
from privacy.datamap import RefusalGround, Right
from privacy.days import day_of
from privacy.models import DataSubjectRequest

from .counting_requests import ASKED, came, days_between, end_of, extended, keep, make_many, now_is, sql_count

pytestmark = pytest.mark.django_db

NOW = now_is(2026, 11, 29, 12)
MONTHS = [date(2025, 12, 1) + relativedelta(months=nth) for nth in range(12)]
ANSWERED = "status IN ('fulfilled', 'partly', 'refused')"
OPEN = "status IN ('received', 'approved', 'running')"
WAITED = "NOT (approved_at IS NOT NULL AND approved_at = closed_at AND channel <> 'command')"


def in_month(month):
    return days_between(month, month + relativedelta(months=1, days=-1))


def found(*requests, now=NOW) -> Tally:
    keep(*requests)
    return figures.of(MONTHS, now).total


def counted_of(day, where, *values):
    begin, end = end_of(day - timedelta(days=1)), end_of(day)
    return sql_count(f"{ASKED} AND {WAITED} AND received_at >= %s AND received_at < %s AND {where}", begin, end, *values)


def counted_in_time(day, *, extended):
    """Closed before the first moment after the last day."""
    return counted_of(day, f"{ANSWERED} AND closed_at < %s", end_of(deadlines.due_on(day, extended=extended)))


def counted_late(day, *, extended):
    due = deadlines.due_on(day, extended=extended)
    still_open = counted_of(day, OPEN) if day_of(NOW) > due else 0
    return counted_of(day, f"{ANSWERED} AND closed_at >= %s", end_of(due)) + still_open


def test_the_figures_equal_what_the_database_counts():
    """G-69: in each month and of each right, from fourteen months of requests around midnight, month ends and holidays."""
    make_many(700, until=NOW)

    shown = figures.of(MONTHS, NOW)

    for month in MONTHS:
        tally, days = shown.of_month(month), in_month(month)
        assert tally.answered == sum(counted_of(day, ANSWERED) for day in days)
        assert tally.open == sum(counted_of(day, OPEN) for day in days)
        assert tally.in_month == sum(counted_in_time(day, extended=False) for day in days)
        assert tally.in_three == sum(counted_in_time(day, extended=True) for day in days)
        assert tally.after_month == sum(counted_late(day, extended=False) for day in days)
        assert tally.after_three == sum(counted_late(day, extended=True) for day in days)
        assert tally.extended == sum(counted_of(day, "extended_at IS NOT NULL") for day in days)


def test_of_each_right_the_figures_equal_what_the_database_counts():
    """G-69."""
    make_many(500, until=NOW)
    begin, end = end_of(MONTHS[0] - timedelta(days=1)), end_of(date(2026, 11, 30))

    shown = figures.of(MONTHS, NOW)

    for right in Right:
        tally = shown.of_right(right)
        of_right = f'{ASKED} AND received_at >= %s AND received_at < %s AND "right" = %s', begin, end, right.value
        assert tally.received == sql_count(*of_right)
        assert tally.at_once == sql_count(f"NOT {WAITED} AND {of_right[0]}", *of_right[1:])
        assert tally.refused == sql_count(f"status = 'refused' AND {of_right[0]}", *of_right[1:])
        assert tally.partly == sql_count(f"status = 'partly' AND {of_right[0]}", *of_right[1:])
        assert tally.ended == sql_count(f"status IN ('cancelled', 'overtaken') AND {of_right[0]}", *of_right[1:])


def test_the_median_is_that_of_the_answers():
    """G-69."""
    make_many(301, until=NOW)
    hers = DataSubjectRequest.objects.filter(status__in=figures.ANSWERED).exclude(figures.AT_ONCE)
    moments = hers.exclude(channel__in=["retention", "demo"]).values_list("received_at", "closed_at")
    dates = [(day_of(received), day_of(closed)) for received, closed in moments]

    shown = figures.of(MONTHS, NOW).total.median_days

    assert shown == median((closed - received).days for received, closed in dates if received >= MONTHS[0])


def test_months_and_rights_add_up_to_all():
    make_many(200, until=NOW)

    shown = figures.of(MONTHS, NOW)

    assert figures.total(map(shown.of_month, MONTHS)) == shown.total == figures.total(map(shown.of_right, Right))


@pytest.mark.parametrize(
    ("received", "closed", "in_time"),
    [
        ("2026-10-16T10:00", "2026-11-16T22:59", True),  # a Monday, to its last minute in Brussels
        ("2026-10-16T10:00", "2026-11-16T23:01", False),
        ("2026-10-22T10:00", "2026-11-23T12:00", True),  # 22 November is a Sunday
        ("2026-01-31T12:00", "2026-03-02T12:00", True),  # 28 February is a Saturday
        ("2026-01-31T23:30", "2026-03-02T12:00", True),  # received on 1 February: 1 March is a Sunday
        ("2026-03-24T23:30", "2026-04-27T21:59", True),  # received on the 25th; 25 April is a Saturday
    ],
)
def test_a_month_ends_as_the_law_counts_it(received, closed, in_time):
    """G-02, G-03."""
    begin, end = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (received, closed))

    tally = found(came(begin, closed_at=end, approved_at=begin, status=Status.FULFILLED))

    assert (tally.in_month, tally.after_month) == (int(in_time), int(not in_time))


def test_what_was_never_answered_counts_once_its_time_is_over_and_not_before():
    late, in_time = came(date(2026, 7, 1)), came(date(2026, 11, 20))

    tally = found(late, in_time)

    assert (tally.within_month, tally.within_three, tally.open) == (Share(0, 1), Share(0, 1), 2)


def test_what_was_taken_back_or_ended_with_an_erasure_is_no_answer():
    ended = [came(date(2026, 1, 5), days=200, status=status) for status in (Status.CANCELLED, Status.OVERTAKEN)]

    tally = found(*ended)

    assert (tally.ended, tally.answered, tally.within_month, tally.median_days) == (2, 0, Share(0, 0), None)


def test_a_refusal_is_an_answer_too():
    tally = found(came(date(2026, 3, 2), days=10, status=Status.REFUSED), came(date(2026, 3, 2), days=12, status=Status.PARTLY))

    assert (tally.answered, tally.refused, tally.partly, tally.median_days) == (2, 1, 1, 11)


def test_what_the_page_did_at_once_makes_no_share_look_better(an):
    at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "2000 Antwerpen"}})
    at_once.objected(an.subject)

    tally = figures.of([day_of(DataSubjectRequest.objects.first().received_at).replace(day=1)], NOW).total

    assert (tally.received, tally.at_once, tally.answered, tally.within_month) == (2, 2, 0, Share(0, 0))


def test_what_an_operator_hands_over_had_come_before(an):
    received_at = timezone.now() - timedelta(days=40)
    request = at_once.handed_over(Right.ACCESS, subject=an.subject, actor_ref="operator", received_at=received_at)

    tally = figures.of([day_of(received_at).replace(day=1)], NOW).total

    assert request.approved_at == request.closed_at
    assert (tally.at_once, tally.answered) == (0, 1)


@pytest.mark.parametrize("channel", ["retention", "demo"])
def test_what_nobody_asked_makes_no_share_look_better(channel):
    """An account that nobody uses goes after its grace of fourteen days, by a rule of ours."""
    asked, unasked = came(date(2026, 3, 2), days=40), came(date(2026, 3, 2), Right.ERASURE, days=14, channel=channel)

    tally = found(asked, unasked)

    assert (tally.received, tally.within_month, tally.median_days) == (1, Share(0, 1), 40)


def test_the_share_of_extensions_is_of_what_waited_for_us():
    """G-05."""
    tally = found(
        extended(date(2026, 3, 2), days=50),
        extended(date(2026, 11, 2)),
        came(date(2026, 3, 2), days=0, at_once=True),
        came(date(2026, 3, 2)),
    )

    assert tally.given_more_time == Share(2, 3)


def test_more_time_makes_no_answer_sooner():
    """G-05: answered within the extended time, not within the month."""
    tally = found(extended(date(2026, 3, 2), days=50))

    assert (tally.within_month, tally.within_three) == (Share(0, 1), Share(1, 1))


def test_a_refused_request_of_today_is_counted_by_what_the_desk_did(an):
    request = cases.submit(Right.OBJECTION, subject=an.subject)
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Omdat.", actor_ref="dpo")

    tally = figures.of([day_of(request.received_at).replace(day=1)], request.received_at).of_right(Right.OBJECTION)

    assert (tally.waited, tally.refused, tally.days) == (1, 1, {0: 1})


@pytest.mark.parametrize(("part", "whole", "percent"), [(0, 0, None), (999, 1000, 99), (1000, 1000, 100), (0, 5, 0), (2, 3, 66)])
def test_only_all_is_a_hundred_percent(part, whole, percent):
    assert Share(part, whole).percent == percent


def test_an_empty_platform_has_figures_of_nothing():
    shown = figures.of(MONTHS, NOW)

    assert (shown.total, shown.total.median_days, shown.of_right(Right.ACCESS)) == (Tally(), None, Tally())


def test_many_requests_are_one_question(django_assert_num_queries):
    make_many(100, until=NOW)

    with django_assert_num_queries(1):
        figures.of(MONTHS, NOW)
