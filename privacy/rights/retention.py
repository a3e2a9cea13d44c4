"""Values that expire by themselves (Art. 5(1)(e))."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from ..datamap import registry
from ..evidence.replay import note, replayed
from . import erasure
from .pace import pace
from .treating import Treating


def apply(now) -> int:
    """Every line with `expires=` gets its treatment once its time has passed; how many values went."""
    expired = sum(
        _expire(data_map, line, now) for data_map in registry.maps.values() for line in data_map.lines.values() if line.expires is not None
    )
    erasure.remove_expired_files()
    return expired


def note_cut_off(now) -> None:
    """So that an old backup is brought as far before anybody sees it, and not in the night that follows."""
    with transaction.atomic():
        note("retention", until=now)


@replayed("retention", only_last=True)
def apply_again(line) -> None:
    """What had expired by then is in no page, however old the backup."""
    apply(datetime.fromisoformat(line.facts["until"]))


def _expire(data_map, line, now) -> int:
    """Nothing has to go from an empty column, and a month of nothing would never count as treated."""
    value = line.erase.expression(data_map.field(line))
    treated = Q() if value is None else Q(**{line.name: value})
    old = {f"{line.name}__isnull": False, f"{line.expires.since}__lt": now - timedelta(days=line.expires.days)}
    rows = data_map.model._base_manager.filter(~treated, **old)
    treating = Treating(data_map, "expired", rows, {line.name: value})
    total = 0
    while done := _batch(treating):
        total += done
    return total


def _batch(treating) -> int:
    with transaction.atomic():
        return erasure.treat(treating, pace().at_once)
