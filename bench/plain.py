"""How one would export and erase in Django without thinking of size: all rows of a table in a list; each row changed by itself."""

import json
import tempfile
import zipfile
from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.core import serializers
from django.db import transaction
from django.db.models import QuerySet
from faker import Faker

from accounts.models import Member
from privacy.rights.portability import Scope
from privacy.subjects import Subject
from usage.models import (
    Comment,
    Download,
    Favourite,
    Folder,
    Follow,
    Message,
    Publication,
    ResourceView,
    Score,
    Search,
    SignIn,
)

from .assist import TABLES
from .people import Person

# Table, whose a row is, and what is put into it; a row without that goes. Times stay as they are, and nothing is noted of what was done.
FATES = [
    (ResourceView, "member", None),
    (Download, "member", None),
    (Search, "member", None),
    (SignIn, "member", None),
    (Follow, "follower", None),
    (Follow, "followed", None),
    (Score, "member", {"member": None}),
    (Favourite, "folder__member", {"folder": None, "note": ""}),
    (Folder, "member", None),
    (Comment, "author", {"author": None, "shown_name": ""}),
    (Publication, "author", {"author": None, "shown_name": "", "town": ""}),
    (Message, "sender", {"sender": None}),
    (Message, "recipient", {"recipient": None, "read_at": None}),
    (EmailAddress, "user", None),
    (Member, "pk", {"first_name": "", "last_name": "", "town": "", "about_me": ""}),
]
# What bulk_update puts into one statement; all at once it would take the more memory.
BATCH = 1_000


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


@transaction.atomic
def updated(person: Person) -> None:
    """One `update()` or `delete()` per table."""
    for rows, values in _fates_of(person):
        rows.update(**values) if values else rows.delete()


@transaction.atomic
def updated_in_bulk(person: Person) -> None:
    """The rows as objects, then `bulk_update()`."""
    for rows, values in _fates_of(person):
        if values:
            rows.model._base_manager.bulk_update([_with(row, values) for row in rows], list(values), batch_size=BATCH)
        else:
            rows.delete()


@transaction.atomic
def saved(person: Person) -> None:
    """A loop over rows, with words that were made up instead of hers, and `save()` or `delete()`."""
    faker = Faker("nl_BE")
    for rows, values in _fates_of(person):
        for row in rows:
            _with(row, {name: faker.word() if value == "" else value for name, value in values.items()}).save() if values else row.delete()


def _fates_of(person) -> Iterator[tuple[QuerySet, dict | None]]:
    for model, path, values in FATES:
        yield model._base_manager.filter(**{path: person.member}), values


def _with(row, values):
    for name, value in values.items():
        setattr(row, name, value)
    return row
