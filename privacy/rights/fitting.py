"""A value of an archive, made to fit a column here: refused where it is of another kind, too long, or no longer allowed."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import values

# JSON Schema's words for what a column holds (privacy.rights.values) -> what Python reads from it.
KINDS = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
NO_SIGN = re.compile("[\x00\ud800-\udfff]")
# How JSON writes NUL: an odd number of backslashes before it.
NO_SIGN_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")
# Before this nobody kept anything in a computer; after now nobody did anything yet.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
# Of what is compared; a row's other columns do not count.
SEPARATOR = "\x1f"


class Unfit(Exception):
    """Carries `sentence`: why a row cannot be taken, without the value."""

    def __init__(self, sentence):
        self.sentence = sentence
        super().__init__()


OTHER_KIND = _("a value is of another kind than we keep there")
UNREADABLE = _("a text holds signs that no text can have")
NOT_ALLOWED = _("a value is not allowed here, or is too long")
NOT_YET = _("a moment lies in the future, or before 1900")


def fitted(field: models.Field, value) -> Any:
    """What goes into the column; raises Unfit."""
    if value is None:
        return _nothing(field)
    _refuse_kind(field, value)
    _refuse_signs(value)
    try:
        cleaned = field.clean(value, None)
    except (ValidationError, ValueError, TypeError, OverflowError, ArithmeticError):
        raise Unfit(NOT_ALLOWED) from None
    return _bounded(field, cleaned)


def _nothing(field):
    if not field.null:
        raise Unfit(OTHER_KIND)


def _refuse_kind(field, value):
    """`True` is a whole number to Python."""
    kinds = _kinds(field)
    if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
        raise Unfit(OTHER_KIND)


@cache
def _kinds(field) -> tuple:
    """Empty, where a column holds any JSON."""
    schema = values.schema_of(field)
    words = [each["type"] for each in schema.get("anyOf", [schema]) if "type" in each]
    return tuple(kind for word in words for kind in KINDS.get(word, ()))


def _refuse_signs(value):
    """NUL, and half of a pair of which one sign is made: no database takes them."""
    is_text = isinstance(value, str)
    if NO_SIGN.search(value) if is_text else NO_SIGN_IN_JSON.search(json.dumps(value, ensure_ascii=False)):
        raise Unfit(UNREADABLE)


def _bounded(field, value):
    """A text column has its bound in forms alone; moments have one that no column says."""
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise Unfit(NOT_ALLOWED)
    return _moment(value) if isinstance(value, datetime) else value


def _moment(value):
    """With its zone, as the table has it; what has none is read as of here."""
    at = timezone.make_aware(value) if timezone.is_naive(value) else value
    if not EARLIEST <= at <= timezone.now():
        raise Unfit(NOT_YET)
    return at


def told_apart(row: list) -> str:
    """Rows that say the same give the same text, whether they come from an archive or from a table."""
    return SEPARATOR.join(values.text(value) for value in row)
