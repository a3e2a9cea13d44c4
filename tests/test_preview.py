"""What an erasure would do: shown before anything is changed."""

import pytest
from django.utils import translation

from privacy.datamap import anonymised, detach, observed, person, registry
from privacy.errors import UnknownChoice
from privacy.rights.preview import preview
from usage.models import Score

from .beside import declared, key_to, make_table
from .makers import make_comment, make_grant, make_message, make_score, make_view
from .properties.traces import snapshot


def shown(member, choices=None):
    """ "usage.Score" -> (fate, rows)."""
    return {category.data_map.label(): (category.fate, category.rows) for category in preview(member.subject, choices).categories}


def category(member, label, choices=None):
    return next(category for category in preview(member.subject, choices).categories if category.data_map.label() == label)


def test_a_preview_counts_her_rows_per_table_and_nobody_elses(an, bo):
    for member in (an, an, bo):
        make_view(member)
        make_score(member)
    make_message(bo, bo)

    found = shown(an)

    assert (found["usage.ResourceView"], found["usage.Score"]) == (("counted", 2), ("anonymised", 2))
    assert "usage.Message" not in found
    assert found["accounts.Member"] == ("deleted", 1)


def test_a_message_between_two_counts_once(an, bo):
    make_message(an, an)
    make_message(an, bo)

    assert shown(an)["usage.Message"] == ("shared", 2)


@pytest.mark.parametrize(
    ("choices", "fate", "label"),
    [
        ({}, "former_member", "it stays, without your name"),
        ({"comments": "name_stays"}, "name_stays", "it stays, with your name"),
        ({"comments": "remove"}, "remove", "removed"),
    ],
)
def test_a_publication_is_shown_with_what_she_chose(an, choices, fate, label):
    """G-42."""
    make_comment(an)

    found = category(an, "usage.Comment", choices)

    with translation.override("en"):
        assert (found.fate, found.rows, found.label) == (fate, 1, label)


def test_what_is_kept_is_shown_with_its_ground_and_its_end(an, edupartner):
    """G-39, K-6."""
    make_grant(an, edupartner)

    found = category(an, "consents.ConsentEvent")

    assert (found.fate, found.rows) == ("kept", 1)
    assert found.reason
    assert found.until


def test_what_stays_without_her_says_why_it_may_stay(an):
    make_score(an)
    make_view(an)

    with translation.override("en"):
        assert category(an, "usage.Score").reason == "average score of a resource"
    assert category(an, "usage.ResourceView").reason == ""


def test_a_preview_changes_nothing(an, bo, edupartner):
    make_grant(an, edupartner)
    make_message(an, bo)
    before = snapshot()

    preview(an.subject, {"comments": "remove"})

    assert snapshot() == before


def test_an_unknown_choice_is_refused(an):
    with pytest.raises(UnknownChoice):
        preview(an.subject, {"articles": "remove"})


def test_the_fingerprint_changes_with_what_she_makes_with_her_choice_and_with_the_declarations(an):
    seen = {preview(an.subject).fingerprint, preview(an.subject, {"comments": "remove"}).fingerprint}
    make_score(an)
    seen.add(preview(an.subject).fingerprint)
    lines = registry.map_of(Score).lines
    with declared(Score, anonymised, **{**lines, "member": person(erase=detach), "value": observed(erase=lines["value"].erase)}):
        seen.add(preview(an.subject).fingerprint)

    assert len(seen) == 4


def test_the_fingerprint_does_not_change_by_itself(an, bo, edupartner):
    """Views, the record of what was decided, and what others do."""
    before = preview(an.subject).fingerprint

    make_view(an)
    make_score(bo)
    make_message(bo, bo)
    cases_of_hers = preview(an.subject).fingerprint

    assert cases_of_hers == before


def test_the_sum_of_a_preview_is_the_sum_of_its_categories(an):
    make_view(an)

    found = preview(an.subject)

    assert found.rows == sum(category.rows for category in found.categories) > 2


def test_a_table_in_which_she_has_nothing_is_not_shown(an):
    tables = make_table("Empty", member=key_to())

    with declared(tables, anonymised, member=person(erase=detach)):
        assert "beside.Empty" not in shown(an)
