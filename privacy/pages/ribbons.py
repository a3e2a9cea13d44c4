"""The figure of where data went: one ribbon per recipient, wider where more was sent."""

from dataclasses import dataclass

# Of the drawing: height of one recipient's line, and how far apart two ribbons begin, in units of its own; widths are pixels.
ROW = 100
LEAST_PX, SHARED_PX = 2.5, 24
# A narrow screen has half the room, and tight bends.
SHARED_PX_TALL = 12
# Units per pixel, as the drawing is stretched: across where ribbons lie side by side, down where they lie above one another.
DOWN, ACROSS = 1.35, 1.8


@dataclass(frozen=True)
class Ribbon:
    """Paths for a wide screen (from the left) and a narrow one (from the top)."""

    wide: str
    tall: str
    px: str
    tall_px: str
    is_stopped: bool


def drawn(times: list[int], stopped: list[bool]) -> list[Ribbon]:
    """In the order of the lines beside the figure."""
    widths, narrow = _shares(times, SHARED_PX), _shares(times, SHARED_PX_TALL)
    middle = len(times) * ROW / 2
    starts = _side_by_side(widths, DOWN, middle - (sum(widths) + len(widths)) * DOWN / 2)
    offsets = _side_by_side(narrow, ACROSS, 16)
    return [
        Ribbon(_wide(start, _line(number)), _tall(100 - offset, _line(number)), f"{px:.1f}", f"{tall_px:.1f}", is_stopped)
        for number, (start, offset, px, tall_px, is_stopped) in enumerate(zip(starts, offsets, widths, narrow, stopped, strict=True))
    ]


def _shares(times, shared):
    """Widths in pixels: something for each, the rest by how often."""
    return [LEAST_PX + shared * each / max(sum(times), 1) for each in times]


def height(count: int) -> int:
    return count * ROW


def _line(number):
    return number * ROW + ROW // 2


def _side_by_side(widths, scale, begin):
    """Where the middle of each lies, one pixel between two."""
    middles = []
    for width in widths:
        middles.append(begin + width * scale / 2)
        begin += (width + 1) * scale
    return middles


def _wide(start, end):
    return f"M0 {start:.0f}C50 {start:.0f} 50 {end} 100 {end}"


def _tall(start, end):
    return f"M{start:.0f} 0V{end - 26}Q{start:.0f} {end} {min(start + 34, 100):.0f} {end}H100"
