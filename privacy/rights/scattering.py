"""Rows are taken out of a table and put back in random order: nothing in them changes, but for numbers that told their order.

An UPDATE would not do: PostgreSQL may leave the row on its page. Writers are kept out for that moment, so that none of them finds a row
gone that is back a moment later; who waited sees it as it was (test_a_writer_who_comes_in_between_loses_nothing).
"""

# ruff: noqa: S608 - statements are made of names of tables and columns, and of statements of Django's own

from django.db import connection, models
from django.db.models import F

from .. import restricted
from ..datamap.maps import DataMap
from ..errors import RowsFollow
from ..evidence.crowds import Unmixed
from . import renumbering

# Shorter than the second after which PostgreSQL looks for deadlocks: who waits for us never loses.
LOCK_TIMEOUT = "500ms"

UNIT, PLACE, NUMBER = "inzage_unit", "inzage_place", "inzage_number"
UNITS, ROWS = "inzage_units", "inzage_rows"

# What would be done to other rows, or by the database itself, while a row is out. The engine's own refusal does nothing, and is open then.
FOLLOWERS = {
    "postgresql": """
        SELECT 1 FROM pg_constraint WHERE contype = 'f' AND confrelid = to_regclass(%s) AND (confdeltype <> 'a' OR NOT condeferrable)
        UNION ALL SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgtype & 12 <> 0
        AND NOT starts_with(tgname, 'privacy_restricted_')""",
    "sqlite": """
        SELECT 1 FROM sqlite_master AS other, pragma_foreign_key_list(other.name) AS keys
        WHERE other.type = 'table' AND keys."table" = %s AND keys.on_delete <> 'NO ACTION'
        UNION ALL SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s""",
}


def refuse_followers(data_map: type[DataMap]) -> None:
    """RowsFollow where a key deletes by itself, or a trigger listens."""
    with connection.cursor() as cursor:
        for model in moved_by(data_map):
            table = model._meta.db_table
            cursor.execute(FOLLOWERS[connection.vendor], [table if connection.vendor == "sqlite" else _name(table)] * 2)
            if cursor.fetchone():
                raise RowsFollow(table)


def scatter(data_map: type[DataMap], keys, others: models.QuerySet, *, at_most: int) -> None:
    """The rows with these keys and so many of the others, in the caller's transaction; what the map keeps together stays in its order."""
    with restricted.changed_by_us(), connection.cursor() as cursor:
        _keep_writers_out(cursor, data_map)
        _draw(cursor, data_map, keys, others, at_most)
        _put_back(cursor, data_map.model, _unit(data_map))
        _forget(cursor, data_map)
        if data_map.made_with:
            _draw_beside(cursor, data_map)
            _put_back(cursor, _beside(data_map), _beside(data_map)._meta.pk)
        _drop(cursor, UNITS, ROWS)


def moved_by(data_map) -> list[type[models.Model]]:
    """Whose rows are taken out and put back."""
    return [data_map.model, _beside(data_map)] if data_map.made_with else [data_map.model]


def _beside(data_map) -> type[models.Model]:
    """Whose rows were made together with these."""
    return data_map.model._meta.get_field(data_map.made_with).related_model


def _unit(data_map) -> models.Field:
    """The column whose rows stay together; by default each row is by itself."""
    return data_map.model._meta.get_field(data_map.together) if data_map.together else data_map.model._meta.pk


def _keep_writers_out(cursor, data_map) -> None:
    """Readers go on. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        for model in moved_by(data_map):
            cursor.execute(f"LOCK TABLE {_name(model._meta.db_table)} IN EXCLUSIVE MODE")


def _draw(cursor, data_map, keys, others, at_most) -> None:
    """Which units, each with its random place."""
    own, values = _units(data_map, data_map.model._base_manager.filter(pk__in=keys))
    drawn, more = _units(data_map, others.order_by())
    beside = f"SELECT {UNIT} FROM ({drawn}) AS others GROUP BY {UNIT} ORDER BY RANDOM() LIMIT {at_most}"
    together = f"{own} UNION SELECT {UNIT} FROM ({beside}) AS beside"
    _make(cursor, UNITS, f"SELECT {UNIT}, RANDOM() AS {PLACE} FROM ({together}) AS units", [*values, *more])


def _units(data_map, rows) -> tuple[str, tuple]:
    return rows.annotate(**{UNIT: F(_unit(data_map).name)}).values(UNIT).query.sql_with_params()


def _draw_beside(cursor, data_map) -> None:
    key = _name(data_map.model._meta.get_field(data_map.made_with).column)
    _make(cursor, UNITS, f"SELECT {key} AS {UNIT}, RANDOM() AS {PLACE} FROM {ROWS} GROUP BY {key}")


def _put_back(cursor, model, unit) -> None:
    table, key, column = _name(model._meta.db_table), _name(model._meta.pk.column), _name(unit.column)
    order = f"ROW_NUMBER() OVER (ORDER BY {UNITS}.{PLACE}, {table}.{key}) AS {NUMBER}"
    _make(cursor, ROWS, f"SELECT {table}.*, {order} FROM {table} JOIN {UNITS} ON {table}.{column} = {UNITS}.{UNIT}")
    cursor.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT {UNIT} FROM {UNITS})")
    columns = {_name(field.column): _name(field.column) for field in model._meta.local_concrete_fields if not field.generated}
    if renumbering.is_renumbered(model):
        columns[key] = _renumber(cursor, model)
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {ROWS} ORDER BY {NUMBER}")


def _renumber(cursor, model) -> str:
    """The new key of a row, as the database works it out."""
    cursor.execute(f"SELECT COUNT(*) FROM {ROWS}")
    before = renumbering.reserve(cursor, model, cursor.fetchone()[0])

    def number_of(old):
        cursor.execute(f"SELECT {NUMBER} + {before} FROM {ROWS} WHERE CAST({_name(model._meta.pk.column)} AS text) = %s", [old])
        found = cursor.fetchone()
        return found and found[0]

    renumbering.follow(model, number_of)
    return f"{NUMBER} + {before}"


def _forget(cursor, data_map) -> None:
    """None of the rows waits any longer, by its old number or its new one."""
    moved = f"SELECT CAST({_name(data_map.model._meta.pk.column)} AS text) FROM {ROWS}"
    cursor.execute(f'DELETE FROM "{Unmixed._meta.db_table}" WHERE "table" = %s AND row_key IN ({moved})', [data_map.label()])


def _make(cursor, table, query, values=None) -> None:
    _drop(cursor, table)
    cursor.execute(f"CREATE TEMPORARY TABLE {table} AS {query}", values)


def _drop(cursor, *tables) -> None:
    for table in tables:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")


def _name(name) -> str:
    return connection.ops.quote_name(name)
