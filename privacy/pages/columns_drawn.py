"""Twelve columns that stand beside one another, each with a part of it marked from the foot (.spark)."""

from dataclasses import dataclass

# Of the drawing, which stretches: a column is 10 wide, the fullest this high, and they stand on the bottom.
FULL, BOTTOM = 46, 50


@dataclass(frozen=True)
class Column:
    """Text, since a drawing knows no decimal comma."""

    left: str
    top: str
    height: str
    marked_top: str
    marked_height: str


def drawn(values: list[tuple[int, int]]) -> list[Column]:
    """(how many, how many of those are marked), from left to right."""
    most = max((count for count, _marked in values), default=0) or 1
    return [_column(nth, count / most * FULL, marked / most * FULL) for nth, (count, marked) in enumerate(values)]


def _column(nth, height, marked) -> Column:
    return Column(f"{nth * 10 + 1.5}", f"{BOTTOM - height:.1f}", f"{height:.1f}", f"{BOTTOM - marked:.1f}", f"{marked:.1f}")
