"""A fresh copy of the platform for every round: byte for byte the same database, statistics included."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from tests.ledgers import put_back

# Before this version files were always copied.
STRATEGY_SINCE = 150_000


class Copies:
    """Of the database at an address; nobody may be connected to it while a copy is made."""

    def __init__(self, address: str):
        self.address, self.name = address, urlsplit(address).path[1:]

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of a copy, to which Django speaks as long as this block lasts."""
        copy = f"{self.name}_copy"
        connection.close()
        self._execute("CREATE DATABASE {} TEMPLATE {}" + self._by_files(), copy, self.name)
        try:
            with spoken_to(copy), put_back():
                _checkpoint()
                yield at(self.address, copy)
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", copy)

    def _by_files(self):
        with self._server() as server:
            return " STRATEGY file_copy" if server.info.server_version >= STRATEGY_SINCE else ""

    def _execute(self, statement, *names):
        with self._server() as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _server(self):
        return psycopg.connect(at(self.address, "postgres"), autocommit=True)


def at(address: str, name: str) -> str:
    """Another database of the same server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


@contextmanager
def spoken_to(name: str) -> Iterator[None]:
    """Django speaks to another database of its server."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _checkpoint():
    """So that none falls into the measurement; only some users may ask for it."""
    with suppress(psycopg.errors.InsufficientPrivilege), connection.cursor() as cursor:
        cursor.cursor.execute("CHECKPOINT")
