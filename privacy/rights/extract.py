"""One table's rows of one person as lines of JSON: written by PostgreSQL itself where it can, else by the ORM."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Case, Count, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from ..subjects import Subject
from . import spreadsheet, values
from .manifest import Part
from .others import masks
from .portability import Scope

# Large enough that work per block weighs nothing, small enough that memory stays flat.
BLOCK_BYTES = 128 * 1024
CHUNK_ROWS = 500
# Text format would double backslashes. CSV leaves a value as it is that holds neither delimiter nor quote nor line break, and a line of
# JSON holds no control character (test_both_paths_say_the_same_of_hostile_values).
BETWEEN, QUOTE = b"\x01", b"\x02"
COPY = "COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
# What the client's library gives for the length of a line where none comes any more.
ENDED = -1
# Half a character has no bytes; written as \\ud800 it is the same in JSON.
HALF = "backslashreplace"
# Two spaces before the null that stands for somebody else: the same JSON, and countable in a block of lines.
MASKED = "  null"


class Block(NamedTuple):
    """Whole lines: JSON objects, the same rows for a spreadsheet where it was asked for, and how many."""

    records: bytes
    sheet: bytes
    rows: int


class Extract:
    """One record type of one person, read in one statement: go through `blocks()`, then ask `rows`, `expected`, `masked` and `as_of`.

    `expected` is what the database says it gave, `rows` what was taken from it. `sheet=False` leaves the spreadsheet out.
    """

    def __init__(self, part: Part, subject: Subject, scope: Scope, language: str, *, fast: bool | None = None, sheet: bool = True):
        self.data_map, self.lines = part.data_map, part.lines
        self.found = scope.rows(part.data_map, subject).order_by()
        self.fast = fast is not False and can_copy(self.found, [part.data_map.field(line) for line in part.lines])
        self.masks = masks(part.data_map, part.lines, subject, scope)
        self.sheet, self.between = sheet, spreadsheet.delimiter(language)
        self.rows, self.expected, self.masked, self.as_of = 0, 0, Counter(), None

    def blocks(self) -> Iterator[Block]:
        self.as_of = timezone.now()
        with closing(self._copied() if self.fast else self._selected()) as blocks:
            for block in blocks:
                self._count(block)
                yield block

    def _count(self, block):
        self.rows += block.rows
        for column in self.masks:
            self.masked[column] += block.records.count(f'"{column}":{MASKED}'.encode())

    def _copied(self):
        with copying(self.found.values_list(*self._said())) as blocks:
            yield from map(parted if self.sheet else bare, self._counted(blocks))

    def _counted(self, blocks):
        self.expected = (yield from blocks) or 0

    def _said(self):
        return [self._record(), self._sheet_row()] if self.sheet else [self._record()]

    def _record(self):
        pieces = []
        for line in self.lines:
            pieces += [Value(f"{',' if pieces else '{'}{values.text(line.name)}:"), *self._column(line)]
        return values.Joined(*pieces, Value("}"))

    def _column(self, line):
        pieces = values.in_postgresql(self.data_map.field(line), line.name)
        if line.name not in self.masks:
            return pieces
        return [values.either(When(self._is_shown(line), then=values.Joined(*pieces)), Value(MASKED))]

    def _sheet_row(self):
        pieces = []
        for line in self.lines:
            cell = spreadsheet.in_postgresql(self.data_map.field(line), line.name)
            if line.name in self.masks:
                cell = values.either(When(self._is_shown(line), then=values.Joined(cell)), Value(""))
            pieces += [Value(self.between), cell] if pieces else [cell]
        return values.Joined(*pieces)

    def _is_shown(self, line):
        return self.masks[line.name].shown | Q(**{f"{line.name}__isnull": True})

    def _selected(self):
        """Every value through its field, so that a field of any make says what it means."""
        columns = [values.in_python(self.data_map.field(line), line.name) for line in self.lines]
        flags = [Case(When(mask.shown, then=Value(True)), default=Value(False)) for mask in self.masks.values()]
        rows = self.found.values_list(self._how_many(), *columns, *flags).iterator(chunk_size=CHUNK_ROWS)
        yield from map(joined, gathered(map(self._row_writer(), rows), size=lambda row: len(row[0])))

    def _how_many(self):
        """Counted in the same statement, so that no row comes or goes in between."""
        return Subquery(self.found.annotate(all=Value(1)).values("all").annotate(rows=Count("*")).values("rows"))

    def _row_writer(self):
        names = [line.name for line in self.lines]
        writers = [values.writer_of(self.data_map.field(line)) for line in self.lines]
        template = "{" + ",".join(f"{values.text(name)}:%s" for name in names) + "}"
        flags = [(names.index(column), len(names) + nth) for nth, column in enumerate(self.masks)]

        def write(row) -> tuple[bytes, bytes]:
            self.expected, *row = row
            texts = [write_value(value) for write_value, value in zip(writers, row, strict=False)]
            cells = [spreadsheet.cell(value) for value in row[: len(names)]]
            for column, is_hers in flags:
                if row[column] is not None and not row[is_hers]:
                    texts[column], cells[column] = MASKED, ""
            return (template % tuple(texts)).encode(errors=HALF), self.between.join(cells).encode(errors=HALF)

        return write


def can_copy(found: QuerySet, fields: Iterable) -> bool:
    """COPY takes psycopg 3, and fields that say no more than their columns."""
    return connections[found.db].Database.__name__ == "psycopg" and all(map(values.is_plain, fields))


@contextmanager
def copying(found: QuerySet) -> Iterator[Iterator[list[bytes]]]:
    """The lines of COPY of what `values_list()` selects, by the block; none where Django knows that there are none."""
    connection = connections[found.db]
    try:
        query, parameters = found.query.sql_with_params()
    except EmptyResultSet:
        yield iter(())
        return
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.cursor.copy(COPY.format(query=query), parameters) as copy,
    ):
        yield copied(copy, connection.Database)


def parted(lines: list[bytes]) -> Block:
    """Of lines of COPY: JSON, which holds no control character, then the row for a spreadsheet, quoted where it holds one of ours."""
    whole = b"".join(lines)
    if QUOTE in whole:
        return joined(map(_unquoted, lines))
    pieces = whole[:-1].replace(b"\n", BETWEEN).split(BETWEEN)
    return _block(pieces[::2], pieces[1::2])


def _unquoted(line) -> tuple[bytes, bytes]:
    record, _between, row = bytes(line[:-1]).partition(BETWEEN)
    return record, row[1:-1].replace(QUOTE + QUOTE, QUOTE) if row.startswith(QUOTE) else row


def joined(rows: Iterable[tuple[bytes, bytes]]) -> Block:
    """Of pairs: a JSON object, and the same row for a spreadsheet."""
    return _block(*zip(*rows, strict=True))


def bare(lines: list[bytes]) -> Block:
    """Of lines of COPY that are JSON alone."""
    return Block(b"".join(lines), b"", len(lines))


def _block(records, rows):
    return Block(b"\n".join(records) + b"\n", spreadsheet.END.join(rows) + spreadsheet.END, len(records))


def copied(copy, psycopg) -> Generator[list[bytes], None, int]:
    """Lines of COPY, a block at a time, in half the time of `for line in copy`: those that came in already are taken without waiting.

    At the end it returns how many the server says there were.
    """
    connection, lines, size = copy.connection.pgconn, [], 0
    while True:
        length, line = connection.get_copy_data(1)
        if length == 0:
            line = copy.read()
            length = len(line) or ENDED
        if length < 0:
            # First, since who stops at the last lines leaves a connection that has to be free again.
            rows = conclude(connection, psycopg) if copy.cursor.rowcount < 0 else copy.cursor.rowcount
            if lines:
                yield lines
            return rows
        lines.append(line)
        size += length
        if size >= BLOCK_BYTES:
            yield lines
            lines, size = [], 0


def conclude(connection, psycopg) -> int:
    """How many rows it was. A COPY that the server broke off ends like one that is complete, but for its result."""
    result = connection.get_result()
    while connection.get_result():
        pass
    if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(result)
    return result.command_tuples


def gathered(lines: Iterable, *, size: Callable = len) -> Iterator[list]:
    """As many at once as make a block."""
    block, held = [], 0
    for line in lines:
        block.append(line)
        held += size(line)
        if held >= BLOCK_BYTES:
            yield block
            block, held = [], 0
    if block:
        yield block
