"""Values in an archive are exact, and both ways of writing them say the same."""

import json
import uuid
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial

import jsonschema
import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Member
from privacy.datamap import PLATFORM, Activity, DataMap, LawfulBasis, Role, deleted, not_personal, observed, person
from privacy.datamap.maps import Registry, registry
from privacy.rights import values
from privacy.rights.extract import Extract, copied
from privacy.rights.manifest import Part
from privacy.rights.pointing import rows_pointed_at
from privacy.rights.portability import Kind, Scope
from usage.models import Resource

from .archives import HOSTILE
from .makers import make_resource

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="the fast path is PostgreSQL's")
ACTIVITY = Activity(slug="test", purpose="testing", lawful_bases=(LawfulBasis.CONTRACT,), controller=PLATFORM)
LONG = HOSTILE + "é" * 10_000


class Shouting(models.CharField):
    """A field that says more than its column."""

    def from_db_value(self, value, expression, connection):
        return value and value.upper()


class Quiet(models.CharField):
    """A field of another make that says what its column says."""


COLUMNS = {
    "truth": models.BooleanField,
    "number": models.BigIntegerField,
    "share": models.FloatField,
    "price": lambda **options: models.DecimalField(max_digits=20, decimal_places=4, **options),
    "words": models.TextField,
    "quiet": lambda **options: Quiet(max_length=50, **options),
    "file": models.FileField,
    "address": models.GenericIPAddressField,
    "key": models.UUIDField,
    "day": models.DateField,
    "moment": models.DateTimeField,
    "hour": models.TimeField,
    "bytes": models.BinaryField,
    "tree": models.JSONField,
}

ROWS = [
    dict.fromkeys(COLUMNS),
    {
        "truth": True,
        "number": -(2**63),
        "share": 0.1 + 0.2,
        "price": Decimal("-1234567890.5000"),
        "words": LONG,
        "quiet": "\\N",
        "file": "folder/é\\n.pdf",
        "address": "2001:db8::1",
        "key": uuid.UUID(int=7),
        "day": date(1900, 1, 1),
        "moment": datetime(1900, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        "hour": time(23, 59, 59, 999999),
        "bytes": bytes(range(256)),
        "tree": {"a": [None, True, -1.5, {"b": HOSTILE}], "": "", "moment": {"moment": None}},
    },
    {
        "truth": False,
        "number": 0,
        "share": float("inf"),
        "price": Decimal("0.0000"),
        "words": "",
        "quiet": "\\.",
        "file": "",
        "address": "192.0.2.7",
        "key": uuid.UUID(int=2**128 - 1),
        "day": date(9999, 12, 31),
        "moment": datetime(2025, 3, 30, 3, 0, tzinfo=timezone(timedelta(hours=2))),
        "hour": time(0),
        "bytes": b"",
        "tree": "text",
    },
    {"number": 2**63 - 1, "share": -1e300, "tree": 12345678901234567890, "day": date(1, 1, 1), "moment": datetime.max.replace(tzinfo=UTC)},
]


def to_member(**options):
    return models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False, **options)


@contextmanager
def table(**columns):
    """A model and its map in a table that is gone with the test."""
    with isolate_apps("usage"):
        fields = {name: make(null=True) for name, make in columns.items()}
        owner = to_member()
        meta = type("Meta", (), {"app_label": "usage"})
        model = type("Thing", (models.Model,), {"__module__": __name__, "Meta": meta, "owner": owner, **fields})
        editor = connection.SchemaEditorClass(connection)
        with connection.cursor() as cursor:
            cursor.execute(*editor.table_sql(model))
        lines = {name: person() if field.is_relation else observed() for name, field in {"owner": owner, **fields}.items()}
        lines["id"] = not_personal("row number")
        bases = {"model": model, "activity": ACTIVITY, "row": deleted, "into": Registry()}
        yield model, type("ThingMap", (DataMap,), lines, **bases)


def read(data_map, member, *, fast):
    extract = extract_of(data_map, member, fast=fast)
    lines = b"".join(block.records for block in extract.blocks()).split(b"\n")[:-1]
    return extract, {row["id"]: row for row in map(json.loads, lines)}


