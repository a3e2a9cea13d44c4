"""Treatments are tried in the database itself, and nothing of it stays: E010, E012."""

from dataclasses import dataclass

import pytest
from django.db import connection, models
from django.db.models import BooleanField, CharField, DateField, DateTimeField, F, IntegerField, Q, UniqueConstraint, Value
from django.db.models.functions import Lower

from privacy.datamap import (
    after,
    anonymised,
    blank,
    chosen,
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
    shared,
    stand_in,
)
from privacy.datamap.checks import probe
from privacy.datamap.treatments import Treatment

from .shapes import Longer, Shapes

pytestmark = pytest.mark.django_db
reasoned = keep("an average")


def table(columns, lines, *constraints, row=anonymised, **options):
    """Shapes with one model of these columns, whose person is detached where the row stays."""
    shapes = Shapes()
    model = shapes.random(**columns, meta={"constraints": constraints})
    shapes.declare(model, row, **{"person": person(erase=detach if row.stays else None)} | lines, **options)
    return shapes


def test_what_breaks_nothing_passes():
    """The same key of a person occurs once per town; detached, NULLs stand side by side."""
    once = UniqueConstraint(fields=["person", "town"], name="once")
    shapes = table({"town": CharField(max_length=9)}, {"town": observed(erase=reasoned)}, once)

    assert shapes.probed() == []


def test_a_compound_unique_that_breaks_is_reported():
    once = UniqueConstraint(fields=["town", "day"], name="once")
    columns = {"town": CharField(max_length=9), "day": DateField()}
    shapes = table(columns, {"town": observed(erase=reasoned), "day": observed(erase=month)}, once)

    (fault,) = shapes.probed()

    assert fault.startswith("E010 Treating person (detach), day (month)")


def test_a_partial_unique_that_begins_to_hold_is_reported():
    """Ended rows may repeat a town; emptying the end makes them all current."""
    once = UniqueConstraint(fields=["town"], condition=Q(ended__isnull=True), name="once")
    columns = {"town": CharField(max_length=9), "ended": DateTimeField(null=True)}
    shapes = table(columns, {"town": observed(erase=reasoned), "ended": observed(erase=empty)}, once)

    assert [fault[:4] for fault in shapes.probed()] == ["E010"]


def test_a_partial_unique_is_tried_with_the_values_it_is_about():
    once = UniqueConstraint(fields=["name"], condition=Q(kind="public"), name="once")
    kinds = CharField(max_length=9, choices=[("private", "private"), ("public", "public")])
    columns = {"name": CharField(max_length=30), "kind": kinds}
    shapes = table(columns, {"name": provided(erase=blank), "kind": observed(erase=reasoned)}, once)

    assert [fault[:4] for fault in shapes.probed()] == ["E010"]


def test_an_expression_unique_that_breaks_is_reported():
    shapes = table({"name": CharField(max_length=30)}, {"name": provided(erase=blank)}, UniqueConstraint(Lower("name"), name="once"))

    assert [fault[:4] for fault in shapes.probed()] == ["E010"]


def test_a_stand_in_differs_wherever_something_is_unique():
    constraints = [UniqueConstraint(Lower("name"), name="once"), UniqueConstraint(fields=["person", "email"], name="twice")]
    columns = {"name": CharField(max_length=30), "email": models.EmailField()}
    shapes = table(columns, {"name": provided(), "email": provided()}, *constraints, row=hollow)

    assert shapes.probed() == []


def test_a_check_constraint_that_breaks_is_reported():
    named = models.CheckConstraint(condition=~Q(name=""), name="named")
    shapes = table({"name": CharField(max_length=30)}, {"name": provided(erase=blank)}, named)

    assert [fault[:4] for fault in shapes.probed()] == ["E010"]


def test_an_expiry_is_tried_alone():
    """Both or neither: erasing both passes, the one that expires does not."""
    both = models.CheckConstraint(condition=Q(a__isnull=True, b__isnull=True) | Q(a__isnull=False, b__isnull=False), name="both")
    columns = {"a": IntegerField(null=True), "b": IntegerField(null=True), "at": DateTimeField()}
    lines = {"a": observed(erase=empty, expires=after(days=9, since="at")), "b": observed(erase=empty), "at": observed(erase=month)}
    shapes = table(columns, lines, both)

    (fault,) = shapes.probed()

    assert fault.startswith("E010 Treating a (empty) is refused")


def test_each_person_of_a_shared_row_is_tried_alone():
    shapes = Shapes()
    somebody = models.CheckConstraint(condition=Q(person__isnull=False), name="sender")
    Message = shapes.model(reader=shapes.to_person(), meta={"constraints": [somebody]})
    shapes.declare(Message, shared, person=person(erase=detach), reader=person(erase=detach))

    faults = shapes.probed()

    assert [fault.partition(" is refused")[0] for fault in faults] == [
        "E010 Treating person (detach)",
        "E010 Treating person (detach), reader (detach)",
    ]


def test_a_publication_that_keeps_its_name_is_tried_without_its_person():
    known = models.CheckConstraint(condition=Q(person__isnull=False) | Q(name=""), name="known")
    shapes = table({"name": CharField(max_length=30)}, {"name": provided(erase=blank)}, known, row=chosen("comments"))

    (fault,) = shapes.probed()

    assert fault.startswith("E010 Treating person (detach) is refused")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has neither")
