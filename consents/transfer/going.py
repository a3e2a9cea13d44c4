"""Taking data elsewhere, from her choice to the worker: asked here, allowed there, stopped by her or by her leaving (Art. 20(2))."""

from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy import keys
from privacy.casework import cases, quota
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import Right
from privacy.evidence import trail
from privacy.rights.portability import Scope

from .. import permissions
from ..errors import AccountLeaving, AddressRefused, NotReached
from . import remote, waking
from .contract import SCOPE, challenge
from .errors import ReceiverClosed, TransferOpen
from .models import TOKENS, OutgoingTransfer, Receiver

State = OutgoingTransfer.State
# To sign in there and say yes; her session remembers it no longer.
ANSWER_WITHIN = timedelta(days=1)


def numbers_there(subject) -> dict[int, str]:
    """Recipient's key -> the number of her last transfer there: the one name under which it can find what it took in (Art. 19)."""
    went = OutgoingTransfer.including_hidden.filter(member__subject=subject).exclude(remote_ref="").order_by("pk")
    return dict(went.values_list("receiver__recipient", "remote_ref"))


def ask(member, receiver) -> OutgoingTransfer:
    """She chose where her data go; nothing leaves before she says yes there.

    TransferOpen while another of hers is on its way; TooManyArchives before she goes there in vain.
    """
    try:
        with transaction.atomic():
            subject = _hold(member)
            if not _being_made(subject):
                quota.refuse_one_too_many(subject)
            for older in OutgoingTransfer.including_hidden.filter(member=member, state=State.ASKED):
                end(older, State.STOPPED)
            made = OutgoingTransfer.objects.create(member=member, receiver=receiver)
            trail.record("transfer.asked", subject_ref=subject.ref, actor_ref=str(subject.ref))
    except IntegrityError:
        raise TransferOpen from None
    return made


def address_to_allow(receiver, state: str, verifier: str, redirect_uri: str) -> str:
    """Where she says yes, at the receiver, which is asked for it: never inside a transaction."""
    asked = {
        "response_type": "code",
        "client_id": receiver.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    return f"{remote.endpoints(receiver).authorize}?{urlencode(asked)}"


def begin(transfer, token: str, *, identified_by: str) -> bool:
    """She said yes there: the archive is asked for, and the worker sends it; False where it was stopped meanwhile.

    TooManyArchives as for any other archive of hers; ReceiverClosed where it was closed meanwhile.
    """
    with transaction.atomic():
        subject = _hold(transfer.member)
        transfer.refresh_from_db()
        if transfer.state != State.ASKED:
            return False
        if transfer.receiver.closed_at:
            raise ReceiverClosed
        transfer.token = token
        transfer.request_ref = _archive_of(subject, identified_by).ref
        transfer.state, transfer.started_at = State.SENDING, timezone.now()
        transfer.save()
        trail.record("transfer.allowed", subject_ref=subject.ref, actor_ref=str(subject.ref), request_ref=transfer.request_ref)
        waking.wake_outgoing(transfer)
    return True


def decline(transfer, token: str) -> None:
    """A token that we have no use for is given back where that works, and kept nowhere; that of an answer that came first stays."""
    if not OutgoingTransfer.including_hidden.filter(pk=transfer.pk, state=State.SENDING).exists():
        keys.destroy(str(transfer.ref), TOKENS)
    with suppress(NotReached, AddressRefused):
        remote.give_back(transfer.receiver, token)


def _archive_of(subject, identified_by) -> DataSubjectRequest:
    """The one that is being made, else a new one: what goes there is what she would fetch herself."""
    older = _being_made(subject)
    if older:
        return older
    quota.refuse_one_too_many(subject)
    asked = cases.submit(Right.PORTABILITY, subject=subject, identified_by=identified_by, scope=Scope.PORTABLE.words)
    cases.approve(asked, subject=subject)
    return asked


def _being_made(subject) -> DataSubjectRequest | None:
    hers = DataSubjectRequest.objects.about(subject).filter(right=Right.PORTABILITY)
    return hers.open_one(Right.PORTABILITY, Scope.PORTABLE.words)


def _hold(member):
    subject = permissions.hold(member)
    if subject is None or subject.hidden_at is not None:
        raise AccountLeaving
    return subject


def stop(transfer) -> bool:
    """By her; False where it had ended. What the receiver took in is there, what it did not is destroyed there."""
    return _end_open(transfer, State.STOPPED)


def give_up(transfer) -> None:
    """What was asked and came to nothing stands in nobody's way; what goes on by another answer goes on."""
    _end_open(transfer, State.STOPPED, only=[State.ASKED])


def close(receiver) -> int:
    """Nothing goes there any more. What is under way ends, and the worker gives its tokens back; how many there were."""
    Receiver.objects.filter(pk=receiver.pk, closed_at=None).update(closed_at=timezone.now())
    hers = OutgoingTransfer.including_hidden.under_way().filter(receiver=receiver).select_related("member")
    return sum(_end_open(transfer, State.FAILED, problem="closed") for transfer in hers)


def forget_asked(now) -> None:
    """She went there and did not come back."""
    unanswered = OutgoingTransfer.including_hidden.filter(state=State.ASKED, created_at__lte=now - ANSWER_WITHIN)
    for transfer in unanswered.select_related("member"):
        give_up(transfer)


def _end_open(transfer, state, *, only=OutgoingTransfer.OPEN, problem="") -> bool:
    """False where it stands otherwise by now."""
    with transaction.atomic():
        permissions.hold(transfer.member)
        transfer.refresh_from_db()
        if transfer.state not in only:
            return False
        end(transfer, state, problem=problem)
    return True


def end(transfer, state, *, problem="", **more) -> None:
    """In the caller's transaction; the worker then gives the token back and forgets it. What ended meanwhile stays as it ended."""
    ended = {"state": state, "ended_at": timezone.now(), "problem": problem, "failures": 0, "held_until": None, **more}
    if not OutgoingTransfer.including_hidden.under_way().filter(pk=transfer.pk).update(**ended):
        return
    subject_ref = transfer.member.subject_id
    trail.record(f"transfer.{state}", subject_ref=subject_ref, request_ref=transfer.request_ref, reason=problem.lstrip("#"))
    waking.wake_outgoing(transfer)


def forget_token(transfer) -> None:
    """First the key, so that a crash leaves neither."""
    keys.destroy(str(transfer.ref), TOKENS)
    OutgoingTransfer.including_hidden.filter(pk=transfer.pk).update(sealed_token=b"")
