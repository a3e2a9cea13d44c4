"""python -m bench: measure exports and pages beside hand-written SQL on a throw-away PostgreSQL; docs/benchmarks.md says what and how."""

import argparse
import sys
from pathlib import Path

from . import document, results, server


def main() -> int:
    chosen = _arguments()
    return server.run(lambda address: _measure(chosen, address))


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[50, 100_000, 1_000_000], help="of each person that is measured (50 100000 1000000)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (5)")
    parser.add_argument("--others", type=int, help="rows of other members (as many as the most)")
    parser.add_argument("--curve", type=int, nargs="*", default=[100, 1_000, 10_000], help="more persons, exported alone (100 1000 10000)")
    parser.add_argument(
        "--to", type=Path, default=results.FILE, help="the file of results, whose rows about erasure stay (bench/results.json)"
    )
    return parser.parse_args()


def _measure(chosen, address):
    from .measuring import measure

    others = chosen.others or max(chosen.rows)
    measured = measure(address, chosen.rows, rounds=chosen.rounds, others=others, curve=chosen.curve)
    results.put(measured, chosen.to)
    print(results.table(measured))
    if chosen.to == results.FILE:
        document.write()


if __name__ == "__main__":
    sys.exit(main())
