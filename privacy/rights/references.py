"""What would still point at a person's rows once they are gone: an erasure stops at it, by name."""

# ruff: noqa: S608 - statements are made of names of tables and columns

from functools import cache

from django.apps import apps
from django.db import IntegrityError, connection, models

from ..anyone import Key
from ..sql import Open, Sql, beside_each_other, existing

# What PostgreSQL calls a row that was still pointed at.
FOREIGN_KEY_VIOLATION = "23503"
# Table, column, the table that it points at and the column there: of every key in the database to one of two tables.
KEYS = {
    "postgresql": """
        SELECT c.relname, a.attname, target.relname, b.attname FROM pg_constraint
        JOIN pg_class AS c ON c.oid = conrelid JOIN pg_class AS target ON target.oid = confrelid
        JOIN pg_attribute AS a ON a.attrelid = conrelid AND a.attnum = conkey[1]
        JOIN pg_attribute AS b ON b.attrelid = confrelid AND b.attnum = confkey[1]
        WHERE contype = 'f' AND conparentid = 0 AND confrelid IN (to_regclass(%s), to_regclass(%s)) AND pg_table_is_visible(conrelid)""",
    "sqlite": """
        SELECT other.name, keys."from", keys."table", keys."to" FROM sqlite_master AS other, pragma_foreign_key_list(other.name) AS keys
        WHERE other.type = 'table' AND keys."table" IN (%s, %s)""",
}


def keys_in_the_database(people: tuple[type[models.Model], type[models.Model]]) -> Sql:
    """Asked each time: another program may have made a table a moment ago."""
    name = connection.ops.quote_name if connection.vendor == "postgresql" else str
    return Sql(KEYS[connection.vendor], tuple(name(model._meta.db_table) for model in people))


def looks_at(people: tuple[type[models.Model], ...], keys: list[tuple]) -> list[tuple[str, Sql]]:
    """Table and question, for each column that points at them: those of models, then those that only the database knows."""
    known = _known(tuple(apps.get_models(include_auto_created=True)), people)
    columns = {(table, column) for table, column, _look in known} | {column for model in people for column in _columns(model)}
    unknown = [key for key in keys if key[:2] not in columns]
    return [*((table, look) for table, _column, look in known), *((key[0], _unknown(key, people)) for key in unknown)]


def look_at_all(looks: list[tuple[str, Sql]]) -> Sql:
    return beside_each_other(look for _table, look in looks)


def table_found(looks: list[tuple[str, Sql]], found: list[tuple]) -> str | None:
    return next((table for (table, _look), is_there in zip(looks, found[0], strict=True) if is_there), None)


def table_named_by(error: IntegrityError) -> str | None:
    """The table whose rows would have been left pointing at nothing; PostgreSQL says it, SQLite has to be asked (`dangling_table`)."""
    cause = error.__cause__
    return cause.diag.table_name if getattr(cause, "sqlstate", "") == FOREIGN_KEY_VIOLATION else None


def dangling_table() -> str | None:
    """SQLite only: a table whose rows point at nothing, before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        found = cursor.fetchone()
    return found[0] if found else None


@cache
def _known(all_models, people) -> list[tuple[str, str, Sql]]:
    """Per model and column; a key to a proxy counts too. The rows that go together do not hold each other back."""
    others = [model for model in all_models if not any(issubclass(person, model) for person in people)]
    fields = [(field, person) for model in others for field in model._meta.local_fields for person in people if _is_key_to(field, person)]
    return [(field.model._meta.db_table, field.column, existing(_pointing(field, person))) for field, person in fields]


def _columns(model):
    return {(model._meta.db_table, field.column) for field in model._meta.local_fields}


def _is_key_to(field, person):
    return field.is_relation and field.related_model and field.related_model._meta.concrete_model is person


def _pointing(field, person) -> models.QuerySet:
    """A key may name another column than the person's own key."""
    people = person._base_manager.filter(pk=Key(person))
    by_key = field.target_field.primary_key
    named = {field.name: Key(person)} if by_key else {f"{field.name}__in": people.values(field.target_field.name)}
    return field.model._base_manager.filter(**named)


def _unknown(key, people) -> Sql:
    """SQLite may leave unsaid which column is named: it is the key."""
    table, column, target, named = key
    person = next(model for model in people if model._meta.db_table == target)
    own = person._meta.pk.column
    table, column, target, named, own = map(connection.ops.quote_name, (table, column, target, named or own, own))
    hers = f"SELECT {named} FROM {target} WHERE {own} = %s"
    return Sql(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} IN ({hers}))", (Open(person._meta.label),))
