"""What an archive may fill in is declared, and nothing that opens an account can be: E020, W006."""

import pytest
from django.db import models

from privacy.datamap import deleted, observed, person, provided, secret

from .shapes import Shapes


def faults_of(shapes, model, /, **declared):
    shapes.declare(model, deleted, **declared)
    return shapes.faults()


def text(**options):
    return models.CharField(max_length=50, **options)


def test_a_portable_record_type_says_whether_it_arrives():
    shapes = Shapes()

    assert faults_of(shapes, shapes.model(note=text()), note=provided(), stays="") == {"W006"}


def test_a_column_that_she_gave_may_arrive():
    shapes = Shapes()

    assert faults_of(shapes, shapes.model(note=text()), note=provided(), arrives=("note",)) == set()


@pytest.mark.parametrize("line", [secret(), observed(), provided()])
def test_no_secret_and_nothing_without_a_column_arrives(line):
    shapes = Shapes()
    declared = {"note": line, "arrives": ("note",)} if line.is_secret else {"note": line, "arrives": ("nothing",)}

    assert faults_of(shapes, shapes.model(note=text()), **declared) == {"E020"}


def test_the_link_to_the_person_does_not_arrive():
    shapes = Shapes()

    assert faults_of(shapes, shapes.model(note=text()), note=provided(), arrives=("person",)) == {"E020"}


def test_a_key_arrives_only_where_its_target_is_known_by_words():
    shapes = Shapes()
    thing = shapes.plain(title=text())
    shapes.registry.add_exempt(thing, "things")
    model = shapes.model(thing=models.ForeignKey(thing, on_delete=models.PROTECT, related_name="+"))

    assert faults_of(shapes, model, thing=observed(), arrives=("thing",)) == {"E020"}
    shapes.registry.known_by[thing] = ("title",)
    assert shapes.faults() == set()


def test_rows_of_two_people_are_not_one_persons_to_bring():
    shapes = Shapes()
    model = shapes.model(note=text(), other=shapes.to_person())

    assert faults_of(shapes, model, note=provided(belongs_to="person"), other=person(), arrives=("note",)) == {"E020"}
