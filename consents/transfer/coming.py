"""What a program of another controller brings, act by act; each may come any number of times (docs/transfer.md)."""

import base64
import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from privacy.errors import (
    ArchiveOfAnotherMaker,
    ArchiveTooLarge,
    ArchiveTooNew,
    ArchiveTooOld,
    MakerUnreadable,
    PrivacyError,
    WhileRestricted,
)
from privacy.evidence import replay, trail
from privacy.rights.handing_over import Announced, Listed, announced, refuse_too_much

from .. import permissions
from ..errors import AccountLeaving
from ..oidc.models import AuthorizationCode
from . import recording, storing
from .contract import PIECE_BYTES, SCOPE, repr_digest
from .errors import BeingTakenIn, Problem
from .expecting import Expected
from .models import LASTS, IncomingTransfer

State = IncomingTransfer.State


def no_consent() -> Problem:
    """Made anew each time: an exception that is raised again keeps the call, its token and its body of each time before."""
    return Problem("#consent", 401, "The person did not allow this, or not any more.")


def try_again() -> Problem:
    """What we cannot read or note at this moment: keys that are being replaced, a ledger on a full disk."""
    return Problem("about:blank", 503, "The receiver cannot do this now. Nothing was changed. Try again.")


def allow(member, application, ticked, *, asked, text_version, language) -> IncomingTransfer:
    """Her yes: one transfer from this program, in the place of one that nothing came of yet. BeingTakenIn, AccountLeaving, WhileRestricted.

    `ticked` are the kinds of data that may come, of those that were `asked`.
    """
    with transaction.atomic():
        subject = permissions.hold(member)
        if subject is None or subject.hidden_at is not None:
            raise AccountLeaving
        if subject.restricted_at:
            raise WhileRestricted
        earlier = IncomingTransfer.including_hidden.open().filter(member=member)
        for older in earlier:
            if older.state == State.TAKING_IN:
                raise BeingTakenIn
            end(older, State.STOPPED)
        drop_tokens(member.pk, application.pk)  # also of one that is done: a token is good for one transfer
        now = timezone.now()
        made = IncomingTransfer.objects.create(
            member=member,
            application=application,
            issuer=application.brings_from,
            ticked=sorted(ticked),
            allowed_at=now,
            expires_at=now + LASTS,
        )
        recording.given(made, asked=asked, text_version=text_version, language=language)
        trail.record("arrival.allowed", subject_ref=subject.ref, actor_ref=str(subject.ref))
        if earlier:
            replay.note("arrival_stopped", subject_ref=subject.ref)
    return made


def readable_by(member, application) -> IncomingTransfer | None:
    """The transfer that a token of this member and program is about, as long as it opens anything."""
    if member is None or not member.is_authenticated or not member.is_active:
        return None
    return IncomingTransfer.objects.readable().filter(member=member, application=application).order_by("-pk").first()


def end(transfer, state, *, problem="", **more) -> bool:
    """Under `permissions.hold`; False where it ended meanwhile, or another worker took over, and then nothing changes.

    What came is destroyed; the token opens its receipt alone, and where it was stopped nothing.
    """
    ended = {"state": state, "ended_at": timezone.now(), "problem": problem, **more}
    as_it_was = {"pk": transfer.pk, "state": transfer.state, "attempts": transfer.attempts}
    if not IncomingTransfer.including_hidden.filter(**as_it_was).update(**ended):
        return False
    if state in {State.STOPPED, State.EXPIRED}:
        drop_tokens(transfer.member_id, transfer.application_id)
    transaction.on_commit(lambda: storing.destroy(transfer.ref))
    return True


def drop_tokens(member_id, application_id) -> None:
    """Of bringing archives; what she allows this program besides stays."""
    for model in (AuthorizationCode, get_access_token_model()):
        model.objects.filter(user=member_id, application=application_id, scope=SCOPE).delete()


