"""Which of a person's data she may take to another controller (Art. 20), and which she may see (Art. 15)."""

from collections.abc import Iterator
from enum import StrEnum

from ..datamap import Right, registry
from ..datamap.maps import DataMap, Line


class Scope(StrEnum):
    """Everything but secrets, or what she provided or we observed on consent or contract."""

    EVERYTHING = "everything"
    PORTABLE = "portable"

    @classmethod
    def of(cls, right: Right) -> "Scope":
        return cls.PORTABLE if right == Right.PORTABILITY else cls.EVERYTHING

    def parts(self) -> Iterator[tuple[type[DataMap], list[Line]]]:
        """The tables of an archive with the columns that go into it; what is kept for accountability is not portable."""
        for data_map in sorted(registry.maps.values(), key=lambda data_map: data_map.label()):
            lines = self._lines(data_map)
            if lines:
                yield data_map, lines

    def _lines(self, data_map) -> list[Line]:
        if self is Scope.EVERYTHING:
            return data_map.accessible_lines()
        return [] if data_map.row.name == "kept" else data_map.portable_lines()
