"""Which of a person's data an archive holds: all of it (Art. 15), what she may take elsewhere (Art. 20), one purpose, a stretch of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q, QuerySet

from ..datamap import Right, registry
from ..datamap.lines import Line
from ..datamap.maps import DataMap
from ..errors import UnknownScope
from ..subjects import Subject, rows_concerning


class Kind(StrEnum):
    """Everything but secrets, or what she provided or we observed on consent or contract."""

    EVERYTHING = "everything"
    PORTABLE = "portable"


# Names of the moments between which a scope lies, and the years in which they are looked for.
BOUNDS = ("since", "until")
FIRST_YEAR, LAST_YEAR = 1900, 2199

KIND_OF = {Right.ACCESS: Kind.EVERYTHING, Right.PORTABILITY: Kind.PORTABLE}
RIGHT_OF = {kind: right for right, kind in KIND_OF.items()}


@dataclass(frozen=True)
class Scope:
    """`activity` is the slug of one purpose, "" for all.

    `since` asks for the rows of which something happened from then on, `until` for those that were made before. Tables without moments, and
    the row that stands for the person, are in it whole.
    """

    kind: Kind = Kind.EVERYTHING
    activity: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, request) -> "Scope":
        return cls.read(KIND_OF[request.right], request.scope)

    @classmethod
    def read(cls, kind: Kind, words: str) -> "Scope":
        """From `words`; UnknownScope where they say nothing that we know."""
        try:
            said = dict(parse_qsl(words, strict_parsing=bool(words)))
            moments = {name: datetime.fromisoformat(said.pop(name)) for name in BOUNDS if name in said}
            scope = cls(Kind(kind), said.pop("activity", ""), **moments)
        except ValueError:
            raise UnknownScope from None
        if said or not scope.is_known:
            raise UnknownScope
        return scope

    @property
    def words(self) -> str:
        """Beside its kind; the same scope has the same words: activity=usage&since=2026-01-01T00:00:00%2B00:00."""
        moments = {name: getattr(self, name).astimezone(UTC).isoformat() for name in BOUNDS if getattr(self, name)}
        return urlencode(({"activity": self.activity} if self.activity else {}) | moments, safe=":")

    @property
    def right(self) -> Right:
        """Which it is asked by."""
        return RIGHT_OF[self.kind]

    @property
    def is_whole(self) -> bool:
        return self == Scope(self.kind)

    @property
    def is_known(self) -> bool:
        """An activity of ours, moments that every time zone has a date for, and an end that lies after the beginning."""
        moments = [moment for moment in (self.since, self.until) if moment]
        are_dated = all(moment.tzinfo and FIRST_YEAR <= moment.year <= LAST_YEAR for moment in moments)
        is_forward = are_dated and moments == sorted(set(moments))
        return is_forward and self.activity in {"", *(activity.slug for activity in registry.activities())}

    def as_dict(self) -> dict:
        return {"kind": self.kind, "activity": self.activity or None, "since": self.since, "until": self.until}

    def parts(self) -> Iterator[tuple[type[DataMap], list[Line]]]:
        """The tables of an archive with the columns that go into it; what is kept for accountability is not portable."""
        for data_map in sorted(registry.maps.values(), key=lambda data_map: data_map.label()):
            lines = self._lines(data_map) if self.activity in {"", data_map.activity.slug} else []
            if lines:
                yield data_map, lines

    def rows(self, data_map: type[DataMap], subject: Subject) -> QuerySet:
        """Her rows of this table that are in it."""
        rows = rows_concerning(data_map, subject)
        moments = [] if data_map.model in registry.roots else data_map.moments()
        if moments and self.since:
            happened = Q()
            for line in moments:
                happened |= Q(**{f"{line.name}__gte": self.since})
            rows = rows.filter(happened)
        if moments and self.until:
            rows = rows.filter(**{f"{moments[0].name}__lt": self.until})
        return rows

    def _lines(self, data_map) -> list[Line]:
        if self.kind is Kind.EVERYTHING:
            return data_map.accessible_lines()
        if data_map.row.name == "kept" or not data_map.portable_lines():
            return []
        return [line for line in data_map.accessible_lines() if data_map.is_portable(line) or holds_together(data_map, line)]


Scope.EVERYTHING, Scope.PORTABLE = Scope(Kind.EVERYTHING), Scope(Kind.PORTABLE)


def holds_together(data_map: type[DataMap], line: Line) -> bool:
    """The key of a row, and of another row of hers that it belongs to: without them a folder would lose what is in it (G-60)."""
    field = data_map.field(line)
    return field.primary_key or (field.is_relation and is_hers(field.related_model))


def is_hers(model) -> bool:
    """A table of her rows, but for those that stand for the person."""
    model = model._meta.concrete_model
    return model in registry.maps and model not in registry.roots and model is not Subject
