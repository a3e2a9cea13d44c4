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
# xdist's workers are processes of one run.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
FOLDER = Path(tempfile.gettempdir()) / f"inzage-migrated-{RUN}"
FILE, TEMPLATE = FOLDER / "site.sqlite3", f"inzage_migrated_{RUN}"


def made() -> str:
    """The database to copy, made by who asks first: its name in PostgreSQL or its file, as the tests run on."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "made").exists():
            _make()
            (FOLDER / "made").touch()
    return TEMPLATE if connection.vendor == "postgresql" else str(FILE)


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
    if FOLDER.exists() and connection.vendor == "postgresql":
        drop(TEMPLATE)
    shutil.rmtree(FOLDER, ignore_errors=True)


def _make():
    address = f"sqlite:///{FILE}"
    if connection.vendor == "postgresql":
        server = os.environ["DATABASE_URL"]
        postgres.execute(server, "CREATE DATABASE {}", TEMPLATE)
        address = urlunsplit(urlsplit(server)._replace(path=f"/{TEMPLATE}"))
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": address, "INZAGE_VAR": str(FOLDER / "var")}
    for act in ("migrate", "createcachetable"):
        subprocess.run([sys.executable, MANAGE, act, "--verbosity", "0"], env=os.environ | environment, check=True)
    if "PYTEST_XDIST_WORKER" not in os.environ:  # else the others still need it
        atexit.register(forget)
