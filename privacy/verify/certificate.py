"""A certificate of erasure, of version 1 (docs/verifying.md): one JSON object that carries a digest of each of its members.

The digests are what is signed: so a changed member is named, as a changed file of an archive is.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from .bounds import CERTIFICATE_BYTES
from .jose import Keys, NotASignature, Signature
from .verdict import Code, Fault, Refused, Verdict

FORMAT, VERSION = "inzage-certificate", 1
# Members that are about the others.
DIGESTS, SIGNATURE = "digests", "signature"
PAPER = b"%PDF"
# What may stand before the object, where an editor saved the file again.
BLANK = b" \t\r\n\xef\xbb\xbf"


def canonical(value) -> bytes:
    """The one spelling of a value (RFC 8785, for values without broken numbers): members in order, no spaces, UTF-8."""
    spelled = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return spelled.encode("utf-8", "surrogatepass")


def digests_of(document: dict) -> dict[str, str]:
    """Member -> SHA-256 of its value."""
    return {name: hashlib.sha256(canonical(value)).hexdigest() for name, value in document.items() if name not in {DIGESTS, SIGNATURE}}


def fingerprint(document: dict) -> str:
    """Of all that is signed, in groups of four, so that it can be compared by eye."""
    digest = hashlib.sha256(canonical(document[DIGESTS])).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


@dataclass
class CertificateVerdict(Verdict):
    """`document` is what it says of itself; empty where it could not be read."""

    document: dict = field(default_factory=dict)


def is_certificate(file: BinaryIO) -> bool:
    """Whether this file may be one, on paper or not, and no archive; it is read again from its begin."""
    begin = file.read(len(BLANK) + len(PAPER)).lstrip(BLANK)
    file.seek(0)
    return begin.startswith((b"{", PAPER))


def verify_certificate(file: BinaryIO, keys: Keys | None = None, *, issuer: str | None = None) -> CertificateVerdict:
    """Whether this certificate is as it was made, and whether one of these keys signed it; `keys` and `issuer` as for an archive."""
    verdict = CertificateVerdict()
    try:
        verdict.document = _read(file.read(CERTIFICATE_BYTES + 1))
        verdict.faults += _changed(verdict.document)
        verdict.faults += _signer(verdict, keys, issuer)
    except Refused as refusal:
        verdict.faults.append(refusal.fault)
    except RecursionError:  # lists in lists, just deep enough to be read and too deep to be written
        verdict.faults.append(Fault(Code.NOT_JSON))
    return verdict


def _read(raw) -> dict:
    if len(raw) > CERTIFICATE_BYTES:
        raise Refused(Fault(Code.NOT_A_CERTIFICATE))
    if raw.startswith(PAPER):
        raise Refused(Fault(Code.PAPER))
    try:
        said = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Refused(Fault(Code.NOT_JSON)) from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Refused(Fault(Code.NOT_A_CERTIFICATE))
    if type(said.get("version")) is not int or said["version"] != VERSION:
        raise Refused(Fault(Code.OTHER_VERSION))
    return said


def _once(members):
    """Of two members with one name, programs read either: such a file says two things."""
    read = dict(members)
    if len(read) != len(members):
        raise Refused(Fault(Code.SAID_TWICE))
    return read


def _refuse(_number):
    """No certificate holds one: it could be spelled in several ways."""
    raise ValueError


def _changed(document) -> Iterator[Fault]:
    listed = document.get(DIGESTS)
    if not isinstance(listed, dict):
        yield Fault(Code.MISSING if listed is None else Code.CHANGED, DIGESTS)
        return
    found = digests_of(document)
    for name in sorted(found.keys() | listed.keys()):
        if name not in listed:
            yield Fault(Code.ADDED, name)
        elif name not in found:
            yield Fault(Code.MISSING, name)
        elif found[name] != listed[name]:
            yield Fault(Code.CHANGED, name)


def _signer(verdict, keys, issuer) -> Iterator[Fault]:
    document = verdict.document
    verdict.issuer, verdict.made_at = _text(document.get("issuer")), _text(document.get("made_at"))
    line = document.get(SIGNATURE)
    if line is None:
        yield Fault(Code.MISSING, SIGNATURE)
        return
    try:
        signature = Signature.read(_text(line).encode("utf-8", "replace"), kind=FORMAT)
    except NotASignature:
        yield Fault(Code.NOT_A_SIGNATURE, SIGNATURE)
        return
    verdict.kid = signature.kid
    if signature.issuer != verdict.issuer:
        yield Fault(Code.WRONG_ISSUER, SIGNATURE)
    elif keys is not None and signature.kid in keys:
        verdict.is_signer_known = signature.fits(canonical(document.get(DIGESTS)), keys[signature.kid])
        if not verdict.is_signer_known:
            yield Fault(Code.WRONG_SIGNATURE, DIGESTS)
    elif keys is not None and issuer in {None, verdict.issuer}:
        yield Fault(Code.UNKNOWN_KEY, SIGNATURE)


def _text(value) -> str:
    return value if isinstance(value, str) else ""
