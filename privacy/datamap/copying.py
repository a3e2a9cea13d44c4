"""Which likeness each column of a safe copy gets: what its map says, else what its role and kind ask."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import models

from .constraints import must_differ
from .likenesses import (
    Likeness,
    as_it_is,
    called,
    dead_link,
    documentation_address,
    drawn,
    drawn_or,
    earlier,
    earlier_day,
    emptied,
    if_known,
    other_birth_day,
    other_file_name,
    other_words,
    rekeyed,
    renumbered,
    renumbered_actor,
    small_file,
    unreachable,
    useless,
)
from .lines import Line, not_personal
from .maps import DataMap, Registry
from .treatments import TEXT
from .vocabulary import Role

# Endings of columns that hold, as text, the key or number of a row elsewhere.
REFERENCES = ("ref", "_ref", "_refs", "_key", "object_id")
# What a column's own name tells.
NAMES = {
    "first_name": called("first_name"),
    "last_name": called("last_name"),
    "shown_name": called("first_name", "last_name"),
    "full_name": called("first_name", "last_name"),
    "town": called("town"),
    "city": called("town"),
    "occupation": called("job"),
}
# Longer texts are somebody's words, never a word of ours.
SHORT = 60
# Kinds that hide nothing, whoever the row is about; a number that leads to a row stays with that row.
PLAIN = (models.BooleanField, models.DurationField, models.TimeField, models.AutoField, models.SmallAutoField, models.BigAutoField)
NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField)
MISSING = "nothing says what a safe copy gets in it"


@dataclass(frozen=True)
class Column:
    field: models.Field
    likeness: Likeness | None

    @property
    def problem(self) -> str:
        """Why the command has to stop at this column; empty where it need not."""
        return MISSING if self.likeness is None else self.likeness.misfit(self.field)

    @property
    def changes(self) -> bool:
        return self.likeness is not as_it_is


def is_copied(model, registry: Registry) -> bool:
    """Not the rows that let somebody in, and that nobody needs: sessions, tokens, archives."""
    data_map = registry.map_of(model)
    if data_map is None:
        return model not in registry.not_copied
    if data_map.copied is not None:
        return data_map.copied
    lets_in = any(line.is_secret for line in data_map.lines.values())
    return model in registry.roots or not (lets_in and data_map.row.name == "deleted")


def columns(model, registry: Registry) -> Iterator[Column]:
    """Those of a table that is copied."""
    data_map = registry.map_of(model)
    for field in model._meta.local_concrete_fields:
        line = data_map.lines.get(field.name) if data_map else not_personal("")
        yield Column(field, _likeness(field, line, data_map, registry))


def _likeness(field, line: Line | None, data_map: type[DataMap] | None, registry) -> Likeness | None:
    if line is None or getattr(field, "generated", False):
        return as_it_is if line else None
    if data_map and field.name in data_map.in_copies:
        return data_map.in_copies[field.name]
    if field.is_relation:
        return _of_a_key(field.target_field, registry)
    if data_map is None and isinstance(field, models.DateTimeField):
        return as_it_is
    if data_map and any(each.named_by == field.name for each in data_map.lines.values()):
        return other_file_name
    found = _by_kind(field, line, is_root=field.model in registry.roots)
    return found if found in {None, as_it_is} else replace(found, person=_person(data_map, registry))


def _of_a_key(target, registry):
    """A key follows the row that it leads to."""
    while target.is_relation:
        target = target.target_field
    data_map = registry.map_of(target.model)
    found = _likeness(target, data_map.lines.get(target.name) if data_map else not_personal(""), data_map, registry)
    return found if isinstance(found, (type(rekeyed), type(renumbered))) else as_it_is


def _person(data_map, registry) -> tuple[str, ...]:
    """Procedures move together: a request, its letters and what the trail says of it."""
    if data_map is None or data_map.row.name == "kept":
        return ()
    return ("pk",) if data_map.model in registry.roots else (*(line.name for line in data_map.person_lines()), "pk")


def _by_kind(field, line, *, is_root) -> Likeness | None:
    """Numbers that lead elsewhere, addresses and files count whatever the role; all else only where it is personal."""
    if isinstance(field, models.UUIDField):
        return rekeyed
    if isinstance(field, models.EmailField):
        return unreachable
    if isinstance(field, models.FileField):
        return small_file
    if isinstance(field, models.DateTimeField):
        return earlier
    if isinstance(field, TEXT) and field.name.endswith(REFERENCES):
        return renumbered
    if not line.is_personal or (field.primary_key and not isinstance(field, TEXT)) or isinstance(field, PLAIN):
        return as_it_is
    return _personal(field, line, is_root)


def _personal(field, line, is_root):
    if isinstance(field, models.DateField):
        return other_birth_day if is_root else earlier_day
    if isinstance(field, models.GenericIPAddressField):
        return documentation_address
    if isinstance(field, models.BinaryField):
        return emptied
    if isinstance(field, models.JSONField):
        return if_known
    if isinstance(field, NUMBERS):
        return as_it_is if field.name.endswith("_id") else drawn
    return _text(field, line, is_root) if isinstance(field, TEXT) else None


def _text(field, line, is_root):
    if line.role == Role.SECRET:
        return useless
    if line.actor:
        return renumbered_actor
    if field.flatchoices:
        return drawn if is_root else as_it_is
    if isinstance(field, models.URLField):
        return dead_link
    if (must_differ(field) and (field.max_length or SHORT) > SHORT) or field.unique:
        return renumbered
    named = NAMES.get(field.name)
    if named and field.name not in {"town", "city", "occupation"}:
        return named
    if is_root and isinstance(field, models.CharField):
        return drawn_or(named or other_words)
    return named or (if_known if (field.max_length or SHORT + 1) <= SHORT else other_words)
