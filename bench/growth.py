"""python -m bench.growth: the export of the same person, from a table and from one ten times as large."""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from . import document, results, server

FILE = Path(__file__).parent / "growth.json"
TIMES = 10
# An ordinary member, whose ratio has a goal, and a heavy one.
SIZES = [50, 20_000]
GOAL = 1.3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--table", type=int, default=100_000, help="rows in the smaller table (100000)")
    parser.add_argument("--rounds", type=int, default=15, help="of which the median counts (15)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    persons = {rows: _filled(address, rows) for rows in (chosen.table, chosen.table * TIMES)}
    measured = [found for nth in range(1, len(SIZES) + 1) for found in _grown(address, persons, nth, chosen.rounds)]
    results.write(measured, FILE)
    document.write()
    print(results.table(measured))


def _filled(address, rows) -> list:
    """Whoever warms up, then one person of each size, in a database of its own with so many rows."""
    from django.core.management import call_command

    from . import people
    from .copies import at, spoken_to

    with psycopg.connect(at(address, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_name(address, rows)}")
    with spoken_to(_name(address, rows)):
        call_command("migrate", verbosity=0)
        return people.fill([people.WARM_UP_ROWS, *SIZES], others=rows - sum(SIZES))


def _grown(address, persons, nth, rounds) -> list[results.Result]:
    """The two tables take turns."""
    seconds = {rows: [] for rows in persons}
    for _round in range(rounds):
        for rows, (warm_up, *others) in persons.items():
            seconds[rows].append(_round_of(address, rows, warm_up, others[nth - 1]))
    small, large = seconds.values()
    size = SIZES[nth - 1]
    ways = {"export": "export of {} rows, table ten times as large", "limit": "the limit of {} rows, table ten times as large"}
    return [
        _result(name.format(size), size, [each[way] for each in large], [each[way] for each in small], way) for way, name in ways.items()
    ]


def _round_of(address, rows, warm_up, person) -> dict[str, float]:
    from . import exporting
    from .copies import at, spoken_to

    name = _name(address, rows)
    with spoken_to(name), psycopg.connect(at(address, name)) as by_hand:
        exporting.json_part(warm_up)
        exporting.by_hand(by_hand, warm_up)
        return {"export": exporting.timed(exporting.json_part, person), "limit": exporting.timed(exporting.by_hand, by_hand, person)}


def _result(name, rows, large, small, way) -> results.Result:
    is_promised = way == "export" and rows == SIZES[0]
    return results.result(name, rows, large, small, goal=GOAL if is_promised else None)


def _name(address, rows) -> str:
    return f"{urlsplit(address).path[1:]}_{rows}"


if __name__ == "__main__":
    sys.exit(main())
