"""Each record type is one snapshot, whatever others write while it is read."""

from contextlib import closing

import pytest

from privacy.datamap import registry
from privacy.rights import extract
from privacy.rights.extract import Extract
from privacy.rights.manifest import Part
from privacy.rights.portability import Scope
from tests.makers import make_search
from tests.races import needs_threads, outcome, start
from usage.models import Search

pytestmark = pytest.mark.django_db(transaction=True)

SEARCHES = 2_000


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "by_orm"])
def test_what_is_written_meanwhile_is_not_in_it(an, fast, monkeypatch):
    needs_threads()
    monkeypatch.setattr(extract, "BLOCK_BYTES", 1024)
    Search.objects.bulk_create(Search(member=an, words=f"breuken {nth}") for nth in range(SEARCHES))
    data_map = registry.labelled("usage.Search")
    reading = Extract(Part(data_map, data_map.accessible_lines()), an.subject, Scope.EVERYTHING, "nl", fast=fast)

    with closing(reading.blocks()) as blocks:
        first = next(blocks)
        outcome(start(lambda: make_search(member=an, words="te laat")))
        rest = list(blocks)

    assert reading.rows == reading.expected == SEARCHES
    assert b"te laat" not in b"".join(block.records for block in [first, *rest])
