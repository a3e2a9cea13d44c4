"""The list of banned addresses: how one is listed, and how one is recognised without keeping the address (K-7)."""

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from privacy.conf import hook
from privacy.evidence import trail
from privacy.subjects import matcher

from .addresses import one_spelling
from .errors import AddressInvalid, BanUnfounded
from .models import Ban, Member


def canonical(address: str) -> str:
    """The address as the list knows it; ValidationError on what is no address.

    Today this is its one spelling. Rules of a single provider (dots, plus-tags) belong here and nowhere else: what is
    stored and written to stays as the person spelled it.
    """
    return one_spelling(address)


def digests(address: str) -> dict[str, str]:
    """The HMAC-SHA-256 of the canonical address under every key of BAN_KEYS, oldest first: key id -> digest."""
    message = canonical(address).encode()
    return {key_id: hmac.new(key.encode(), message, hashlib.sha256).hexdigest() for key_id, key in settings.BAN_KEYS.items()}


def is_banned(address: str) -> bool:
    """One query. What is no address is not on the list."""
    try:
        return Ban.objects.filter(digest__in=digests(address).values()).exists()
    except ValidationError:
        return False


@transaction.atomic
def ban(address: str, *, breach: str, notices: str, actor_ref="") -> Ban:
    """List an address under the newest key, or give the ban that it is already listed by; refuses without both grounds."""
    breach, notices = breach.strip(), notices.strip()
    if not (breach and notices):
        raise BanUnfounded
    try:
        known_as = digests(address)
    except ValidationError:
        raise AddressInvalid from None
    return Ban.objects.filter(digest__in=known_as.values()).first() or _add(address, known_as, breach, notices, actor_ref)


def _add(address, known_as, breach, notices, actor_ref):
    key_id, digest = list(known_as.items())[-1]
    added, is_new = Ban.objects.get_or_create(digest=digest, defaults={"key_id": key_id, "breach": breach, "notices": notices})
    if is_new:
        trail.record("ban.added", subject_ref=_subject_ref(address), actor_ref=actor_ref)
    return added


def _subject_ref(address):
    """Whose address it is, if a member confirmed it."""
    holders = Member.objects.filter(emailaddress__email=one_spelling(address), emailaddress__verified=True)
    return holders.values_list("subject_id", flat=True).first()


@matcher("ban_digest")
def _by_digest(subject, column):
    """The bans of the addresses that this person verified, under every key."""
    known_as = [digest for address in hook("ADDRESSES")(subject) for digest in _digests_if_address(address)]
    return Q(**{f"{column}__in": known_as})


def _digests_if_address(address):
    try:
        return digests(address).values()
    except ValidationError:
        return []
