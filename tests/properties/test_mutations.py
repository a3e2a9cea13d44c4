"""Every line that erases is guarded: make it keep its value, and something notices."""

import pytest

from privacy.datamap import registry

from .mutants import caught_by, keeping, lines_that_erase, row_caught_by, rows_that_go, staying, without
from .test_completeness import declared, in_database

pytestmark = pytest.mark.django_db
# Sessions end when the person is hidden, and her own reference goes last, in every erasure: a map that says otherwise changes nothing.
GO_ANYWAY = {"privacy.Subject", "sessions.Session", "usersessions.UserSession"}


@pytest.mark.long
def test_every_line_that_erases_is_caught_when_it_keeps(record_property):
    """G-41."""
    caught = {f"{data_map.label()}.{line.name}": caught_by(keeping(data_map, line), line) for data_map, line in lines_that_erase()}

    assert_all(caught, record_property)


@pytest.mark.long
def test_every_table_is_caught_when_its_rows_stay(record_property):
    """G-41."""
    assert_all({each.label(): row_caught_by(staying(each)) for each in rows_that_go() if each.label() not in GO_ANYWAY}, record_property)


@pytest.mark.long
@pytest.mark.parametrize("label", sorted(GO_ANYWAY))
def test_what_goes_whatever_the_map_says(label):
    assert row_caught_by(staying(registry.labelled(label))) == ""


def assert_all(caught, record_property):
    lines = "\n".join(f"  {name}: {by or 'NOT CAUGHT'}" for name, by in caught.items())
    record_property("measured", f"{lines}\n{sum(map(bool, caught.values()))} of {len(caught)} caught")
    assert len(caught) > 10
    assert [name for name, by in caught.items() if not by] == []


def test_a_line_that_is_removed_is_caught():
    """G-23."""
    data_map = registry.labelled("usage.Favourite")

    with registry.replaced(without(data_map, "note")):
        found = declared()

    assert found != in_database()
    assert "note" not in found["usage_favourite"]
