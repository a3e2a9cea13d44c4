"""What would still point at a person's rows once they are gone: an erasure stops at it, by name."""

from collections.abc import Iterator

from django.apps import apps
from django.db import IntegrityError, connection, models

from .counting import count_each

# What PostgreSQL calls a row that was still pointed at.
FOREIGN_KEY_VIOLATION = "23503"


def table_pointing_at(*people: models.Model) -> str | None:
    """The name of a table in which rows point at one of these rows, however they would be treated; None where there is none."""
    tables = _tables_without_model()
    pointing = [rows for person in people for rows in _rows_pointing_at(person, besides=people)]
    for rows, found in zip(pointing, count_each(pointing), strict=True):
        if found:
            return rows.model._meta.db_table
    for person in people:
        for table in tables:
            if any(_holds(table, column, person, other) for column, other in _keys_to(person, table)):
                return table
    return None


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


def _rows_pointing_at(person, *, besides) -> Iterator[models.QuerySet]:
    """Per model and column; a key to a proxy counts too. The rows that go together do not hold each other back."""
    for model in apps.get_models(include_auto_created=True):
        if not any(isinstance(other, model) for other in besides):
            columns = [field.name for field in model._meta.local_fields if _is_key_to(field, person)]
            yield from (model._base_manager.filter(**{column: person}) for column in columns)


def _is_key_to(field, person):
    return field.is_relation and field.related_model and field.related_model._meta.concrete_model is type(person)


def _tables_without_model() -> list[str]:
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        return [table for table in connection.introspection.table_names(cursor) if table not in known]


def _keys_to(person, table) -> Iterator[tuple[str, str]]:
    """Foreign keys of this table to the person's: its column, and the column that it names."""
    with connection.cursor() as cursor:
        relations = connection.introspection.get_relations(cursor, table)
    for column, (other, target, *_rest) in relations.items():
        if target == person._meta.db_table:
            yield column, other


def _holds(table, column, person, other) -> bool:
    name = connection.ops.quote_name
    key = person._meta.pk.get_db_prep_value(person.pk, connection)
    named = f"SELECT {name(other)} FROM {name(person._meta.db_table)} WHERE {name(person._meta.pk.column)} = %s"  # noqa: S608 - names only
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {name(table)} WHERE {name(column)} IN ({named}) LIMIT 1", [key])  # noqa: S608 - names only
        return cursor.fetchone() is not None
