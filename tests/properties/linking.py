"""An attacker who knows half of what one person did, and looks for the other half in what is left."""

from bisect import bisect
from collections import Counter, defaultdict
from datetime import datetime
from operator import eq, gt
from random import Random

from django.db import connection, models

from privacy.evidence.crowds import left_behind
from usage.models import Comment, Favourite, Message, Publication, Resource, Score

# What is left, and the column whose rows stay together: what was said in one conversation is known as a whole or not at all.
TABLES = {Score: "id", Favourite: "id", Comment: "id", Publication: "id", Message: "conversation"}
# What people wrote stays as they wrote it: how somebody writes is set aside (docs/anonymity.md).
WORDS = (models.TextField, models.FileField)
# For each person, and in all: of many people fewer tries each say as much.
TRIES, SAMPLES = 8, 400


def dump(model) -> list[dict]:
    """As `pg_dump --data-only` writes it: the rows as they lie."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall()]


def plain(value):
    return value if isinstance(value, (int, type(None))) else str(value).replace("-", "")


class Remains:
    """The units of one table that lost their person, each with the rows and the places it has in the dump."""

    def __init__(self, data_map, owners):
        self.model = data_map.model
        self.unit = TABLES[self.model]
        left = {plain(key) for key in left_behind(data_map).values_list("pk", flat=True)}
        key = self.model._meta.pk.column
        self.units = defaultdict(list)
        for place, row in enumerate(dump(self.model)):
            if row[key] in left:
                self.units[row[self.unit]].append((place, row))
        self.owner = {plain(unit): person for unit, person in owners[self.model].items()}
        self.beside = {row["id"]: place for place, row in enumerate(dump(Resource))} if self.model is Publication else {}

    def of(self, person):
        """In the order in which she made them, so that every run divides them alike."""
        return [unit for unit, owner in self.owner.items() if owner == person and unit in self.units]

    # What an attacker looks at: strategy -> how much each unit looks like those that are known, the most likely first.

    def strategies(self):
        columns = [column for column in self.model._meta.local_concrete_fields if self._differs(column.column)]
        yield "places", self._near(lambda place, row: place)
        for column in columns:
            if column.primary_key or isinstance(column, (models.DateTimeField, models.ForeignKey)):
                yield f"near {column.column}", self._near(lambda place, row, name=column.column: self._number(row[name]))
            if not isinstance(column, WORDS) and column.column != self.unit:
                yield f"same {column.column}", self._same(column.column)
        if self.beside:
            yield "places beside", self._near(lambda place, row: self.beside[row["resource_id"]])

    def _differs(self, name):
        return len({row[name] for rows in self.units.values() for _place, row in rows} - {None}) > 1

    @staticmethod
    def _number(value):
        if value is None or isinstance(value, int):
            return value
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return int(value, 16)

    def _near(self, measure):
        """By rank among what is left: the distance to the nearest that is known."""
        values = {unit: [measure(place, row) for place, row in rows] for unit, rows in self.units.items()}
        order = sorted({value for found in values.values() for value in found if value is not None})
        ranks = {unit: [bisect(order, value) for value in found if value is not None] for unit, found in values.items()}

        def likeness(known):
            marks = sorted(rank for unit in known for rank in ranks[unit])

            def score(unit):
                return -min((_distance(rank, marks) for rank in ranks[unit]), default=len(order))

            return score

        return likeness

    def _same(self, name):
        """Values that known units have, the rarer the better."""
        values = {unit: {row[name] for _place, row in rows} - {None, ""} for unit, rows in self.units.items()}
        often = Counter(value for found in values.values() for value in found)

        def likeness(known):
            seen = Counter(value for unit in known for value in values[unit])
            return lambda unit: max((seen[value] / often[value] for value in values[unit]), default=0)

        return likeness


def _distance(rank, marks):
    at = bisect(marks, rank)
    return min((abs(rank - mark) for mark in marks[max(0, at - 1) : at + 1]), default=1_000_000)


def advantages(remains: Remains, people) -> dict[str, float]:
    """Strategy -> in points of 100, how much oftener than by chance what it takes for hers is hers."""
    gained, tries = defaultdict(list), min(TRIES, SAMPLES // len(people))
    for name, likeness in remains.strategies():
        for person in people:
            hers, random = remains.of(person), Random(f"{name} {person}")
            for _try in range(tries if len(hers) > 1 else 0):
                gained[name].append(_gain(remains, hers, likeness, random))
    return {name: 100 * sum(found) / len(found) for name, found in gained.items()}


def _gain(remains, hers, likeness, random):
    """She takes as many as are hidden, the likeliest first; among equals each is as good a guess as any."""
    known = set(random.sample(hers, len(hers) // 2))
    score, hidden = likeness(known), set(hers) - known
    scores = {unit: score(unit) for unit in remains.units if unit not in known}
    last = sorted(scores.values(), reverse=True)[len(hidden) - 1]
    sure, equal = ([unit for unit in scores if fits(scores[unit], last)] for fits in (gt, eq))
    right = len(hidden & set(sure)) + len(hidden & set(equal)) * (len(hidden) - len(sure)) / len(equal)
    return right / len(hidden) - len(hidden) / len(scores)
