"""Sealing the trail: batch by batch under signed roots, each chained to the one before, so that a change is seen (DESIGN D-5)."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from .trail import DIGESTED, SealedEntry, TrailEntry, TrailSeal, digest_of

# An entry younger than this may have a neighbour that is still being written.
SETTLED = timedelta(seconds=60)
# Entries of one seal, and what is in memory at once; the next batch begins when this one is committed.
BATCH = 10_000
# Numbers below the newest sealed one at which a late writer is looked for every time; once a night, everywhere.
NEAR = 50_000
# The worker seals each minute: what waits for longer is held up, by a transaction that nobody ends or by a worker that is gone.
STALLED = timedelta(days=1)
# Not the vacuum of a large table: it writes no entry, and may take hours.
OLDEST_TRANSACTION = """
SELECT min(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
# Of the lock under which seals follow one another: any number that nobody else locks.
ONE_BY_ONE = 7_205_301


def seal(*, now=None, everywhere=False) -> TrailSeal | None:
    """Close batches over every settled entry that no seal covers yet; the last of them, None where there was nothing to close.

    Looks near the newest seal; `everywhere` finds also who began 50,000 entries ago and committed only now.
    """
    now, last, above = now or timezone.now(), None, 0 if everywhere else _near()
    while closed := _seal_batch(now, above):
        last, above = closed
    return last


@transaction.atomic
def _seal_batch(now, above):
    """The seal, and the number above which the next batch begins."""
    _wait_for_others()
    entries = list(_unsealed(now, above).values_list(*DIGESTED)[:BATCH])
    if not entries:
        return None
    digests = [digest_of(*entry) for entry in entries]
    root = _root(head(), digests)
    closed = TrailSeal.objects.create(sealed_at=now, root=root, signature=_sign(root, now, settings.SECRET_KEY))
    members = zip(entries, digests, strict=True)
    SealedEntry.objects.bulk_create([SealedEntry(seal=closed, entry_id=entry[0], digest=digest) for entry, digest in members])
    return closed, entries[-1][0]


def _wait_for_others():
    """Two who seal at once would chain two seals to the same root. On SQLite one transaction writes at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_BY_ONE])


def _near() -> int:
    return (SealedEntry.objects.order_by("entry_id").values_list("entry_id", flat=True).last() or 0) - NEAR


def _unsealed(now, above):
    return _without_seal(above).filter(at__lt=min(now - SETTLED, _oldest_transaction(now))).order_by("pk")


def unsealed(*, everywhere=False) -> int:
    """How many entries no seal covers yet."""
    return _without_seal(0 if everywhere else _near()).count()


def unsealed_since(now) -> datetime | None:
    """The oldest entry that waits for its seal for longer than a day; None where all goes as it should."""
    return _without_seal(0).filter(at__lt=now - STALLED).aggregate(oldest=Min("at"))["oldest"]


def _without_seal(above):
    covered = SealedEntry.objects.filter(entry_id=OuterRef("pk"), entry_id__gt=above)
    return TrailEntry.objects.filter(~Exists(covered), pk__gt=above)


def _oldest_transaction(now):
    """When the oldest transaction of a client that still runs began: it may yet commit an entry with an earlier time."""
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_TRANSACTION)
        return cursor.fetchone()[0] or now


def head() -> str:
    """The last root. Kept elsewhere, it shows when the newest seals were taken away."""
    return TrailSeal.objects.order_by("pk").values_list("root", flat=True).last() or ""


class Root:
    """Made digest by digest, so that no batch has to be in memory as one list."""

    def __init__(self, before: str):
        self.sha = hashlib.sha256(before.encode())

    def add(self, digest: str) -> None:
        self.sha.update(b"\n" + digest.encode())

    def __str__(self):
        return self.sha.hexdigest()


def _root(before: str, digests) -> str:
    root = Root(before)
    for digest in digests:
        root.add(digest)
    return str(root)


def is_signed(closed: TrailSeal) -> bool:
    """Under the key of today or one that was replaced."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return closed.signature in {_sign(closed.root, closed.sealed_at, key) for key in known}


def _sign(root: str, sealed_at: datetime, key: str) -> str:
    signed = f"privacy.trail:{root}:{sealed_at.astimezone(UTC).isoformat()}"
    return hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()
