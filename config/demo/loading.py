"""Many rows at once: PostgreSQL takes them by COPY, another database by INSERT; fields that nobody names get their default."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import connection, models

# Rows after which a bar moves.
CHUNK = 10_000
KNOWN_TO_PSYCOPG = {
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.GenericIPAddressField,
    models.PositiveSmallIntegerField,
    models.TextField,
    models.UUIDField,
}


def load(model: type[models.Model], names: list[str], rows: Iterable[tuple], *, progress) -> None:
    """`names` are fields, relations too; a row has a value for each, a relation's key. They may come without end in memory."""
    named = [model._meta.get_field(name) for name in names]
    others = [field for field in _fields(model) if field not in named]
    prepared = _prepared(_completed(rows, others), [*named, *others])
    write = _copy if connection.vendor == "postgresql" else _insert
    write(model, [field.column for field in (*named, *others)], prepared, progress)


def save(objects: list[models.Model], *, progress) -> None:
    """As they are: nothing is filled in on the way, and numbers that the database gives do not come back."""
    if objects:
        fields = _fields(type(objects[0]))
        rows = ([getattr(each, field.attname) for field in fields] for each in objects)
        load(type(objects[0]), [field.name for field in fields], rows, progress=progress)


def _fields(model):
    return [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]


def _completed(rows, others) -> Iterable[tuple]:
    defaults = [field.get_default for field in others]
    return ((*row, *(default() for default in defaults)) for row in rows) if defaults else rows


def _prepared(rows, fields) -> Iterable[tuple]:
    """As the database takes them; psycopg knows most by itself."""
    ways = [_way(field) for field in fields]
    if not any(ways):
        return rows
    return (tuple(way(value) if way else value for way, value in zip(ways, row, strict=True)) for row in rows)


def _way(field) -> Callable | None:
    if connection.vendor == "postgresql" and type(field) in KNOWN_TO_PSYCOPG:
        return None
    return _Keys(field).__getitem__ if field.is_relation else lambda value: field.get_db_prep_save(value, connection)


class _Keys(dict):
    """Each key is prepared once, since that is most of the work."""

    def __init__(self, field):
        self.field = field

    def __missing__(self, key):
        self[key] = self.field.get_db_prep_save(key, connection)
        return self[key]


def _copy(model, columns, rows, progress):
    statement = f"COPY {_table(model)} ({_quoted(columns)}) FROM STDIN"
    with connection.cursor() as cursor:
        for chunk in chunks(rows):
            with cursor.copy(statement) as copy:
                for row in chunk:
                    copy.write_row(row)
            connection.check_constraints()  # else all of that waits for the commit
            progress(len(chunk))


def _insert(model, columns, rows, progress):
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_table(model)} ({_quoted(columns)}) VALUES ({places})"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        for chunk in chunks(rows):
            cursor.executemany(statement, chunk)
            progress(len(chunk))


def survey() -> None:
    """Let PostgreSQL look at what it took in; it would plan what follows as if the tables were empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def chunks(rows: Iterable, size: int = CHUNK) -> Iterator[list]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def _table(model):
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(columns):
    return ", ".join(map(connection.ops.quote_name, columns))
