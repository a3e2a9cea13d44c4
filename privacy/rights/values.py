"""How a column's value is written in an archive: its schema, its JSON text, and the expression by which PostgreSQL says the same."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.duration import duration_iso_string

# docs/archive.md tells the reader what these say.
STRING = {"type": "string"}
NUMBER = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
TIME = {"type": "string", "pattern": r"^\d\d:\d\d:\d\d\.\d{6}$"}
DATETIME = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"}
HEX = {"type": "string", "contentEncoding": "base16", "pattern": "^([0-9a-f]{2})*$"}
ANYTHING = {}


class UtcText(Func):
    """2025-03-01T12:00:00.000000Z"""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    output_field = models.TextField()


class DateText(Func):
    """2025-03-01, whatever DateStyle says."""

    template = "to_char(%(expressions)s, 'YYYY-MM-DD')"
    output_field = models.TextField()


class TimeText(Func):
    """12:00:00.000000"""

    template = "to_char(%(expressions)s, 'HH24:MI:SS.US')"
    output_field = models.TextField()


class HexText(Func):
    template = "encode(%(expressions)s, 'hex')"
    output_field = models.TextField()


class ToJson(Func):
    function = "to_json"
    output_field = models.TextField()


class Joined(Func):
    """PostgreSQL's concat(), which is half as dear as row_to_json(); it takes 100 arguments, so many pieces nest."""

    function = "concat"
    output_field = models.TextField()

    def __init__(self, *pieces):
        pieces, size = list(_fewer(pieces)), 90
        if len(pieces) > size:
            pieces = [Joined(*pieces[start : start + size]) for start in range(0, len(pieces), size)]
        super().__init__(*pieces)


def _fewer(pieces) -> Iterator:
    """Texts that follow each other as one: each piece costs time in every row, and when the statement is made."""
    for is_text, several in groupby(pieces, key=lambda piece: isinstance(piece, Value)):
        if is_text:
            yield Value("".join(piece.value for piece in several))
        else:
            yield from several


def as_text(name):
    return Cast(name, models.TextField())


@dataclass(frozen=True)
class Kind:
    """`expression`: what PostgreSQL writes for the column, between quotes where `quoted`; None where only Python can."""

    schema: dict
    expression: Callable[[str], Any] | None
    quoted: bool = False


TEXT = Kind(STRING, ToJson)
# The fields of Django itself.
KINDS = {
    models.BooleanField: Kind({"type": "boolean"}, as_text),
    models.IntegerField: Kind({"type": "integer"}, F),
    models.FloatField: Kind(NUMBER, ToJson),
    models.DecimalField: Kind(STRING, F, quoted=True),
    models.CharField: TEXT,
    models.TextField: TEXT,
    models.FileField: TEXT,
    models.FilePathField: TEXT,
    models.GenericIPAddressField: Kind(STRING, F, quoted=True),
    models.UUIDField: Kind({"type": "string", "format": "uuid"}, F, quoted=True),
    models.DateField: Kind({"type": "string", "format": "date"}, DateText, quoted=True),
    models.DateTimeField: Kind(DATETIME, UtcText, quoted=True),
    models.TimeField: Kind(TIME, TimeText, quoted=True),
    models.DurationField: Kind({"type": "string", "format": "duration"}, None),
    models.BinaryField: Kind(HEX, HexText, quoted=True),
    models.JSONField: Kind(ANYTHING, F),
}
# A field that overrides one of these says more than its column: its value is taken from Python.
CONVERSIONS = ("from_db_value", "get_db_converters", "select_format")


def kind_of(field) -> Kind | None:
    """How this column is written; for a key, as its target. None where only the field itself knows."""
    known = known_field(field)
    return KINDS[known] if known else None


def known_field(field) -> type[models.Field] | None:
    """The field of Django that this one is or behaves like."""
    while field.is_relation:
        field = field.target_field
    known = next((base for base in type(field).__mro__ if base in KINDS), None)
    if known is None or any(getattr(type(field), name, None) is not getattr(known, name, None) for name in CONVERSIONS):
        return None
    return known


def schema_of(field, *, nullable=False) -> dict:
    """JSON Schema of a column; `nullable` where an archive may hold null although the column does not."""
    kind = kind_of(field)
    if kind is None or kind.schema == ANYTHING:
        return ANYTHING
    return {"anyOf": [kind.schema, {"type": "null"}]} if nullable or field.null else kind.schema


def is_plain(field) -> bool:
    """PostgreSQL can write this column without Python."""
    kind = kind_of(field)
    return kind is not None and kind.expression is not None


def in_postgresql(field, name: str) -> list:
    """Pieces that concat() joins to what `text()` says of the same value."""
    kind = kind_of(field)
    value = kind.expression(name)
    pieces = [Value('"'), value, Value('"')] if kind.quoted else [value]
    if not field.null and field.model._meta.managed:
        return pieces
    return [either(When(**{f"{name}__isnull": True}, then=Value("null")), Joined(*pieces))]


def either(when: When, otherwise) -> Case:
    return Case(when, default=otherwise, output_field=models.TextField())


def in_python(field, name: str):
    """What to select so that `text()` gets the exact value: JSON as it is stored, so that no number loses digits."""
    return as_text(name) if known_field(field) is models.JSONField else name


def writer_of(field):
    """The function that writes this column's values as JSON text."""
    return stored_json if known_field(field) is models.JSONField else text


def text(value) -> str:
    """One value as JSON text, by the kind of the value."""
    return WRITERS.get(type(value), any_text)(value)


def stored_json(value: str | None) -> str:
    """JSON as it is stored, on one line: outside its strings a line break is mere space."""
    return "null" if value is None else value.replace("\n", " ").replace("\r", " ")


def float_text(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return '"NaN"' if math.isnan(value) else f'"{"-" if value < 0 else ""}Infinity"'


def utc_text(value: datetime) -> str:
    aware = timezone.make_aware(value) if timezone.is_naive(value) else value
    return f'"{aware.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")}Z"'


def hex_text(value) -> str:
    return f'"{bytes(value).hex()}"'


def any_text(value) -> str:
    """What a field of another make returns: JSON if it is, else its text."""
    try:
        return any_json(value)
    except ValueError:
        return quoted(str(value))


quoted = json.encoder.encode_basestring
any_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str).encode

WRITERS = {
    type(None): lambda value: "null",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: float_text,
    Decimal: lambda value: f'"{value:f}"',
    str: quoted,
    UUID: lambda value: f'"{value}"',
    datetime: utc_text,
    date: lambda value: f'"{value.isoformat()}"',
    time: lambda value: f'"{value.isoformat(timespec="microseconds")}"',
    timedelta: lambda value: f'"{duration_iso_string(value)}"',
    bytes: hex_text,
    memoryview: hex_text,
}
