"""A pace for tests: batches of so few rows that some are enough for several, and no rest after them."""

from privacy.rights import pace


def in_batches_of(rows, monkeypatch):
    monkeypatch.setitem(pace.PACES, "gentle", pace.Pace({"sqlite": rows, "postgresql": rows}, rest=0))
