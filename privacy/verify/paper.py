"""A signed paper: a PDF, a line that says when it was made, and a line with the signature over all before it (docs/registers.md).

Both lines are comments of PDF, which every program that shows one passes over.
"""

from dataclasses import dataclass
from typing import BinaryIO

from .certificate import PAPER
from .jose import Keys, NotASignature, Signature
from .verdict import Code, Fault, Verdict

KIND = "inzage-paper"
MADE, SIGNATURE = b"%inzage-made ", b"%inzage-signature "
# A register of a thousand tables takes 2 MB.
MOST_BYTES = 64 * 1024 * 1024
# The last two lines.
TAIL = 4096


@dataclass
class PaperVerdict(Verdict):
    """Of a paper there is nothing to say but whether it is as it was made, when, and by whom."""


def is_signed_paper(file: BinaryIO) -> bool:
    """A PDF with our last line; it is read again from its begin."""
    begin = file.read(len(PAPER))
    file.seek(0, 2)
    file.seek(max(0, file.tell() - TAIL))
    end = file.read()
    file.seek(0)
    return begin == PAPER and SIGNATURE in end


def verify_paper(file: BinaryIO, keys: Keys | None = None, *, issuer: str | None = None) -> PaperVerdict:
    """`keys` and `issuer` as for a certificate."""
    verdict, raw = PaperVerdict(files=1), file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        verdict.faults.append(Fault(Code.TOO_LARGE))
        return verdict
    said, _mark, line = raw.rpartition(b"\n" + SIGNATURE)
    said += b"\n"
    verdict.made_at = _made(said)
    try:
        signature = Signature.read(line, kind=KIND)
    except NotASignature:
        verdict.faults.append(Fault(Code.NOT_A_SIGNATURE))
        return verdict
    verdict.kid, verdict.issuer = signature.kid, signature.issuer
    if keys is not None and signature.kid in keys:
        verdict.is_signer_known = signature.fits(said, keys[signature.kid])
        if not verdict.is_signer_known:
            verdict.faults.append(Fault(Code.CHANGED))
    elif keys is not None and issuer in {None, verdict.issuer}:
        verdict.faults.append(Fault(Code.UNKNOWN_KEY))
    return verdict


def _made(said: bytes) -> str:
    return said.rpartition(MADE)[2].decode("ascii", "replace").strip() if MADE in said[-TAIL:] else ""
