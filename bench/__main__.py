"""python -m bench: measure ours beside hand-written SQL on a throw-away PostgreSQL; docs/performance.md says what and how."""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

import django

from tests.postgres import NoPostgres, throwaway

from . import results

RESULTS = Path(__file__).parent / "results.json"
INTERRUPTED, TERMINATED = 130, 143


def main() -> int:
    """0 when all was measured, goals met or not; 1 when ours and the limit came to different ends."""
    chosen = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        with tempfile.TemporaryDirectory(prefix="inzage-bench-") as folder, throwaway(durable=True) as address:
            measured = _measure(chosen, address, folder)
    except NoPostgres as error:
        return _complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    if isinstance(measured, Exception):
        return _complain(f"ours and the limit come to different ends: {measured}")
    results.write(measured, chosen.to)
    print(results.table(measured))
    return 0


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[50, 100_000], help="of each person that is measured (50 100000)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (5)")
    parser.add_argument("--others", type=int, help="rows of other members (as many as the most)")
    parser.add_argument("--to", type=Path, default=RESULTS, help="the file of results (bench/results.json)")
    return parser.parse_args()


def _measure(chosen, address, folder):
    os.environ.update(DATABASE_URL=address, INZAGE_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    from . import measuring, states

    try:
        return measuring.measure(address, chosen.rows, rounds=chosen.rounds, others=chosen.others or max(chosen.rows))
    except states.Differs as error:
        return error


def _complain(error) -> int:
    print(f"bench: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
