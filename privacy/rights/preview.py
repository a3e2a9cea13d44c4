"""What an erasure would do, per category, with counts; nothing changes."""

import hashlib
import json
from dataclasses import dataclass, field

from ..datamap import Role, registry
from ..datamap.maps import DataMap
from ..datamap.rows import anonymised, deleted, hollow, shared
from ..subjects import Subject, rows_concerning
from .counting import count_each
from .erasure import CHOICES, check_choices
from .holds import Hold, title_of, today
from .treating import fate_of

FATES = {fate.name for fate in (deleted, anonymised, shared, hollow)} | {"counted", "kept", *CHOICES}


@dataclass(frozen=True)
class Category:
    """One table's rows of one person, and what becomes of them."""

    data_map: type[DataMap]
    fate: str
    rows: int

    @property
    def title(self) -> str:
        return self.data_map.heading()

    @property
    def label(self) -> str:
        """In the person's words: removed, kept without you, it stays with your name."""
        if self.fate == deleted.name:
            return deleted.label
        return CHOICES.get(self.fate) or self.data_map.row.label

    @property
    def reason(self) -> str:
        """Why what stays may stay: the ground of a kept row, the reasons of kept columns."""
        if self.fate == "kept":
            return self.data_map.row.ground.label
        if self.fate in {deleted.name, "counted", "remove"}:
            return ""
        return "; ".join(dict.fromkeys(str(line.erase.reason) for line in self.data_map.personal_lines() if line.keeps))

    @property
    def until(self) -> str:
        return getattr(self.data_map.row, "until", "")


@dataclass(frozen=True)
class Held:
    """Of a hold: what goes from its table as the category says, and of which a sealed copy stays."""

    hold: Hold
    rows: int

    @property
    def title(self) -> str:
        return title_of(self.hold.record)

    @property
    def reason(self) -> str:
        return f"{self.hold.get_ground_display()}. {self.hold.why}"


@dataclass(frozen=True)
class Preview:
    """`fingerprint` changes with the declarations, the choices, the holds, and the counts of what a person makes herself."""

    categories: list[Category]
    choices: dict[str, str]
    held: list[Held] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(category.rows for category in self.categories)

    @property
    def fingerprint(self) -> str:
        made = [(category.data_map.label(), category.rows) for category in self.categories if _is_made_by_hand(category.data_map)]
        seen = [registry.version(), sorted(self.choices.items()), made, *([_held_as(self.held)] if self.held else [])]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def preview(subject: Subject, choices: dict[str, str] | None = None) -> Preview:
    """Every category with rows of this person. UnknownChoice where a choice is none."""
    choices = choices or {}
    check_choices(choices)
    maps = list(registry.maps.values())
    counted = zip(maps, count_each(rows_concerning(data_map, subject) for data_map in maps), strict=True)
    return Preview([Category(data_map, fate_of(data_map, choices), rows) for data_map, rows in counted if rows], choices, held_of(subject))


def held_of(subject: Subject) -> list[Held]:
    """What would be set aside, whether there are rows of it yet or not."""
    holds = list(Hold.objects.of(subject).in_force(today()).order_by("placed_at", "pk"))
    return [Held(hold, rows) for hold, rows in zip(holds, count_each(hold.rows(subject) for hold in holds), strict=True)]


def is_fate(name: str) -> bool:
    """Whether a count in the ledger says what became of rows."""
    return name in FATES


def _held_as(held) -> list[tuple]:
    return [(str(each.hold.pk), each.hold.ground, str(each.hold.until)) for each in held]


def _is_made_by_hand(data_map) -> bool:
    """Views and sessions come by themselves while a person reads the preview; what she wrote does not. Requests are kept anyway."""
    return data_map.row.name != "kept" and any(line.role == Role.PROVIDED for line in data_map.lines.values())
