"""Rows of a person as she reads them: a few, a page of them, or those of many tables with what they point at asked once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Case, F, Model, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from ..datamap.maps import DataMap
from ..rights.others import masks
from ..rights.portability import Scope
from ..rights.statements import Statement, statements_about
from ..subjects import Subject, rows_concerning
from . import codes, values
from .columns import Column, columns_of, moment_of

# With more columns a table is wider than a page: each row becomes a list of its own.
COLUMNS_IN_A_TABLE = 6
EMPTY = (None, "", b"", [], {})


@dataclass(frozen=True)
class Cell:
    """One value, and what she set beside it (Art. 16)."""

    title: str
    shown: SafeString
    statement: Statement | None = None


@dataclass(frozen=True)
class Row:
    """`correct` is the address where she corrects it or writes beside it; none where the row's key may not stand in one."""

    cells: list[Cell]
    correct: str


class Table:
    """The rows of one table that concern one person, the newest first."""

    def __init__(self, data_map: type[DataMap], subject: Subject):
        self.data_map, self.subject = data_map, subject
        self.columns = columns_of(data_map)
        self.rows: list[Row] = []
        self._key = data_map.model._meta.pk.attname
        self._raw: list[dict] = []

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > COLUMNS_IN_A_TABLE

    def found(self) -> QuerySet:
        moment = moment_of(self.data_map)
        newest = []
        if moment:
            newest = [F(moment).desc(nulls_last=True) if self.data_map.model._meta.get_field(moment).null else f"-{moment}"]
        return rows_concerning(self.data_map, self.subject).order_by(*newest, "-pk")

    def take(self, rows: QuerySet) -> None:
        """Read these: the columns of the page, whether each that names a person names her, and since when a value can have expired."""
        lines = [column.line for column in self.columns]
        names = [line.name for line in lines] + [line.expires.since for line in lines if line.expires]
        hers = masks(self.data_map, lines, self.subject, Scope.EVERYTHING)
        flags = {flag(name): Case(When(mask.shown, then=Value(True)), default=Value(False)) for name, mask in hers.items()}
        self._raw = list(rows.values(*dict.fromkeys([self._key, *names]), **flags))

    def wanted(self) -> Iterable[tuple[Column, object]]:
        """Keys whose rows we want to call by their names."""
        for column in self.columns:
            if column.path:
                yield from ((column, row[column.name]) for row in self._raw if row[column.name] is not None)

    def write(self, names: "Names", statements: dict) -> None:
        writers = [(column, self._writer_of(column.field)) for column in self.columns]
        for row in self._raw:
            key = row[self._key]
            beside = {column.name: statements.get((f"{self.data_map.label()}.{column.name}", str(key))) for column in self.columns}
            cells = [Cell(column.title, _shown(column, write, row, names), beside[column.name]) for column, write in writers]
            self.rows.append(Row(cells, self._address_of(key)))

    def _address_of(self, key):
        """A number or a random one says nothing; any other key may be personal, and stays out of addresses."""
        return reverse("privacy:correct_row", args=[self.data_map.label(), key]) if isinstance(key, int | UUID) else ""

    def _writer_of(self, field):
        named = field.flatchoices or field.is_relation
        return (not named and codes.writer_of(field, self.subject.ref)) or values.writer_of(field)


class Names:
    """What the rows are called that other rows point at; every table is asked once, however many point at it."""

    def __init__(self, tables: Iterable[Table]):
        wanted = defaultdict(set)
        for table in tables:
            for column, key in table.wanted():
                wanted[_place(column)].add(key)
        self._names = {place: _names_of(*place, keys) for place, keys in wanted.items()}

    def of(self, column: Column, key) -> str | None:
        """None where there is no such row."""
        return self._names[_place(column)].get(key)


def fill(tables: list[Table]) -> None:
    """Turn what the tables of one person took into cells."""
    statements = statements_about(tables[0].subject) if tables else {}
    names = Names(tables)
    for table in tables:
        table.write(names, statements)


def _place(column) -> tuple[type[Model], str, tuple[str, ...]]:
    return column.related, column.field.target_field.name, column.path[1:]


def _names_of(model, key_name, path, keys) -> dict:
    """A name may be made from what the row points at in turn, which comes in the same statement."""
    rows = model._base_manager.filter(**{f"{key_name}__in": keys}).select_related(*(["__".join(path)] if path else []))
    return {row.serializable_value(key_name): str(_end_of(row, path)) for row in rows}


def _end_of(row, path):
    for name in path:
        row = getattr(row, name) or row
    return row


def _shown(column, write, row, names) -> SafeString:
    value = row[column.name]
    if column.line.private and not row[flag(column.name)]:
        return values.anothers()
    if column.path and value is not None:
        name = names.of(column, value)
        return write(value) if name is None else values.text(name)
    if value in EMPTY:
        return _nothing(column, row)
    return values.somebody(row[flag(column.name)]) if column.is_somebody else write(value)


def _nothing(column, row):
    expires = column.line.expires
    since = expires and row[expires.since]
    if since and since + timedelta(days=expires.days) <= timezone.now():
        return values.expired(expires.days)
    return values.empty()


def flag(name: str) -> str:
    return f"is_her_in_{name}"
