"""A backup of a drilled site's database, and putting it back, with the tools that the server comes with."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.postgres import SCHEMES, binaries, execute


class Backup:
    """Of a whole database, at the moment that it is made."""

    def __init__(self, address: str, file: Path):
        self.address, self.file = address, file

    @classmethod
    def of(cls, site, name: str) -> "Backup":
        address = site.environment["DATABASE_URL"]
        kind = Dump if urlsplit(address).scheme in SCHEMES else Copy
        backup = kind(address, site.folder / name)
        backup.make()
        return backup


class Dump(Backup):
    """PostgreSQL: pg_dump, drop, pg_restore."""

    def make(self):
        self._call("pg_dump", "-Fc", "-f", self.file, self.address)

    def put_back(self):
        parts = urlsplit(self.address)
        server, name = urlunsplit(parts._replace(path="/postgres")), parts.path.strip("/")
        execute(server, "DROP DATABASE {} WITH (FORCE)", name)
        execute(server, "CREATE DATABASE {}", name)
        self._call("pg_restore", "--exit-on-error", "-d", self.address, self.file)

    def text(self) -> str:
        """Every row of every table as it is now."""
        return self._call("pg_dump", "--data-only", self.address)

    def _call(self, program, *arguments):
        return subprocess.run([binaries() / program, *arguments], check=True, capture_output=True, text=True).stdout


class Copy(Backup):
    """SQLite: its own backup of a file in use, both ways."""

    @property
    def database(self) -> Path:
        return Path(urlsplit(self.address).path)

    def make(self):
        _copy(self.file, of=self.database)

    def put_back(self):
        """Under its locks: who closes a file that was replaced meanwhile writes what it remembers into the new one."""
        _copy(self.database, of=self.file)

    def text(self) -> str:
        with closing(sqlite3.connect(self.database)) as database:
            return "\n".join(database.iterdump())


def _copy(file, *, of):
    with closing(sqlite3.connect(of)) as source, closing(sqlite3.connect(file, timeout=30)) as target:
        source.backup(target)
