"""Every line that erases is guarded: make it keep its value, and something notices."""

import pytest

from privacy.datamap import registry

from .mutants import caught_by, keeping, lines_that_erase, without
from .test_completeness import declared, in_database

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_every_line_that_erases_is_caught_when_it_keeps(record_property):
    """G-41."""
    caught = {f"{data_map.label()}.{line.name}": caught_by(keeping(data_map, line), line) for data_map, line in lines_that_erase()}

    lines = "\n".join(f"  {name}: {by or 'NOT CAUGHT'}" for name, by in caught.items())
    record_property("measured", f"{lines}\n{sum(map(bool, caught.values()))} of {len(caught)} caught")
    assert len(caught) > 10
    assert all(caught.values())


def test_a_line_that_is_removed_is_caught():
    """G-23."""
    data_map = registry.labelled("usage.Favourite")

    with registry.replaced(without(data_map, "note")):
        found = declared()

    assert found != in_database()
    assert "note" not in found["usage_favourite"]
