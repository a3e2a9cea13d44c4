"""The replay ledger in tests: what is rolled back together with a test's database, and what a restore leaves."""

from contextlib import contextmanager

from django.db import transaction

from privacy.evidence import replay
from privacy.evidence.ledger import outside


@contextmanager
def put_back():
    """A test that rolls its database back does not mean a restore: the ledger goes back with it."""
    ledger = outside().path
    before = ledger.read_bytes() if ledger.exists() else b""
    try:
        yield
    finally:
        ledger.write_bytes(before)


def lines() -> list[tuple]:
    """(event, reference of the person) of each."""
    return [(line.event, line.subject_ref) for line in outside().lines()]


def around_acts():
    """A transaction around several acts, of which each takes itself for a transaction of its own, as in a test case."""
    block = transaction.atomic()
    block._from_testcase = True
    return block


@contextmanager
def lost():
    """What is done in this block stands in the ledger, and not in the database any more: as after a restore."""
    with around_acts():
        yield
        transaction.set_rollback(True)
    replay._current = (None, 0.0)