def stop(transfer, *, by_her=True) -> bool:
    """By her, or by its sender, who takes no consent back; False where it had ended or is being taken in."""
    with transaction.atomic():
        permissions.hold(transfer.member)
        transfer.refresh_from_db()
        if transfer.state not in IncomingTransfer.WAITING:
            return False
        _stop(transfer, method=permissions.Method.PAGE if by_her else None)
        replay.note("arrival_stopped", subject_ref=transfer.member.subject_id, by_her=by_her)
    return True


def _stop(transfer, method) -> None:
    """Under `permissions.hold`; without a method her consent was not taken back."""
    if end(transfer, State.STOPPED):
        trail.record("arrival.stopped", subject_ref=transfer.member.subject_id)
        if method:
            recording.withdrawn(transfer, method=method, at=timezone.now())


def stop_all(member) -> int:
    """Whatever she let programs bring; how many stopped."""
    waiting = IncomingTransfer.objects.waiting().filter(member=member).select_related("member", "application")
    return sum(stop(transfer) for transfer in waiting)


def stop_those(transfers, method) -> None:
    """With her consent taken back, in the caller's transaction, under `permissions.hold` of their members."""
    for transfer in transfers.select_related("member", "application"):
        _stop(transfer, method)


def end_replayed(member, application) -> None:
    """Somebody brought its code twice (RFC 6749, 4.1.2): what was handed out is worth nothing, whatever else does not work."""
    found = readable_by(member, application)
    drop_tokens(member.pk, application.pk)
    if found is not None:
        stop(found, by_her=False)


def begin(transfer, manifest: str, signature: str) -> bool:
    """Whether it is new. A token of which another archive began is worth nothing (T-20)."""
    try:
        raw = base64.b64decode(manifest, validate=True)
        raw.decode()
        found = announced(raw, signature, transfer.issuer)
        refuse_too_much(found, transfer.ticked)
    except ValueError:  # also those of base64 and UTF-8
        raise Problem("#not-as-signed", 422, "The manifest is not base64 of JSON.") from None
    except PrivacyError as refusal:
        raise _problem_of(refusal) from None
    with transaction.atomic():
        permissions.hold(transfer.member)
        transfer.refresh_from_db()
        if transfer.manifest_sha256 not in {"", found.sha256} or transfer.state in {State.STOPPED, State.EXPIRED}:
            raise no_consent()
        if transfer.state != State.ALLOWED:
            return False
        storing.keep_manifest(transfer.ref, raw, signature)
        Expected.of(found, transfer.ticked).keep(transfer.ref)
        transfer.state, transfer.manifest_sha256 = State.BEGUN, found.sha256
        transfer.save(update_fields=["state", "manifest_sha256"])
    return True


def _problem_of(refusal) -> Problem:
    if isinstance(refusal, MakerUnreadable):
        return try_again()
    if isinstance(refusal, ArchiveOfAnotherMaker):
        return Problem("#unknown-issuer", 403, "The receiver does not know who signed.")
    if isinstance(refusal, ArchiveTooNew | ArchiveTooOld):
        return Problem("#version", 422, "The receiver reads another version of the format.")
    if isinstance(refusal, ArchiveTooLarge):
        return Problem("#too-large", 413, "More than the receiver takes.")
    return Problem("#not-as-signed", 422, "The manifest is not what was signed, or contradicts itself.")


def kept_manifest(transfer) -> Announced:
    return announced(*storing.manifest(transfer.ref), transfer.issuer)


def how_far(transfer) -> dict:
    """As the contract says it; a transfer that ended wants nothing more."""
    told = {"transfer": str(transfer.ref), "state": _told_state(transfer.state), "expires_at": transfer.expires_at.isoformat()}
    if transfer.state not in {State.BEGUN, State.TAKING_IN}:
        receipt = {"receipt": signed_receipt(transfer)} if transfer.receipt else {}
        return told | {"wanted": [], "unwanted": []} | receipt | ({"problem": transfer.problem} if transfer.problem else {})
    expected = Expected.kept(transfer.ref)
    files = expected.told(storing.received(transfer.ref))
    is_whole = transfer.state == State.BEGUN and all(file["received"] == file["bytes"] for file in files)
    return told | ({"state": "complete"} if is_whole else {}) | {"wanted": files, "unwanted": expected.unwanted}


