"""Values that expire by themselves (Art. 5(1)(e))."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q

from ..datamap import registry
from .erasure import BATCH_ROWS


def apply(now) -> int:
    """Every line with `expires=` gets its treatment once its time has passed; how many values went."""
    return sum(
        _expire(data_map, line, now)
        for data_map in registry.maps.values()
        for line in data_map.lines.values()
        if line.expires is not None
    )


def _expire(data_map, line, now) -> int:
    value = line.erase.expression(data_map.field(line))
    treated = Q(**{f"{line.name}__isnull": True}) if value is None else Q(**{line.name: value})
    old = {f"{line.expires.since}__lt": now - timedelta(days=line.expires.days)}
    rows = data_map.model._base_manager.filter(~treated, **old)
    total = 0
    while done := _batch(data_map.model, rows, {line.name: value}):
        total += done
    return total


def _batch(model, rows, values) -> int:
    with transaction.atomic():
        keys = rows.values("pk")[: BATCH_ROWS[connection.vendor]]
        return model._base_manager.filter(pk__in=keys).update(**values)