def extract_of(data_map, member, *, fast):
    return Extract(Part(data_map, data_map.accessible_lines()), member.subject, Scope.EVERYTHING, "nl", fast=fast)


def test_every_kind_of_value_is_written_exactly(an):
    """G-26."""
    with table(**COLUMNS) as (model, data_map):
        model.objects.create(owner=an, **ROWS[1])

        _extract, rows = read(data_map, an, fast=None)

    (row,) = rows.values()
    assert row | {"id": 1} == {
        "id": 1,
        "owner": str(an.pk),
        "truth": True,
        "number": -9223372036854775808,
        "share": 0.30000000000000004,
        "price": "-1234567890.5000",
        "words": LONG,
        "quiet": "\\N",
        "file": "folder/é\\n.pdf",
        "address": "2001:db8::1",
        "key": "00000000-0000-0000-0000-000000000007",
        "day": "1900-01-01",
        "moment": "1900-01-01T00:00:00.000001Z",
        "hour": "23:59:59.999999",
        "bytes": bytes(range(256)).hex(),
        "tree": ROWS[1]["tree"],
    }


@on_postgresql
def test_both_paths_say_the_same_of_hostile_values(an, bo):
    """G-26, T-11."""
    with table(**COLUMNS) as (model, data_map):
        for row in ROWS:
            model.objects.create(owner=an, **row)
        model.objects.create(owner=bo, **ROWS[1])

        fast, by_database = read(data_map, an, fast=True)
        slow, by_orm = read(data_map, an, fast=False)

    assert (fast.fast, slow.fast) == (True, False)
    assert by_database == by_orm
    assert len(by_orm) == fast.rows == slow.rows == len(ROWS)


@on_postgresql
@pytest.mark.parametrize("rows_before", [0, 5_000])
def test_a_copy_that_breaks_off_is_an_error(db, rows_before):
    """T-10: it must not pass for a short archive."""
    statement = f"COPY (SELECT 1 / ({rows_before} - i) FROM generate_series(0, 10000) i) TO STDOUT"

    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy, pytest.raises(connection.Database.errors.DivisionByZero):
        list(copied(copy, connection.Database))


@on_postgresql
def test_who_stops_at_the_last_lines_leaves_a_connection_that_works(an):
    with closing(extract_of(registry.map_of(Member), an, fast=True).blocks()) as blocks:
        next(blocks)

    assert Member.objects.get() == an


@on_postgresql
def test_moments_are_in_utc_whatever_zone_the_database_speaks(an):
    """G-26."""
    with table(moment=models.DateTimeField) as (model, data_map):
        model.objects.create(owner=an, moment=ROWS[2]["moment"])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'Asia/Kathmandu'")

        _extract, rows = read(data_map, an, fast=True)

    assert [row["moment"] for row in rows.values()] == ["2025-03-30T01:00:00.000000Z"]


@pytest.mark.parametrize("fast", [True, False])
def test_what_a_person_wrote_is_never_counted_as_masked(an, bo, fast):
    """G-27."""
    with table(friend=to_member, tree=models.JSONField) as (model, data_map):
        model.objects.create(owner=an, friend=bo, tree={"friend": None})
        model.objects.create(owner=an, friend=None, tree={"owner": None, "text": '"friend":  null'})

        extract, rows = read(data_map, an, fast=fast)

    assert extract.masked == {"owner": 0, "friend": 1}
    assert [row["friend"] for row in rows.values()] == [None, None]


@on_postgresql
def test_numbers_in_json_keep_every_digit_on_both_paths(an):
    """G-26: through Python they would lose some."""
    with table(tree=models.JSONField) as (model, data_map):
        thing = model.objects.create(owner=an, tree={})
        exact = '{"n": 0.12345678901234567890123}'
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET tree = %s::jsonb WHERE id = %s", [exact, thing.pk])

        raw = [b"".join(block.records for block in extract_of(data_map, an, fast=fast).blocks()) for fast in (True, False)]

    assert all(exact.encode() in text for text in raw)


