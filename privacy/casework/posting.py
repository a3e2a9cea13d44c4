"""What one of ours does with a letter: put it in the post, note that it came back, have it mailed once more. Each act is on record."""

from collections.abc import Callable
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from .. import keys
from ..errors import LetterMovedOn
from ..evidence import trail
from . import agenda, bounces, letters
from .letters import Letter, State


class Act(StrEnum):
    BY_POST = "by_post"
    POSTED = "posted"
    RETURNED = "returned"
    AGAIN = "again"


def acts_for(letter: Letter) -> list[Act]:
    """What can be done with it as it is now, the usual first. The address to mail it again goes with the key of the request."""
    return {
        State.WAITS: [Act.BY_POST],
        State.TO_POST: [Act.POSTED],
        State.SENT: [Act.RETURNED, Act.BY_POST],
        State.POSTED: [Act.RETURNED],
        State.RETURNED: [*([Act.AGAIN] if has_address(letter.request) else []), Act.POSTED],
    }[letter.state]


def has_address(request) -> bool:
    return bool(request.sealed_address) and keys.exists(request.ref)


def do(act: str, letter: Letter, *, actor_ref) -> None:
    """LetterMovedOn where that is not possible, or no longer: of two who do it at once one is on record."""
    if act not in acts_for(letter):
        raise LetterMovedOn
    with transaction.atomic():
        if not ACTS[Act(act)](letter, str(actor_ref)):
            raise LetterMovedOn
        letter.refresh_from_db()
        _settle(letter.request)


def _to_post(letter, actor_ref) -> bool:
    """No worker mails it any more; somebody has to print it."""
    if not Letter.objects.filter(pk=letter.pk, by_post=False).update(by_post=True):
        return False
    letters.note_to_post(letter)
    return _record("to_post", letter, actor_ref)


def _posted(letter, actor_ref) -> bool:
    now = timezone.now()
    waits = Letter.objects.filter(Q(posted_at=None) | Q(posted_at__lte=F("returned_at")), pk=letter.pk)
    if not waits.update(by_post=True, posted_at=now, sent_at=letter.sent_at or now):
        return False
    letters.forget_address(letter.request)
    return _record("posted", letter, actor_ref)


def _returned(letter, actor_ref) -> bool:
    return bounces.note(letter, bounces.BY_HAND, actor_ref=actor_ref)


def _again(letter, actor_ref) -> bool:
    """By mail, to the address of before, as a letter that was never tried."""
    never = dict.fromkeys(("sent_at", "posted_at", "returned_at", "held_until"))
    anew = {**never, "returned_because": "", "by_post": False, "attempts": 0, "mailed_again_at": timezone.now()}
    if not Letter.objects.returned().filter(pk=letter.pk).update(**anew):
        return False
    return _record("mailed_again", letter, actor_ref)


ACTS: dict[Act, Callable[[Letter, str], bool]] = {
    Act.BY_POST: _to_post,
    Act.POSTED: _posted,
    Act.RETURNED: _returned,
    Act.AGAIN: _again,
}


def _record(what, letter, actor_ref) -> bool:
    request = letter.request
    who = {"subject_ref": request.subject_ref, "actor_ref": actor_ref}
    return bool(trail.record(f"letter.{what}", request_ref=request.ref, reason=letter.kind, **who))


def _settle(request) -> None:
    """The agenda asks for nothing that is done: of this request no letter came back, or none waits to be posted."""
    if not request.letters.returned().exists():
        agenda.AgendaItem.objects.end(request.ref, agenda.Kind.BOUNCED)
    if not request.letters.to_post().exists():
        agenda.AgendaItem.objects.end(request.ref, agenda.Kind.POST)
