"""Withdrawing consent (Art. 7(3)): what rests on it alone goes; what was done before stays lawful."""

from django.db import transaction

from ..datamap import registry
from ..subjects import Subject, rows_concerning
from . import erasure
from .treating import Treating


def erase_what_rests_on_consent(subject: Subject, columns: set[str] | None = None) -> int:
    """Treat the lines that rest on consent alone, all of them or those of `columns` ("accounts.Member.about_me"); how many rows."""
    with transaction.atomic():
        treated = sum(_treat(data_map, subject, columns) for data_map in registry.maps.values())
    erasure.remove_expired_files()
    return treated


def _treat(data_map, subject, columns) -> int:
    values = {
        line.name: line.erase.expression(data_map.field(line))
        for line in data_map.personal_lines()
        if data_map.rests_on_consent_alone(line) and (columns is None or f"{data_map.label()}.{line.name}" in columns)
    }
    return erasure.treat(Treating(data_map, "withdrawn", rows_concerning(data_map, subject), values)) if values else 0