def _told_state(state) -> str:
    return {State.ALLOWED: "begun", State.BEGUN: "begun"}.get(state, state)


def signed_receipt(transfer) -> dict:
    return {"receipt": base64.b64encode(transfer.receipt.encode()).decode(), "signature": transfer.receipt_signature}


def missing_bytes(transfer, name: str, digest: str, first: int, length: int | None, whole: int | None) -> tuple[int, Listed] | None:
    """Where a piece of `length` bytes from `first` on belongs; None where the file is here, and the piece need not be read."""
    if transfer.state != State.BEGUN:
        raise Problem("#wrong-place", 409, "The transfer takes no files now.")
    number, file = Expected.kept(transfer.ref).place_of(name)
    if digest != repr_digest(file.sha256):
        raise Problem("#digest", 422, "The manifest lists another digest.")
    here = storing.received_of(transfer.ref, number)
    if here == file.bytes:
        return None
    if whole not in {None, file.bytes} or (length is not None and first + length > file.bytes):
        raise Problem("#not-as-signed", 422, "The manifest lists another size.")
    if first != here:
        raise Problem("#wrong-place", 409, "The piece begins elsewhere than the last one ended.", received=here)
    if (length or 0) > PIECE_BYTES:
        raise Problem("#too-large", 413, f"A piece has at most {PIECE_BYTES} bytes.")
    return number, file


def put(transfer, place: tuple[int, Listed], first: int, plain: bytes) -> int | None:
    """Keep a piece; how many bytes are here then, None once the file is whole. Another file than the one that was signed is destroyed."""
    number, file = place
    if not plain or first + len(plain) > file.bytes:
        raise Problem("#not-as-signed", 422, "The manifest lists another size.")
    with transaction.atomic():
        permissions.hold(transfer.member)
        if not IncomingTransfer.objects.under_way().filter(pk=transfer.pk, state=State.BEGUN).exists():
            raise no_consent()  # whoever reads its body slowly changes nothing of what is being taken in
        storing.keep_piece(transfer.ref, number, first, plain)
    if first + len(plain) < file.bytes:
        return first + len(plain)
    if not is_as_signed(transfer.ref, number, file):
        storing.drop(transfer.ref, number)
        raise Problem("#digest", 422, "The file is whole, and its digest is another. Send it again.", received=0)
    return None


def is_as_signed(ref, number: int, file: Listed) -> bool:
    digest, size = hashlib.sha256(), 0
    for block in storing.blocks(ref, number):
        digest.update(block)
        size += len(block)
    return (size, digest.hexdigest()) == (file.bytes, file.sha256)


def finish(transfer, said: dict) -> None:
    """Everything is here and agrees with what the sender counted: the worker may take it in."""
    if transfer.state != State.BEGUN:
        if said.get("manifest_sha256") != transfer.manifest_sha256:
            raise Problem("#not-as-signed", 422, "Another manifest began.")
        return
    expected = Expected.kept(transfer.ref)
    if not expected.is_counted_by(said):
        raise Problem("#not-as-signed", 422, "What the sender counted is not what is wanted.")
    missing = [file for file in expected.told(storing.received(transfer.ref)) if file["received"] != file["bytes"]]
    if missing:
        raise Problem("#missing", 409, "Not every wanted file is here.", missing=missing)
    with transaction.atomic():
        permissions.hold(transfer.member)
        IncomingTransfer.objects.filter(pk=transfer.pk, state=State.BEGUN).update(state=State.TAKING_IN)
    transfer.refresh_from_db()
    if transfer.state in {State.STOPPED, State.EXPIRED}:
        raise no_consent()  # at this very moment


def expire(now) -> None:
    """What has not ended in its time and no worker holds, and what a killed process left."""
    late = IncomingTransfer.including_hidden.free().open().filter(expires_at__lte=now).select_related("member")
    for transfer in late:
        with transaction.atomic():
            permissions.hold(transfer.member)
            end(transfer, State.EXPIRED)
    for ref in storing.forgotten(now - LASTS - timedelta(days=1)):
        storing.destroy(ref)
