"""Which columns a table's constraints bind."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q


@dataclass(frozen=True)
class Unique:
    """Columns that together occur once; `plain` where neither a condition nor an expression narrows that."""

    columns: tuple[str, ...]
    plain: bool = True
    condition: Q | None = None

    @property
    def depends_on(self) -> set[str]:
        return {*self.columns, *(column for column, _lookup, _operand in leaves(self.condition or Q()))}


def uniques(model: type[models.Model]) -> Iterator[Unique]:
    for field in model._meta.local_concrete_fields:
        if field.unique:
            yield Unique((field.name,))
    for columns in model._meta.unique_together:
        yield Unique(tuple(columns))
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            plain = bool(constraint.fields) and constraint.condition is None
            yield Unique(columns_of(constraint), plain, constraint.condition)


def checks(model: type[models.Model]) -> Iterator[Q]:
    """The conditions that every row meets."""
    return (constraint.condition for constraint in model._meta.constraints if isinstance(constraint, models.CheckConstraint))


def columns_of(index: models.UniqueConstraint | models.Index) -> tuple[str, ...]:
    """The columns of an index or unique constraint, in order; of an expression, those it reads."""
    if index.fields:
        return tuple(name.removeprefix("-") for name in index.fields)
    nodes = (node for expression in index.expressions for node in _nodes(expression))
    return tuple(dict.fromkeys(node.name for node in nodes if isinstance(node, F)))


def _nodes(expression):
    return expression.flatten() if hasattr(expression, "flatten") else [expression]


def leaves(condition: Q) -> Iterator[tuple[str, str, object]]:
    """(column, lookup, value) of each comparison, whatever joins them."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from leaves(child)
        elif isinstance(child, tuple):
            column, _separator, lookup = child[0].partition("__")
            yield column, lookup or "exact", child[1]


def is_unique_alone(field: models.Field) -> bool:
    return any(unique.plain and unique.columns == (field.name,) for unique in uniques(field.model))


def must_differ(field: models.Field) -> bool:
    """The column takes part in something that occurs once, alone or with others."""
    return any(field.name in unique.columns for unique in uniques(field.model))
