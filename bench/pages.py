"""Pages: from the request to the last byte, beside the bare statements that the page sends, in the same process."""

import time
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Member

from .people import Person

TABLE = ["usage", "usage.ResourceView"]
PAGES = {
    "privacy:overview": [],
    "privacy:data": [],
    "privacy:group": ["usage"],
    "privacy:table": TABLE,
    "privacy:recipients": [],
    "privacy:download": [],
    "privacy:correct": [],
    "privacy:erase": [],
    "privacy:requests": [],
    "usage:resources": [],
    "usage:for_you": [],
    "usage:folders": [],
    "usage:messages": [],
    "usage:history": [],
}
WARM_UP = 2


@dataclass(frozen=True)
class Looked:
    """One page: seconds of each round, seconds of its statements alone, and how many those are."""

    name: str
    ours: list[float]
    limit: list[float]
    statements: int


def look(person: Person, *, rounds: int) -> list[Looked]:
    """Every page of one person, signed in."""
    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "nl"})
    client.force_login(Member.objects.get(pk=person.member))
    return [_page(client, name.partition(":")[2], reverse(name, args=arguments), rounds) for name, arguments in PAGES.items()]


def _page(client, name, address, rounds) -> Looked:
    for _nth in range(WARM_UP):
        statements = _statements(client, address)
    ours = [_timed(lambda: _opened(client, address)) for _nth in range(rounds)]
    limit = [_timed(lambda: _replayed(statements)) for _nth in range(rounds)]
    return Looked(name, ours, limit, len(statements))


def _statements(client, address) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        _opened(client, address)
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT")]


def _opened(client, address) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _replayed(statements) -> None:
    """As text, as they were logged, so that the database parses and plans them as it did."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.cursor.execute(statement.encode())
            cursor.fetchall()


def _timed(act) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin
