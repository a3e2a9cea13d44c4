"""What we hold of a person, grouped by purpose."""

from privacy.rights.holdings import known

from .makers import make_grant, make_resource, make_score, make_view


def test_what_we_know_is_grouped_by_purpose_the_largest_first(an, bo, edupartner):
    """G-21."""
    resource = make_resource()
    for member in (an, an, an, bo):
        make_view(member, resource)
    make_score(an, resource)
    make_grant(an, edupartner)

    activity, categories, rows = known(an.subject)[0]

    assert (activity.slug, rows) == ("usage", 4)
    assert [(category.data_map.label(), category.rows) for category in categories] == [("usage.ResourceView", 3), ("usage.Score", 1)]


def test_our_own_record_of_a_person_belongs_to_what_we_know(an, edupartner):
    """G-28."""
    make_grant(an, edupartner)

    rights = next(holding for holding in known(an.subject) if holding.activity.slug == "rights")

    assert [(category.data_map.label(), category.rows) for category in rights.categories] == [
        ("privacy.Subject", 1),
        ("privacy.TrailEntry", 1),
    ]


def test_tables_are_counted_in_a_few_statements_however_many_rows(an, django_assert_max_num_queries):
    resource = make_resource()
    for _view in range(20):
        make_view(an, resource)

    with django_assert_max_num_queries(6):
        held = known(an.subject)

    assert sum(holding.rows for holding in held) > 20
