"""Counts that are made once, when a month closes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from privacy.casework import cases
from privacy.datamap import Right
from privacy.evidence import statistics
from privacy.evidence.statistics import StatisticsClosure, close_due
from privacy.rights import erasure
from usage.models import ResourceReads, ResourceView

from .makers import make_member, make_resource, make_view
from .races import at_once, let_it_reach_the_lock, needs_threads, outcome, start

BRUSSELS = ZoneInfo("Europe/Brussels")
MARCH = datetime(2025, 3, 15, 12, tzinfo=UTC)
# Five days after the month's end, as PRIVACY["STATISTICS_DELAY_DAYS"] says.
AFTER_MARCH = datetime(2025, 4, 6, tzinfo=UTC)
AFTER_THE_YEAR = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.fixture
def resource(db):
    return make_resource()


@pytest.fixture
def people(db):
    """Twelve members."""
    return [make_member(f"Lid{number}", email=f"lid{number}@school.example") for number in range(12)]


def view(people, resource, at=MARCH):
    return [make_view(person, resource, viewed_at=at) for person in people]


def cells():
    """(span, first day, people, times) of each cell."""
    return list(ResourceReads.objects.order_by("begins_on", "-span").values_list("span", "begins_on", "people", "times"))


def closed():
    return list(StatisticsClosure.objects.order_by("pk").values_list("span", "begins_on"))


def erase(member):
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    request.refresh_from_db()
    assert cases.run(request)


@pytest.mark.parametrize(("viewers", "expected"), [(9, []), (10, [("month", date(2025, 3, 1), 10, 10)])])
def test_a_cell_needs_ten_people(people, resource, viewers, expected):
    """G-41, T-25."""
    view(people[:viewers], resource)

    close_due(AFTER_MARCH)

    assert cells() == expected


def test_nine_people_who_look_twice_are_nine(people, resource):
    """G-41."""
    view([*people[:9], *people[:9]], resource)

    close_due(AFTER_MARCH)

    assert cells() == []


def test_people_and_times_are_counted_apart(people, resource):
    view([*people[:10], *people[:3]], resource)

    close_due(AFTER_MARCH)

    assert cells() == [("month", date(2025, 3, 1), 10, 13)]


def test_each_resource_has_a_cell_of_its_own(people, resource):
    other, rare = make_resource("Kansrekenen"), make_resource("Priemgetallen")
    view(people[:10], resource)
    view(people, other)
    view(people[:4], rare)

    close_due(AFTER_MARCH)

    assert dict(ResourceReads.objects.values_list("resource", "people")) == {resource.pk: 10, other.pk: 12}


def test_hidden_people_are_not_counted(people, resource):
    """K-14."""
    view(people[:10], resource)
    erasure.hide(people[0].subject)

    close_due(AFTER_MARCH)

    assert cells() == []


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2025, 3, 31, 23, 59, 59, 999999, tzinfo=UTC), date(2025, 3, 1)),
        (datetime(2025, 4, 1, 0, 0, tzinfo=UTC), date(2025, 4, 1)),
        (datetime(2025, 4, 1, 1, 30, tzinfo=BRUSSELS), date(2025, 3, 1)),
        (datetime(2025, 4, 1, 2, 0, tzinfo=BRUSSELS), date(2025, 4, 1)),
    ],
)
def test_months_are_those_of_utc(people, resource, moment, month):
    view(people[:10], resource, moment)

    close_due(datetime(2025, 5, 6, tzinfo=UTC))

    assert cells() == [("month", month, 10, 10)]


@pytest.mark.parametrize(("now", "months"), [(AFTER_MARCH - timedelta(microseconds=1), 0), (AFTER_MARCH, 1)])
def test_a_month_closes_five_days_after_its_end(people, resource, now, months):
    view(people[:10], resource)

    assert close_due(now) == months


def test_a_month_is_made_once_and_what_comes_later_does_not_count(people, resource):
    view(people[:10], resource)
    close_due(AFTER_MARCH)
    view(people[10:], resource)

    assert close_due(AFTER_MARCH) == 0

    assert cells() == [("month", date(2025, 3, 1), 10, 10)]


def test_a_withheld_month_is_not_made_later_either(people, resource):
    view(people[:9], resource)
    close_due(AFTER_MARCH)
    view(people[9:], resource)

    close_due(AFTER_MARCH)

    assert (cells(), closed()) == ([], [("month", date(2025, 3, 1))])


def test_erasing_somebody_later_changes_no_count(people, resource):
    """G-41."""
    view(people[:10], resource)
    close_due(AFTER_MARCH)

    erase(people[0])
    close_due(AFTER_MARCH)

    assert cells() == [("month", date(2025, 3, 1), 10, 10)]
    assert ResourceView.objects.count() == 9


def test_closing_begins_with_the_first_row_and_leaves_no_gap(people, resource):
    view(people[:1], resource)
    view(people[:1], resource, datetime(2025, 5, 2, tzinfo=UTC))

    close_due(datetime(2025, 6, 6, tzinfo=UTC))

    assert closed() == [("month", date(2025, month, 1)) for month in (3, 4, 5)]


def test_without_rows_nothing_is_closed(db):
    assert close_due(AFTER_THE_YEAR) == 0


def test_the_year_sums_months_that_were_withheld(people, resource):
    view(people[:6], resource)
    view(people[6:], resource, datetime(2025, 7, 1, tzinfo=UTC))

    close_due(AFTER_THE_YEAR)

    assert cells() == [("year", date(2025, 1, 1), 12, 12)]


@pytest.mark.parametrize("moment", [MARCH, datetime(2025, 3, 31, 23, 30, tzinfo=UTC)])
def test_the_year_leaves_out_months_that_were_published(people, resource, moment):
    """T-25."""
    view(people, resource, moment)
    view(people[:9], resource, datetime(2025, 7, 1, tzinfo=UTC))

    close_due(AFTER_THE_YEAR)

    assert cells() == [("month", date(2025, 3, 1), 12, 12)]


def test_the_year_counts_a_person_of_two_withheld_months_once(people, resource):
    """G-41."""
    view(people[:6], resource)
    view(people[:9], resource, datetime(2025, 12, 31, 23, tzinfo=UTC))

    close_due(AFTER_THE_YEAR)

    assert cells() == []


def test_a_month_published_for_one_resource_is_still_withheld_for_another(people, resource):
    rare = make_resource("Priemgetallen")
    view(people, resource)
    view(people[:6], rare)
    view(people[6:], rare, datetime(2025, 7, 1, tzinfo=UTC))

    close_due(AFTER_THE_YEAR)

    assert dict(ResourceReads.objects.values_list("resource", "span")) == {resource.pk: "month", rare.pk: "year"}


def test_the_year_counts_only_who_is_still_there(people, resource):
    """G-41."""
    view(people[:10], resource)
    for person in people[:4]:
        erasure.hide(person.subject)
    close_due(AFTER_MARCH)

    close_due(AFTER_THE_YEAR)

    assert cells() == []


def test_the_year_is_made_with_its_december_and_not_before(people, resource):
    view(people[:6], resource)
    view(people[6:], resource, datetime(2025, 7, 1, tzinfo=UTC))

    close_due(AFTER_THE_YEAR - timedelta(microseconds=1))

    assert closed()[-1] == ("month", date(2025, 11, 1))
    assert close_due(AFTER_THE_YEAR) == 2
    assert closed()[-2:] == [("month", date(2025, 12, 1)), ("year", date(2025, 1, 1))]


def test_a_worker_that_was_stopped_goes_on_where_it_was(people, resource, monkeypatch):
    """G-44."""
    view(people[:10], resource)
    view(people[:10], resource, datetime(2025, 4, 15, tzinfo=UTC))
    _stop_at(monkeypatch, date(2025, 4, 1))
    with pytest.raises(KeyboardInterrupt):
        close_due(datetime(2025, 5, 6, tzinfo=UTC))
    assert closed() == [("month", date(2025, 3, 1))]
    monkeypatch.undo()

    close_due(datetime(2025, 5, 6, tzinfo=UTC))

    assert cells() == [("month", date(2025, 3, 1), 10, 10), ("month", date(2025, 4, 1), 10, 10)]


def _stop_at(monkeypatch, begins_on):
    """The worker dies while it makes this month, after the month was taken."""
    make = statistics._cells

    def die_or_make(data_map, span, first_day):
        if first_day == begins_on:
            raise KeyboardInterrupt
        return make(data_map, span, first_day)

    monkeypatch.setattr(statistics, "_cells", die_or_make)


def test_the_database_itself_refuses_a_cell_of_nine(resource):
    """G-41."""
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceReads.objects.create(resource=resource, begins_on=date(2025, 3, 1), people=9, times=20)


def test_closing_a_month_takes_as_many_queries_for_few_rows_as_for_many(people, resource, django_assert_num_queries):
    view(people[:10], resource)
    for place in range(3):
        view(people, make_resource(f"Les {place}"), datetime(2025, 4, 15, tzinfo=UTC))
    with CaptureQueriesContext(connection) as few:
        close_due(AFTER_MARCH)

    with django_assert_num_queries(len(few)):
        close_due(datetime(2025, 5, 6, tzinfo=UTC))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_month_once(people, resource):
    needs_threads()
    view(people[:10], resource)
    view(people[:10], resource, datetime(2025, 4, 15, tzinfo=UTC))

    made = at_once(*[lambda: close_due(datetime(2025, 5, 6, tzinfo=UTC))] * 2)

    assert sum(made) == 2
    assert cells() == [("month", date(2025, 3, 1), 10, 10), ("month", date(2025, 4, 1), 10, 10)]


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_over_a_month_that_another_gave_up(people, resource):
    needs_threads()
    view(people[:10], resource)

    with transaction.atomic():
        close_due(AFTER_MARCH)
        waiting = start(lambda: close_due(AFTER_MARCH))
        let_it_reach_the_lock()
        transaction.set_rollback(True)

    assert outcome(waiting) == 1
    assert cells() == [("month", date(2025, 3, 1), 10, 10)]
