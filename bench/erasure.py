"""python -m bench.erasure: persons erased from a table of five million rows beside hand-written SQL, and the search for what is left."""

import argparse
import sys
from pathlib import Path

from . import document, results, server

# Rows of everybody together.
TABLE = 5_000_000
# One pass of the search serves so many.
SEARCHED = 50


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.erasure", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[50, 100_000, 1_000_000], help="of each person (50 100000 1000000)")
    parser.add_argument("--table", type=int, default=TABLE, help="rows of everybody together (5000000)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (5)")
    parser.add_argument("--to", type=Path, default=results.FILE, help="the file whose rows about erasure are replaced (bench/results.json)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    from django.core.management import call_command

    from . import erasing, people, searching
    from .copies import Copies

    call_command("migrate", verbosity=0)
    wanted = [people.WARM_UP_ROWS, *chosen.rows]
    warm_up, *persons = people.fill(wanted, others=chosen.table - sum(wanted))
    others = [people.person(nth, people.ROWS_EACH) for nth in range(len(wanted), len(wanted) + SEARCHED)]
    copies = Copies(address)
    measured = [erasing.measure(copies, person, warm_up, rounds=chosen.rounds) for person in persons]
    measured += searching.search(copies, others, rounds=chosen.rounds)
    results.put(measured, chosen.to)
    print(results.table(measured))
    if chosen.to == results.FILE:
        document.write()


if __name__ == "__main__":
    sys.exit(main())