@pytest.mark.parametrize("narrow", [{"nulls_distinct": False}, {"deferrable": models.Deferrable.DEFERRED}])
def test_what_only_postgresql_refuses_is_reported_there(narrow):
    fields, columns, lines = ["person"], {}, {}
    if "deferrable" in narrow:
        fields, columns, lines = ["name"], {"name": DateField()}, {"name": observed(erase=month)}
    shapes = table(columns, lines, UniqueConstraint(fields=fields, name="once", **narrow))

    assert [fault[:4] for fault in shapes.probed()] == ["E010"]


CONSTRAINED = {
    "from 1 to 5": ({"n": models.PositiveSmallIntegerField()}, Q(n__range=(1, 5))),
    "at least 10": ({"n": IntegerField()}, Q(n__gte=10)),
    "more than 300": ({"n": IntegerField()}, Q(n__gt=300)),
    "below nought": ({"n": IntegerField()}, Q(n__lt=0)),
    "one of two": ({"n": CharField(max_length=9)}, Q(n__in=["left", "right"])),
    "a choice": ({"n": CharField(max_length=9, choices=[("a", "A"), ("b", "B")])}, Q(n__in=["b"])),
    "one or the other": (
        {"n": IntegerField(null=True), "m": IntegerField(null=True)},
        Q(n__isnull=True, m__isnull=False) | Q(n__isnull=False, m__isnull=True),
    ),
    "in order": ({"n": DateField(), "m": DateField()}, Q(m__gt=F("n"))),
    "not both": ({"n": BooleanField(), "m": BooleanField()}, ~Q(n=True, m=True)),
    "two at once": ({"n": IntegerField(), "m": CharField(max_length=9)}, Q(n__gt=40, m="x")),
}


@pytest.mark.parametrize("shape", CONSTRAINED)
def test_check_constraints_are_met_when_rows_are_made_up(shape):
    columns, condition = CONSTRAINED[shape]
    check = models.CheckConstraint(condition=condition, name="checked")
    shapes = table(dict(columns), {name: observed(erase=reasoned) for name in columns}, check)

    assert shapes.probed() == []


def table_of_accounts(**options):
    """With constraints that nobody can guess together."""
    begins = models.CheckConstraint(condition=Q(iban__startswith="BE68"), name="begins")
    ends = models.CheckConstraint(condition=Q(iban__endswith="34"), name="ends")
    return table({"iban": CharField(max_length=30)}, {"iban": observed(erase=reasoned)}, begins, ends, **options)


def test_a_table_that_cannot_be_filled_is_reported():
    (fault,) = table_of_accounts().probed()

    assert fault.startswith("E010 No filled row could be inserted")


def test_examples_say_what_cannot_be_guessed():
    assert table_of_accounts(examples={"iban": ("BE68 5390 34", "BE68 0075 34")}).probed() == []


def test_a_value_that_does_not_fit_is_reported():
    """Only PostgreSQL measures; both refuse what is not allowed."""

    @dataclass(frozen=True)
    class Wordy(Treatment):
        def expression(self, field):
            return Value("(erased by request of the person)")

    short = models.CheckConstraint(condition=Q(name__in=["a", "b"]), name="short")
    shapes = table({"name": CharField(max_length=9)}, {"name": provided(erase=Wordy("wordy", "wordy"))}, short)

    assert [fault[:4] for fault in shapes.probed()] == ["E010"]


def test_a_treatment_that_changes_more_each_time_is_reported():
    shapes = table({"name": models.TextField()}, {"name": provided(erase=Longer("longer", "longer"))})

    assert shapes.probed() == ["E012 `longer` changes `name` again when it is repeated."]


@pytest.mark.parametrize(
    ("column", "erase"),
    [
        (CharField(max_length=30), province),
        (DateTimeField(), month),
        (CharField(max_length=60, unique=True), stand_in),
        (IntegerField(), stand_in),
    ],
)
def test_our_own_treatments_change_nothing_when_repeated(column, erase):
    shapes = table({"value": column.clone()}, {"value": observed(erase=erase)})

    assert shapes.probed() == []


def test_nothing_of_the_probe_stays():
    shapes = table({"name": CharField(max_length=30)}, {"name": provided(erase=blank)})

    shapes.probed()

    assert not shapes.models[0]._base_manager.exists()


def test_rows_of_people_are_neither_in_the_way_nor_touched():
    shapes = table({"name": CharField(max_length=30, unique=True, null=True)}, {"name": provided(erase=empty)})
    shapes.make_tables()
    row = shapes.models[0]._base_manager.create(name="An")

    faults = list(probe.check(shapes.models, shapes.registry, "default"))

    row.refresh_from_db()
    assert (faults, row.name) == ([], "An")


def test_a_table_that_does_not_exist_yet_is_left_to_migrate():
    shapes = table({"name": CharField(max_length=30)}, {"name": provided(erase=Longer("longer", "longer"))})

    assert list(probe.check(shapes.models, shapes.registry, "default")) == []


def test_a_table_that_lacks_a_new_column_is_left_to_migrate():
    shapes = table({"name": CharField(max_length=30)}, {"name": provided(erase=Longer("longer", "longer"))})
    shapes.make_tables()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shapes_score RENAME COLUMN name TO nickname")

    assert list(probe.check(shapes.models, shapes.registry, "default")) == []


def test_where_the_row_goes_nothing_is_tried():
    shapes = table({"name": CharField(max_length=30)}, {"name": provided()}, row=deleted)
    (data_map,) = shapes.registry.maps.values()

    assert probe.occasions(data_map) == []
