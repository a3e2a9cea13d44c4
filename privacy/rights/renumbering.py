"""Numbers that tell in which order rows were made are drawn anew when the rows are put back; what names a row by its number follows."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from .holds import Hold
from .statements import Statement


def is_renumbered(model: type[models.Model]) -> bool:
    """Numbered in order, and no key of another table holds the number."""
    return isinstance(model._meta.pk, models.AutoField) and not any(field.concrete for field in _keys_to(model))


def _keys_to(model):
    return [relation.field for relation in model._meta.related_objects]


def reserve(cursor, model: type[models.Model], rows: int) -> int:
    """The number after which so many are free; writers are kept out."""
    table, key = model._meta.db_table, model._meta.pk.column
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(s, nextval(s) + %s) - %s FROM pg_get_serial_sequence(%s, %s) AS s", [rows, rows, f'"{table}"', key])
    else:
        highest = f"SELECT MAX({connection.ops.quote_name(key)}) FROM {connection.ops.quote_name(table)}"  # noqa: S608 - names only
        used = "SELECT seq FROM sqlite_sequence WHERE name = %s"
        cursor.execute(f"SELECT MAX(COALESCE(({used}), 0), COALESCE(({highest}), 0))", [table])
    return cursor.fetchone()[0]


def follow(model: type[models.Model], number_of) -> None:
    """What names these rows names them by their new numbers; `number_of(old)` is None where a row kept its own."""
    for rows, column in _naming(model):
        for old in set(rows.values_list(column, flat=True)):
            number = number_of(old)
            if number is not None:
                rows.filter(**{column: old}).update(**{column: str(number)})


def _naming(model) -> Iterator[tuple[models.QuerySet, str]]:
    """Rows of ours, and of the administration, that hold the number of a row as text."""
    yield Statement.objects.filter(about__startswith=f"{model._meta.label}."), "row_key"
    yield Hold.objects.filter(record=model._meta.label).exclude(row_key=""), "row_key"
    if apps.is_installed("django.contrib.admin"):
        from django.contrib.admin.models import LogEntry
        from django.contrib.contenttypes.models import ContentType

        yield LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model)), "object_id"
