"""A member's profile as a card that address books read: vCard 4.0 (RFC 6350, Art. 20)."""

import base64
import re
import uuid
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from privacy.rights.formats import archive_format
from privacy.subjects import Subject

from . import photos

# Octets of a line, its end aside (RFC 6350, 3.2).
LINE = 75
# Of a photo; address books refuse or cut large ones. Ours are drawn at 400 pixels.
PHOTO_AT_MOST = 100_000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ESCAPED = str.maketrans({"\\": r"\\", ",": r"\,", ";": r"\;", "\n": r"\n"})


@archive_format("profile.vcf", record="accounts.Member")
def profile(subject: Subject, rows: QuerySet) -> Iterable[bytes] | None:
    """A card is handed on, so it says nothing of birth date and gender, which the profile shows to nobody (they are in `data/`)."""
    member = rows.first()
    return None if member is None else map(_folded, _lines(member, subject))


def _lines(member, subject) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:4.0", "KIND:individual", f"UID:urn:uuid:{_uid(subject)}")
    yield f"FN:{_text(f'{member.first_name} {member.last_name}'.strip() or member.email)}"
    yield f"N:{_text(member.last_name)};{_text(member.first_name)};;;"
    yield f"EMAIL;PREF=1:{_text(member.email)}"
    if member.town:
        yield f"ADR:;;;{_text(member.town)};;;"
    if member.occupation:
        yield f"ROLE:{_text(member.occupation)}"
    if member.about_me:
        yield f"NOTE:{_text(member.about_me)}"
    yield from (f"URL:{address}" for address in [*member.website.split(), *member.social_networks.split()] if address.isprintable())
    yield f"LANG:{member.language}"
    yield from _photo(member)
    yield "END:VCARD"


def _uid(subject) -> uuid.UUID:
    """The same in each of her cards, so that a new one replaces the old; her reference cannot be told from it."""
    return uuid.uuid5(subject.ref, "profile.vcf")


def _photo(member):
    picture = photos.read(member.photo.name) if member.photo else None
    if picture and len(picture) <= PHOTO_AT_MOST:
        yield f"PHOTO:data:{photos.CONTENT_TYPE};base64,{base64.b64encode(picture).decode('ascii')}"


def _text(said: str) -> str:
    """Line breaks stay, as the two characters that stand for one; other control characters go."""
    return CONTROL.sub("", "\n".join(said.splitlines())).translate(ESCAPED)


def _folded(line: str) -> bytes:
    """No character is torn apart: what folds a line is taken out again octet by octet, but not by every program."""
    left, pieces = line.encode("utf-8", "replace"), []
    while len(left) > (room := LINE - bool(pieces)):
        end = next(end for end in range(room, 0, -1) if left[end] & 0xC0 != 0x80)
        pieces.append(left[:end])
        left = left[end:]
    return b"\r\n ".join([*pieces, left]) + b"\r\n"
