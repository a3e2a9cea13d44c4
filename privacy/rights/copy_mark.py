"""Whether this database is a copy that may be made safe. Two have to say so: the settings of this machine, and a mark in the database.

The mark holds for the database in which it was written, and no longer for what is restored from it elsewhere.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import DatabaseError, connection, models, transaction

from ..conf import setting, store
from ..errors import InUse, NotACopy

# In a schema of its own on PostgreSQL, so that it is no table of the platform.
MARK = "inzage_copy_mark"
# Beside uploads and archives, where these are copies as well.
FILE = "this-is-a-copy"


def name_of_database() -> str:
    return Path(str(connection.settings_dict["NAME"])).name


def is_named() -> bool:
    """The settings of this machine name this very database as a copy: one half. No real site has that setting."""
    return setting("COPY") not in {"", None} and setting("COPY") == name_of_database()


def mark(*, files: bool) -> None:
    """The other half. `files`: uploads and archives here are copies too, and may be destroyed."""
    refuse_unless_alone()
    if not is_named():
        raise NotACopy
    token = secrets.token_hex(16)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE SCHEMA IF NOT EXISTS inzage_copy")
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {table(MARK)} (identity text PRIMARY KEY, token text NOT NULL)")
        cursor.execute(f"DELETE FROM {table(MARK)}")  # noqa: S608 - our own name
        cursor.execute(f"INSERT INTO {table(MARK)} VALUES (%s, %s)", [_identity(), token])  # noqa: S608
    if files:
        _mark_files(token)


def refuse_unless_copy() -> None:
    """NotACopy unless both halves are there and the mark was written here; InUse while others are connected."""
    if not is_named() or _written() is None:
        raise NotACopy
    refuse_unless_alone()


def refuse_unless_alone() -> None:
    """A real database is in use, a fresh copy is not."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0]:
                raise InUse


def files_are_copies(storage: Storage) -> bool:
    with suppress(OSError), storage.open(FILE) as file:
        return file.read().decode() == _written()
    return False


def store_is_copy() -> bool:
    with suppress(OSError):
        return (store() / FILE).read_text() == _written()
    return False


def storages() -> Iterator[tuple[Storage, list[models.FileField]]]:
    """Where files lie, and the columns that name them."""
    found = []
    for model in apps.get_models():
        for field in (each for each in model._meta.local_concrete_fields if isinstance(each, models.FileField)):
            columns = next((columns for storage, columns in found if storage == field.storage), None)
            columns.append(field) if columns is not None else found.append((field.storage, [field]))
    yield from found


def table(name: str) -> str:
    return f"inzage_copy.{name}" if connection.vendor == "postgresql" else name


def _mark_files(token):
    for storage, _columns in storages():
        storage.delete(FILE)
        storage.save(FILE, ContentFile(token.encode()))
    (store() / FILE).write_text(token)


def _written() -> str | None:
    """The mark's token, where it was written in this database on this server."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT identity, token FROM {table(MARK)}")  # noqa: S608 - our own name
            identity, token = cursor.fetchone() or ("", None)
    except DatabaseError:
        return None
    return token if identity == _identity() else None


def _identity() -> str:
    """What another database, or the same dump restored elsewhere, does not have."""
    if connection.vendor != "postgresql":
        return str(Path(str(connection.settings_dict["NAME"])).resolve())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname, oid::text, host(inet_server_addr()), inet_server_port() FROM pg_database WHERE datname = current_database()"
        )
        return json.dumps([*cursor.fetchone(), _system_identifier()])


def _system_identifier() -> str:
    """Of the cluster, drawn when it was made; empty where the server tells nobody."""
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        return cursor.fetchone()[0]
    return ""
