"""Rows that PostgreSQL makes by itself: INSERT ... SELECT, so that five million take minutes."""

from contextlib import suppress
from uuid import uuid4

import psycopg
from django.db import connection, models
from django.utils import timezone

from usage.models.resources import random_number

# What a field draws for each row, as the database draws it.
DRAWN = {uuid4: "gen_random_uuid()", timezone.now: "now()", random_number: "1 + floor(random() * 2 ^ 52)::bigint"}


def insert(model: type[models.Model], values: dict[str, str], source: str) -> None:
    """`values`: column -> expression over `source`; a column that is not named gets what its field has by default."""
    fields = [
        field for field in model._meta.local_concrete_fields if field.column not in values and not isinstance(field, models.AutoField)
    ]
    drawn = {field.column: DRAWN[field.default] for field in fields if field.default in DRAWN}
    fixed = {field.column: _fixed(field) for field in fields if field.column not in drawn}
    columns = ", ".join(map(connection.ops.quote_name, [*values, *drawn, *fixed]))
    expressions = ", ".join([*values.values(), *drawn.values(), *["%s"] * len(fixed)])
    with connection.cursor() as cursor:
        into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns})"
        cursor.execute(f"{into} SELECT {expressions} FROM {source}", list(fixed.values()))


def _fixed(field):
    return field.get_db_prep_save(field.pre_save(field.model(), add=True), connection)


def prepare() -> None:
    """The same dice each time. Keys are right by the way they are made; where we may, they are not looked up one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute("SET work_mem = '256MB'")
        with suppress(psycopg.errors.InsufficientPrivilege):
            cursor.cursor.execute("SET session_replication_role = replica")


def settle() -> None:
    """As a database lies that was in use for long: nothing is left to be cleaned up, the planner knows it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
    connection.close()  # with what was set
