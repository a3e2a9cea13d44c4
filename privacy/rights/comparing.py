"""What a person brings, beside what is here: things about nobody found by their words, and rows of hers that say the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import models

from ..datamap import Role, registry
from ..datamap.maps import DataMap
from ..subjects import Subject, rows_concerning
from . import fitting
from .arrivals import Reference
from .opening import Brought

# Words that the database is asked for in one statement.
AT_ONCE = 400


def part_of(model: type[models.Model]) -> str:
    """usage_resource: how an archive calls a table."""
    return f"{model._meta.app_label}_{model._meta.model_name}"


class Known:
    """What the archive's references are here: each table is read once, when the first row points at it."""

    def __init__(self, brought: Brought):
        self._brought = brought
        self._tables: dict[type[models.Model], dict[str, Reference]] = {}

    def find(self, model, key) -> Reference:
        """Without words where the archive says nothing of it."""
        return self._table(model).get(str(key)) or Reference(str(key), {})

    def learn(self, model, reference: Reference, here) -> None:
        """From now on the reference is this row: what pointed at her own material finds it, as it was made anew."""
        self._table(model)[reference.key] = Reference(reference.key, reference.words, here)

    def _table(self, model):
        if model not in self._tables:
            self._tables[model] = _matched(model, self._read(model))
        return self._tables[model]

    def _read(self, model) -> dict[str, dict]:
        """By our own list of columns, whatever the archive says a row is known by."""
        fields = [model._meta.get_field(name) for name in registry.known_by[model]]
        found = {}
        for row in self._brought.references(part_of(model)):
            words = row.get("known_by")
            if isinstance(words, dict) and "key" in row:
                found[str(row["key"])] = _fitting_words(fields, words)
        return found


def _fitting_words(fields, words) -> dict[str, Any]:
    """Nothing, where one of them is missing or could not stand here."""
    try:
        return {field.name: fitting.fitted(field, words[field.name]) for field in fields}
    except (KeyError, fitting.Unfit):
        return {}


def _matched(model, words_of: dict[str, dict]) -> dict[str, Reference]:
    """Each with its key here, where exactly one row has all its words. The first of them names it, so it may not be empty."""
    names = registry.known_by[model]
    here = defaultdict(list)
    for some in in_groups({words[names[0]] for words in words_of.values() if words.get(names[0])}, AT_ONCE):
        for key, *row in model._base_manager.filter(**{f"{names[0]}__in": some}).values_list("pk", *names):
            here[tuple(row)].append(key)
    return {key: Reference(key, words, _only(here.get(tuple(words.values()), []))) for key, words in words_of.items()}


def in_groups(things: Iterable, size: int) -> Iterator[list]:
    rest = iter(things)
    while group := list(islice(rest, size)):
        yield group


def _only(keys):
    return keys[0] if len(keys) == 1 else None


class Present:
    """Her rows of one table, told apart by what may arrive; as often as she has them, so often they are here."""

    def __init__(self, data_map: type[DataMap], subject: Subject):
        self._names = data_map.arrives
        self._uniques = uniques_of(data_map)
        self._same: dict[str, list] = defaultdict(list)
        self._taken: set[tuple] = set()
        for key, *row in rows_concerning(data_map, subject).order_by("pk").values_list("pk", *self._names).iterator():
            self._same[fitting.told_apart(row)].append(key)
            self._note(dict(zip(self._names, row, strict=True)))

    def take(self, columns: dict) -> Any | None:
        """The key of a row that says the same, which stands for one row of the archive only."""
        keys = self._same.get(fitting.told_apart([columns[name] for name in self._names]))
        return keys.pop(0) if keys else None

    def excludes(self, columns: dict) -> bool:
        """Another row stands where only one may stand."""
        return any(self._place(unique, columns) in self._taken for unique in self._uniques)

    def add(self, columns: dict) -> None:
        self._note(columns)

    def _note(self, columns):
        self._taken |= {self._place(unique, columns) for unique in self._uniques}

    def _place(self, unique, columns):
        return unique, fitting.told_apart([columns[name] for name in unique])


def uniques_of(data_map: type[DataMap]) -> list[tuple[str, ...]]:
    """The columns, besides the person, of which two rows of hers may not have the same values."""
    constraints = [each for each in data_map.model._meta.total_unique_constraints if each.fields]
    groups = [each.fields for each in constraints] + [tuple(group) for group in data_map.model._meta.unique_together]
    persons = {line.name for line in data_map.person_lines() if line.role == Role.PERSON} - set(data_map.arrives)
    besides = [tuple(name for name in group if name not in persons) for group in groups]
    return [group for group in besides if set(group) <= set(data_map.arrives)]
