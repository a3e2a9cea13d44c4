"""A copy made safe on PostgreSQL: each table is written anew in one pass, so that no page of its file keeps what was there before.

What was done stands in the copy itself, table by table: a run that was killed goes on where it stopped.
"""

from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.sql import Query

from .copy_secret import drawn

LEDGER = """
CREATE TABLE IF NOT EXISTS inzage_copy.run (secret text NOT NULL);
CREATE TABLE IF NOT EXISTS inzage_copy.done (name text PRIMARY KEY, file oid NOT NULL);
CREATE TABLE IF NOT EXISTS inzage_copy.link (source text NOT NULL, name text NOT NULL, definition text NOT NULL);
"""
# Foreign keys from or to any of these columns.
LINKS = """
WITH changed AS (SELECT attrelid, attnum FROM pg_attribute WHERE attrelid::regclass::text || '.' || attname = ANY(%s))
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND EXISTS (
  SELECT FROM changed WHERE attrelid = conrelid AND attnum = ANY(conkey) OR attrelid = confrelid AND attnum = ANY(confkey)
)
"""


@contextmanager
def run():
    """The secret of this run; the one of a run that was killed, since its tables have to fit those that are left."""
    _execute(LEDGER)
    found = _rows("SELECT secret FROM inzage_copy.run")
    secret = found[0][0] if found else drawn()
    if not found:
        _execute("INSERT INTO inzage_copy.run VALUES (%s)", [secret])
    yield secret
    with transaction.atomic():
        _execute("TRUNCATE inzage_copy.run, inzage_copy.done")
    _execute("VACUUM ANALYZE")  # what it knew of the values was of those before


def carry_out(tables, progress) -> None:
    rewritten = [table for table in tables if not table.is_emptied]
    _untie(rewritten)
    _empty([table for table in tables if table.is_emptied])
    for table in rewritten:
        if not _is_done(table):
            _rewrite(table)
        progress(table.name, table.rows)
    _tie_again()


def _untie(tables):
    """A key and what it leads to change in two statements; the links are noted and taken away as long as that lasts."""
    columns = [f"{table.name}.{column.field.column}" for table in tables for column in table.columns]
    with transaction.atomic():
        for source, name, definition in _rows(LINKS, [columns]):
            _execute("INSERT INTO inzage_copy.link VALUES (%s, %s, %s)", [source, name, definition])
            _execute(f"ALTER TABLE {source} DROP CONSTRAINT {_quoted(name)}")


def _tie_again():
    """PostgreSQL looks at every row: a key that leads nowhere is found here."""
    for source, name, definition in _rows("SELECT source, name, definition FROM inzage_copy.link"):
        with transaction.atomic():
            _execute(f"ALTER TABLE {source} DROP CONSTRAINT IF EXISTS {_quoted(name)}")
            _execute(f"ALTER TABLE {source} ADD CONSTRAINT {_quoted(name)} {definition}")
            _execute("DELETE FROM inzage_copy.link WHERE source = %s AND name = %s", [source, name])


def _empty(tables):
    if tables:
        with transaction.atomic():
            for table in tables:
                _execute(f"ALTER TABLE {_quoted(table.name)} DISABLE TRIGGER USER")
            _execute(f"TRUNCATE {', '.join(_quoted(table.name) for table in tables)}")
            for table in tables:
                _execute(f"ALTER TABLE {_quoted(table.name)} ENABLE TRIGGER USER")


def _rewrite(table):
    """A change of type that is none: one pass for all columns, the indexes built anew, past triggers that refuse changes of rows."""
    changes, values = [], []
    for field, expression in table.expressions().items():
        sql, given = _compiled(table.model, expression)
        kind = field.db_type(connection)
        collation = f' COLLATE "{field.db_collation}"' if getattr(field, "db_collation", None) else ""
        changes.append(f"ALTER COLUMN {_quoted(field.column)} TYPE {kind}{collation} USING ({sql})::{kind}")
        values += given
    with transaction.atomic():
        _execute(f"ALTER TABLE {_quoted(table.name)} {', '.join(changes)}", values)
        _execute("DELETE FROM inzage_copy.done WHERE name = %s", [table.name])
        _execute("INSERT INTO inzage_copy.done SELECT %s, pg_relation_filenode(%s::regclass)", [table.name, table.name])


def _is_done(table) -> bool:
    """As long as its file is the one that we wrote: what was restored over it is not done."""
    done = "SELECT 1 FROM inzage_copy.done WHERE name = %s AND file = pg_relation_filenode(%s::regclass)"
    return bool(_rows(done, [table.name, table.name]))


def _compiled(model, expression):
    query = Query(model)
    return query.get_compiler(connection=connection).compile(expression.resolve_expression(query))


def _rows(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _execute(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _quoted(name):
    return connection.ops.quote_name(name)
