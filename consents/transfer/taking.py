"""Taking in what came whole, and the receipt of it: by the worker, as if she had brought the file herself."""

import hashlib
import json
from datetime import timedelta
from tempfile import TemporaryFile

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from privacy.conf import hook
from privacy.datamap import registry
from privacy.errors import AccountNotOpen, ArchiveDamaged, ArchiveOfAnotherPerson, ArchiveTooLarge, MakerUnreadable, PrivacyError
from privacy.evidence import signing, trail
from privacy.rights import handing_over, taking_in, vault
from privacy.rights.opening import buffered

from .. import permissions
from . import storing
from .coming import end, kept_manifest
from .contract import RECEIPT
from .expecting import Expected
from .models import IncomingTransfer

State = IncomingTransfer.State
# Longer than the largest archive that we take takes; a worker that was killed is followed after it.
HOLD = timedelta(minutes=20)
# How often it is begun before we say that it does not work, so that she may try something else.
ATTEMPTS = 3
PROBLEMS = {AccountNotOpen: "#account-not-open", ArchiveOfAnotherPerson: "#another-person", ArchiveTooLarge: "#too-large"}
# Whatever else does not fit; and where we broke off each time.
NOT_AS_SIGNED, BROKEN_OFF = "#not-as-signed", "#broken-off"


def take(transfer) -> None:
    """Once: a second worker finds it held or done. Broken off, it is begun again, and what was written counts as here already."""
    if transfer.state != State.TAKING_IN or not transfer.take():
        return
    if transfer.attempts > ATTEMPTS:
        _refuse(transfer, BROKEN_OFF)
        return
    IncomingTransfer.objects.filter(pk=transfer.pk).update(held_until=timezone.now() + HOLD)
    try:
        report, found = _taken_in(transfer)
    except MakerUnreadable:  # its keys are being replaced: again after the hold, and no fault of the archive
        IncomingTransfer.objects.filter(pk=transfer.pk, attempts=transfer.attempts).update(attempts=F("attempts") - 1)
    except PrivacyError as refusal:
        _refuse(transfer, next((code for kind, code in PROBLEMS.items() if isinstance(refusal, kind)), NOT_AS_SIGNED))
    else:
        _receipt(transfer, report, found)


def _taken_in(transfer):
    subject = transfer.member.subject
    subject.root = transfer.member
    found = kept_manifest(transfer)
    wanted = Expected.kept(transfer.ref).files
    with translation.override(hook("LANGUAGE")(subject)), TemporaryFile() as file:
        key, name = vault.new_key(), vault.name_of("arriving", transfer.ref)
        _pack(file, key, name, transfer, wanted)
        with buffered(vault.Reader(file, key, name)) as reader, handing_over.opened(reader, found, subject) as brought:
            report = taking_in.take_in(subject, brought, transfer.ticked, actor_ref=str(subject.ref))
            return _counts(report, found, transfer), found


def _pack(file, key, name, transfer, wanted):
    """Nothing of hers lies on the disk in the clear, not even for a moment."""
    writer = vault.Writer(file, key, name)
    for block in handing_over.packed((listed.name, _as_signed(transfer.ref, number, listed)) for number, listed in enumerate(wanted)):
        writer.write(block)
    writer.finish()
    file.flush()
    file.seek(0)


def _as_signed(ref, number, listed):
    """The very bytes that are packed are compared with what was signed: ArchiveDamaged at their end where they are others."""
    digest, size = hashlib.sha256(), 0
    for block in storing.blocks(ref, number):
        digest.update(block)
        size += len(block)
        yield block
    if (size, digest.hexdigest()) != (listed.bytes, listed.sha256):
        raise ArchiveDamaged


def _counts(report, found, transfer) -> dict:
    """Per record type that came: what was new, here, otherwise, refused and why; and what did not come, and why."""
    came = [category for category in report.categories if category.brought and not category.stays and category.label in transfer.ticked]
    taken = [_of_category(category) for category in came]
    return {"taken": _own_row(report, found, transfer) + taken, "not_taken": found.unwanted(transfer.ticked)}


def _of_category(category) -> dict:
    counted = {"new": category.new, "here": category.here, "conflicts": category.conflicts, "not_ticked": 0}
    refused = [{"count": count, "why": str(why)} for why, count in category.refused.items()]
    return {"record": category.label, "sent": category.brought} | counted | {"refused": refused}


def _own_row(report, found, transfer) -> list[dict]:
    """Her account is one row: new where something of it was filled in, else as it was."""
    root = registry.maps[registry.root_of(transfer.member.subject.kind)].label()
    rows = sum(part["rows"] for part in found.manifest["parts"] if part["record"] == root)
    if root not in transfer.ticked or not rows:
        return []
    new = rows if any(offer.is_taken for offer in report.offers) else 0
    return [{"record": root, "sent": rows, "new": new, "here": rows - new, "conflicts": 0, "not_ticked": 0, "refused": []}]


def _receipt(transfer, counted, found):
    """Signed, and what came destroyed, in one moment."""
    now = timezone.now()
    said = {
        "format": RECEIPT,
        "version": 1,
        "transfer": str(transfer.ref),
        "sender": transfer.issuer,
        "receiver": signing.issuer(),
        "manifest_sha256": found.sha256,
        "taken_in_at": now.isoformat(),
        **counted,
    }
    text = json.dumps(said, ensure_ascii=False, indent=1)
    with transaction.atomic():
        permissions.hold(transfer.member)
        end(transfer, State.DONE, receipt=text, receipt_signature=signing.sign(text.encode(), kind=RECEIPT))


def _refuse(transfer, code):
    with transaction.atomic():
        permissions.hold(transfer.member)
        if end(transfer, State.REFUSED, problem=code):
            trail.record("arrival.refused", subject_ref=transfer.member.subject_id)
