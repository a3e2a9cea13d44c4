"""How a row is written for a spreadsheet: RFC 4180 with a mark of its encoding, and no text that would run as a formula (T-11)."""

import json

from django.db import models
from django.db.models import F, Func, Value, When
from django.db.models.functions import Left
from django.db.models.lookups import In

from ..datamap.printing import FORMULA
from . import values

MARK = "\ufeff".encode()
END = b"\r\n"
# Where a comma stands in numbers, spreadsheets expect a semicolon between cells.
COMMA_LANGUAGES = ("en",)


def delimiter(language: str) -> str:
    return "," if language.partition("-")[0] in COMMA_LANGUAGES else ";"


def head(titles: list[str], language: str) -> bytes:
    return MARK + delimiter(language).join(cell(title) for title in titles).encode() + END


def cell(value) -> str:
    """Nothing for none; numbers, moments and the like as JSON has them; all else is text between quotes, inert."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _quoted(value)
    written = values.text(value)
    if type(value) in values.WRITERS:
        return written.strip('"')
    return _quoted(json.loads(written) if written.startswith('"') else written)


def _quoted(text: str) -> str:
    inert = f"'{text}" if text.startswith(FORMULA) else text
    return '"{}"'.format(inert.replace('"', '""'))


class Doubled(Func):
    """The text with its quotes doubled."""

    template = """replace(%(expressions)s, '"', '""')"""
    output_field = models.TextField()


class Bare(Func):
    """A number as JSON has it; NaN without quotes."""

    template = """btrim(to_json(%(expressions)s)::text, '"')"""
    output_field = models.TextField()


def in_postgresql(field, name: str):
    """What `cell()` says of the same value; of none, concat() makes nothing."""
    kind = values.kind_of(field)
    if kind is values.TEXT:
        return _quoted_in_postgresql(F(name))
    if kind.schema == values.ANYTHING:
        return _quoted_in_postgresql(values.as_text(name))
    return Bare(name) if kind.expression is values.ToJson else kind.expression(name)


def _quoted_in_postgresql(text):
    runs = In(Left(text, 1, output_field=models.TextField()), FORMULA)
    return values.Joined(Value('"'), values.either(When(runs, then=Value("'")), Value("")), Doubled(text), Value('"'))
