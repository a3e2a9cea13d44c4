"""A server for one measurement: durable, empty, and gone afterwards; Django speaks to it."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django

from tests.postgres import NoPostgres, throwaway

INTERRUPTED, TERMINATED = 130, 143


@contextmanager
def own_server() -> Iterator[str]:
    """The address of its database."""
    with tempfile.TemporaryDirectory(prefix="inzage-bench-") as folder, throwaway(durable=True) as address:
        os.environ.update(DATABASE_URL=address, INZAGE_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings", INZAGE_ERASURE_PACE="fast")
        django.setup()
        yield address


def run(measure: Callable[[str], None]) -> int:
    """Call it with that address; 0 when all was measured, goals met or not, 1 when ours and the limit came to different ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        with own_server() as address:
            return _measured(measure, address)
    except NoPostgres as error:
        return complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED


def _measured(measure, address) -> int:
    from .states import Differs

    try:
        measure(address)
    except Differs as error:
        return complain(f"ours and the limit come to different ends: {error}")
    return 0


def complain(error) -> int:
    print(f"bench: {error}", file=sys.stderr)
    return 1
