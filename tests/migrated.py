"""One migrated, empty database for each run of the tests, copied for whoever needs one: to migrate takes longer than most tests."""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from . import postgres

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
# Names the process that began the run, to all that it starts; pytest within pytest begins one of its own.
RUN = "INZAGE_TEST_RUN"


def begin() -> None:
    os.environ[RUN] = str(os.getpid())


def made() -> str:
    """The database to copy, made by who asks first: its name in PostgreSQL or its file, as the tests run on."""
    folder = _folder()
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            _make()
            (folder / "made").touch()
    return _template() if connection.vendor == "postgresql" else str(_file())


def copy_to(name: str) -> None:
    """In the place of what has this name now."""
    drop(name)
    if connection.vendor == "postgresql":
        postgres.execute(os.environ["DATABASE_URL"], "CREATE DATABASE {} TEMPLATE {}", name, made())
    else:
        shutil.copyfile(made(), name)


def drop(name: str) -> None:
    if connection.vendor == "postgresql":
        postgres.execute(os.environ["DATABASE_URL"], "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    else:
        for part in ("", "-wal", "-shm"):
            Path(f"{name}{part}").unlink(missing_ok=True)


def forget() -> None:
    """At the end of the run."""
    if _folder().exists() and connection.vendor == "postgresql":
        drop(_template())
    shutil.rmtree(_folder(), ignore_errors=True)


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / _template()


def _file() -> Path:
    return _folder() / "site.sqlite3"


def _template() -> str:
    return f"inzage_migrated_{os.environ.get(RUN, os.getpid())}"


def _make():
    address = f"sqlite:///{_file()}"
    if connection.vendor == "postgresql":
        server = os.environ["DATABASE_URL"]
        postgres.execute(server, "CREATE DATABASE {}", _template())
        address = urlunsplit(urlsplit(server)._replace(path=f"/{_template()}"))
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": address, "INZAGE_VAR": str(_folder() / "var")}
    for act in ("migrate", "createcachetable"):
        subprocess.run([sys.executable, MANAGE, act, "--verbosity", "0"], env=os.environ | environment, check=True)
    if RUN not in os.environ:  # else the others still need it
        atexit.register(forget)
