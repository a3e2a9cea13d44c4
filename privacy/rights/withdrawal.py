"""Withdrawing consent (Art. 7(3)): what rests on it alone goes; what was done before stays lawful."""

from django.db import transaction

from ..datamap import registry
from ..subjects import Subject, rows_concerning


@transaction.atomic
def erase_what_rests_on_consent(subject: Subject, columns: set[str] | None = None) -> int:
    """Treat the lines that rest on consent alone, of all of them or of `columns` ("accounts.Member.about_me"); how many rows were written."""
    return sum(_treat(data_map, subject, columns) for data_map in registry.maps.values())


def _treat(data_map, subject, columns) -> int:
    lines = [
        line
        for line in data_map.personal_lines()
        if data_map.rests_on_consent_alone(line) and not line.keeps and (columns is None or f"{data_map.label()}.{line.name}" in columns)
    ]
    values = {line.name: line.erase.expression(data_map.field(line)) for line in lines}
    keys = rows_concerning(data_map, subject).values("pk")
    return data_map.model._base_manager.filter(pk__in=keys).update(**values) if values else 0
