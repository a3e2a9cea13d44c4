"""How fast rows are treated: as fast as the database can, or so that who uses the site meanwhile hardly notices."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from ..conf import ERASURE_PACES, setting


@dataclass(frozen=True)
class Pace:
    """`batch_rows`: rows per transaction, by the kind of database; `rest`: seconds of pause per second of work."""

    batch_rows: dict[str, int]
    rest: float

    @property
    def at_once(self) -> int:
        return self.batch_rows[connection.vendor]


# Many enough in a transaction to be fast, few enough that SQLite's other writers need not wait long (docs/decisions.md 6 and 9).
FAST = Pace({"sqlite": 2_000, "postgresql": 100_000}, rest=0)
GENTLE = Pace({"sqlite": 2_000, "postgresql": 10_000}, rest=1)
PACES = dict(zip(ERASURE_PACES, (GENTLE, FAST), strict=True))
# However long a batch took: a worker that rests longer would be taken for dead.
LONGEST_REST_SECONDS = 10


def pace() -> Pace:
    """As PRIVACY["ERASURE_PACE"] says."""
    return PACES[setting("ERASURE_PACE")]


@contextmanager
def resting_after(chosen: Pace, *, is_last: bool) -> Iterator[None]:
    """Around one batch; the pause comes once its transaction has ended."""
    begin = time.monotonic()
    yield
    if not is_last:
        time.sleep(min((time.monotonic() - begin) * chosen.rest, LONGEST_REST_SECONDS))
