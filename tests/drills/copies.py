"""A drilled site's database as a copy that is made safe: marking it, watching how far it is, and what it holds afterwards."""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

from accounts.models import Member
from tests.postgres import SCHEMES
from tests.properties.traces import snapshot
from usage.models import Comment

from . import acts
from .site import wait_until

# What SQLite has written beside its file once it is well under way.
BYTES_WELL_UNDER_WAY = 1_000_000
# The table that takes longest.
LARGE = "usage_resourceview"


@contextmanager
def as_copy(site):
    """Both halves of the mark; nobody is connected."""
    name = Path(urlsplit(site.environment["DATABASE_URL"]).path).name
    site.do(acts.let_go)
    with site.settled_otherwise(INZAGE_COPY=name):
        site.manage("mark_as_copy", "--name", name)
        yield


def is_in_the_middle(site) -> bool:
    """Some tables are done, the largest is not. Asked from another database, since the command wants to be alone in its own."""
    if urlsplit(site.environment["DATABASE_URL"]).scheme in SCHEMES:
        return any(f'ALTER TABLE "{LARGE}"' in query for query in _queries(site))
    file = urlsplit(site.environment["DATABASE_URL"]).path
    beside = [Path(f"{file}{ending}") for ending in ("-wal", "-journal")]
    return sum(each.stat().st_size for each in beside if each.exists()) > BYTES_WELL_UNDER_WAY


def wait_until_alone(site) -> None:
    """The server notices that its client is gone once it has something to say."""
    if urlsplit(site.environment["DATABASE_URL"]).scheme in SCHEMES:
        wait_until(lambda: not _queries(site), what="nobody is connected")


def _queries(site) -> list[str]:
    parts = urlsplit(site.environment["DATABASE_URL"])
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres"))) as outside:
        found = outside.execute("SELECT query FROM pg_stat_activity WHERE datname = %s", [parts.path.strip("/")])
        return [query for (query,) in found]


def shape() -> dict:
    """How many rows each table has; that keys lead somewhere, and that a person is called the same wherever she is named."""
    connection.check_constraints()
    names = {str(member) for member in Member.objects.all()}
    assert {comment.shown_name for comment in Comment.objects.all()} <= names
    return {table: len(rows) for table, rows in snapshot().items()}
