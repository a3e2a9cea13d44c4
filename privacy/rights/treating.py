"""What erasure does to the rows of one table: the data map turned into set-based statements."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, Func, Q, Subquery

from ..datamap import blank
from ..datamap.maps import DataMap, Line
from ..evidence import together
from ..sql import Sql, deleting, updating
from ..subjects import Subject, condition, rows_concerning

GONE = {"deleted", "counted", "remove"}


def fate_of(data_map: type[DataMap], choices: dict[str, str]) -> str:
    """What becomes of the rows of this table: its row fate, or for publications what the member chose."""
    if data_map.row.name == "chosen":
        return choices.get(data_map.row.group, "former_member")
    return data_map.row.name


class Among(Func):
    """A value is one of a subquery's. As an array PostgreSQL goes from key to row, where IN may take it through the whole table."""

    template, arg_joiner = "%(expressions)s", " IN "
    output_field = models.BooleanField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context)


@dataclass(frozen=True)
class Treating:
    """One statement: `rows` are deleted, or set to `values`. Applied again, it finds nothing."""

    data_map: type[DataMap]
    fate: str
    rows: models.QuerySet
    values: dict | None = None

    @property
    def what(self) -> str:
        """As the ledger counts it: "usage.Score anonymised"."""
        return f"{self.data_map.label()} {self.fate}"

    @property
    def leaves_rows(self) -> bool:
        """Rows stay without her, looking as those of anybody who left."""
        return bool(self.values) and self.fate in {"anonymised", "shared", "former_member"}

    def find(self, at_most: int | None = None) -> models.QuerySet:
        """The rows, or up to so many; always the same ones, also where something is read or noted of them first.

        The condition is repeated beside the keys: rows that changed while we waited for them are looked at again
        (test_a_message_goes_when_both_are_erased_at_once).
        """
        if self.file_columns:
            return self.rows.filter(pk__in=[row["pk"] for row in self.rows.values("pk")[:at_most]])
        if at_most is None:
            return self.rows
        rows = self.rows.order_by("pk") if self.leaves_rows and connection.vendor == "sqlite" else self.rows
        return self.rows.filter(Among(F("pk"), Subquery(rows.values("pk")[:at_most])))

    def statements(self, rows: models.QuerySet) -> list[Sql]:
        """What is done to them; the last statement brings how many they were. None, where their condition can hold for no row.

        Rows that stay without their person are noted: they lie side by side until a night mixes them (privacy.rights.shuffling).
        """
        try:
            if self.values is None:
                return [deleting(rows)]
            if self.leaves_rows:
                return together.losing(self.data_map, rows, self.values)
            return [updating(rows, self.values)] if self.values else []
        except EmptyResultSet:
            return []

    def files_of(self, rows: models.QuerySet) -> set[str]:
        """The stored files that these rows name in columns that this treatment may empty."""
        found = rows.values_list(*self.file_columns) if self.file_columns else ()
        return {path for paths in found for path in paths if path}

    def still_named(self, paths: set[str]) -> set[str]:
        """Those that any row of the table names: another's copy keeps its file."""
        rows = self.data_map.model._base_manager
        return {path for column in self.file_columns for path in rows.filter(**{f"{column}__in": paths}).values_list(column, flat=True)}

    @property
    def file_columns(self) -> list[str]:
        fields = [field for field in self.data_map.model._meta.local_fields if isinstance(field, models.FileField)]
        return [field.name for field in fields if self.values is None or field.name in self.values]


def treatings(data_map: type[DataMap], subject: Subject, choices: dict[str, str]) -> Iterator[Treating]:
    """The statements for this table, in order."""
    return treatings_to(data_map, subject, fate_of(data_map, choices))


def treatings_to(data_map: type[DataMap], subject: Subject, fate: str) -> Iterator[Treating]:
    if fate == "kept":
        return
    if fate in GONE:
        yield Treating(data_map, fate, rows_concerning(data_map, subject))
    elif fate == "shared":
        yield from _parting(data_map, subject)
    else:
        yield from _ends(data_map, subject, fate)


def _parting(data_map, subject) -> Iterator[Treating]:
    """Where somebody else is left her ends are emptied; the rest of her rows go.

    In this order: of two who are erased at once, the second waits for the first at the row, then finds nobody else left in it.
    """
    nobody_else = _nobody_else(data_map, subject)
    for end in _ends(data_map, subject, "shared"):
        yield replace(end, rows=end.rows.exclude(nobody_else))
    yield Treating(data_map, "deleted", rows_concerning(data_map, subject).filter(nobody_else))


def _ends(data_map, subject, fate) -> Iterator[Treating]:
    """Per `person` line: the rows that it ties to this person, and what is left of what is hers in them."""
    for line in data_map.person_lines():
        rows = data_map.model._base_manager.filter(condition(data_map, line, subject))
        yield Treating(data_map, fate, rows, _values(data_map, line, fate))


def _nobody_else(data_map, subject) -> Q:
    """Each end is hers, or as erasure leaves it, or leads by its path to nobody."""
    nobody_else = Q()
    for line in data_map.person_lines():
        left_blank = Q(**{line.name: ""}) if line.erase is blank else Q()
        nobody_else &= condition(data_map, line, subject) | Q(**{f"{line.via or line.name}__isnull": True}) | left_blank
    return nobody_else


def _values(data_map, person_line: Line, fate: str) -> dict:
    """Column -> expression: the link to the person, and the lines that go with it unless her name stays."""
    owned = [] if fate == "name_stays" else data_map.owned_by(person_line)
    changed = [line for line in (person_line, *owned) if line.erase and not line.keeps]
    return {line.name: line.erase.expression(data_map.field(line)) for line in changed}
