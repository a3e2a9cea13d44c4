"""One table's rows of one person as lines of JSON: written by PostgreSQL itself where it can, else by the ORM."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from ..datamap import Role
from ..datamap.maps import DataMap, Line
from ..subjects import Subject, condition, rows_concerning
from . import values

# Large enough that work per block weighs nothing, small enough that memory stays flat.
BLOCK_BYTES = 128 * 1024
CHUNK_ROWS = 500
# Text format would double backslashes. CSV leaves a line as it is that holds neither delimiter nor quote nor line break, and a line of JSON
# holds no control character (test_both_paths_say_the_same_of_hostile_values).
COPY = "COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
# Two spaces before the null that stands for somebody else: the same JSON, and countable in a block of lines.
MASKED = "  null"


class Extract:
    """One record type of one person, read in one statement: go through `blocks()`, then ask `rows`, `masked` and `as_of`."""

    def __init__(self, data_map: type[DataMap], lines: list[Line], subject: Subject, *, fast: bool | None = None):
        self.data_map, self.lines = data_map, lines
        self.found = rows_concerning(data_map, subject).order_by()
        self.connection = connections[self.found.db]
        self.fast = fast is not False and self._is_plain()
        self.hers = conditions(data_map, lines, subject)
        self.rows, self.masked, self.as_of = 0, Counter(), None

    def blocks(self) -> Iterator[bytes]:
        """Whole lines, one JSON object each."""
        self.as_of = timezone.now()
        with closing(self._copied() if self.fast else self._selected()) as blocks:
            for block, rows in blocks:
                self._count(block, rows)
                yield block

    def _is_plain(self):
        """COPY takes psycopg 3, and fields that say no more than their columns."""
        return self.connection.Database.__name__ == "psycopg" and all(values.is_plain(self.data_map.field(line)) for line in self.lines)

    def _count(self, block, rows):
        self.rows += rows
        for column in self.hers:
            self.masked[column] += block.count(f'"{column}":{MASKED}'.encode())

    def _copied(self):
        try:
            query, parameters = self.found.values_list(self._row()).query.sql_with_params()
        except EmptyResultSet:
            return
        with (
            self.connection.wrap_database_errors,
            self.connection.cursor() as cursor,
            cursor.cursor.copy(COPY.format(query=query), parameters) as copy,
        ):
            yield from gathered(copied_lines(copy, self.connection.Database))

    def _row(self):
        pieces = []
        for line in self.lines:
            pieces += [Value(f"{',' if pieces else '{'}{values.text(line.name)}:"), *self._column(line)]
        return values.Joined(*pieces, Value("}"))

    def _column(self, line):
        pieces = values.in_postgresql(self.data_map.field(line), line.name)
        if line.name not in self.hers:
            return pieces
        shown = self.hers[line.name] | Q(**{f"{line.name}__isnull": True})
        return [values.either(When(shown, then=values.Joined(*pieces)), Value(MASKED))]

    def _selected(self):
        """Every value through its field, so that a field of any make says what it means."""
        columns = [values.in_python(self.data_map.field(line), line.name) for line in self.lines]
        flags = [Case(When(hers, then=Value(True)), default=Value(False)) for hers in self.hers.values()]
        rows = self.found.values_list(*columns, *flags).iterator(chunk_size=CHUNK_ROWS)
        yield from gathered(map(self._row_writer(), rows))

    def _row_writer(self):
        names = [line.name for line in self.lines]
        writers = [values.writer_of(self.data_map.field(line)) for line in self.lines]
        template = "{" + ",".join(f"{values.text(name)}:%s" for name in names) + "}\n"
        flags = [(names.index(column), len(names) + nth) for nth, column in enumerate(self.hers)]

        def write(row) -> bytes:
            texts = [write_value(value) for write_value, value in zip(writers, row, strict=False)]
            for column, is_hers in flags:
                if row[column] is not None and not row[is_hers]:
                    texts[column] = MASKED
            return (template % tuple(texts)).encode()

        return write


def conditions(data_map: type[DataMap], lines: list[Line], subject: Subject) -> dict[str, Q]:
    """For each column that can lead to somebody else: the rows in which it leads to this person (Art. 15(4))."""
    several = len(data_map.person_lines()) > 1
    return {line.name: condition(data_map, line, subject) for line in lines if several and line.role == Role.PERSON}


def copied_lines(copy, psycopg) -> Iterator[bytes]:
    """What `for line in copy` gives, in half its time: lines that came in already are taken without waiting for the connection."""
    connection = copy.connection.pgconn
    while True:
        length, line = connection.get_copy_data(1)
        if length < 0:
            return conclude(connection, psycopg)
        if not length:
            line = copy.read()
            if not line:
                return None
        yield line


def conclude(connection, psycopg) -> None:
    """A COPY that the server broke off ends like one that is complete, but for its result."""
    result = connection.get_result()
    while connection.get_result():
        pass
    if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(result)


def gathered(lines: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Blocks of whole lines, with how many there are."""
    block, size = [], 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= BLOCK_BYTES:
            yield b"".join(block), len(block)
            block, size = [], 0
    if block:
        yield b"".join(block), len(block)
