"""Tables that an erasure touched are cleaned up: what was overwritten or removed leaves the table, and the planner's samples (D-9).

docs/erasure.md says what stays on the disk, in the write-ahead log, on replicas and in backups.
"""

from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection

from ..conf import setting
from ..datamap import registry
from ..evidence.residue import CLEANED_STEP
from ..steps import LeaseLost, Step, Work
from .erasure import FileRemoval, erasure_step

# So often in the time of a lease a worker says that it lives.
BEATS = 3
# Who may not, gets a warning from PostgreSQL instead of an error.
MAY_CLEAN = """
SELECT relname FROM pg_class c JOIN pg_roles r ON rolname = current_user
WHERE c.oid = to_regclass(%s) AND (rolsuper OR pg_has_role(relowner, 'USAGE')
  OR (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()))
"""


@erasure_step(CLEANED_STEP, order=720)
def _clean_up(work: Work) -> None:
    """Never inside a transaction, which would keep the old rows alive; where that is not ours to choose, the database does it later."""
    if connection.in_atomic_block:
        return
    tables = touched(work.run) if connection.vendor == "postgresql" else ["log"]
    cleaned = 0
    for table in tables:
        work.run.renew()
        with _alive(work.run):
            cleaned += _vacuum(table) if connection.vendor == "postgresql" else _empty_log()
        work.run.renew()
    with work.batch():
        work.count("cleaned up", cleaned)
        work.count("left to the database", len(tables) - cleaned)
        work.finish()


def clean(tables) -> int:
    """How many of them, where no run waits for it; on SQLite its log. Nothing inside a transaction, as in an erasure."""
    if connection.in_atomic_block or not tables:
        return 0
    return sum(map(_vacuum, sorted(tables))) if connection.vendor == "postgresql" else int(_empty_log())


@contextmanager
def _alive(run):
    """The lease is renewed from a thread, on a connection of its own, while one statement takes its time: a large table, or one in use."""
    done = Event()
    beside = Thread(target=_beat, args=(run, done), daemon=True)
    beside.start()
    try:
        yield
    finally:
        done.set()
        beside.join()


def _beat(run, done):
    """Silent where it cannot: whoever waits for the statement learns the same when she renews."""
    try:
        while not done.wait(setting("LEASE_SECONDS") / BEATS):
            run.renew()
    except (LeaseLost, DatabaseError):
        pass
    finally:
        connection.close()


def touched(run) -> list[str]:
    """From the ledger's counts: "usage.Score anonymised"."""
    counts = Step.objects.filter(run=run).values_list("counts", flat=True)
    labels = {what.partition(" ")[0] for counted in counts for what, rows in counted.items() if rows}
    models = {data_map.model for label in labels if (data_map := registry.labelled(label))} | {FileRemoval}
    return sorted(model._meta.db_table for model in models)


def _vacuum(table) -> bool:
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(MAY_CLEAN, [name])
        if not cursor.fetchone():
            return False
        cursor.execute(f"VACUUM (ANALYZE) {name}")
    return True


def _empty_log() -> bool:
    """SQLite overwrites what it removes (secure_delete); its log goes into the file, unless somebody reads at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not cursor.fetchone()[0]
