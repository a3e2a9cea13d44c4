"""What we hold of a person, per purpose: every table with rows of hers, counted in one statement (Art. 15(1)(b))."""

from typing import NamedTuple

from ..datamap import Activity, registry
from ..subjects import Subject
from .preview import Category, preview


class Holding(NamedTuple):
    """One purpose with its categories, the largest first."""

    activity: Activity
    categories: list[Category]
    rows: int

    @property
    def title(self) -> str:
        return self.activity.heading


def known(subject: Subject) -> list[Holding]:
    """The largest purpose first; the engine's own record of her requests belongs to it. Tables without rows of hers are left out."""
    grouped: dict[Activity, list[Category]] = {}
    for category in sorted(preview(subject).categories, key=_largest_first):
        grouped.setdefault(category.data_map.activity, []).append(category)
    held = [Holding(activity, categories, sum(category.rows for category in categories)) for activity, categories in grouped.items()]
    return sorted(held, key=lambda holding: (-holding.rows, holding.activity.slug))


def _largest_first(category: Category):
    """Of equals first the row that stands for the person."""
    return -category.rows, category.data_map.model not in registry.roots, category.data_map.label()
