"""The order of measuring exports and pages: a platform, rounds in which ours and the limit take turns, and what came of it."""

import psycopg
from django.core.management import call_command
from django.db import connection
from tqdm import tqdm

from . import exporting, memory, pages, paper, people
from .copies import Copies
from .people import Person
from .results import PAGE, Result, goal, result

# An export is quick and changes nothing: this many in a round, but for the person whose archive takes half of all the time.
EXPORTS, LONG = 3, 1_000_000
# A page is quick to open: this often in a round.
LOOKS = 4
# What an export may add to an idle worker, whatever its size.
MEMORY_MIB = 16
# The highest ratios that will do: few rows, many rows.
JSON, JSON_BESIDE_ZLIB, ARCHIVE, NONE = (None, 1.15), (None, 0.7), (None, 3), (None, None)


class Measuring:
    """On the empty database that Django is connected to, which is at this address."""

    def __init__(self, address: str, *, rounds: int):
        self.copies, self.rounds = Copies(address), rounds

    def all(self, sizes: list[int], *, others: int, curve: list[int] = ()) -> list[Result]:
        """Of each size everything; of those of the memory's curve that lie beside them exports alone."""
        between = [rows for rows in curve if rows not in sizes]
        call_command("migrate", verbosity=0)
        self.warm_up, *persons = people.fill([people.WARM_UP_ROWS, *sizes, *between], others=others)
        with tqdm(total=sum(map(self._exports, persons)), unit="export", disable=None, leave=False) as self.bar:
            exported = [found for person in sorted(persons, key=lambda person: person.rows) for found in self.export(person)]
        looked = [found for person in persons[: len(sizes)] for found in self.look(person)]
        return exported + paper.results(most=max(sizes)) + looked

    def export(self, person: Person) -> list[Result]:
        with self.copies.one() as address, psycopg.connect(address) as by_hand:
            exporting.refuse_other_json(by_hand, person)
            exporting.one_round(by_hand, self.warm_up)
            rounds = [self._counted(exporting.one_round(by_hand, person)) for _nth in range(self._exports(person))]
            peaks = {act: memory.peak_mib(act, person, self.warm_up, address=address) for act in ("export", "archive")}
        seconds = {way: [each[way] for each in rounds] for way in rounds[0]}
        return [
            self._exported("export {} rows", person, seconds["json"], seconds["limit"], JSON, peaks["export"]),
            self._exported("export {} rows, limit with zlib 6", person, seconds["json"], seconds["zlib"], JSON_BESIDE_ZLIB),
            self._exported("export {} rows, archive of rows alone", person, seconds["rows"], seconds["limit"], ARCHIVE),
            self._exported("whole archive of {} rows", person, seconds["archive"], seconds["limit"], NONE, peaks["archive"]),
        ]

    def look(self, person: Person) -> list[Result]:
        with self.copies.one():
            looked = pages.look(person, rounds=LOOKS * self.rounds)
        return [
            result(f"{PAGE}“{page.name}”, {person.rows} rows", person.rows, page.ours, page.limit, round_trips=page.statements)
            for page in looked
        ]

    def _exported(self, name, person, ours, limit, goals, peak=None) -> Result:
        wanted = {"goal": goal(goals, person.rows), "peak_mib": peak, "peak_goal_mib": None if peak is None else MEMORY_MIB}
        return result(name.format(person.rows), person.rows, ours, limit, **wanted)

    def _exports(self, person) -> int:
        return self.rounds * (EXPORTS if person.rows < LONG else 1)

    def _counted(self, measured):
        self.bar.update()
        return measured


def measure(address: str, sizes: list[int], *, rounds: int, others: int, curve: list[int] = ()) -> list[Result]:
    try:
        return Measuring(address, rounds=rounds).all(sizes, others=others, curve=curve)
    finally:
        connection.close()
