"""The replay ledger in tests: what is rolled back together with a test's database, and what a restore leaves."""

from contextlib import contextmanager

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
