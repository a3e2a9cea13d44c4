"""How anonymous it is what stays when people go: per table what is left of a row, and how many rows look the same (recital 26)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import models
from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ..datamap import Role, blank, detach, empty, registry, stand_in
from ..datamap.lines import Line
from ..datamap.maps import DataMap
from ..datamap.rows import Counted
from . import together
from .crowds import LEAVING_ROWS, left_behind, people_in
from .statistics import PEOPLE_AT_LEAST

# What tells nothing about anybody, since it is the same for all.
SAME_FOR_ALL = {detach, blank, empty, stand_in}
# What people wrote and made: how somebody writes can be recognised, whatever else is taken away.
WORDS = (models.TextField, models.FileField)


@dataclass(frozen=True)
class Remains:
    """One table. `smallest` is the number of rows in the smallest group that looks the same; `small` counts rows in groups below 10."""

    table: str
    fate: str
    verdict: str
    looks: tuple[str, ...]
    words: tuple[str, ...]
    rows: int
    people: int | None
    waiting: int
    smallest: int | None
    small: int

    def as_json(self) -> dict:
        return asdict(self)


def report() -> list[Remains]:
    """Every table in which something stays, in the order of the data map."""
    people = people_in(registry.maps.values())
    return [found for data_map in registry.maps.values() if (found := _remains(data_map, people.get(data_map.label(), 0)))]


def _remains(data_map, people) -> Remains | None:
    if isinstance(data_map.row, Counted):
        return _counted(data_map)
    if data_map.row.name not in LEAVING_ROWS | {"hollow"}:
        return None
    rows, looks = left_behind(data_map), looks_of(data_map)
    waiting = together.waiting(data_map)
    counted = {"rows": rows.count(), "people": people, "waiting": waiting, **_groups(rows, looks)}
    verdict = verdict_on(data_map, people=people, waiting=waiting)
    return Remains(data_map.label(), data_map.row.name, verdict, looks, words_of(data_map), **counted)


def _counted(data_map) -> Remains:
    statistic = data_map.row.statistic
    found = statistic._base_manager.aggregate(rows=Count("pk"), smallest=Min("people"))
    looks = (*statistic.dimensions, "begins_on", "people", "times")
    return Remains(statistic._meta.label, "counted", "anonymous", looks, (), **found, people=None, waiting=0, small=0)


def looks_of(data_map: type[DataMap]) -> tuple[str, ...]:
    """Personal columns that differ from row to row after an erasure."""
    return tuple(line.name for line in _left(data_map) if not isinstance(data_map.field(line), WORDS))


def words_of(data_map: type[DataMap]) -> tuple[str, ...]:
    return tuple(line.name for line in _left(data_map) if isinstance(data_map.field(line), WORDS))


def _left(data_map) -> Iterator[Line]:
    lines = (line for line in data_map.personal_lines() if line.role != Role.PERSON)
    return (line for line in lines if line.erase and line.erase not in SAME_FOR_ALL)


def verdict_on(data_map: type[DataMap], *, people: int, waiting: int) -> str:
    """Words only for rows that nobody can lead back to a person by anything but what stands in them."""
    if data_map.row.name == "shared":
        return "another's"
    if data_map.row.name == "hollow" or words_of(data_map) or waiting or 0 < people <= PEOPLE_AT_LEAST:
        return "pseudonymous"
    return "anonymous"


def _groups(rows, looks) -> dict:
    groups = rows.order_by().values(*looks).annotate(alike=Count("pk")) if looks else rows.none()
    few = Sum("alike", filter=Q(alike__lt=PEOPLE_AT_LEAST))
    return groups.aggregate(smallest=Min("alike"), small=Coalesce(few, 0)) if looks else {"smallest": rows.count() or None, "small": 0}


def declared() -> Iterator[str]:
    """As docs/anonymity.md has it: what stays by the data map alone, whatever is in the tables."""
    yield "| table | fate | of each row stays | words that stay |"
    yield "| --- | --- | --- | --- |"
    for data_map in registry.maps.values():
        if data_map.row.name in LEAVING_ROWS | {"hollow"}:
            looks = [f"{name} ({data_map.lines[name].erase.name})" for name in looks_of(data_map)]
            cells = (data_map.label(), data_map.row.name, ", ".join(looks), ", ".join(words_of(data_map)))
            yield f"| {' | '.join(cell or '-' for cell in cells)} |"


HEADINGS = ("table", "fate", "verdict", "rows", "people", "waiting", "smallest", "small")


def printed(found: list[Remains]) -> str:
    """Columns of text, and below them what each of the verdicts means."""
    lines = [HEADINGS] + [tuple("-" if getattr(each, name) is None else str(getattr(each, name)) for name in HEADINGS) for each in found]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ["  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*table, "", *_meaning()])


def _meaning() -> list[str]:
    return [
        _("anonymous: nothing in a row, nor where it lies, leads to a person or to her other rows."),
        _("pseudonymous: still personal data; rows wait to be mixed, are of too few people, or hold words that may be recognised."),
        _("another's: personal data of who is left in the row."),
        _("smallest: rows in the smallest group that looks the same. small: rows in groups of fewer than 10."),
    ]
