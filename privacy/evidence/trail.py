"""The trail: what was done, when, by whom, for whom; references and event names, never values (Art. 5(2))."""

import hashlib
import json
import re
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .growing import GrowingModel

EVENT_NAME = re.compile(r"[a-z]+\.[a-z_]+")
# A reason is one word of ours, of a closed list; an actor without a reference is a role. Words of people are Remarks (DESIGN D-5).
CODE, ROLE = re.compile(r"[A-Za-z0-9_.-]*"), re.compile(r"[a-z_]*")


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
        indexes = [models.Index(fields=["at"], name="privacy_trail_by_time")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.event}"

    def digest(self) -> str:
        return digest_of(*(getattr(self, name) for name in DIGESTED))


# What a digest is made of, in this order for ever.
DIGESTED = ("pk", "event", "at", "subject_ref", "actor_ref", "request_ref", "reason")


def digest_of(key, event, at, subject_ref, actor_ref, request_ref, reason) -> str:
    """SHA-256 over an entry's own fields."""
    fields = [key, event, at.isoformat(), str(subject_ref), actor_ref, request_ref, reason]
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
