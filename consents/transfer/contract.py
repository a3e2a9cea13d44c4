"""What both sides of a transfer hold to: docs/transfer.md and its OpenAPI, in the few names that code needs."""

import base64
import hashlib

from privacy.verify.jose import base64url

VERSION = "1.0"
# Under the address of the receiver.
API = "/transfer/v1"
# What a member's yes opens: bringing one archive, and nothing else.
SCOPE = "data.import"
# So that a worker holds no more than this of anybody in memory.
PIECE_BYTES = 8 * 2**20
RECEIPT = "inzage-receipt"
# What a receiver may find wrong (docs/transfer.md, Problems).
PROBLEMS = {
    "#consent",
    "#unknown-issuer",
    "#another-person",
    "#account-not-open",
    "#not-as-signed",
    "#version",
    "#too-large",
    "#not-wanted",
    "#wrong-place",
    "#digest",
    "#missing",
    "#expired",
    "#broken-off",
    "#too-often",
}


def repr_digest(sha256: str) -> str:
    """The header Repr-Digest (RFC 9530) of a file with this digest in hexadecimal."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def challenge(verifier: str) -> str:
    """S256 (RFC 7636)."""
    return base64url(hashlib.sha256(verifier.encode()).digest())
