"""What an erasure would do to what we hold of a person, as its pages tell it: parts of the whole, purposes, publications, what stays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ..datamap import Activity, registry
from ..evidence.recipients import Recipient
from ..rights.preview import Category, Held, Preview, preview
from ..subjects import Subject


class End(NamedTuple):
    """What a page tells apart: the row fates that come to this end, its colour in the bar, and what it says there and in a list."""

    fates: set[str]
    colour: str
    text: str
    short: str


# In the order of the bar.
ENDS = {
    "removed": End({"deleted"}, "p1", _("disappear"), _("disappear")),
    "counted": End({"counted"}, "p5", _("disappear too; only counts of at least 10 people remain"), _("only counted")),
    "without_you": End({"anonymised", "shared", "hollow"}, "p2", _("stay without you"), _("stay without you")),
    "chosen": End({"chosen"}, "p3", _("you published: you choose below"), _("as you choose")),
    "kept": End({"kept"}, "p4", _("we still keep, and we say why"), _("kept")),
}
# The bar: its width, the space between two parts, and the least that can be seen.
WIDTH, GAP, LEAST = 1000, 4, 8


class Part(NamedTuple):
    """One part of the bar, with the figure beside it."""

    end: End
    rows: int
    x: int
    width: int


class Purpose(NamedTuple):
    """One activity: what goes, what stays without her, what stays as it is or as she chooses."""

    activity: Activity
    goes: list[Category]
    without_you: list[Category]
    chosen: list[Category]
    kept: list[Category]


class Publications(NamedTuple):
    """One group of publications, and what she chose for it."""

    group: str
    categories: list[Category]
    choice: str

    @property
    def rows(self) -> int:
        return sum(category.rows for category in self.categories)

    @property
    def title(self) -> str:
        return ", ".join(str(category.title) for category in self.categories)

    @property
    def label(self) -> str:
        return self.categories[0].label


class Kept(NamedTuple):
    """What stays on one ground until one moment."""

    reason: str
    until: str
    categories: list[Category]

    @property
    def rows(self) -> int:
        return sum(category.rows for category in self.categories)


class Change(NamedTuple):
    """A table in which something came or went since she looked."""

    title: str
    before: int
    now: int


@dataclass(frozen=True)
class Consequences:
    """Read once from a preview."""

    preview: Preview

    @property
    def fingerprint(self) -> str:
        return self.preview.fingerprint

    @property
    def looked_at(self) -> str:
        """The fingerprint before any choice: what the first page shows."""
        return replace(self.preview, choices={}).fingerprint

    @property
    def rows(self) -> int:
        return self.preview.rows

    @cached_property
    def parts(self) -> list[Part]:
        counted = [(end, sum(category.rows for category in self._of(name))) for name, end in ENDS.items()]
        return list(_side_by_side([(end, rows) for end, rows in counted if rows], self.rows))

    @cached_property
    def purposes(self) -> list[Purpose]:
        """The largest first."""
        activities = dict.fromkeys(category.data_map.activity for category in _largest_first(self.preview.categories))
        columns = ("removed", "counted"), ("without_you",), ("chosen",), ("kept",)
        return [Purpose(activity, *(self._of(*ends, activity=activity) for ends in columns)) for activity in activities]

    @cached_property
    def publications(self) -> list[Publications]:
        found = sorted(self._of("chosen"), key=lambda category: category.data_map.row.group)
        grouped = groupby(found, key=lambda category: category.data_map.row.group)
        return [Publications(group, list(categories), self.preview.choices.get(group, "former_member")) for group, categories in grouped]

    @cached_property
    def kept(self) -> list[Kept]:
        grouped: dict[tuple, list[Category]] = {}
        for category in self._of("kept"):
            grouped.setdefault((str(category.reason), str(category.until)), []).append(category)
        return [Kept(*why, categories) for why, categories in grouped.items()]

    @property
    def held(self) -> list[Held]:
        """What goes as all else, and of which a sealed copy stays for a while."""
        return self.preview.held

    def since(self, seen: Iterable[str]) -> list[Change]:
        """Against what her form showed, each as "usage.Comment 3"; what it does not name was not there."""
        before = dict(_shown(seen))
        now = {category.data_map.label(): category.rows for category in self.preview.categories}
        return [
            Change(registry.labelled(label).heading(), before.get(label, 0), now.get(label, 0))
            for label in sorted(before.keys() | now.keys())
            if before.get(label, 0) != now.get(label, 0) and registry.labelled(label)
        ]

    def _of(self, *names, activity=None) -> list[Category]:
        fates = set().union(*(ENDS[name].fates for name in names))
        found = [category for category in self.preview.categories if category.data_map.row.name in fates]
        return _largest_first(category for category in found if activity in (None, category.data_map.activity))


def of(subject: Subject, choices: dict[str, str]) -> Consequences:
    """UnknownChoice where a choice is none."""
    return Consequences(preview(subject, choices))


def recipients_of(subject: Subject) -> list[str]:
    """By name, who received data of hers and is asked to erase them too (Art. 19)."""
    return list(Recipient.objects.filter(disclosures__subject_ref=subject.ref).distinct().order_by("name").values_list("name", flat=True))


def _largest_first(categories) -> list[Category]:
    return sorted(categories, key=lambda category: (-category.rows, category.data_map.label()))


def _side_by_side(counted, total):
    """Parts that are too small to see are drawn wider; the others give up the room in proportion."""
    widths = [max(LEAST, rows * WIDTH / total) for _end, rows in counted]
    scale = (WIDTH - GAP * (len(counted) - 1)) / sum(widths)
    x = 0.0
    for (end, rows), width in zip(counted, widths, strict=True):
        yield Part(end, rows, round(x), round(width * scale))
        x += width * scale + GAP


def _shown(seen):
    for one in seen:
        label, _space, rows = one.rpartition(" ")
        if rows.isascii() and rows.isdigit() and len(rows) < 10:
            yield label, int(rows)
