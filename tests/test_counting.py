"""Rows of many tables are counted in one statement."""

from privacy.rights.counting import count_each
from usage.models import Favourite, ResourceView, Score

from .makers import make_favourite, make_resource, make_score, make_view


def test_tables_are_counted_in_their_order(an, bo, django_assert_num_queries):
    resource = make_resource()
    for member in (an, an, bo):
        make_view(member, resource)
    make_score(bo, resource)
    make_favourite(an, resource)
    tables = [Score.objects.filter(member=an), ResourceView.objects.filter(member=an), Favourite.objects.filter(folder__member=an)]

    with django_assert_num_queries(1):
        counts = count_each(tables)

    assert counts == [0, 2, 1]


def test_a_condition_that_can_hold_for_no_row_counts_nothing(an):
    make_score(an)

    assert count_each([Score.objects.filter(pk__in=[]), Score.objects.all()]) == [0, 1]


def test_no_tables_take_no_statement(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert count_each([]) == []


def test_what_is_sought_may_hold_a_percent_sign(an):
    make_favourite(an, note="100% (a)")

    assert count_each(Favourite.objects.filter(note=note) for note in ("100% (a)", "%")) == [1, 0]
