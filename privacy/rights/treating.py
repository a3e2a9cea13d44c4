"""What erasure does to the rows of one table: the data map turned into set-based statements."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q

from ..datamap import blank
from ..datamap.maps import DataMap, Line
from ..subjects import Subject, condition, rows_concerning

GONE = {"deleted", "counted", "remove"}


def fate_of(data_map: type[DataMap], choices: dict[str, str]) -> str:
    """What becomes of the rows of this table: its row fate, or for publications what the member chose."""
    if data_map.row.name == "chosen":
        return choices.get(data_map.row.group, "former_member")
    return data_map.row.name


@dataclass(frozen=True)
class Treating:
    """One statement: `rows` are deleted, or set to `values`. Applied again, it finds nothing."""

    data_map: type[DataMap]
    fate: str
    rows: models.QuerySet
    values: dict | None = None

    def find(self, at_most: int):
        """The keys of up to so many rows: a subquery, or a list where they are needed more than once."""
        keys = self.rows.values_list("pk", flat=True)[:at_most]
        return list(keys) if self.file_columns else keys

    def apply_to(self, keys) -> Counter:
        """How many rows were treated how: "usage.Score anonymised" -> 3."""
        return Counter({self._what(self.fate): self._treat(self._among(keys))})

    def files_of(self, keys) -> set[str]:
        """The stored files that these rows name in columns that this treatment may empty."""
        found = self._among(keys).values_list(*self.file_columns) if self.file_columns else ()
        return {path for paths in found for path in paths if path}

    def still_named(self, paths: set[str]) -> set[str]:
        """Those that any row of the table names: another's copy keeps its file."""
        rows = self.data_map.model._base_manager
        return {path for column in self.file_columns for path in rows.filter(**{f"{column}__in": paths}).values_list(column, flat=True)}

    @property
    def file_columns(self) -> list[str]:
        fields = [field for field in self.data_map.model._meta.local_fields if isinstance(field, models.FileField)]
        return [field.name for field in fields if self.values is None or field.name in self.values]

    def _what(self, fate):
        return f"{self.data_map.label()} {fate}"

    def _among(self, keys):
        return self.data_map.model._base_manager.filter(pk__in=keys)

    def _treat(self, rows):
        if self.values is None:
            return rows._raw_delete(rows.db) or 0  # None where the condition can hold for no row
        return rows.update(**self.values) if self.values else 0


@dataclass(frozen=True)
class Parting(Treating):
    """Rows that people share: her ends are emptied, then those that nobody is left in go.

    In this order: of two who are erased at once, the second waits for the first at the row, and sees it emptied
    (test_a_message_goes_when_both_are_erased_at_once).
    """

    ends: tuple[Treating, ...] = ()
    nobody_left: Q = field(default_factory=Q)

    def find(self, at_most):
        return list(super().find(at_most))

    def apply_to(self, keys):
        touched = self._among(keys)
        for end in self.ends:
            end._treat(touched.filter(pk__in=end.rows.values("pk")))
        gone = self._treat(touched.filter(self.nobody_left))
        return Counter({self._what(self.fate): len(keys) - gone, self._what("deleted"): gone})


def treatings(data_map: type[DataMap], subject: Subject, choices: dict[str, str]) -> Iterator[Treating]:
    """The statements for this table, in order."""
    fate = fate_of(data_map, choices)
    rows = rows_concerning(data_map, subject)
    if fate == "kept":
        return
    if fate in GONE:
        yield Treating(data_map, fate, rows)
    elif fate == "shared":
        yield Parting(data_map, fate, rows, ends=tuple(_ends(data_map, subject, fate)), nobody_left=_nobody_left(data_map))
    else:
        yield from _ends(data_map, subject, fate)


def _ends(data_map, subject, fate) -> Iterator[Treating]:
    """Per `person` line: the rows that it ties to this person, and what is left of what is hers in them."""
    for line in data_map.person_lines():
        rows = data_map.model._base_manager.filter(condition(data_map, line, subject))
        yield Treating(data_map, fate, rows, _values(data_map, line, fate))


def _nobody_left(data_map) -> Q:
    """Each end is as erasure leaves it, or leads by its path to nobody."""
    nobody = Q()
    for line in data_map.person_lines():
        left_blank = Q(**{line.name: ""}) if line.erase is blank else Q()
        nobody &= Q(**{f"{line.via or line.name}__isnull": True}) | left_blank
    return nobody


def _values(data_map, person_line: Line, fate: str) -> dict:
    """Column -> expression: the link to the person, and the lines that go with it unless her name stays."""
    owned = [] if fate == "name_stays" else data_map.owned_by(person_line)
    changed = [line for line in (person_line, *owned) if line.erase and not line.keeps]
    return {line.name: line.erase.expression(data_map.field(line)) for line in changed}
