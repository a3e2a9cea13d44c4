"""A treatment that its column cannot take is refused: E004, E005, E012, E013."""

import uuid

import pytest
from django.db import models
from django.db.models import BinaryField, CharField, DateField, DateTimeField, EmailField, FileField, IntegerField, JSONField, TextField

from privacy.datamap import (
    after,
    anonymised,
    blank,
    delete_file,
    deleted,
    detach,
    empty,
    hollow,
    keep,
    month,
    observed,
    person,
    provided,
    province,
    stand_in,
)

from .shapes import CONSENT, Shapes

IN_PLACE = [
    (empty, IntegerField(null=True)),
    (detach, IntegerField(null=True)),
    (blank, CharField(max_length=9)),
    (blank, TextField(null=True)),
    (month, DateField()),
    (month, DateTimeField()),
    (province, CharField(max_length=15)),
    (province, TextField()),
    (delete_file, FileField()),
    (stand_in, IntegerField()),
    (stand_in, BinaryField()),
    (stand_in, EmailField()),
    (keep("an average"), IntegerField()),
]
OUT_OF_PLACE = [
    (empty, IntegerField()),
    (detach, IntegerField()),
    (blank, IntegerField()),
    (blank, DateField()),
    (blank, FileField()),
    (blank, JSONField()),
    (month, CharField(max_length=9)),
    (month, models.TimeField()),
    (province, IntegerField()),
    (province, CharField(max_length=14)),
    (delete_file, CharField(max_length=9)),
    (stand_in, FileField()),
    (stand_in, EmailField(max_length=20)),
    (stand_in, CharField(max_length=4, unique=True)),
]


def anonymised_value(column, erase):
    """Shapes with one anonymised row that has this column, treated so."""
    shapes = Shapes()
    shapes.declare(shapes.random(value=column.clone()), anonymised, person=person(erase=detach), value=observed(erase=erase))
    return shapes


@pytest.mark.parametrize(("erase", "column"), IN_PLACE)
def test_a_treatment_in_its_place_passes(erase, column):
    assert anonymised_value(column, erase).faults() == set()


@pytest.mark.parametrize(("erase", "column"), OUT_OF_PLACE)
def test_a_treatment_out_of_place_is_reported(erase, column):
    assert anonymised_value(column, erase).faults() == {"E004"}


def test_a_not_null_key_to_the_person_cannot_be_detached():
    shapes = Shapes()
    shapes.declare(shapes.random(person=shapes.to_person(null=False)), anonymised, person=person(erase=detach))

    assert shapes.faults() == {"E004"}


def test_a_hollow_row_cannot_have_a_stand_in_for_a_foreign_key():
    shapes = Shapes()
    Town = shapes.plain("Town")
    shapes.declare(shapes.model(town=models.ForeignKey(Town, models.PROTECT, related_name="+")), hollow, town=provided())
    shapes.declare(Town, deleted)

    assert shapes.faults() == {"E004"}


def test_a_primary_key_is_left_alone():
    shapes = Shapes()
    shapes.declare(shapes.random(), anonymised, id=observed(erase=stand_in), person=person(erase=detach))

    assert shapes.faults() == {"E004"}


def test_what_the_database_computes_cannot_be_treated():
    shapes = Shapes()
    twice = models.GeneratedField(expression=models.F("value") * 2, output_field=IntegerField(), null=True, db_persist=True)
    Score = shapes.random(value=IntegerField(null=True), twice=twice)
    shapes.declare(Score, anonymised, person=person(erase=detach), value=observed(erase=empty), twice=observed(erase=empty))

    assert shapes.faults() == {"E004"}


@pytest.mark.parametrize("unique", ["column", "constraint"])
@pytest.mark.parametrize(
    ("column", "erase"),
    [(CharField(max_length=50), blank), (IntegerField(), stand_in), (DateField(), stand_in), (FileField(), delete_file)],
)
def test_one_constant_in_a_unique_column_is_reported(unique, column, erase):
    shapes = Shapes()
    value = column.clone()
    value._unique = unique == "column"
    constraints = [models.UniqueConstraint(fields=["value"], name="once")] if unique == "constraint" else []
    Score = shapes.random(value=value, meta={"constraints": constraints})
    shapes.declare(Score, anonymised, person=person(erase=detach), value=observed(erase=erase))

    assert shapes.faults() == {"E005"}


@pytest.mark.parametrize(
    ("column", "erase"),
    [
        (CharField(max_length=50, unique=True), stand_in),
        (EmailField(unique=True), stand_in),
        (models.UUIDField(unique=True), stand_in),
        (IntegerField(unique=True, null=True), empty),
        (FileField(unique=True, null=True), delete_file),
        (CharField(max_length=50, unique=True), keep("public")),
    ],
)
def test_values_that_differ_in_a_unique_column_pass(column, erase):
    assert anonymised_value(column, erase).faults() == set()


@pytest.mark.parametrize(
    ("key", "faults"),
    [
        (models.UUIDField(primary_key=True, default=uuid.uuid4), set()),
        (models.UUIDField(primary_key=True, default=uuid.uuid1), {"E013"}),
        (models.UUIDField(primary_key=True), {"E013"}),
        (models.BigAutoField(primary_key=True), {"E013"}),
        (models.IntegerField(primary_key=True), {"E013"}),
    ],
)
def test_anonymised_rows_have_random_keys(key, faults):
    shapes = Shapes()
    shapes.declare(shapes.model(id=key.clone()), anonymised, person=person(erase=detach))

    assert shapes.faults() == faults


def test_a_stand_in_that_differs_each_time_never_settles():
    shapes = Shapes()
    View = shapes.model(email=EmailField(), at=DateTimeField())
    shapes.declare(View, deleted, email=observed(erase=stand_in, expires=after(days=9, since="at")), at=observed())

    assert shapes.faults() == {"E012"}


def test_a_stand_in_that_is_always_the_same_settles():
    shapes = Shapes()
    shapes.declare(shapes.model(number=IntegerField()), deleted, activity=CONSENT, number=provided(erase=stand_in))

    assert shapes.faults() == set()
