"""Which columns of a table a person reads on a page, and which not, and why."""

from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst

from ..datamap import Role, registry
from ..datamap.lines import Line
from ..datamap.maps import DataMap


@dataclass(frozen=True)
class Column:
    """`path`: relations to the row that people know the value by, the column first; `is_somebody`: it names one of several people."""

    line: Line
    field: models.Field
    title: str
    help_text: str
    path: tuple[str, ...] = ()
    is_somebody: bool = False

    @property
    def name(self) -> str:
        return self.line.name

    @property
    def related(self) -> type[models.Model]:
        """The table that the first step of the path leads to."""
        return self.field.related_model


def columns_of(data_map: type[DataMap]) -> list[Column]:
    """What a row is known by comes first: what it points at, else its moment; the row that stands for her tells of her in its own order."""
    columns = [_column(data_map, line) for line in data_map.accessible_lines() if _is_shown(data_map, line)]
    if data_map.model in registry.roots:
        return columns
    moment = moment_of(data_map)
    return sorted(columns, key=lambda column: 0 if _names_the_row(column) else 1 if column.name == moment else 2)


def _names_the_row(column):
    return bool(column.path) and column.line.role != Role.PERSON


def left_out(data_map: type[DataMap]) -> dict[Role, list[str]]:
    """Titles of the columns that are not on the page: not personal, secret, or saying only that the row is hers."""
    titles = {}
    for line in data_map.lines.values():
        if line.is_secret or not _is_shown(data_map, line):
            is_key = data_map.field(line).primary_key and line.reason
            titles.setdefault(line.role, []).append(str(line.reason) if is_key else str(data_map.title(line)))
    return titles


def moment_of(data_map: type[DataMap]) -> str:
    """The column that says when a row was made; "" where there is none."""
    return next((line.name for line in data_map.moments()), "")


def _is_shown(data_map, line):
    """A key, a digest or a reference by which we found her row tells her nothing; an address or what lies between does."""
    if line.role != Role.PERSON:
        return line.role != Role.NOT_PERSONAL
    return len(data_map.person_lines()) > 1 or line.by == "email" or bool(_between(line))


def _column(data_map, line):
    field = data_map.field(line)
    somebody = line.role == Role.PERSON and len(data_map.person_lines()) > 1
    path = () if somebody else _path(line, field)
    return Column(line, field, _title(data_map, line), str(field.help_text), path, somebody)


def _path(line, field):
    if line.role == Role.PERSON:
        return _between(line)
    return (line.name,) if field.is_relation and field.related_model in registry.exempt else ()


def _between(line) -> tuple[str, ...]:
    """`run__request__subject_ref`: run and request."""
    return tuple((line.via or line.name).split("__")[:-1])


def _title(data_map, line):
    return capfirst(str(data_map.title(line)))
