"""How the codes in our own tables are shown to whom they are about (G-24)."""

from collections.abc import Callable

from django.db import models
from django.utils.safestring import SafeString

from ..datamap import Right, registry
from ..evidence.events import sentence_of
from ..evidence.trail import is_reference
from ..rights.codes import meanings_of
from . import values, wording


def writer_of(field: models.Field, subject_ref) -> Callable[[object], SafeString] | None:
    """For a column of codes how they are shown; None for any other."""
    if field.name == "actor_ref":
        return lambda value: _actor(str(value), subject_ref)
    say = MEANINGS.get((field.model._meta.label, field.name)) or _meaning_in(field)
    return say and (lambda value: values.text(say(value)))


def is_code(field: models.Field) -> bool:
    return writer_of(field, None) is not None


def _actor(value, subject_ref):
    """Herself, a role by its name, or somebody whose reference is not hers to know (Art. 15(4))."""
    if value == str(subject_ref) or is_reference(value):
        return values.somebody(value == str(subject_ref))
    return values.text(value)


def _event(value):
    right = value.partition(".")[0]
    words = {"right": Right(right).label if right in Right.values else "", "event": value}
    return sentence_of(value, is_mine=False)[1] % words


def _column(value):
    """`accounts.Member.town`: the table and the column as people call them."""
    label, _dot, name = value.rpartition(".")
    data_map = registry.labelled(label)
    line = data_map and data_map.lines.get(name)
    return f"{data_map.heading()}: {data_map.title(line)}" if line else value


def _evidence(value):
    return wording.EVIDENCE.get(value.partition(" ")[0], value)


def _meaning_in(field):
    """Choices are shown by the page as they are."""
    known = None if field.flatchoices else meanings_of(field)
    return known and (lambda value: known.get(value, value))


MEANINGS = {
    ("privacy.DataSubjectRequest", "identified_by"): _evidence,
    ("privacy.Rectification", "field"): _column,
    ("privacy.Step", "name"): wording.step,
    ("privacy.TrailEntry", "event"): _event,
}