def test_what_only_anothers_column_points_at_is_not_explained(an, bo):
    """Art. 20(4): a title would say what the mask hides."""
    to_resource = partial(models.ForeignKey, Resource, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    with table(other=to_member, resource=to_resource) as (model, data_map):
        data_map.lines["resource"] = replace(data_map.lines["resource"], role=Role.OBSERVED, belongs_to="owner")
        hers, his = make_resource("van An"), make_resource("van Bo")
        model.objects.create(owner=an, other=bo, resource=hers)
        model.objects.create(owner=bo, other=an, resource=his)
        columns = [(Part(data_map, data_map.accessible_lines()), "resource")]

        found = {scope.kind: set(rows_pointed_at(Resource, columns, an.subject, scope)) for scope in (Scope.EVERYTHING, Scope.PORTABLE)}

    assert found == {Kind.EVERYTHING: {hers, his}, Kind.PORTABLE: {hers}}


@on_postgresql
def test_a_field_that_says_more_than_its_column_goes_through_python(an):
    """G-26."""
    with table(secretly=lambda **options: Shouting(max_length=9, **options)) as (model, data_map):
        model.objects.create(owner=an, secretly="stil")

        extract, rows = read(data_map, an, fast=True)

    assert not extract.fast
    assert [row["secretly"] for row in rows.values()] == ["STIL"]


@on_postgresql
def test_durations_go_through_python(an):
    with table(lasted=models.DurationField) as (model, data_map):
        model.objects.create(owner=an, lasted=timedelta(days=1, microseconds=-1))

        extract, rows = read(data_map, an, fast=True)

    assert not extract.fast
    assert [row["lasted"] for row in rows.values()] == ["P0DT23H59M59.999999S"]


def test_every_kind_of_value_is_valid_against_its_schema(an):
    """G-56."""
    with table(**COLUMNS, lasted=models.DurationField) as (model, data_map):
        for row in ROWS:
            model.objects.create(owner=an, **row)

        _extract, rows = read(data_map, an, fast=None)

    for column in [*COLUMNS, "lasted"]:
        for row in rows.values():
            jsonschema.validate(row[column], values.schema_of(model._meta.get_field(column)))


def test_a_schema_tells_kinds_apart():
    """G-56."""
    schema = values.schema_of(models.DateTimeField())

    assert not jsonschema.Draft202012Validator(schema).is_valid("2025-01-01")
    assert not jsonschema.Draft202012Validator(schema).is_valid(None)
    assert jsonschema.Draft202012Validator(values.schema_of(models.IntegerField(null=True))).is_valid(None)
    assert not jsonschema.Draft202012Validator(values.schema_of(models.IntegerField())).is_valid("1")
    assert not jsonschema.Draft202012Validator(values.schema_of(models.FloatField())).is_valid("inf")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (float("nan"), '"NaN"'),
        (float("-inf"), '"-Infinity"'),
        (Decimal("1E+3"), '"1000"'),
        (True, "true"),
        (memoryview(b"\xff"), '"ff"'),
        ({"a": float("nan")}, "\"{'a': nan}\""),
        ({1, 2}, '"{1, 2}"'),
        (["é"], '["é"]'),
    ],
)
def test_a_value_of_any_kind_becomes_valid_json(value, written):
    assert values.text(value) == written


def test_stored_json_stays_on_its_line():
    assert json.loads(values.stored_json('{"a":\r\n [1,\n 2]}')) == {"a": [1, 2]}
    assert "\n" not in values.stored_json('{\n"a": 1}')


# What a database can hold: no NUL, no halves of surrogate pairs.
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=200)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8
)


def test_whatever_was_stored_comes_out_the_same(an):
    """G-26."""
    with table(words=models.TextField, tree=models.JSONField) as (model, data_map):

        @settings(max_examples=100, deadline=None)
        @given(text=texts, tree=trees)
        def comes_out_the_same(text, tree):
            thing = model.objects.create(owner=an, words=text, tree=tree)

            found = [read(data_map, an, fast=fast)[1][thing.pk] for fast in (True, False)]

            thing.delete()
            assert [(row["words"], row["tree"]) for row in found] == [(text, tree)] * 2

        comes_out_the_same()
