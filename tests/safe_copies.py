"""A database of a test that counts as a copy, and how it is made safe."""

from django.db import connection

from privacy.rights import copy_mark, staging


def name_as_copy(settings) -> None:
    """The setting of a machine for tests: one half of what it takes."""
    settings.PRIVACY = {**settings.PRIVACY, "COPY": copy_mark.name_of_database()}


def mark(settings, *, files=True) -> None:
    name_as_copy(settings)
    copy_mark.mark(files=files)


def make_safe() -> int:
    return staging.anonymise(staging.plan())


def forget() -> None:
    """Other tests look at the same database."""
    what = "SCHEMA IF EXISTS inzage_copy CASCADE" if connection.vendor == "postgresql" else "TABLE IF EXISTS inzage_copy_mark"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP {what}")
