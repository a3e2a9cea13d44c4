"""A value of an archive, made to fit a column here: refused where it is of another kind, too long, or no longer allowed."""

import json
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import values

# JSON Schema's words for what a column holds (privacy.rights.values) -> what Python reads from it.
KINDS = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
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
    schema = values.schema_of(field)
    kinds = [each["type"] for each in schema.get("anyOf", [schema]) if "type" in each]
    fits = [kind for kind in kinds if kind != "null" and isinstance(value, KINDS[kind])]
    is_number_by_chance = isinstance(value, bool) and "boolean" not in kinds
    if kinds and (not fits or is_number_by_chance):
        raise Unfit(OTHER_KIND)


def _refuse_signs(value):
    """NUL, and half of a pair of which one sign is made: no database takes them."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text) or "\\u0000" in text:
        raise Unfit(UNREADABLE)


def _bounded(field, value):
    """A text column has its bound in forms alone; moments have one that no column says."""
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise Unfit(NOT_ALLOWED)
    if isinstance(value, datetime) and not EARLIEST <= _aware(value) <= timezone.now():
        raise Unfit(NOT_YET)
    return value


def _aware(value):
    return timezone.make_aware(value) if timezone.is_naive(value) else value


def told_apart(row: list) -> str:
    """Rows that say the same give the same text, whether they come from an archive or from a table."""
    return SEPARATOR.join(values.text(value) for value in row)
