"""Every table of the database as it lies, mapped or not: which columns can hold a text, and the rows in which something stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from . import tables_postgresql, tables_sqlite
from .needles import Search
from .resting import Breather

READERS = {"postgresql": tables_postgresql, "sqlite": tables_sqlite}


@dataclass(frozen=True)
class Table:
    """`columns` are read, `binary` among them as text and in hexadecimal; `keys` say which row it is."""

    name: str
    quoted: str
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()
    binary: frozenset[str] = frozenset()
    is_readable: bool = True


@dataclass(frozen=True)
class Row:
    """A row in which something stands: cells as they are written, and which of the asked columns are not empty."""

    key: str
    cells: dict[str, bytes]
    filled: set[str]


@dataclass
class Reading:
    """One table being read; `rows` counts on the way."""

    table: Table
    search: Search
    pace: Breather
    asked: list[str] = field(default_factory=list)
    rows: int = 0

    def found(self) -> Iterator[Row]:
        """One statement per range of rows, whatever is looked for; no range holds a snapshot for long."""
        for row, number in READERS[connection.vendor].rows_with(self.table, self.search, self.asked, self.pace):
            self.rows += number
            if row is not None:
                yield Row(*row)


def all_tables() -> list[Table]:
    with connection.cursor() as cursor:
        return [Table(*facts) for facts in READERS[connection.vendor].tables(cursor)]
