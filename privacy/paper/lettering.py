"""The letters on paper: one family that is embedded, what becomes of characters it lacks, and how a text is fitted into a width."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"
# Stands for each character that has no shape here: visible, and no letter.
LACKING = "□"
ELLIPSIS = "…"
# Widths are told in thousandths of the size.
UNITS = 1000
# Characters of a line, however narrow: some have no width.
LINE_AT_MOST = 400
BREAKS = "\n\v\f\x85\u2028\u2029"


class Widths(dict):
    """Of each character that was met, in thousandths of the size."""

    def __init__(self, face):
        super().__init__()
        self.face = face

    def __missing__(self, character):
        width = self[character] = self.face.getCharWidth(ord(character))
        return width


class Printable(dict):
    """A table for `str.translate`: what is printed for each code that was met."""

    def __init__(self, *faces):
        super().__init__()
        self.known = set.intersection(*(set(face.charToGlyph) for face in faces))

    def __missing__(self, code):
        printed = self[code] = self._printed(chr(code))
        return printed

    def _printed(self, character):
        """Marks that only steer (direction, joining) are left out: nothing turns a line around."""
        if character in BREAKS:
            return "\n"
        category = unicodedata.category(character)
        if character == "\t" or category == "Zs":
            return " "
        if character == "\r" or category == "Cf":
            return ""
        if ord(character) in self.known and category not in ("Cc", "Cs"):
            return character
        plain = unicodedata.normalize("NFKC", character)
        return plain if plain != character and self.known.issuperset(map(ord, plain)) else LACKING


def _font(name):
    font = TTFont(name, FONTS / f"{name}.ttf", asciiReadable=True)
    pdfmetrics.registerFont(font)
    return font.face


FACES = {name: _font(name) for name in (REGULAR, BOLD)}
WIDTHS = {name: Widths(face) for name, face in FACES.items()}
PRINTABLE = Printable(*FACES.values())


@dataclass(frozen=True)
class Style:
    """How letters look: `colour` is one of those in `privacy.paper.document`."""

    size: float
    leading: float
    colour: str
    font: str = REGULAR

    def width(self, text: str) -> float:
        return sum(map(WIDTHS[self.font].__getitem__, text)) * self.size / UNITS

    def cut(self, text: str, room: float) -> str:
        """On one line, with an ellipsis where it does not fit."""
        fitting = self._fitting(text, room)
        if fitting == len(text):
            return text
        return text[: self._fitting(text, room - self.width(ELLIPSIS))].rstrip() + ELLIPSIS

    def lines(self, text: str, room: float, most: int | None = None) -> list[str]:
        """Broken at spaces and where it breaks itself; a longer word is broken anywhere. Of more than `most` lines the last is cut."""
        if len(text) <= LINE_AT_MOST and "\n" not in text and self.width(text) <= room:
            return [text]
        if most is None:
            return list(self._broken(text, room))
        shown = text[: (most + 1) * LINE_AT_MOST]
        found = [line for line, _nth in zip(self._broken(shown, room), range(most + 1), strict=False)]
        if len(found) <= most and len(shown) == len(text):
            return found
        *kept, last = found[:most]
        last = self.cut(f"{last} {ELLIPSIS}", room)
        return [*kept, last if last.endswith(ELLIPSIS) else last + ELLIPSIS]

    def _broken(self, text, room) -> Iterator[str]:
        for paragraph in text.split("\n"):
            line, used, space = "", 0.0, self.width(" ")
            for word in paragraph.split(" "):
                width = self.width(word)
                if line and used + space + width <= room:
                    line, used = f"{line} {word}", used + space + width
                    continue
                if line:
                    yield line
                *whole, word = self._pieces(word, room)
                yield from whole
                line, used = word, self.width(word)
            yield line

    def _pieces(self, word, room) -> Iterator[str]:
        while len(word) > (end := max(1, self._fitting(word, room))):
            yield word[:end]
            word = word[end:]
        yield word

    def _fitting(self, text, room) -> int:
        """How many characters fit on one line, those without a width too."""
        left, widths = room * UNITS / self.size, WIDTHS[self.font]
        for end, character in enumerate(text[:LINE_AT_MOST]):
            left -= widths[character]
            if left < 0:
                return end
        return min(len(text), LINE_AT_MOST)


def printable(text: str) -> str:
    """With nothing in it that could steer a page, and nothing that could not be drawn."""
    return text.translate(PRINTABLE)
