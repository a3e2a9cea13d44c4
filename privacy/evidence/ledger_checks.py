"""E021: what the database knows and what the replay ledger says do not agree."""

from django.core.checks import CheckMessage, Tags, register
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor

from ..datamap.checks.messages import error
from . import replay

HINT = "After a restore, run manage.py replay_ledger; where the ledger itself is not whole, put its file back (docs/restoring.md)."


@register("privacy", Tags.database)
def database_knows_the_ledger(app_configs=None, databases=None, **kwargs) -> list[CheckMessage]:
    """Not while `migrate` has work: an old backup is brought to today's tables first."""
    if DEFAULT_DB_ALIAS not in (databases or ()) or _waits_for_migrate():
        return []
    return [error(21, None, fault, HINT) for fault in replay.faults()]


def _waits_for_migrate():
    executor = MigrationExecutor(connection)
    return any(migration.app_label == "privacy" for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes()))
