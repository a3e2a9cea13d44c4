"""The rows of a person that she can correct, value by value: open or locked, why, and what she set beside it."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..datamap import Role, registry
from ..datamap.lines import Line
from ..datamap.maps import DataMap
from ..errors import RowNotFound
from ..rights import rectification, statements
from ..rights.statements import Place, Statement
from ..subjects import Subject, rows_concerning
from . import values
from .rows import EMPTY

# Rows of one table on the page; her data page has them all.
AT_ONCE = 20

WHY_LOCKED = {
    Role.PROVIDED: _("More depends on this, such as signing in. You may be able to change it on your account page."),
    Role.OBSERVED: _("We noted this ourselves while you used the platform."),
    Role.INFERRED: _("We derived this from other data."),
}


@dataclass(frozen=True)
class Value:
    """One column of one row."""

    place: Place
    title: str
    shown: SafeString
    is_open: bool
    why_locked: str
    statement: Statement | None


@dataclass(frozen=True)
class Entry:
    """One row, by the lines that are hers."""

    label: str
    key: object
    values: list[Value]

    @property
    def open(self) -> list[Value]:
        return [value for value in self.values if value.is_open]

    @property
    def locked(self) -> list[Value]:
        return [value for value in self.values if not value.is_open]

    @property
    def has_statement(self) -> bool:
        """Beside a value that stays as it is: what she just wrote is to be seen at once."""
        return any(value.statement for value in self.locked)


@dataclass(frozen=True)
class Table:
    """`entries` are the newest; `has_more` rows stand on her data page."""

    data_map: type[DataMap]
    entries: list[Entry]
    has_more: bool

    @property
    def title(self) -> str:
        return title_of(self.data_map)


@dataclass(frozen=True)
class Elsewhere:
    """What she set beside a value that this page does not show; the row itself may be gone by now."""

    statement: Statement

    @property
    def place(self) -> Place:
        label, _dot, column = self.statement.about.rpartition(".")
        return Place(label, self.statement.row_key, column)

    @property
    def title(self) -> str:
        data_map = registry.labelled(self.place.label)
        line = data_map and data_map.lines.get(self.place.column)
        return f"{title_of(data_map)}: {data_map.title(line)}" if line else self.statement.about


def title_of(data_map: type[DataMap]) -> str:
    """Her account is one row: it is called as what it is for."""
    return capfirst(str(data_map.activity.heading if data_map.model in registry.roots else data_map.heading()))


def of(subject: Subject) -> tuple[list[Table], list[Elsewhere]]:
    """Every table in which she can correct something, and the statements that stand beside other values."""
    said = statements.statements_about(subject)
    tables = [_table(data_map, subject, said) for data_map in registry.maps.values() if data_map.rectifiable_lines()]
    shown = {value.statement.pk for table in tables for entry in table.entries for value in entry.values if value.statement}
    return [table for table in tables if table.entries], [Elsewhere(one) for one in said.values() if one.pk not in shown]


def one(subject: Subject, label: str, key) -> Entry:
    """RowNotFound for another's row."""
    data_map, row = rectification.find(subject, label, key)
    return _entries(data_map, subject, [row], statements.statements_about(subject))[0]


def value_at(subject: Subject, place: Place) -> Value:
    """RowNotFound for what is not hers."""
    for value in one(subject, place.label, place.key).values:
        if value.place.column == place.column:
            return value
    raise RowNotFound


def _table(data_map, subject, said) -> Table:
    rows = list(rows_concerning(data_map, subject).select_related(*_relations(data_map)).order_by("-pk")[: AT_ONCE + 1])
    return Table(data_map, _entries(data_map, subject, rows[:AT_ONCE], said), len(rows) > AT_ONCE)


def _relations(data_map) -> list[str]:
    """What a value points at is called by its name."""
    return [line.name for line in data_map.accessible_lines() if data_map.field(line).is_relation and line.role != Role.PERSON]


def _entries(data_map, subject, rows, said) -> list[Entry]:
    lines = rectification.lines_of(data_map, subject, rows)
    return [Entry(data_map.label(), row.pk, list(map(partial(_value, data_map, row, said), lines[row.pk]))) for row in rows]


def _value(data_map: type[DataMap], row: Model, said: dict, line: Line) -> Value:
    place = Place(data_map.label(), row.pk, line.name)
    return Value(
        place=place,
        title=capfirst(str(data_map.title(line))),
        shown=_shown(data_map.field(line), getattr(row, line.name)),
        is_open=line.rectify,
        why_locked=WHY_LOCKED.get(line.role, ""),
        statement=said.get((place.about, str(row.pk))),
    )


def _shown(field, value) -> SafeString:
    if value in EMPTY:
        return values.empty()
    return values.text(value) if isinstance(value, Model) else values.writer_of(field)(value)
