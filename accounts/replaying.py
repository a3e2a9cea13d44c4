"""Bans, and consent to a profile taken back, done again on a database that was put back from a backup.

A ban stands in the ledger sealed under a key of its own, which goes when the ban is lifted: its line then says nothing any more.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from django.core import serializers
from django.db import transaction

from privacy import keys
from privacy.errors import KeyDestroyed
from privacy.evidence.ledger import outside
from privacy.evidence.replay import note, replayed
from privacy.subjects import Subject

from .consent import on_consent, withdraw
from .identity import end_sessions
from .models import Ban, Member, ProfileConsentEvent

# Their folder.
KEYS = "bans"


@dataclass
class _Change:
    """What one act does to the list: digests taken off, rows put on, and whoever was signed out for it."""

    off: list[str] = field(default_factory=list)
    on: dict[str, Ban] = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)

    def write(self) -> None:
        """The last statement of its transaction; nothing where nothing changed."""
        event = {(True, False): "unban", (False, True): "ban", (True, True): "reban"}.get((bool(self.off), bool(self.on)))
        if event:
            sealed = [_sealed(banned) for banned in self.on.values()]
            note(event, off=self.off, on=list(self.on), sealed=sealed, holders=sorted(self.holders))


_change: ContextVar[_Change | None] = ContextVar("what is gathered for one line", default=None)


@contextmanager
def in_one_line():
    """What is banned and unbanned in this block is one act: its line is written at the end of the block, as the last of the transaction."""
    if _change.get() is not None:
        yield
        return
    token = _change.set(_Change())
    try:
        yield
        _change.get().write()
    finally:
        _change.reset(token)


def note_ban(banned: Ban, holders) -> None:
    """The last statement of its transaction, or of a block `in_one_line`. `holders`: whoever was signed out for it."""
    with in_one_line():
        _change.get().on[banned.digest] = banned
        _change.get().holders.update(str(holder.ref) for holder in holders)


def note_unban(banned: Ban) -> None:
    """The last statement of the transaction that takes it off the list, or of a block `in_one_line`."""
    with in_one_line():
        _change.get().off.append(banned.digest)
        transaction.on_commit(lambda: keys.destroy(banned.digest, KEYS))


def note_terms(bans: Iterable[Ban], **changed) -> None:
    """What was told, reviewed or withheld of bans that stay: the last statement of the transaction that wrote it in their rows.

    `change` tells it from another change of the same bans, whose process died before it was committed.
    """
    sealed = {banned.digest: _seal(banned, changed) for banned in bans}
    note("ban_changed", change=uuid4(), on=list(sealed), sealed=list(sealed.values()))


def _sealed(banned) -> str:
    return _seal(banned, serializers.serialize("python", [banned]))


def _seal(banned, said) -> str:
    keys.make(banned.digest, KEYS)
    return b64encode(keys.seal(banned.digest, json.dumps(said, default=str), KEYS)).decode()


@replayed("ban")
@replayed("unban")
@replayed("reban")
@transaction.atomic
def change_again(line) -> None:
    """Taken off and put on as then. The key of one that went off is gone; one that is there now is that of a later ban."""
    Ban.objects.filter(digest__in=line.facts["off"]).delete()
    for digest, sealed in zip(line.facts["on"], line.facts["sealed"], strict=True):
        _list_again(line, digest, sealed)
    for holder in Subject.objects.filter(ref__in=line.facts["holders"]):
        end_sessions(holder)


def _list_again(line, digest, sealed):
    """As it was listed, under a number of this database."""
    row = _unsealed(line, digest, sealed)
    if row and not Ban.objects.filter(digest=digest).exists():
        banned = next(serializers.deserialize("python", row)).object
        banned.pk = None
        banned.save(force_insert=True)


def _unsealed(line, digest, sealed):
    """None of a ban that was lifted since, which has no key and stays off; a key that is lost is told."""
    try:
        return json.loads(keys.unseal(digest, b64decode(sealed), KEYS))
    except (KeyDestroyed, InvalidTag):  # none, or that of a later ban
        if _is_lifted_after(line, digest):
            return None
        raise


def _is_lifted_after(line, digest) -> bool:
    return any(digest in later.facts.get("off", ()) for later in outside().lines(after=line.number))


@replayed("ban_changed")
@transaction.atomic
def change_terms_again(line) -> None:
    """Told, reviewed, withheld as then."""
    for digest, sealed in zip(line.facts["on"], line.facts["sealed"], strict=True):
        changed = _unsealed(line, digest, sealed) or {}
        terms = {name: Ban._meta.get_field(name).to_python(value) for name, value in changed.items()}
        if terms:
            Ban.objects.filter(digest=digest).update(**terms)


@replayed("profile_withdrawal")
@transaction.atomic
def withdraw_again(line) -> None:
    """What the backup brought back of the fields that she emptied goes; what she filled later is another consent, and stays."""
    later = ProfileConsentEvent.objects.filter(subject_ref=line.subject_ref, kind=ProfileConsentEvent.Kind.GIVEN, at__gt=line.at)
    filled_since = {name for names in later.values_list("attributes", flat=True) for name in names}
    member = Member.objects.filter(subject=line.subject_ref).first()
    if member is not None:
        withdraw(member, [name for name in line.facts["fields"] if name in on_consent() and name not in filled_since])
