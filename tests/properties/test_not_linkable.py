"""Property 5: who knows half of what an erased person did finds the rest no better than chance."""

from itertools import count
from random import Random

import pytest
from django.utils import timezone

from privacy.datamap import keep, month, province, registry
from privacy.rights import renumbering, shuffling
from usage.models import Resource

from .acts import treat_rows
from .linking import TABLES, Remains, advantages
from .mutants import leaving
from .platform import Platform

pytestmark = pytest.mark.django_db

# Points above chance (DESIGN property 5).
AT_MOST = 5
# So many leave in the first night; the rest one by one, which hides them least.
AT_ONCE = 12


def found(people, *, nights=True, staying=30):
    """(table, what the attacker looks at) -> points above chance."""
    platform = Platform(leaving=people, staying=staying, random=Random(5)).write()
    for number, member in enumerate(platform.members[:people], 1):
        treat_rows(member.subject, TABLES)
        if nights and number >= AT_ONCE:
            shuffling.apply(timezone.now())
    remains = [Remains(registry.map_of(model), platform.owners) for model in TABLES]
    return {(each.model.__name__, look): gained for each in remains for look, gained in advantages(each, range(people)).items()}


def too_good(gains):
    return {attack: points for attack, points in gains.items() if points > AT_MOST}


def printed(gains):
    return "\n".join(f"  {points:6.1f} {table} {look}" for (table, look), points in gains.items())


@pytest.mark.slow
def test_nobody_finds_the_rest_of_what_an_erased_person_did(record_property):
    """G-41, T-25."""
    gains = found(20)

    record_property("measured", printed(gains))
    assert too_good(gains) == {}


@pytest.mark.long
def test_nobody_finds_it_among_ten_times_as_many_either(record_property):
    """G-41, T-25."""
    gains = found(200, staying=100)

    record_property("measured", printed(gains))
    assert too_good(gains) == {}


def of_line(name, treatment):
    """In the data map, this column is left so."""
    model, _dot, column = name.rpartition(".")
    data_map = registry.labelled(model)
    return lambda monkeypatch: monkeypatch.setitem(registry.maps, data_map.model, leaving(data_map, data_map.lines[column], treatment))


def in_order(monkeypatch):
    """Material is numbered as it comes."""
    numbers = count(1)
    monkeypatch.setattr(Resource._meta.pk, "_get_default", lambda: next(numbers))


def numbers_kept(monkeypatch):
    monkeypatch.setattr(renumbering, "is_renumbered", lambda model: False)


def material_stays(monkeypatch):
    monkeypatch.setattr(registry.labelled("usage.Publication"), "made_with", "")


MUTANTS = {
    ("Score", "same given_at"): of_line("usage.Score.given_at", month),
    ("Score", "near given_at"): of_line("usage.Score.given_at", keep("mutated")),
    ("Comment", "same published_at"): of_line("usage.Comment.published_at", month),
    ("Favourite", "same note"): of_line("usage.Favourite.note", keep("it names the folder")),
    ("Publication", "same town"): of_line("usage.Publication.town", province),
    ("Publication", "near resource_id"): in_order,
    ("Publication", "places beside"): material_stays,
    ("Message", "near id"): numbers_kept,
    ("Message", "near sent_at"): of_line("usage.Message.sent_at", keep("mutated")),
}


@pytest.mark.long
@pytest.mark.parametrize("attack", MUTANTS, ids=": ".join)
def test_the_attacker_finds_it_once_something_stays(attack, monkeypatch):
    MUTANTS[attack](monkeypatch)

    assert attack in too_good(found(20))


@pytest.mark.long
def test_the_attacker_finds_it_without_the_nights():
    gains = too_good(found(20, nights=False))

    assert {table for table, look in gains if look == "places"} == {model.__name__ for model in TABLES}
