"""What would still point at a person once her row is gone: the last step of an erasure stops at it."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection, models

from .counting import count_each


def table_pointing_at(*people: models.Model, among: Iterable[str] | None = None) -> str | None:
    """The name of a table in which rows point at one of these rows, however they would be treated; None where there is none.

    Looks in all models, and in the tables `among`: those without a model if not given.
    """
    own = {person._meta.db_table for person in people}
    tables = _tables_without_model() if among is None else set(among) - own
    pointing = [rows for person in people for rows in _rows_pointing_at(person, besides=people)]
    for rows, found in zip(pointing, count_each(pointing), strict=True):
        if found:
            return rows.model._meta.db_table
    for person in people:
        for table in tables:
            if any(_holds(table, column, person, other) for column, other in _keys_to(person, table)):
                return table
    return None


def every_table() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


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
    return [table for table in every_table() if table not in known]


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
