"""A letter that did not arrive, as a mail server, the post or our own tries tell it: then somebody of ours finds another way."""

import re
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesParser

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from ..days import day_of
from ..errors import NotABounce
from ..evidence import trail
from . import agenda
from .letters import Letter

# Why, where no mail server gave a code of its own (RFC 3463).
BY_HAND, NOT_SENT = "by_hand", "not_sent"
# Who noted it, in the trail.
MAIL_SERVER = "mail_server"
DAYS_TO_FIND_ANOTHER_WAY = timedelta(days=3)
# Per night: the next one takes the rest.
A_NIGHT = 1_000
# A mail server returns the headers of a letter, or all of it: ours are a few kilobytes.
LARGEST = 1_000_000
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# What stands before the @ of our Message-ID: number of the request, kind, and its own number where there are many of a kind.
MESSAGE_ID = re.compile(r"<([23456789A-HJ-NP-Z]{1,20}\.[a-z_]{1,20}(?:\.\d{1,18})?)@[^<>\s]{1,255}>")


@transaction.atomic
def note(letter: Letter, code: str, *, actor_ref="") -> bool:
    """Once, however often it is told; False where it is known, or the letter never left. The task is open until another way was found."""
    left = Q(attempts__gt=0) | Q(sent_at__isnull=False) | Q(posted_at__isnull=False)
    is_new = Q(returned_at__isnull=True) | Q(posted_at__gt=F("returned_at"))
    if not Letter.objects.filter(left & is_new, pk=letter.pk).update(returned_at=timezone.now(), returned_because=code[:20]):
        return False
    request = letter.request
    agenda.note(agenda.Kind.BOUNCED, request.ref, day_of(timezone.now() + DAYS_TO_FIND_ANOTHER_WAY))
    who = {"subject_ref": request.subject_ref, "actor_ref": actor_ref}
    trail.record("letter.returned", request_ref=request.ref, reason=letter.kind, **who)
    return True


def note_given_up(now: datetime) -> None:
    """Silence is no answer: what no mail server took in 7 days is told to us (G-09)."""
    for letter in Letter.objects.given_up(now).select_related("request").order_by("pk")[:A_NIGHT]:
        note(letter, NOT_SENT)


def note_report(report: bytes) -> Letter | None:
    """What a mail server wrote to us about one of our letters (RFC 3464); the letter, or None where it is none of ours or known already.

    NotABounce where it is no such report, or says that the letter is only late. Nothing else of it is read or kept.
    """
    code, names = read(report)
    for name in names:
        letter = Letter.objects.named(name)
        if letter is not None:
            return letter if note(letter, code, actor_ref=MAIL_SERVER) else None
    return None


def read(report: bytes) -> tuple[str, list[str]]:
    """Its code, and the names of letters in it."""
    if not 0 < len(report) <= LARGEST:
        raise NotABounce
    try:
        parts = list(BytesParser(policy=policy.compat32).parsebytes(report).walk())
        failed = [block for block in _about_addresses(parts) if str(block.get("Action", "")).strip().lower() == "failed"]
        names = _names(parts)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # whatever somebody may mail us
        raise NotABounce from None
    if not failed:
        raise NotABounce
    code = STATUS.search(str(failed[0].get("Status", "")))
    return code[1] if code else "failed", names


def _about_addresses(parts):
    """What it says of each address."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            yield from (block for block in part.get_payload() if hasattr(block, "get"))


def _names(parts) -> list[str]:
    """From the headers of the letter that it brings back, as a part or as text, or that it answers."""
    said = []
    for part in parts:
        said += [str(part.get(header, "")) for header in ("Message-ID", "In-Reply-To", "References")]
        if part.get_content_type() == "text/rfc822-headers":
            said.append(str(part.get_payload()))
    return list(dict.fromkeys(MESSAGE_ID.findall("\n".join(said))))
