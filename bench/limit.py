"""The limit: SQL written by hand for the tables in which our people have rows, to the same end state or the same JSON."""

from collections.abc import Iterator
from pathlib import Path

import psycopg

FOLDER = Path(__file__).parent
# CSV without anything that CSV would escape: the lines come as PostgreSQL made them.
COPY = "COPY (SELECT row_to_json(line) FROM ({}) line) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
# A compressor called for every line would be the slower limit.
BLOCK_BYTES = 128 * 1024


def statements(file: str) -> list[str]:
    """Those of a .sql file beside this one, without its comments."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    script = "\n".join(line for line in lines if not line.startswith("--"))
    return [statement.strip() for statement in script.split(";") if statement.strip()]


ERASE, EXPORT = statements("erase.sql"), [COPY.format(query) for query in statements("export.sql")]


def erase(connection: psycopg.Connection, keys: dict) -> int:
    """One transaction, one statement after the other; how many rows they met."""
    with connection.transaction():
        return sum(connection.execute(statement, keys).rowcount for statement in ERASE)


def export(connection: psycopg.Connection, keys: dict) -> Iterator[bytes]:
    """Blocks of lines, a JSON object in each line."""
    with psycopg.ClientCursor(connection) as cursor:
        for query in EXPORT:
            with cursor.copy(query, keys) as lines:
                yield from _blocks(lines)


def _blocks(lines):
    block, size = [], 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= BLOCK_BYTES:
            yield b"".join(block)
            block, size = [], 0
    yield b"".join(block)
