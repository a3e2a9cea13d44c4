"""A PDF with our signature behind it: programs that show it pass over the last line, and anybody checks it (docs/registers.md)."""

from datetime import UTC, datetime

from ..verify.paper import KIND, MADE, SIGNATURE
from . import signing


def signed(paper: bytes, *, made_at: datetime) -> bytes:
    """The moment stands in what is signed. SigningKeyUnreadable."""
    said = paper.rstrip(b"\n") + b"\n" + MADE + made_at.astimezone(UTC).isoformat(timespec="seconds").encode() + b"\n"
    return said + SIGNATURE + signing.sign(said, kind=KIND).encode() + b"\n"
