"""Whether a receipt is the receiver's, about this transfer, and adds up to what was sent."""

import hashlib
import json

from privacy.evidence import signing
from privacy.verify.jose import KeysUnreadable, NotASignature, Signature

from ..errors import AddressRefused, NotReached
from . import remote
from .contract import RECEIPT

FATES = ("new", "here", "conflicts", "not_ticked")
RECEIPT_BYTES = 2**20


class NotAReceipt(Exception):
    """`code` says what does not fit."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def check(transfer, package, text: str, signature: str) -> None:
    """NotAReceipt where it is another's, of another transfer, or counts otherwise than we did. NotReached: its keys cannot be had now."""
    _check_signature(transfer.receiver, text, signature)
    try:
        said = json.loads(text)
        about = said["format"], said["version"], said["transfer"], said["sender"], said["receiver"], said["manifest_sha256"]
        taken = {each["record"]: _sum(each) for each in said["taken"]}
        left = {each["record"]: each["rows"] for each in said["not_taken"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotAReceipt("receipt_unreadable") from None
    if about != (RECEIPT, 1, transfer.remote_ref, signing.issuer(), transfer.receiver.issuer, package.sha256):
        raise NotAReceipt("receipt_of_another")
    if (left | taken) != {part["record"]: part["rows"] for part in package.said["parts"] if part["rows"]}:
        raise NotAReceipt("receipt_counts")


def _check_signature(receiver, text, signature):
    try:
        read = Signature.read(signature.encode(), kind=RECEIPT)
        keys = remote.public_keys(receiver)
    except (NotASignature, KeysUnreadable):
        raise NotAReceipt("receipt_signature") from None
    except AddressRefused:
        raise NotReached("address") from None
    raw = text.encode()
    is_its_own = read.issuer == receiver.issuer and read.kid in keys and read.fits(raw, keys[read.kid])
    if len(raw) > RECEIPT_BYTES or not is_its_own:
        raise NotAReceipt("receipt_signature")


def _sum(each) -> int:
    """What was sent of one record type, if what became of it adds up to that."""
    counts = [each[fate] for fate in FATES] + [refused["count"] for refused in each["refused"]]
    if any(type(count) is not int or count < 0 for count in counts) or sum(counts) != each["sent"]:
        raise NotAReceipt("receipt_counts")
    return each["sent"]
