"""What is one person's alone, and what she is called: read from the data map before her rows go."""

import hashlib
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import models

from ..conf import hook
from ..datamap import registry
from ..evidence.identifiers import Identifiers
from ..evidence.needles import SHORTEST
from ..subjects import Subject, rows_concerning
from .treating import treatings

BLOCK = 1024 * 1024


def identifiers_of(subject: Subject, choices: dict[str, str], *, renew: Callable[[], None] = lambda: None) -> Identifiers:
    """`renew` is called between files, which may be many."""
    unique = {str(subject.ref), str(subject.root.pk), *hook("ADDRESSES")(subject), *_values(subject), *_digests(subject, choices, renew)}
    return Identifiers(sorted(value for value in unique if _can_be_told(value)), sorted(set(_names(subject))))


def _can_be_told(value: str) -> bool:
    """A short text, or a row number, stands in many places that have nothing to do with her."""
    return len(value) >= SHORTEST and not value.isdecimal()


def _values(subject) -> Iterator[str]:
    """Of the lines with `identifies`."""
    for data_map in registry.maps.values():
        columns = [line.name for line in data_map.lines.values() if line.identifies]
        if columns:
            for values in rows_concerning(data_map, subject).values_list(*columns):
                yield from (str(value) for value in values if isinstance(value, (str, UUID)))


def _names(subject) -> Iterator[str]:
    """The lines with `names`, per row, in both orders; a first name alone says too little."""
    for data_map in registry.maps.values():
        columns = [line.name for line in data_map.lines.values() if line.names]
        for values in rows_concerning(data_map, subject).values_list(*columns) if columns else ():
            parts = [str(value) for value in values if value]
            if len(parts) > 1:
                yield from (" ".join(parts), " ".join(parts[::-1]), ", ".join(parts))


def _digests(subject, choices, renew) -> Iterator[str]:
    """SHA-256 of the files that go with her rows."""
    for storage, path in _files(subject, choices):
        renew()
        digest = hashlib.sha256()
        try:
            with storage.open(path) as file:
                while block := file.read(BLOCK):
                    digest.update(block)
        except (OSError, ValueError):  # it is not there any more, or its name leads out of where files lie
            continue
        yield digest.hexdigest()


def _files(subject, choices):
    for data_map in registry.maps.values():
        fields = [field for field in data_map.model._meta.local_fields if isinstance(field, models.FileField)]
        for treating in treatings(data_map, subject, choices) if fields else ():
            for field in fields:
                if treating.values is None or field.name in treating.values:
                    paths = treating.rows.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                    yield from ((field.storage, path) for path in paths.iterator() if path)
