"""Requests of which only the dates and the outcome matter, and what the database itself counts of them."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from privacy.casework import deadlines
from privacy.casework.requests import DataSubjectRequest
from privacy.casework.states import DONE, OPEN, Status
from privacy.datamap import Right
from privacy.days import ZONE, day_of

TABLE = DataSubjectRequest._meta.db_table
NO = {"refusal_ground": "exception", "refusal_reasons": "Omdat."}


def came(on, right=Right.OBJECTION, *, days=None, status=None, at_once=False, **fields):
    """Received on that day in Brussels; answered so many days and a minute later, or still open. Not saved."""
    received_at = on if isinstance(on, datetime) else _noon(on)
    closed_at = None if days is None else received_at + timedelta(days=days, minutes=1)
    status = status or (Status.RECEIVED if days is None else Status.FULFILLED)
    approved_at = closed_at if at_once else received_at if status in DONE else None
    due_on = deadlines.due_on(day_of(received_at))
    known = {"received_at": received_at, "closed_at": closed_at, "approved_at": approved_at, "due_on": due_on, "status": status}
    no = NO if status in {Status.REFUSED, Status.PARTLY} else {}
    fixed = {"subject_ref": uuid4(), "channel": "self_service", "map_version": "1", "language": "nl"}
    return DataSubjectRequest(right=right, **fixed | known | no | fields)


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), UTC)


def keep(*requests):
    return DataSubjectRequest.objects.bulk_create(requests)


def extended(on, **fields):
    return came(on, extended_at=_noon(on) + timedelta(days=5), **fields)


def make_many(count, *, until: datetime, seed=1):
    """Of all rights and outcomes, over fourteen months, at any hour; also around midnight. Of some nobody asked anything."""
    chance, requests = Random(seed), []
    for _nth in range(count):
        received_at = until - timedelta(minutes=chance.randrange(425 * 24 * 60))
        status = chance.choice([*Status])
        days = None if status in OPEN else chance.choice([0, 1, 3, 20, 28, 29, 30, 31, 32, 33, 60, 91, 92, 93, 120])
        at_once = status == Status.FULFILLED and days == 0 and chance.random() < 0.5
        if days is not None and received_at + timedelta(days=days, minutes=1) > until:
            status, days = Status.RECEIVED, None
        more_time = received_at + timedelta(days=5) if chance.random() < 0.2 and not at_once else None
        channel = chance.choice(["self_service"] * 4 + ["retention", "demo"])
        how = {"days": days, "status": status, "at_once": at_once, "extended_at": more_time, "channel": channel}
        requests.append(came(received_at, chance.choice([*Right]), **how))
    return keep(*requests)


ASKED = "channel NOT IN ('retention', 'demo')"


def sql_count(where: str, *values) -> int:
    """Asked of the table, past everything of ours."""
    adapted = [connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE {where}", adapted)
        return cursor.fetchone()[0]


def end_of(day: date) -> datetime:
    """The first moment that is no longer of this day in Brussels."""
    return datetime.combine(day + timedelta(days=1), time.min, ZONE)


def days_between(begin: date, end: date) -> list[date]:
    return [begin + timedelta(days=nth) for nth in range((end - begin).days + 1)]


def now_is(*parts) -> datetime:
    return timezone.make_aware(datetime(*parts), ZONE)
