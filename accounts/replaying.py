"""Bans, and consent to a profile taken back, done again on a database that was put back from a backup.

A ban stands in the ledger sealed under a key of its own, which goes when the ban is lifted: its line then says nothing any more.
"""

import json
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from django.core import serializers
from django.db import transaction

from privacy import keys
from privacy.errors import KeyDestroyed
from privacy.evidence.replay import note, replayed
from privacy.subjects import Subject

from .consent import on_consent, withdraw
from .identity import end_sessions
from .models import Ban, Member, ProfileConsentEvent

# Their folder.
KEYS = "bans"


def note_ban(banned: Ban, holders) -> None:
    """The last statement of its transaction. `holders`: whoever was signed out for it."""
    keys.make(banned.digest, KEYS)
    row = json.dumps(serializers.serialize("python", [banned]), default=str)
    sealed = b64encode(keys.seal(banned.digest, row, KEYS)).decode()
    note("ban", digest=banned.digest, key_id=banned.key_id, sealed=sealed, holders=[holder.ref for holder in holders])


def note_unban(banned: Ban) -> None:
    """The last statement of the transaction that takes it off the list."""
    note("unban", digest=banned.digest)
    transaction.on_commit(lambda: keys.destroy(banned.digest, KEYS))


@replayed("ban")
@transaction.atomic
def ban_again(line) -> None:
    """As it was listed, under a number of this database. One that was lifted since has no key and stays off."""
    digest = line.facts["digest"]
    try:
        row = json.loads(keys.unseal(digest, b64decode(line.facts["sealed"]), KEYS))
    except (KeyDestroyed, InvalidTag):  # none, or that of a later ban
        return
    if not Ban.objects.filter(digest=digest).exists():
        banned = next(serializers.deserialize("python", row)).object
        banned.pk = None
        banned.save(force_insert=True)
    for holder in Subject.objects.filter(ref__in=line.facts["holders"]):
        end_sessions(holder)


@replayed("unban")
@transaction.atomic
def unban_again(line) -> None:
    """Its key went when it was lifted; one that is there now is that of a later ban."""
    Ban.objects.filter(digest=line.facts["digest"]).delete()


@replayed("profile_withdrawal")
@transaction.atomic
def withdraw_again(line) -> None:
    """What the backup brought back of the fields that she emptied goes; what she filled later is another consent, and stays."""
    later = ProfileConsentEvent.objects.filter(subject_ref=line.subject_ref, kind=ProfileConsentEvent.Kind.GIVEN, at__gt=line.at)
    filled_since = {name for names in later.values_list("attributes", flat=True) for name in names}
    member = Member.objects.filter(subject=line.subject_ref).first()
    if member is not None:
        withdraw(member, [name for name in line.facts["fields"] if name in on_consent() and name not in filled_since])
