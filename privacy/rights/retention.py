"""Values that expire by themselves (Art. 5(1)(e)): what is due, and taking it away in batches, so many a night."""

import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q

from ..conf import setting
from ..datamap import registry
from ..datamap.lines import Line
from ..datamap.maps import DataMap
from ..days import day_of
from ..evidence.replay import note, replayed
from . import erasure, holds, restriction
from .nights import RetentionRun
from .pace import pace, resting_after
from .treating import Treating


@dataclass(frozen=True)
class Due:
    """One column of one table: how many of its values have had their time, and since when the oldest was there."""

    data_map: type[DataMap]
    line: Line
    values: int
    oldest: datetime | None

    @property
    def title(self) -> str:
        return self.data_map.title(self.line)

    @property
    def heading(self) -> str:
        return self.data_map.heading()

    @property
    def column(self) -> str:
        return column_of(self.data_map, self.line)


def column_of(data_map: type[DataMap], line: Line) -> str:
    """As the ledger counts it: "usage.SignIn.ip_address"."""
    return f"{data_map.label()}.{line.name}"


def due(now) -> list[Due]:
    """Every column with `expires=`, two questions each; nothing changes."""
    return [_due(data_map, line, now) for data_map, line in _expiring()]


def apply(now, *, at_most: int | None = None, progress: Callable[[int], None] = lambda values: None) -> int:
    """Every line with `expires=` gets its treatment once its time has passed; how many values went.

    At most PRIVACY["RETENTION_PER_NIGHT"] or `at_most` values. Columns take turns, so that a large one keeps none waiting; what is left
    goes the next night. Each batch is a transaction that counts itself: a killed worker leaves neither half a batch nor a wrong count.
    """
    run = RetentionRun.objects.create(what=RetentionRun.What.VALUES, started_at=now)
    room = setting("RETENTION_PER_NIGHT") if at_most is None else at_most
    chosen, waiting = pace(), deque(_expiring())
    while waiting and room > 0:
        data_map, line = waiting.popleft()
        with resting_after(chosen, is_last=False):
            done = _batch(run, data_map, line, now, min(room, chosen.at_once))
        if done:
            waiting.append((data_map, line))
            room -= done
            progress(done)
    erasure.remove_expired_files()
    run.finish(left=sum(each.values for each in due(now)) if waiting else 0)
    return run.total


def note_cut_off(now) -> None:
    """So that an old backup is brought as far before anybody sees it, and not in the night that follows."""
    with transaction.atomic():
        note("retention", until=now)


@replayed("retention", only_last=True)
def apply_again(line) -> None:
    """What had expired by then is in no page, however old the backup, and however many values it takes."""
    apply(datetime.fromisoformat(line.facts["until"]), at_most=sys.maxsize)


def _expiring() -> list[tuple[type[DataMap], Line]]:
    maps = registry.maps.values()
    return [(data_map, line) for data_map in maps for line in data_map.lines.values() if line.expires is not None]


def _due(data_map, line, now) -> Due:
    found = _overdue(data_map, line, now).rows.aggregate(values=Count("pk"), oldest=Min(line.expires.since))
    return Due(data_map, line, **found)


def _overdue(data_map, line, now) -> Treating:
    """Nothing has to go from an empty column, and a month of nothing would never count as treated.

    What is held, or may only be kept, stays as it is until that ends (Art. 17(3), 18(2)).
    """
    stays = holds.held_rows(data_map, day_of(now)) | restriction.rows_only_kept(data_map)
    value = line.erase.expression(data_map.field(line))
    treated = Q() if value is None else Q(**{line.name: value})
    old = {f"{line.name}__isnull": False, f"{line.expires.since}__lt": now - timedelta(days=line.expires.days)}
    rows = data_map.model._base_manager.filter(~treated, ~stays, **old)
    return Treating(data_map, "expired", rows, {line.name: value})


def _batch(run, data_map, line, now, size) -> int:
    with transaction.atomic():
        done = erasure.treat(_overdue(data_map, line, now), size)
        run.count(column_of(data_map, line), done)
    return done
