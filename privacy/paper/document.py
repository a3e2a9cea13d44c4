"""A document written from top to bottom on A4: a board, a margin with a red line, headings, facts, tables, and in the foot "2 of 5"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import BinaryIO

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4

from .canvas import PageCanvas
from .lettering import BOLD, LACKING, REGULAR, Style, printable

# The light colours of inzage.css: ink, second text, act, board, ledge, rule, margin line; chalk is text on the board.
INK, SOFT, ACT, BOARD, LEDGE, RULE, MARGIN = "#15231e", "#4a5a53", "#125e4b", "#153f34", "#d6a03b", "#d0d9d2", "#e3a39b"
CHALK, SOFT_CHALK = "#edf2ee", "#b4c4bb"

# Points. Figures stand in the margin; prose keeps to a measure that is read easily, tables take all of the room.
WIDTH, HEIGHT = A4
MARGIN_LINE, LEFT, RIGHT, TOP, BOTTOM = 76, 90, WIDTH - 36, HEIGHT - 68, 64
ROOM, MEASURE = RIGHT - LEFT, 365
BOARD_ABOVE, BOARD_BELOW, LEDGE_HEIGHT = 30, 20, 4
GAP, CELL_ABOVE, CELL_BELOW = 12, 10.5, 5

TITLE = Style(21, 30, CHALK, BOLD)
ON_BOARD, ON_BOARD_SOFT = Style(10.5, 17, CHALK), Style(8.5, 12, SOFT_CHALK)
HEADINGS = {1: Style(15, 19, INK, BOLD), 2: Style(11, 15, ACT, BOLD)}
BODY, NOTE, STRONG = Style(9.5, 14, INK), Style(8.5, 12, SOFT), Style(9.5, 14, INK, BOLD)
# A value, and its label.
PLAIN, DENSE = (BODY, Style(9.5, 14, SOFT)), (Style(8.5, 12, INK), NOTE)
CELL, HEAD, FIGURE, FOOT = Style(8.5, 11.5, INK), Style(8, 11, SOFT, BOLD), Style(9, 12, ACT, BOLD), Style(8, 11, SOFT)

# Of a value in a table, of one beside its label: at most, or in one piece where nothing is cut.
CELL_LINES, FACT_LINES = 4, 6
# Rows by which the widths of columns are chosen, characters of each that count, digits for which a figure has room; the width of labels.
LOOKED_AT, CHARACTERS, FIGURES, LABELS = 200, 120, 7, 118


@dataclass(frozen=True)
class Column:
    title: str
    is_figure: bool = False


class Paper:
    """Any text may come from anybody: nothing in it is read as markup, and what cannot be drawn becomes □ (`has_lacked` then says so)."""

    def __init__(self, file: BinaryIO, *, title: str, author: str, language: str, made_at: datetime, is_whole: bool = False):
        """The same calls give the same bytes. `is_whole`: nothing in a table or beside a label is cut, however long it is."""
        self.canvas = PageCanvas(file, pagesize=A4, invariant=1, lang=language, initialFontName=REGULAR)
        self.title, self.author, self.has_lacked = printable(title), printable(author), False
        self.canvas.setTitle(self.title)
        self.canvas.setAuthor(self.author)
        self.canvas.setCreator("Inzage")
        self.canvas.setSubject(self.title)
        self.canvas.setDateFormatter(lambda *_now: f"{made_at:D:%Y%m%d%H%M%SZ}")
        self._cell_lines, self._fact_lines = (None, None) if is_whole else (CELL_LINES, FACT_LINES)
        self._marks, self._level = 0, -1
        self._begin()

    # what stands on a page

    def board(self, title: str, *lines: str) -> None:
        """The head of the first page, before anything else; the first line is what it comes down to."""
        self._mark(self._clean(title), 0)
        said = [(TITLE, each) for each in TITLE.lines(self._clean(title), ROOM)]
        said += [(ON_BOARD if nth == 0 else ON_BOARD_SOFT, each) for nth, line in enumerate(lines) for each in self._broken(line, nth)]
        height = BOARD_ABOVE + sum(style.leading for style, _line in said) + BOARD_BELOW
        self._band(BOARD, HEIGHT - height, height)
        self._band(LEDGE, HEIGHT - height - LEDGE_HEIGHT, LEDGE_HEIGHT)
        self._line_from, self.y = HEIGHT - height - LEDGE_HEIGHT, HEIGHT - BOARD_ABOVE
        for style, line in said:
            self.y -= style.leading
            self._put(LEFT, self.y + 4, line, style)
        self.y = HEIGHT - height - LEDGE_HEIGHT - 26

    def heading(self, text: str, *, figure: str = "", level: int = 1, needs: float = 60) -> None:
        """Starts a page where less than `needs` would be left under it; the figure stands in the margin."""
        style, text = HEADINGS[level], self._clean(text)
        lines = style.lines(text, ROOM, 3)
        above = (30, 20)[level - 1] if self.y < TOP else 0
        self.need(above + style.leading * len(lines) + needs)
        self.y -= above if self.y < TOP else 0
        self._mark(text, level - 1)
        if figure:
            self._put(MARGIN_LINE - 8, self.y - style.leading + 4, self._clean(figure), FIGURE, at_right=True)
        self._write(lines, style)
        self.y -= 4

    def paragraph(self, text: str, style: Style = BODY, *, most: int | None = None) -> None:
        """Of a text that may be of any length, say `most` lines. Notes are small enough to take all of the room."""
        self._write(style.lines(self._clean(text), ROOM if style is NOTE else MEASURE, most), style)
        self.y -= style.leading / 2

    def facts(self, pairs: Iterable[tuple[str, str]], *, is_dense: bool = False) -> None:
        """Labels with their values beside them. Dense where many follow each other."""
        style, soft = DENSE if is_dense else PLAIN
        for label, value in pairs:
            labels = soft.lines(self._clean(label), LABELS - GAP, 2)
            values = style.lines(self._clean(value), ROOM - LABELS, self._fact_lines)
            for label_lines, value_lines in _parts([labels, values], FACT_LINES):
                height = style.leading * max(len(label_lines), len(value_lines))
                self.need(height)
                self._beside(LEFT, label_lines, soft)
                self._beside(LEFT + LABELS, value_lines, style)
                self.y -= height
            self.y -= 2
        self.y -= 4

    def table(self, columns: list[Column], rows: Iterable[list[str]]) -> None:
        """Under a head that is repeated on each page. Rows may be many: they are taken one by one."""
        rows = map(self._cells, rows)
        first = list(islice(rows, LOOKED_AT))
        columns = [Column(self._clean(column.title), column.is_figure) for column in columns]
        places = self._places(columns, first)
        self.need(CELL_ABOVE + 3 * CELL.leading)
        self._head(places)
        for cells in chain(first, rows):
            self._row(places, cells)
        self.y -= 10

    def rule(self) -> None:
        self._rules.append((LEFT, self.y, RIGHT, self.y))
        self.y -= 5

    def need(self, height: float) -> bool:
        """Goes on at the top of a new page where this does not fit; whether it did."""
        if self.y - height >= BOTTOM or self.y >= TOP:
            return False
        self._end()
        self._begin()
        return True

    def close(self) -> None:
        """Nothing is written to the file before."""
        pages = self.canvas.getPageNumber()
        self._end()
        self.canvas.beginForm("pages", 0, -4, 200, 12)
        text = self.canvas.beginText(0, 0)
        text.dress(FOOT.font, FOOT.size, FOOT.colour)
        text.put(0, 0, _("of %(pages)d") % {"pages": pages})
        self.canvas.drawText(text)
        self.canvas.endForm()
        self.canvas.save()

    # how it is put there

    def _begin(self):
        self._text, self._style, self._rules = self.canvas.beginText(), None, []
        self._line_from, self.y = HEIGHT, TOP
        if self.canvas.getPageNumber() > 1:
            self._put(LEFT, HEIGHT - 36, FOOT.cut(self.title, ROOM), FOOT)

    def _end(self):
        """One text object for the page, above what is drawn; the number of pages is known at the end, as a form that each page uses."""
        canvas = self.canvas
        number = f"{canvas.getPageNumber()} "
        self._put(RIGHT, 34, FOOT.cut(self.author, 300), FOOT, at_right=True)
        self._put(LEFT, 34, number, FOOT)
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(HexColor(RULE))
        canvas.lines([*self._rules, (LEFT, 48, RIGHT, 48)])
        canvas.setLineWidth(0.8)
        canvas.setStrokeColor(HexColor(MARGIN))
        canvas.line(MARGIN_LINE, 0, MARGIN_LINE, self._line_from)
        canvas.drawText(self._text)
        canvas.saveState()
        canvas.translate(LEFT + FOOT.width(number), 34)
        canvas.doForm("pages")
        canvas.restoreState()
        canvas.showPage()

    def _band(self, colour, y, height):
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.rect(0, y, WIDTH, height, stroke=0, fill=1)

    def _put(self, x, y, text, style, *, at_right=False):
        if style is not self._style:
            self._style = style
            self._text.dress(style.font, style.size, style.colour)
        self._text.put(x - style.width(text) if at_right else x, y, text)

    def _write(self, lines, style):
        for line in lines:
            self.need(style.leading)
            self.y -= style.leading
            self._put(LEFT, self.y + 4, line, style)

    def _beside(self, x, lines, style):
        """What stands in one of several places at this height."""
        for nth, line in enumerate(lines):
            self._put(x, self.y - style.leading * (nth + 1) + 4, line, style)

    def _mark(self, text, level):
        """For the outline that programs show beside the pages; it goes down one level at a time."""
        self._marks, self._level = self._marks + 1, min(level, self._level + 1)
        self.canvas.bookmarkHorizontal(f"m{self._marks}", 0, self.y)
        self.canvas.addOutlineEntry(text, f"m{self._marks}", self._level)

    def _clean(self, text):
        cleaned = printable(str(text))
        self.has_lacked = self.has_lacked or LACKING in cleaned
        return cleaned

    def _broken(self, line, nth):
        return (ON_BOARD_SOFT if nth else ON_BOARD).lines(self._clean(line), ROOM)

    # tables

    def _cells(self, values):
        return [self._clean(value) for value in values]

    def _places(self, columns, rows) -> list[tuple[Column, float, float]]:
        """Each column with its left and its room: what it asks for, less where they ask for more than there is."""
        asked = [max(HEAD.width(column.title), CELL.width("0") * FIGURES if column.is_figure else 0) for column in columns]
        for cells in rows:
            asked = [max(width, CELL.width(cell[:CHARACTERS])) for width, cell in zip(asked, cells, strict=True)]
        rooms = _shared(asked, ROOM - GAP * (len(columns) - 1))
        places, x = [], LEFT
        for column, room in zip(columns, rooms, strict=True):
            places.append((column, x, room))
            x += room + GAP
        return places

    def _head(self, places):
        titles = [HEAD.lines(column.title, room, 2) for column, _x, room in places]
        self._lay(places, titles, HEAD)

    def _row(self, places, cells):
        most = self._cell_lines
        lines = [[cell] if at.is_figure else CELL.lines(cell, room, most) for (at, _x, room), cell in zip(places, cells, strict=True)]
        *before, last = _parts(lines, CELL_LINES)
        for part in (*before, last):
            if self.need(CELL_ABOVE + CELL_BELOW + CELL.leading * (max(map(len, part)) - 1)):
                self._head(places)
            self._lay(places, part, CELL, goes_on=part is not last)

    def _lay(self, places, cells, style, *, goes_on=False):
        first = self.y - CELL_ABOVE
        for (column, x, room), lines in zip(places, cells, strict=True):
            for nth, line in enumerate(lines):
                self._put(x + room if column.is_figure else x, first - nth * style.leading, line, style, at_right=column.is_figure)
        end = first - style.leading * (max(map(len, cells)) - 1)
        if goes_on:
            self.y = end - style.leading + CELL_ABOVE
        else:
            self.y = end - CELL_BELOW
            self._rules.append((LEFT, self.y, RIGHT, self.y))


def _parts(beside: list[list[str]], size: int) -> Iterator[list[list[str]]]:
    """Texts beside each other in parts of so many lines, between which a page may end."""
    for begin in range(0, max(map(len, beside)), size):
        yield [lines[begin : begin + size] for lines in beside]


def _shared(asked: list[float], room: float) -> list[float]:
    """What is left over goes to all alike in proportion; what lacks is taken from those that ask for more than their share."""
    if sum(asked) <= room:
        factor = room / (sum(asked) or 1)
        return [width * factor for width in asked]
    given, left = {}, room
    for nth, position in enumerate(sorted(range(len(asked)), key=asked.__getitem__)):
        given[position] = min(asked[position], left / (len(asked) - nth))
        left -= given[position]
    return [given[position] for position in range(len(asked))]
