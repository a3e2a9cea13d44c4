"""What comes before the walk: the settings, an empty start where asked for, tables, and a platform with people."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import BadMigrationError, InconsistentMigrationHistory

from accounts.models import Member
from usage.models import Resource

from . import archives, ports, seed, size, terminal, words

MEMBERS = 200
SEED = 1
# What a demonstration leaves in INZAGE_VAR beside its secrets.
LEFTOVERS = ["broker", "mail", "media", "privacy", "static", "beat*", "*.log"]


class WrongSetting(Exception):
    """A variable of the environment cannot mean what it says."""


class Refused(Exception):
    """The demonstration cannot begin; the message says why and what helps."""


@dataclass(frozen=True)
class Chosen:
    serve: bool
    port: int
    sample_port: int
    reset: bool


def chosen() -> Chosen:
    ports.settle()
    site, sample = _port(ports.SITE), _port(ports.SAMPLE)
    if site == sample:
        raise WrongSetting(f"{ports.SITE} and {ports.SAMPLE} are both {site}; give each a port of its own")
    return Chosen(serve=_is_on("SERVE", "1"), port=site, sample_port=sample, reset=_is_on("RESET", "0"))


def _port(name) -> int:
    port = os.environ[name]
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise WrongSetting(f"{name}={port} is no port; give a number from 1 to 65535")
    return int(port)


def _is_on(name, default):
    value = os.environ.get(name) or default
    if value not in {"0", "1"}:
        raise WrongSetting(f"{name}={value} is neither 0 nor 1")
    return value == "1"


def prepare(chosen) -> None:
    """Tables as the code has them; Refused where the database does not answer or comes from other code."""
    clock = terminal.Clock()
    try:
        refuse_others()
        if chosen.reset:
            start_over()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
    except (DatabaseError, BadMigrationError, InconsistentMigrationHistory) as error:
        first_line = str(error).strip().partition("\n")[0]
        raise Refused(f"the database cannot be prepared ({first_line}); RESET=1 starts over") from error
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if chosen.serve:
        call_command("collectstatic", interactive=False, verbosity=0)
    terminal.fact("database", f"{connection.display_name}, ready in {clock}", archives.shown(settings.VAR))


def fill() -> None:
    """The same people every time; a platform that stands is left as it is."""
    clock = terminal.Clock()
    is_new = seed.seed(size.of(MEMBERS), seed=SEED, bar=lambda total: terminal.bar(total, "seed"))
    counts = f"{Member.objects.count()} members, {Resource.objects.count()} resources, {seed.views_there()} views"
    terminal.fact("platform", f"{counts}, {f'made in {clock}' if is_new else 'from an earlier walk'}")


def refuse_others() -> None:
    """Refused for a database in use: nobody in it asked to be shown, and RESET=1 would empty it."""
    if not is_ours():
        raise Refused("this database has members of its own; give the demonstration another one (INZAGE_VAR or DATABASE_URL)")


def start_over() -> None:
    if connection.vendor == "sqlite":
        _remove_database_files()
    else:
        _drop_tables()
    for pattern in LEFTOVERS:
        for path in settings.VAR.glob(pattern):
            _remove(path)


def is_ours() -> bool:
    """It holds our invented partners, or no members at all; asked of the tables, since the models may be newer."""
    present = set(connection.introspection.table_names())
    return "accounts_member" not in present or not _count("accounts_member") or ("consents_partner" in present and _holds_our_partners())


def _count(table, where="", parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} {where}", parameters)  # noqa: S608 - our own names
        return cursor.fetchone()[0]


def _holds_our_partners():
    return _count("consents_partner", "WHERE slug = %s", [words.PARTNERS[0][0]]) > 0


def _remove_database_files():
    connection.close()
    database = Path(settings.DATABASES["default"]["NAME"])
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()


def _drop_tables():
    with connection.cursor() as cursor:
        for table in [*connection.introspection.django_table_names(only_existing=True), "django_migrations", "cache"]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")


def _remove(path):
    """Folders stay, since the broker expects its own; everything in them goes."""
    if path.is_file():
        path.unlink()
        return
    for inside in path.iterdir():
        if inside.is_dir() and path.name != "broker":
            shutil.rmtree(inside)
        else:
            _remove(inside)
