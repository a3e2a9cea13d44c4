"""python -m bench.growth: export and erasure of the same persons in a table and in one ten times as large; beyond is worked out."""

import argparse
import os
import sys
from contextlib import contextmanager
from itertools import count
from math import log
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import psycopg

from . import document, results, server
from .results import Result

FILE = Path(__file__).parent / "growth.json"
TIMES = 10
# An ordinary member, whose ratio has a goal, and a heavy one, who keeps hers to the hand-written SQL.
ORDINARY, HEAVY = 50, 20_000
# The second: what medians of a few rounds differ by.
GOAL, GOAL_BESIDE_LIMIT = 1.3, 1.15
# Tables that nobody fills for a measurement, in times of the smaller.
BEYOND = (100, 1_000)
# An erased person does not come back: each round takes others like her, ours and the limit too. Of heavy ones there are fewer.
HEAVY_IN_ONE_OF = 3
WAYS = EXPORT, LIMIT_OF_EXPORT, ERASURE, LIMIT_OF_ERASURE = "export", "limit of an export", "erasure", "limit of an erasure"
LIMIT_OF = {EXPORT: LIMIT_OF_EXPORT, ERASURE: LIMIT_OF_ERASURE}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--table", type=int, default=1_000_000, help="rows in the smaller table (1000000)")
    parser.add_argument("--rounds", type=int, default=15, help="of which the median counts (15; of heavy members a third)")
    parser.add_argument("--to", type=Path, default=FILE, help="the file of results (bench/growth.json)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    rounds = {ORDINARY: chosen.rounds, HEAVY: max(1, chosen.rounds // HEAVY_IN_ONE_OF)}
    tables = {rows: _Table(address, rows, rounds) for rows in (chosen.table, chosen.table * TIMES)}
    measured = [found for size in rounds for found in grown(size, _seconds(tables, size, rounds[size]), chosen.table)]
    results.write(measured, chosen.to)
    print(results.table(measured))
    if chosen.to == FILE:
        document.write()


def _seconds(tables, size, rounds) -> dict[int, dict[str, list[float]]]:
    """The two tables take turns: the first person is exported again and again, the others are erased."""
    seconds = {rows: {way: [] for way in WAYS} for rows in tables}
    for acts in (_Table.exports, _Table.erasures):
        for nth in range(rounds):
            for rows, table in tables.items():
                for way, took in acts(table, size, nth):
                    seconds[rows][way].append(took)
    return seconds


class _Table:
    """A database of its own with so many rows: of each size two persons a round, and one to be exported."""

    def __init__(self, address: str, rows: int, rounds: dict[int, int]):
        from django.core.management import call_command

        from . import people
        from .copies import at

        self.name = f"{urlsplit(address).path[1:]}_{rows}"
        self.address = at(address, self.name)
        sizes = [size for size, number in rounds.items() for _nth in range(1 + 2 * number)]
        with psycopg.connect(at(address, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.name}")
        with self.spoken_to():
            call_command("migrate", verbosity=0)
            persons = people.fill(sizes, others=rows - sum(sizes))
        self.persons = {size: [person for person in persons if person.rows == size] for size in rounds}
        self.others = count(len(sizes))

    @contextmanager
    def spoken_to(self):
        """Each has a ledger of its own, or it would take itself for one that was put back from a backup."""
        from django.conf import settings

        from .copies import spoken_to

        ledger = Path(os.environ["INZAGE_VAR"], f"{self.name}.jsonl")
        with spoken_to(self.name), patch.dict(settings.PRIVACY, REPLAY_LEDGER=ledger):
            yield

    def exports(self, size, _nth):
        from . import exporting

        warm_up, person = self.persons[size][1], self.persons[size][0]
        with self.spoken_to(), psycopg.connect(self.address) as by_hand:
            exporting.json_part(warm_up)
            exporting.by_hand(by_hand, warm_up)
            yield EXPORT, exporting.timed(exporting.json_part, person)
            yield LIMIT_OF_EXPORT, exporting.timed(exporting.by_hand, by_hand, person)

    def erasures(self, size, nth):
        """Each of somebody else, after the erasure of another."""
        from . import erasing

        ours, limit = self.persons[size][1 + 2 * nth : 3 + 2 * nth]
        with self.spoken_to():
            erasing.erase(self._another())
            yield ERASURE, erasing.erase(ours).data
            yield LIMIT_OF_ERASURE, erasing.erase_by_hand(self.address, limit, self._another())

    def _another(self):
        from . import people

        return people.person(next(self.others), people.ROWS_EACH)


def grown(size: int, seconds: dict[int, dict[str, list[float]]], table: int) -> list[Result]:
    """Of each way what the larger table takes beside the smaller; then ours beside the limit's growth, and what is beyond."""
    small, large = (seconds[rows] for rows in sorted(seconds))
    found = {way: results.result(_called(way, size), size, large[way], small[way], goal=_goal(way, size)) for way in WAYS}
    beside = [_beside(found[way], found[LIMIT_OF[way]]) for way in LIMIT_OF if size == HEAVY]
    beyond = [_on_line(found[way], way, table, times) for times in BEYOND for way in LIMIT_OF]
    return [*found.values(), *beside, *beyond]


def _called(way, size) -> str:
    return f"{way} of {size} rows, table ten times as large"


def _goal(way, size):
    return GOAL if size == ORDINARY and way in LIMIT_OF else None


def _beside(ours, limit) -> Result:
    """Its `limit_s` is what ours would take had it grown as the hand-written SQL did."""
    as_limit = ours.limit_s * limit.ratio
    name = ours.name.replace("table", "beside the limit in a table")
    return results.result(name, ours.rows, [ours.ours_s], [as_limit], goal=GOAL_BESIDE_LIMIT)


def _on_line(found, way, table, times) -> Result:
    """A straight line through two points over the logarithm of the table, since an index gains a level when the table multiplies."""
    seconds = found.limit_s + (found.ours_s - found.limit_s) * log(times, TIMES)
    return results.result(f"≈ {way} of {found.rows} rows, table of {table * times} rows", found.rows, [seconds], [found.limit_s])


if __name__ == "__main__":
    sys.exit(main())
