"""What a person's rows point at beside people, such as learning resources: what they are called, and by what they are known elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from ..datamap import registry
from ..subjects import Subject
from . import values
from .manifest import Part, name_of
from .portability import Scope

# Whole lines that are written at once.
LINES = 500


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
    found = Q(pk__in=[])
    for part, name in columns:
        found |= Q(pk__in=scope.rows(part.data_map, subject).order_by().values(name))
    return model._base_manager.filter(found)


class Described:
    """The rows of one such table as JSON lines; afterwards `rows`, and in `titles` those that were `wanted`, by key as JSON has it."""

    def __init__(self, model, rows: QuerySet, wanted: set):
        self.model, self.found, self.wanted = model, rows, wanted
        self.name, self.known_by = name_of(model), registry.known_by[model]
        self.rows, self.titles = 0, {}

    def blocks(self) -> Iterator[bytes]:
        lines = []
        for key, known_by, title in self._each():
            title = title or str(self.model._meta.verbose_name)
            lines.append(self._line(key, known_by, title))
            self.rows += 1
            said = key if isinstance(key, int) else str(key)
            if said in self.wanted:
                self.titles[said] = title
            if len(lines) == LINES:
                yield b"".join(lines)
                lines = []
        yield b"".join(lines)

    def counted(self) -> int:
        return self.rows

    def _each(self):
        """Key, columns by which it is known, title: the first of these columns, or what the row calls itself."""
        if not self.known_by:
            return ((row.pk, (), str(row)) for row in self.found.iterator(chunk_size=LINES))
        rows = self.found.values_list("pk", *self.known_by).iterator(chunk_size=LINES)
        return ((key, known_by, str(known_by[0])) for key, *known_by in rows)

    def _line(self, key, known_by, title) -> bytes:
        known = ",".join(f"{values.text(name)}:{values.text(value)}" for name, value in zip(self.known_by, known_by, strict=True))
        return f'{{"key":{values.text(key)},"title":{values.text(title)},"known_by":{{{known}}}}}\n'.encode(errors="backslashreplace")

    def as_dict(self, file: str) -> dict:
        return {
            "part": self.name,
            "record": self.model._meta.label,
            "title": self.model._meta.verbose_name_plural,
            "file": file,
            "rows": self.rows,
            "known_by": list(self.known_by),
        }
