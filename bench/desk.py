"""python -m bench.desk: the lists of the desk with a million requests in the database, and the plans by which they are found."""

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median

from . import document, results, server
from .beside import p95

FILE = Path(__file__).parent / "desk.json"
MANY, ROUNDS, WARM_UP = 1_000_000, 40, 3
# The list -> what its address asks.
LISTS = {
    "what needs her": "",
    "what is late": "?state=late",
    "all that waits": "?state=waiting",
    "all that waits, complaints": "?state=waiting&right=complaint",
    "all that waits, by letter": "?state=waiting&channel=letter",
    "all that waits, answers that came back": "?state=waiting&kind=bounced",
    "what she has in hand": "?state=waiting&mine=1",
    "open requests": "?state=open",
    "open requests, the last page": "?state=open&page=99",
    "closed requests": "?state=closed",
    "closed requests, complaints by letter": "?state=closed&right=complaint&channel=letter",
}
# Whose plan is shown: list, and how its statement begins.
PLANS = {"what needs her": 'FROM "privacy_agendaitem" LEFT', "open requests": 'FROM "privacy_datasubjectrequest" LEFT'}
EXPLAIN = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) "
# Rights as a platform gets them; of each ten requests one, and every seventh of the last is a complaint.
RIGHTS = ["access", "access", "access", "access", "erasure", "erasure", "portability", "objection", "rectification", "restriction"]
BY_US = "('objection', 'rectification', 'restriction', 'complaint')"
# Of five years, the last month is open; one in fifty came by letter.
DRAWN = """(
SELECT *, received_at > now() - interval '32 days' AS is_open FROM (
SELECT n, now() - n * interval '5 years' / {many} AS received_at,
  CASE WHEN mod(n, 70) = 0 THEN 'complaint' ELSE (string_to_array('{rights}', ' '))[1 + mod(n, 10)] END AS asked
FROM generate_series(1, {many}) n) dated) drawn"""
REQUEST = {
    "ref": "'R' || lpad(n::text, 9, '0')",
    "right": "asked",
    "subject_ref": "gen_random_uuid()",
    "status": f"CASE WHEN NOT is_open THEN 'fulfilled' WHEN asked IN {BY_US} THEN 'received' ELSE 'running' END",
    "channel": "CASE WHEN mod(n, 50) = 0 THEN 'letter' ELSE 'self_service' END",
    "received_at": "received_at",
    "due_on": "(received_at + interval '1 month')::date",
    "approved_at": "received_at",
    "closed_at": "CASE WHEN NOT is_open THEN received_at + random() * interval '32 days' END",
}
DECIDE = {"request_ref": "ref", "kind": "'decide'", "due_on": "due_on", "opened_at": "received_at", "done_at": "closed_at"}
BOUNCED = {"request_ref": "ref", "kind": "'bounced'", "due_on": "now()::date"}
IN_HAND = {"item_id": "id", "colleague_ref": "(SELECT ref FROM privacy_subject)"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--requests", type=int, default=MANY, help=f"that there are ({MANY})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"of each list ({ROUNDS})")
    parser.add_argument("--to", type=Path, default=FILE, help="the file of results (bench/desk.json)")
    chosen = parser.parse_args()
    return server.run(lambda _address: _measure(chosen))


def _measure(chosen):
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    browser = _officer()
    waits = _fill(chosen.requests)
    found = {
        "requests": chosen.requests,
        "waits": waits,
        "lists": [_list(browser, name, query, chosen.rounds) for name, query in LISTS.items()],
    }
    found["plans"] = {name: _plan(browser, LISTS[name], begins) for name, begins in PLANS.items()}
    chosen.to.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for each in found["lists"]:
        median_s, p95_s, alone_s = (results.seconds_said(each[what]) for what in ("p50_s", "p95_s", "alone_s"))
        print(f"{each['name']:<42}{median_s:>10}{p95_s:>10}{alone_s:>10}")
    if chosen.to == FILE:
        document.write()


def _officer():
    """The browser of somebody who may read the desk, and decide there."""
    from django.contrib.auth.models import Permission
    from django.test import Client

    from accounts.models import Member

    officer = Member.objects.create_user("dpo@bench.example", "een goed wachtwoord", first_name="Daan", last_name="Wouters")
    officer.user_permissions.add(*Permission.objects.filter(codename__in=["view_datasubjectrequest", "change_datasubjectrequest"]))
    browser = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "nl"})
    browser.force_login(officer)
    return browser


def _fill(many) -> int:
    """How many items wait."""
    from privacy.models import AgendaItem, Assignment, DataSubjectRequest

    from . import filling

    requests, items = (model._meta.db_table for model in (DataSubjectRequest, AgendaItem))
    filling.prepare()
    filling.insert(DataSubjectRequest, REQUEST, DRAWN.format(many=many, rights=" ".join(RIGHTS)))
    filling.insert(AgendaItem, DECIDE, f"""{requests} WHERE "right" IN {BY_US}""")
    filling.insert(AgendaItem, BOUNCED, f"{requests} WHERE closed_at IS NOT NULL AND mod(id, 1000) = 1")
    filling.insert(Assignment, IN_HAND, f"{items} WHERE done_at IS NULL AND mod(id, 20) = 0")
    filling.settle()
    return AgendaItem.objects.open().count()


def _list(browser, name, query, rounds) -> dict:
    for _nth in range(WARM_UP):
        statements = _statements(browser, query)
    seconds = [_timed(lambda: _open(browser, query)) for _nth in range(rounds)]
    alone = [_timed(lambda: _replayed(statements)) for _nth in range(rounds)]
    found = {"p50_s": median(seconds), "p95_s": p95(seconds), "alone_s": median(alone)}
    return {"name": name, "statements": len(statements)} | {what: round(value, 4) for what, value in found.items()}


def _timed(act) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def _replayed(statements) -> None:
    """As text, as they were logged."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.cursor.execute(statement.encode())
            cursor.fetchall()


def _open(browser, query) -> None:
    from django.urls import reverse

    answer = browser.get(reverse("privacy:desk") + query)
    if answer.status_code != 200:
        raise RuntimeError(f"the desk answered {answer.status_code}")


def _statements(browser, query) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        _open(browser, query)
    return [each["sql"] for each in captured if each["sql"].startswith("SELECT")]


def _plan(browser, query, begins) -> list[str]:
    """Of the statement that finds its lines, without what differs from run to run."""
    from django.db import connection

    statement = next(each for each in _statements(browser, query) if begins in each and "COUNT(" not in each)
    with connection.cursor() as cursor:
        cursor.cursor.execute((EXPLAIN + statement).encode())
        return [line for (line,) in cursor.fetchall()]


if __name__ == "__main__":
    sys.exit(main())
