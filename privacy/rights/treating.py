"""What erasure does to the rows of one table: the data map turned into set-based statements."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

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

    @property
    def what(self) -> str:
        return f"{self.data_map.label()} {self.fate}"

    @property
    def file_columns(self) -> list[str]:
        """Columns that name a stored file which this statement removes or lets go."""
        fields = [field for field in self.data_map.model._meta.local_fields if isinstance(field, models.FileField)]
        return [field.name for field in fields if self.values is None or field.name in self.values]

    def apply(self, at_most: int) -> int:
        """Treat up to so many rows; how many there were."""
        return self._treat(self._among(self.rows.values("pk")[:at_most]))

    def apply_to(self, keys: list) -> int:
        return self._treat(self._among(keys))

    def _among(self, keys):
        return self.data_map.model._base_manager.filter(pk__in=keys)

    def _treat(self, rows):
        if self.values is None:
            return rows._raw_delete(rows.db)
        return rows.update(**self.values) if self.values else 0


def treatings(data_map: type[DataMap], subject: Subject, choices: dict[str, str]) -> Iterator[Treating]:
    """The statements for this table, in order."""
    fate = fate_of(data_map, choices)
    if fate == "kept":
        return
    if fate in GONE:
        yield Treating(data_map, fate, rows_concerning(data_map, subject))
        return
    if fate == "shared":
        yield Treating(data_map, "deleted", _nobody_else(data_map, subject))
    for line in data_map.person_lines():
        rows = data_map.model._base_manager.filter(condition(data_map, line, subject))
        yield Treating(data_map, fate, rows, _values(data_map, line, fate))


def _nobody_else(data_map, subject):
    """Rows of this person in which every other end is hers too, or empty."""
    nobody_else = Q()
    for line in data_map.person_lines():
        nobody_else &= condition(data_map, line, subject) | Q(**{f"{line.name}__isnull": True})
    return rows_concerning(data_map, subject).filter(nobody_else)


def _values(data_map, person_line: Line, fate: str) -> dict:
    """Column -> expression: the link to the person, and the lines that go with it unless her name stays."""
    owned = [] if fate == "name_stays" else data_map.owned_by(person_line)
    changed = [line for line in (person_line, *owned) if line.erase and not line.keeps]
    return {line.name: line.erase.expression(data_map.field(line)) for line in changed}

__all__ = ["GONE", "NOTHING", "Treating", "fate_of", "treatings"]
