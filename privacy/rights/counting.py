"""How many rows there are in each of many tables, asked in one statement."""

from collections.abc import Iterable

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def count_each(tables: Iterable[QuerySet]) -> list[int]:
    """In their order."""
    looks = [_look(rows) for rows in tables]
    if not looks:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(look for look, _values in looks), [value for _look, values in looks for value in values])
        return list(cursor.fetchone())


def _look(rows) -> tuple[str, tuple]:
    """A column of the statement, with its values."""
    try:
        found, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({found}) AS found)", values  # noqa: S608 - a statement of Django's own
