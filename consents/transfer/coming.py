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
)
from privacy.evidence import replay, trail
from privacy.rights.handing_over import Announced, Listed, announced, refuse_too_much

from .. import permissions
from ..errors import AccountLeaving
from ..oidc.models import AuthorizationCode
from . import storing
from .contract import PIECE_BYTES, SCOPE, repr_digest
from .errors import BeingTakenIn, Problem
from .models import LASTS, IncomingTransfer

State = IncomingTransfer.State
NO_CONSENT = Problem("#consent", 401, "The person did not allow this, or not any more.")

# A file of keys that is being replaced.
NOT_NOW = Problem("about:blank", 503, "The keys of who signed cannot be read now. Try again.")


def allow(member, application, ticked) -> IncomingTransfer:
    """Her yes: one transfer from this program, in the place of one that nothing came of yet. BeingTakenIn, AccountLeaving."""
    with transaction.atomic():
        subject = permissions.hold(member)
        if subject is None or subject.hidden_at is not None:
            raise AccountLeaving
        earlier = IncomingTransfer.including_hidden.filter(member=member, state__in=IncomingTransfer.OPEN)
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


def stop(transfer) -> bool:
    """By her, or by its sender; False where it had ended or is being taken in."""
    with transaction.atomic():
        permissions.hold(transfer.member)
        transfer.refresh_from_db()
        if transfer.state not in {State.ALLOWED, State.BEGUN}:
            return False
        end(transfer, State.STOPPED)
        trail.record("arrival.stopped", subject_ref=transfer.member.subject_id)
        replay.note("arrival_stopped", subject_ref=transfer.member.subject_id)
    return True


def stop_all(member) -> int:
    """Whatever she let programs bring; how many stopped."""
    waiting = IncomingTransfer.objects.filter(member=member, state__in=[State.ALLOWED, State.BEGUN]).select_related("member")
    return sum(stop(transfer) for transfer in waiting)


def end_replayed(member, application) -> None:
    """Somebody brought its code twice (RFC 6749, 4.1.2)."""
    found = readable_by(member, application)
    if found is not None:
        stop(found)
    drop_tokens(member.pk, application.pk)


def begin(transfer, manifest: str, signature: str) -> tuple[Announced, bool]:
    """What it announces, and whether that is new. A token of which another archive began is worth nothing (T-20)."""
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
            raise NO_CONSENT
        if transfer.state != State.ALLOWED:
            return found, False
        storing.keep_manifest(transfer.ref, raw, signature)
        transfer.state, transfer.manifest_sha256 = State.BEGUN, found.sha256
        transfer.save(update_fields=["state", "manifest_sha256"])
    return found, True


def _problem_of(refusal) -> Problem:
    if isinstance(refusal, MakerUnreadable):
        return NOT_NOW
    if isinstance(refusal, ArchiveOfAnotherMaker):
        return Problem("#unknown-issuer", 403, "The receiver does not know who signed.")
    if isinstance(refusal, ArchiveTooNew | ArchiveTooOld):
        return Problem("#version", 422, "The receiver reads another version of the format.")
    if isinstance(refusal, ArchiveTooLarge):
        return Problem("#too-large", 413, "More than the receiver takes.")
    return Problem("#not-as-signed", 422, "The manifest is not what was signed, or contradicts itself.")


def kept_manifest(transfer) -> Announced:
    return announced(*storing.manifest(transfer.ref), transfer.issuer)


def how_far(transfer, found: Announced | None = None) -> dict:
    """As the contract says it; a transfer that ended wants nothing more."""
    told = {"transfer": str(transfer.ref), "state": _told_state(transfer.state), "expires_at": transfer.expires_at.isoformat()}
    if transfer.state not in {State.BEGUN, State.TAKING_IN}:
        receipt = {"receipt": signed_receipt(transfer)} if transfer.receipt else {}
        return told | {"wanted": [], "unwanted": []} | receipt | ({"problem": transfer.problem} if transfer.problem else {})
    found = found or kept_manifest(transfer)
    here, wanted = storing.received(transfer.ref), found.wanted(transfer.ticked)
    files = [_told_file(file, here.get(number, 0)) for number, file in enumerate(wanted)]
    is_whole = transfer.state == State.BEGUN and all(file["received"] == file["bytes"] for file in files)
    return told | ({"state": "complete"} if is_whole else {}) | {"wanted": files, "unwanted": found.unwanted(transfer.ticked)}


def _told_state(state) -> str:
    return {State.ALLOWED: "begun", State.BEGUN: "begun"}.get(state, state)


def _told_file(file: Listed, received: int) -> dict:
    return {"name": file.name, "bytes": file.bytes, "sha256": file.sha256, "received": received}


def signed_receipt(transfer) -> dict:
    return {"receipt": base64.b64encode(transfer.receipt.encode()).decode(), "signature": transfer.receipt_signature}


def _wanted(transfer, name) -> tuple[int, Listed]:
    for number, file in enumerate(kept_manifest(transfer).wanted(transfer.ticked)):
        if file.name == name:
            return number, file
    raise Problem("#not-wanted", 404, "This file is in no list of wanted ones.")


def missing_bytes(transfer, name: str, digest: str, first: int, length: int | None, whole: int | None) -> tuple[int, Listed] | None:
    """Where a piece of `length` bytes from `first` on belongs; None where the file is here, and the piece need not be read."""
    if transfer.state != State.BEGUN:
        raise Problem("#wrong-place", 409, "The transfer takes no files now.")
    number, file = _wanted(transfer, name)
    if digest != repr_digest(file.sha256):
        raise Problem("#digest", 422, "The manifest lists another digest.")
    here = storing.received(transfer.ref).get(number, 0)
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
            raise NO_CONSENT  # whoever reads its body slowly changes nothing of what is being taken in
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
    found = kept_manifest(transfer)
    wanted = found.wanted(transfer.ticked)
    files = [{"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in wanted]
    counts = {"bytes": sum(file.bytes for file in wanted), "rows": rows_of(found, wanted)}
    if said != {"manifest_sha256": found.sha256, "files": files} | counts:
        raise Problem("#not-as-signed", 422, "What the sender counted is not what is wanted.")
    here = storing.received(transfer.ref)
    missing = [_told_file(file, here.get(number, 0)) for number, file in enumerate(wanted) if here.get(number, 0) != file.bytes]
    if missing:
        raise Problem("#missing", 409, "Not every wanted file is here.", missing=missing)
    with transaction.atomic():
        permissions.hold(transfer.member)
        IncomingTransfer.objects.filter(pk=transfer.pk, state=State.BEGUN).update(state=State.TAKING_IN)
    transfer.refresh_from_db()


def rows_of(found: Announced, files: list[Listed]) -> int:
    """Of the data files among these."""
    names = {file.name for file in files}
    return sum(part["rows"] for part in found.manifest["parts"] if part["file"] in names)


def expire(now) -> None:
    """What has not ended in its time and no worker holds, and what a killed process left."""
    late = IncomingTransfer.including_hidden.free().filter(state__in=IncomingTransfer.OPEN, expires_at__lte=now).select_related("member")
    for transfer in late:
        with transaction.atomic():
            permissions.hold(transfer.member)
            end(transfer, State.EXPIRED)
    for ref in storing.forgotten(now - LASTS - timedelta(days=1)):
        storing.destroy(ref)
