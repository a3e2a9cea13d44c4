"""The trail: what was done, when, by whom, for whom; references and event names, never values (Art. 5(2))."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .growing import GrowingModel

EVENT_NAME = re.compile(r"[a-z]+\.[a-z_]+")
# A reason is one word of ours, of a closed list; an actor without a reference is a role. Words of people are Remarks (DESIGN D-5).
CODE, ROLE = re.compile(r"[A-Za-z0-9_.-]*"), re.compile(r"[a-z_]*")
# An entry younger than this may have a neighbour that is still being written.
SETTLED = timedelta(seconds=60)
# Not the vacuum of a large table: it writes no entry, and may take hours.
OLDEST_TRANSACTION = """
SELECT min(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class TrailEntry(GrowingModel):
    """One act."""

    event = models.CharField(_("event"), max_length=60, help_text=_("What was done, as a fixed word."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment it was done."))
    subject_ref = models.UUIDField(_("person"), null=True, blank=True, db_index=True, help_text=_("Reference of the person concerned."))
    actor_ref = models.CharField(_("done by"), max_length=60, blank=True, help_text=_("Reference or role of who did it."))
    request_ref = models.CharField(_("request"), max_length=20, blank=True, help_text=_("Number of the request it belongs to."))
    reason = models.CharField(_("reason"), max_length=60, blank=True, help_text=_("A coded reason, where the act needs one."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.event}"

    def digest(self) -> str:
        """SHA-256 over the entry's own fields."""
        fields = [self.pk, self.event, self.at.isoformat(), str(self.subject_ref), self.actor_ref, self.request_ref, self.reason]
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


class TrailSeal(GrowingModel):
    """A batch of entries under one signed root, chained to the seal before it."""

    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now, help_text=_("When the batch was closed."))
    root = models.CharField(_("root"), max_length=64, help_text=_("SHA-256 over the root before it and the digests of the batch."))
    signature = models.CharField(_("signature"), max_length=64, help_text=_("HMAC-SHA-256 of the root under a key outside the database."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("trail seal")
        verbose_name_plural = _("trail seals")

    def __str__(self):
        return self.root


class SealedEntry(GrowingModel):
    """Which entry stands in which seal: an explicit list, since a range of ids would lose late writers."""

    seal = models.ForeignKey(TrailSeal, on_delete=models.PROTECT, related_name="members", verbose_name=_("seal"), help_text=_("The batch."))
    entry_id = models.BigIntegerField(_("entry"), unique=True, help_text=_("Number of the trail entry."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the entry when it was sealed."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("sealed entry")
        verbose_name_plural = _("sealed entries")

    def __str__(self):
        return f"entry {self.entry_id}"


def is_reference(actor_ref: str) -> bool:
    """Of somebody who signed in; anything else names a role."""
    try:
        return bool(UUID(actor_ref))
    except ValueError:
        return False


def record(event: str, *, subject_ref=None, actor_ref="", request_ref="", reason="") -> TrailEntry:
    """Add an entry, in the caller's transaction. The event is a fixed word such as `erasure.submitted`; free text is refused."""
    actor_ref = str(actor_ref or "")
    if not EVENT_NAME.fullmatch(event):
        raise ValueError(f"{event!r} is not an event name.")
    if not CODE.fullmatch(reason) or not (ROLE.fullmatch(actor_ref) or is_reference(actor_ref)):
        raise ValueError(f"{event}: a code and a reference stand in the trail; words stand in a Remark.")
    return TrailEntry.objects.create(event=event, subject_ref=subject_ref, actor_ref=actor_ref, request_ref=request_ref, reason=reason)


def seal(*, now=None) -> TrailSeal | None:
    """Close a batch over every settled entry that is not sealed yet; None when there is none."""
    now = now or timezone.now()
    with transaction.atomic():
        entries = list(_unsealed(now))
        if not entries:
            return None
        last = TrailSeal.objects.order_by("pk").last()
        root = _root(last.root if last else "", [entry.digest() for entry in entries])
        closed = TrailSeal.objects.create(sealed_at=now, root=root, signature=_sign(root, now, settings.SECRET_KEY))
        SealedEntry.objects.bulk_create([SealedEntry(seal=closed, entry_id=entry.pk, digest=entry.digest()) for entry in entries])
    return closed


def _unsealed(now):
    return _without_seal().filter(at__lt=min(now - SETTLED, _oldest_transaction(now))).order_by("pk")


def unsealed() -> int:
    """How many entries no seal covers yet."""
    return _without_seal().count()


def _without_seal():
    return TrailEntry.objects.filter(~Exists(SealedEntry.objects.filter(entry_id=OuterRef("pk"))))


def _oldest_transaction(now):
    """When the oldest transaction of a client that still runs began: it may yet commit an entry with an earlier time."""
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_TRANSACTION)
        return cursor.fetchone()[0] or now


def faults() -> list[str]:
    """What does not fit: a changed or missing row by its number, a broken root or signature. Empty when all holds."""
    found, before = [], ""
    for closed in TrailSeal.objects.order_by("pk"):
        members = list(closed.members.order_by("entry_id"))
        entries = TrailEntry.objects.in_bulk([member.entry_id for member in members])
        found += [f"entry {member.entry_id}" for member in members if not _holds(entries.get(member.entry_id), member)]
        if closed.root != _root(before, [member.digest for member in members]) or not _is_signed(closed):
            found.append(f"seal {closed.pk}")
        before = closed.root
    return found


def head() -> str:
    """The last root. Kept elsewhere, it shows when the newest seals were taken away."""
    return TrailSeal.objects.order_by("pk").values_list("root", flat=True).last() or ""


def _holds(entry, member) -> bool:
    return entry is not None and entry.digest() == member.digest


def _is_signed(closed) -> bool:
    """Under the key of today or one that was replaced."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return closed.signature in {_sign(closed.root, closed.sealed_at, key) for key in known}


def _root(before: str, digests: list[str]) -> str:
    return hashlib.sha256("\n".join([before, *digests]).encode()).hexdigest()


def _sign(root: str, sealed_at: datetime, key: str) -> str:
    signed = f"privacy.trail:{root}:{sealed_at.astimezone(UTC).isoformat()}"
    return hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()
