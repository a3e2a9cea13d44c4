"""A copy of the real database becomes a safe one: every column gets its likeness, tables that let somebody in are emptied."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection, models

from ..datamap import registry
from ..datamap.copying import Column, columns, is_copied
from ..errors import NotPlanned
from . import copy_files, copy_functions, copy_mark, copy_postgresql, copy_sqlite

# Says which migrations ran: a copy without it could not be brought up to date.
STAYS = {"django_migrations"}


@dataclass
class Table:
    """`columns`: those that change; None where the rows go."""

    name: str
    model: type[models.Model] | None = None
    columns: list[Column] | None = None
    rows: int = field(default=0, compare=False)

    @property
    def is_emptied(self) -> bool:
        return self.columns is None

    def expressions(self) -> dict:
        """Column -> what it becomes, with what had to be read from the table."""
        return {column.field: column.likeness.prepared(column.field).expression(column.field) for column in self.columns}


def plan() -> list[Table]:
    """Every table of the database that changes. NotPlanned names what nobody thought of, before anything is changed."""
    found, unknown = [], list(_unknown_tables())
    for model in _models():
        planned = list(columns(model, registry)) if is_copied(model, registry) else None
        unknown += [f"{model._meta.label}.{column.field.name} ({column.problem})" for column in planned or () if column.problem]
        if planned is None or any(column.changes for column in planned):
            found.append(Table(model._meta.db_table, model, planned and [column for column in planned if column.changes]))
    if unknown:
        raise NotPlanned(", ".join(unknown))
    return _counted([*found, *map(Table, sorted(_cache_tables() & _tables()))])


def anonymise(tables: list[Table], *, progress: Callable[[str, int], None] = lambda _what, _rows: None) -> int:
    """Carry it out; how many rows were rewritten. NotACopy, InUse before anything is changed. Killed half-way, the next call goes on."""
    copy_mark.refuse_unless_copy()
    database = copy_postgresql if connection.vendor == "postgresql" else copy_sqlite
    with database.run() as secret:
        copy_functions.lend(secret)
        copy_files.put_stand_ins(secret)
        database.carry_out(tables, progress)
    copy_files.remove_others()
    return sum(table.rows for table in tables if not table.is_emptied)


def _models() -> Iterable[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _unknown_tables():
    """Without a model, and of which nobody said that they hold nothing of anybody."""
    modelled = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    yield from sorted(_tables() - modelled - set(registry.infrastructure) - _cache_tables() - STAYS - {copy_mark.MARK})


def _tables() -> set[str]:
    return set(connection.introspection.table_names())


def _cache_tables() -> set[str]:
    used = (caches[alias] for alias in settings.CACHES)
    return {cache._table for cache in used if isinstance(cache, BaseDatabaseCache)}


def _counted(tables):
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table.name)}")  # noqa: S608 - a name of ours
            table.rows = cursor.fetchone()[0]
    return tables
