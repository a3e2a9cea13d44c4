"""Withdrawing consent (Art. 7(3)): what rests on it alone goes; what was done before stays lawful."""

from collections.abc import Iterator

from django.db import transaction

from .. import restricted
from ..datamap import registry
from ..subjects import Subject, condition
from . import erasure
from .treating import Treating


def erase_what_rests_on_consent(subject: Subject, columns: set[str] | None = None) -> int:
    """Treat the lines that rest on consent alone, all of them or those of `columns` ("accounts.Member.about_me"); how many rows.

    Of a row with two people only what is hers. Files go once the caller's transaction is committed; after a crash, that night.
    Also while her data may only be kept: it is she who takes back (Art. 18(2)).
    """
    with transaction.atomic(), restricted.changed_by_us():
        found = (treating for data_map in registry.maps.values() for treating in _treatings(data_map, subject, columns))
        treated = sum(erasure.treat(treating) for treating in found)
        transaction.on_commit(erasure.remove_expired_files, robust=True)
    return treated


def _treatings(data_map, subject, columns) -> Iterator[Treating]:
    for person_line in data_map.person_lines():
        lines = [line for line in (person_line, *data_map.owned_by(person_line)) if _goes(data_map, line, columns)]
        rows = data_map.model._base_manager.filter(condition(data_map, person_line, subject))
        if lines:
            yield Treating(data_map, "withdrawn", rows, {line.name: line.erase.expression(data_map.field(line)) for line in lines})


def _goes(data_map, line, columns) -> bool:
    is_meant = columns is None or f"{data_map.label()}.{line.name}" in columns
    return is_meant and data_map.rests_on_consent_alone(line) and not line.keeps
