"""An erasure as statements: those of a table are worked out once for everybody, since from person to person only keys differ."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.db import models

from ..anyone import Anyone, Key, is_for_anyone
from ..datamap import registry
from ..datamap.maps import DataMap
from ..sql import Sql, counting, selecting
from ..subjects import Subject
from .treating import Treating, fate_of, treatings_to


class Prepared:
    """One treatment of one table; whose rows it treats is still open where conditions ask for nothing but keys."""

    def __init__(self, treating: Treating, data_map: type[DataMap], fate: str, nth: int = 0):
        self.treating, self._place, self._statements = treating, (data_map, fate, nth), {}
        self.what, self.reads_files = treating.what, bool(treating.file_columns)
        self.count = counting(treating.rows)

    def of(self, subject: Subject) -> Treating:
        """For her alone: where more is to be done than statements say."""
        data_map, fate, nth = self._place
        return list(treatings_to(data_map, subject, fate))[nth]

    def statements(self, at_most: int | None = None) -> list[Sql]:
        """The last of them brings how many rows were treated."""
        if at_most not in self._statements:
            rows = self.treating.rows if at_most is None else self.treating.find(at_most)
            self._statements[at_most] = self.treating.statements(rows)
        return self._statements[at_most]


def prepared(subject: Subject, choices: dict[str, str]) -> list[Prepared]:
    """Every table but the person's own, in the order of erasure."""
    maps = (data_map for data_map in registry.in_erasure_order() if data_map.model not in {Subject, *registry.roots})
    return [each for data_map in maps for each in _of_table(data_map, subject, fate_of(data_map, choices))]


def _of_table(data_map, subject, fate) -> tuple[Prepared, ...]:
    if is_for_anyone(data_map):
        return _for_anyone(data_map, fate, subject.kind)
    return _prepared(data_map, subject, fate)


@cache
def _for_anyone(data_map, fate, kind) -> tuple[Prepared, ...]:
    return _prepared(data_map, Anyone(kind), fate)


def _prepared(data_map, subject, fate):
    treatings = treatings_to(data_map, subject, fate)
    return tuple(Prepared(treating, data_map, fate, nth) for nth, treating in enumerate(treatings))


@cache
def lock(model: type[models.Model]) -> Sql:
    """The person's row in a table of people, with the files that it names; nobody changes it until the transaction ends."""
    return selecting(_own(model).select_for_update().values_list("pk", *own_row(registry.map_of(model)).treating.file_columns))


@cache
def own_row(data_map: type[DataMap]) -> Prepared:
    """The person's row in a table of people; which files it names is read where it is locked."""
    fate = data_map.row.name
    return Prepared(Treating(data_map, fate, _own(data_map.model)), data_map, fate)


def _own(model):
    return model._base_manager.filter(pk=Key(model))


def in_batches(found: Iterable[tuple[Prepared, int]], size: int) -> Iterator[list[tuple[Prepared, int | None]]]:
    """In their order, with at most `size` rows together; a table is divided only where it has more by itself. None: all its rows."""
    batch, room = [], size
    for each, rows in found:
        if batch and rows > room:
            yield batch
            batch, room = [], size
        for _part in range((rows - 1) // size):
            yield [(each, size)]
        batch.append((each, None))
        room -= (rows - 1) % size + 1
    if batch:
        yield batch
