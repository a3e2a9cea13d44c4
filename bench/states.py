"""What is in the database: per table how many rows and a checksum over all of them, times included."""

from django.apps import apps
from django.db import connection

from privacy.datamap import registry
from privacy.evidence.replay import LedgerPosition
from privacy.evidence.together import LeftTogether

# How far the replay ledger is known, and which rows wait for the night: ours alone.
OURS = {LedgerPosition, LeftTogether}


class Differs(Exception):
    """Two ways that should lead to the same place do not; nothing was measured."""


def state() -> dict[str, tuple]:
    """Table -> (rows, checksum) of every table with a model, but for those that keep account of the act itself."""
    with connection.cursor() as cursor:
        return {table: _sum_of(cursor, table) for table in _tables()}


def refuse_difference(ours: dict, limit: dict) -> None:
    """Differs, with the names of the tables."""
    unlike = [str(name) for name in ours.keys() | limit.keys() if ours.get(name) != limit.get(name)]
    if unlike:
        raise Differs(", ".join(sorted(unlike)))


def _tables():
    for model in apps.get_models(include_auto_created=True):
        data_map = registry.map_of(model)
        if model not in OURS and (data_map is None or data_map.row.name != "kept"):
            yield model._meta.db_table


def _sum_of(cursor, table):
    cursor.execute(f"SELECT count(*), sum(hashtextextended(line::text, 0)) FROM {connection.ops.quote_name(table)} line")
    return cursor.fetchone()
