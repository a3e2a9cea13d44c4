"""What a person's rows point at beside people, such as learning resources: what they are called, and by what they are known elsewhere."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import nullcontext

from django.db.models import Q, QuerySet, Value, When

from ..datamap import registry
from ..subjects import Subject
from . import values
from .extract import CHUNK_ROWS, can_copy, copying, gathered
from .manifest import Part, name_of
from .others import rows_shown
from .portability import Scope

# Between the values of a line.
KEY, TITLE, KNOWN_BY, END = '{"key":', ',"title":', ',"known_by":{', "}}"


def tables_pointed_at(parts: Iterable[Part]) -> dict[type, list[tuple[Part, str]]]:
    """Table without personal data -> the columns of these record types that hold its keys."""
    pointed = defaultdict(list)
    for part in parts:
        for line in part.lines:
            field = part.data_map.field(line)
            if field.is_relation and field.target_field.primary_key and field.related_model._meta.concrete_model in registry.exempt:
                pointed[field.related_model._meta.concrete_model].append((part, line.name))
    return dict(pointed)


def rows_pointed_at(model, columns: list[tuple[Part, str]], subject: Subject, scope: Scope) -> QuerySet:
    """One list of keys, so that the database goes from each to its row, however large the table is."""
    first, *others = (rows_shown(part, name, subject, scope).values(name) for part, name in columns)
    return model._base_manager.filter(pk__in=first.union(*others) if others else first)


def keys_said(column: str, lines: list[bytes]) -> list[bytes]:
    """What these JSON lines hold in a column of keys, as JSON has it. A JSON column with such a key adds some that nobody asks for."""
    return re.findall(rb'"%s":("[^"\\]*"|\d+)' % re.escape(column.encode()), b"\n".join(lines))


class Described:
    """The rows of one such table as JSON lines; afterwards `rows`, and in `titles` those whose keys, as JSON has them, were `wanted`."""

    def __init__(self, model, rows: QuerySet, wanted: set[bytes], *, fast: bool | None = None):
        self.model, self.found, self.wanted = model, rows, wanted
        self.name, self.known_by = name_of(model), registry.known_by[model]
        self.called = registry.called.get(model)
        self.fields = [model._meta.pk, *map(model._meta.get_field, self.known_by)]
        self.fast = fast is not False and self._has_name() and can_copy(rows, self.fields)
        self.rows, self.titles = 0, {}

    def blocks(self) -> Iterator[bytes]:
        with copying(self.found.values_list(self._line())) if self.fast else nullcontext(gathered(self._selected())) as blocks:
            for block in blocks:
                self.rows += len(block)
                self._remember_titles(block)
                yield b"".join(block)

    def counted(self) -> int:
        return self.rows

    def _has_name(self):
        is_known_by_it = bool(self.known_by) and self.called == self.known_by[0]
        return is_known_by_it and values.kind_of(self.fields[1]) is values.TEXT

    def _line(self):
        key, *known = (values.in_postgresql(field, field.attname) for field in self.fields)
        named = []
        for name, said in zip(self.known_by, known, strict=True):
            named += [Value(f"{',' if named else ''}{values.text(name)}:"), *said]
        return values.Joined(Value(KEY), *key, Value(TITLE), self._title(), Value(KNOWN_BY), *named, Value(END))

    def _title(self):
        name = self.known_by[0]
        nameless = When(Q(**{name: ""}) | Q(**{f"{name}__isnull": True}), then=Value(values.text(self._kind())))
        return values.either(nameless, values.ToJson(name))

    def _selected(self) -> Iterator[bytes]:
        """Title: what people call the row, or what it calls itself."""
        rows = self._known() if self.called else ((row.pk, (), str(row)) for row in self.found.iterator(chunk_size=CHUNK_ROWS))
        for key, known_by, title in rows:
            known = ",".join(f"{values.text(name)}:{values.text(value)}" for name, value in zip(self.known_by, known_by, strict=True))
            line = f"{KEY}{values.text(key)}{TITLE}{values.text(title or self._kind())}{KNOWN_BY}{known}{END}\n"
            yield line.encode(errors="backslashreplace")

    def _known(self):
        rows = self.found.values_list("pk", self.called, *self.known_by).iterator(chunk_size=CHUNK_ROWS)
        return ((key, known_by, str(title or "")) for key, title, *known_by in rows)

    def _kind(self) -> str:
        return str(self.model._meta.verbose_name)

    def _remember_titles(self, lines):
        """Of these lines, in one reading."""
        wanted = [line for line in map(bytes, lines) if line[len(KEY) : line.index(TITLE.encode())] in self.wanted]
        self.titles |= {said["key"]: said["title"] for said in json.loads(b"[%s]" % b",".join(wanted))}

    def as_dict(self, file: str) -> dict:
        return {
            "part": self.name,
            "record": self.model._meta.label,
            "title": self.model._meta.verbose_name_plural,
            "file": file,
            "rows": self.rows,
            "known_by": list(self.known_by),
        }
