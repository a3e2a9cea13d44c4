"""The list of banned addresses: how one is listed, and how one is recognised without keeping the address (K-7)."""

import hashlib
import hmac
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from privacy.conf import hook
from privacy.evidence import trail
from privacy.subjects import Subject, matcher

from .addresses import one_spelling
from .errors import AddressInvalid, BanUnfounded
from .identity import end_sessions
from .misconduct import sealing
from .models import Ban, Member
from .replaying import note_ban, note_unban
from .spellings import endings_of, mailbox_of


def canonical(address: str) -> str:
    """The address as the list knows it: one form for each mailbox (accounts.spellings); ValidationError on what is no address.

    For the list alone: what is stored and written to stays as the person spelled it.
    """
    return mailbox_of(one_spelling(address))


def digests(address: str) -> dict[str, str]:
    """The HMAC-SHA-256 of the canonical address under every key of BAN_KEYS, oldest first: key id -> digest."""
    message = canonical(address).encode()
    return {key_id: hmac.new(key.encode(), message, hashlib.sha256).hexdigest() for key_id, key in settings.BAN_KEYS.items()}


def is_banned(*addresses: str) -> bool:
    """Whether any of them is; always one query. What is no address is not on the list."""
    return Ban.objects.filter(digest__in=_known_as(addresses) or [""]).exists()


def is_kept_out(member: Member) -> bool:
    """Whether an address that is hers is banned: that of her account, and each that she confirmed. Always two queries."""
    return is_banned(member.email, *member.confirmed_addresses)


def is_refused_at(address: str) -> bool:
    """Whether a ban keeps out whoever reads mail there: of this address, or of another of the same person. Always two queries."""
    holders = Member.objects.known_by(address.lower()).values("pk")
    return is_banned(address, *EmailAddress.objects.filter(user__in=holders, verified=True).values_list("email", flat=True))


@transaction.atomic
def ban(address: str, *, breach: str, notices: str, actor_ref="") -> Ban:
    """List an address under the newest key, or give the ban that it is already listed by; refuses without both grounds.

    Whoever it belongs to is signed out everywhere.
    """
    breach, notices = breach.strip(), notices.strip()
    if not (breach and notices):
        raise BanUnfounded
    banned = found(address) or _add(address, digests(address), breach, notices, actor_ref)
    holders = holders_of(address)
    for holder in holders:
        end_sessions(holder)
    note_ban(banned, holders)
    return banned


def _add(address, known_as, breach, notices, actor_ref):
    """Whose it is stands in it as a reference, which leads to nobody once she is erased."""
    key_id, digest = list(known_as.items())[-1]
    holder = next(iter(holders_of(address)), None)
    sealed, sealed_to = sealing.seal(one_spelling(address), digest)
    found = {"key_id": key_id, "breach": breach, "notices": notices, "sealed_address": sealed, "sealed_to": sealed_to}
    added, is_new = Ban.objects.get_or_create(digest=digest, defaults=found | {"subject_ref": holder and holder.pk})
    if is_new:
        trail.record("ban.added", subject_ref=added.subject_ref, actor_ref=actor_ref)
    return added


@transaction.atomic
def unban(banned: Ban) -> bool:
    """Take it off the list, with all that it says; False where another did so first. The trail is the caller's, who knows why."""
    gone, _tables = Ban.objects.filter(pk=banned.pk).delete()
    if gone:
        note_unban(banned)
    return bool(gone)


def found(address: str) -> Ban | None:
    """The ban by which an address is listed; AddressInvalid on what is none."""
    try:
        return Ban.objects.filter(digest__in=digests(address).values()).first()
    except ValidationError:
        raise AddressInvalid from None


def holders_of(address: str) -> list[Subject]:
    """Who confirmed an address of this mailbox, in whatever spelling."""
    spelled = [each for each in _confirmed_near(one_spelling(address)) if mailbox_of(each) == canonical(address)]
    return list(Subject.objects.filter(member__emailaddress__email__in=spelled, member__emailaddress__verified=True).distinct())


def _confirmed_near(address) -> Iterable[str]:
    """Every confirmed address at the same provider, where it tells spellings apart; else the address itself."""
    at_provider = Q()
    for ending in endings_of(address):
        at_provider |= Q(email__endswith=ending)
    confirmed = EmailAddress.objects.filter(at_provider or Q(email=address), verified=True)
    return confirmed.values_list("email", flat=True).iterator()


@matcher("ban_digest")
def _by_digest(subject, column):
    """The bans of the addresses that this person verified, under every key, and those put on her; none that is withheld from her."""
    hers = Q(**{f"{column}__in": _known_as(hook("ADDRESSES")(subject))}) | Q(subject_ref=subject.ref)
    return hers & Q(withheld="")


def _known_as(addresses):
    return [digest for address in addresses for digest in _digests_if_address(address)]


def _digests_if_address(address):
    try:
        return digests(address).values()
    except ValidationError:
        return []
