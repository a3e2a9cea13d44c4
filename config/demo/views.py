"""Rows of the one table that grows large: who opened what, when and from where; hundreds of thousands in seconds."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import connection
from django.utils import timezone

from usage.models import ResourceView

# Views lie this far back, the newest last, as a real table has them.
DAYS_BACK = 180
# Addresses are emptied after this long (usage/personal_data.py).
DAYS_WITH_ADDRESS = 90
# Rows per statement: a bar that moves.
CHUNK = 10_000
COLUMNS = ["member_id", "resource_id", "viewed_at", "ip_address"]


def add(how_many, members, resources, *, random, progress) -> None:
    """`members` and `resources` are keys; the earlier a resource stands in the list, the more often it is opened."""
    rows = _rows(how_many, members, resources, random)
    write = _copy if connection.vendor == "postgresql" else _insert
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, CHUNK)):
            write(cursor, chunk)
            progress(len(chunk))


def _rows(how_many, members, resources, random) -> Iterator[tuple]:
    until = timezone.now() - timedelta(minutes=30)
    with_address = until - timedelta(days=DAYS_WITH_ADDRESS)
    who = random.choices(members, [random.uniform(0.3, 3) for _member in members], k=how_many)
    what = random.choices(resources, [1 / rank for rank in range(3, len(resources) + 3)], k=how_many)
    days = sorted((random.random() * DAYS_BACK for _row in range(how_many)), reverse=True)
    # The three networks kept for documentation (RFC 5737).
    addresses = [f"{net}.{host}" for net in ("192.0.2", "198.51.100", "203.0.113") for host in range(1, 255)]
    for member, resource, days_ago in zip(who, what, days, strict=True):
        viewed_at = until - timedelta(days=days_ago)
        yield member, resource, viewed_at, random.choice(addresses) if viewed_at > with_address else None


def _copy(cursor, rows):
    """PostgreSQL's own way in."""
    with cursor.copy(f"COPY {_table()} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(cursor, rows):
    places = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT INTO {_table()} ({', '.join(COLUMNS)}) VALUES ({places})"  # noqa: S608 - our own names
    cursor.executemany(statement, _prepared(rows))


def _prepared(rows):
    """As the database takes them; each key is prepared once, since that is most of the work."""
    to_key = ResourceView._meta.get_field("member").get_db_prep_save
    keys = {member: to_key(member, connection) for member in {row[0] for row in rows}}
    to_moment = connection.ops.adapt_datetimefield_value
    return [(keys[member], resource, to_moment(viewed_at), address) for member, resource, viewed_at, address in rows]


def _table():
    return connection.ops.quote_name(ResourceView._meta.db_table)
