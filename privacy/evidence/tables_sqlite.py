"""Reading every row of SQLite, in which any column may hold a text."""

from collections.abc import Iterator

from django.db import connection

# Rows that one statement reads.
ROWS = 50_000
# Rows that are looked through at once.
AT_ONCE = 500

TABLES = """
SELECT m.name, p.name, p.pk, p.type FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, p.cid
"""
WITHOUT_ROWID = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr"


def tables(cursor) -> Iterator[tuple]:
    cursor.execute(TABLES)
    described: dict[str, list] = {}
    for table, *column in cursor.fetchall():
        described.setdefault(table, []).append(column)
    for table, columns in described.items():
        keys = tuple(name for name, place, _type in sorted(columns, key=lambda column: column[1]) if place)
        yield table, connection.ops.quote_name(table), tuple(name for name, _place, _type in columns), keys


def rows_with(table, search, asked, pace) -> Iterator[tuple]:
    """(row or None, rows read since the last): the rows that hold something."""
    quote = connection.ops.quote_name
    # With a sign before it a column comes as it lies, whatever type it is declared to have.
    columns = ", ".join(f"+{quote(name)}" for name in table.columns)
    with connection.cursor() as cursor:
        for where in _ranges(cursor, table):
            cursor.execute(f"SELECT {columns} FROM {table.quoted} {where}")  # noqa: S608 - names from introspection, quoted
            while rows := cursor.fetchmany(AT_ONCE):
                written = [[_written(value) for value in row] for row in rows]
                if next(search.places(b"\n".join(cell for row in written for cell in row)), None) is not None:
                    yield from ((_row(table, asked, *each), 0) for each in zip(rows, written, strict=True) if _holds(search, each[1]))
                yield None, len(rows)
            pace.rest()


def _ranges(cursor, table) -> Iterator[str]:
    """Conditions that divide the table by its row numbers."""
    cursor.execute(WITHOUT_ROWID)
    if (table.name,) in cursor.fetchall():
        yield ""
        return
    after = None
    while True:
        where = "" if after is None else f"WHERE rowid > {after}"
        cursor.execute(f"SELECT max(rowid), count(*) FROM (SELECT rowid FROM {table.quoted} {where} ORDER BY rowid LIMIT {ROWS})")  # noqa: S608
        last, number = cursor.fetchone()
        if number < ROWS:
            yield where
            return
        yield f"{where} {'AND' if where else 'WHERE'} rowid <= {last}"
        after = last


def _written(value) -> bytes:
    if isinstance(value, str):
        return value.encode(errors="surrogateescape")
    return b"%s %s" % (value, value.hex().encode()) if isinstance(value, bytes) else b""


def _holds(search, written) -> bool:
    return any(search.found(cell) for cell in written)


def _row(table, asked, values, written):
    by_name = dict(zip(table.columns, values, strict=True))
    key = " ".join(str(by_name[name]) for name in table.keys)
    cells = {name: cell for name, cell in zip(table.columns, written, strict=True) if cell}
    return key, cells, {name for name in asked if by_name[name] is not None}
