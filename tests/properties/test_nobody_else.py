"""Property 2: whatever is done to An, Bo's own rows stay byte for byte the same."""

import pytest

from privacy.datamap import registry
from privacy.models import AgendaItem, LedgerPosition, LeftTogether, ResidueFinding, ResidueScan, Unmixed
from privacy.subjects import rows_concerning
from tests.makers import make_message

from .acts import erase
from .filler import fill
from .traces import snapshot

pytestmark = pytest.mark.django_db

# What an erasure leaves of itself, and of nobody: how far the ledger outside is known, and what the search counted.
OF_ERASURES = {AgendaItem, LedgerPosition, LeftTogether, ResidueFinding, ResidueScan, Unmixed}


def keys_of(subject):
    """table -> keys of the rows that concern this person."""
    return {
        data_map.model._meta.db_table: {
            str(key).replace("-", "") for key in rows_concerning(data_map, subject).values_list("pk", flat=True)
        }
        for data_map in registry.maps.values()
    }


def test_erasing_an_does_not_touch_bo():
    """G-44."""
    an, bo = fill("An", 11), fill("Bo", 12)
    bo_alone = keys_of(bo.subject)
    before = snapshot()

    erase(an.subject)

    after = snapshot()
    assert sum(map(len, bo_alone.values())) >= len(registry.maps)
    for table, keys in bo_alone.items():
        assert {key: after[table].get(key) for key in keys} == {key: before[table][key] for key in keys}, table


def test_tables_without_personal_data_stay_the_same():
    an = fill("An", 11)
    exempt = [model._meta.db_table for model in registry.exempt if model not in OF_ERASURES]
    before = snapshot()

    erase(an.subject)

    after = snapshot()
    assert {table: after[table] for table in exempt if table in after} == {table: before[table] for table in exempt if table in before}


@pytest.mark.parametrize(("sender", "changed"), [("an", {"sender_id", "sent_at"}), ("bo", {"recipient_id", "read_at"})])
def test_in_what_an_and_bo_share_only_her_lines_change(sender, changed):
    """K-2."""
    people = {"an": fill("An", 11), "bo": fill("Bo", 12)}
    reader = "bo" if sender == "an" else "an"
    message = make_message(people[sender].member, people[reader].member, "Dag", read_at=people["an"].moment)
    before = snapshot()["usage_message"][str(message.pk)]

    erase(people["an"].subject)

    after = snapshot()["usage_message"][str(message.pk)]
    assert {column for column in before if before[column] != after[column]} == changed


def test_a_message_goes_when_both_are_gone():
    an, bo = fill("An", 11), fill("Bo", 12)
    message = make_message(an.member, bo.member)

    erase(an.subject)
    erase(bo.subject)

    assert str(message.pk) not in snapshot()["usage_message"]
