"""How one would write an export in Django without thinking of size: all rows of a table in a list, then as JSON into a ZIP."""

import json
import tempfile
import zipfile

from django.core import serializers
from django.db.models import QuerySet

from privacy.rights.portability import Scope
from privacy.subjects import Subject

from .assist import TABLES
from .people import Person


def dicts(person: Person) -> None:
    """Lists of dicts, and the json of Python."""
    _pack(person, lambda rows: json.dumps(list(rows.values()), default=str))


def serialized(person: Person) -> None:
    """Django's serializers."""
    _pack(person, lambda rows: serializers.serialize("json", rows))


def _pack(person, write):
    with tempfile.TemporaryFile() as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for rows in _rows_of(person):
            packed.writestr(f"{rows.model._meta.label_lower}.json", write(rows))


def _rows_of(person) -> list[QuerySet]:
    """Of the tables in which these people have rows, as who writes it by hand knows."""
    subject = Subject.objects.get(ref=person.subject)
    maps = (data_map for data_map, _lines in Scope.EVERYTHING.parts() if data_map.model._meta.db_table in TABLES)
    return [Scope.EVERYTHING.rows(data_map, subject) for data_map in maps]
