"""The check: what lies in the ZIP, against the manifest; the manifest, against its signature; the signature, against known keys."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from .bounds import BOUNDS, MANIFEST_BYTES, SIGNATURE_BYTES, Bounds
from .container import Broken, Container
from .jose import Keys, NotASignature, Signature
from .manifest import NAME, SIGNATURE, Listed, Manifest
from .rows import counter_of
from .verdict import Code, Fault, Refused, Verdict


def verify(file: BinaryIO, keys: Keys | None = None, *, issuer: str | None = None, bounds: Bounds = BOUNDS) -> Verdict:
    """Whether this archive is as it was made, and whether one of these keys signed it. Reads in blocks, writes nothing.

    Without keys, or where they are those of one `issuer` and the archive is another's, who signed stays open.
    """
    verdict = Verdict()
    try:
        container = Container(file, bounds)
        verdict.faults += container.faults
        if not container.faults:
            _check(container, keys, issuer, verdict)
    except Refused as refusal:
        verdict.faults.append(refusal.fault)
    return verdict


def _check(container, keys, issuer, verdict):
    raw, line = _small(container, NAME, MANIFEST_BYTES), _small(container, SIGNATURE, SIGNATURE_BYTES)
    if raw is None:
        raise Refused(Fault(Code.MISSING, NAME) if line is not None else Fault(Code.NOT_OURS))
    manifest = Manifest(raw)
    verdict.issuer, verdict.made_at, verdict.files = manifest.issuer, manifest.made_at, len(manifest.files)
    found = list(_contents(container, manifest, verdict))
    named = {fault.file for fault in found}
    verdict.faults += found + [fault for fault in manifest.faults if fault.file not in named]
    verdict.faults += _signer(raw, line, manifest, keys, issuer, verdict)


def _small(container, name, most) -> bytes | None:
    """A file as a whole; None where there is none."""
    if name not in container:
        return None
    if container.size(name) > most:
        raise Refused(Fault(Code.TOO_LARGE, name, container.size(name), most, "bytes"))
    try:
        return b"".join(container.blocks(name))
    except Broken:
        raise Refused(Fault(Code.DAMAGED, name)) from None


def _contents(container, manifest, verdict) -> Iterator[Fault]:
    for listed in manifest.files.values():
        fault = _compare(container, listed, verdict) if listed.name in container else listed.fault(Code.MISSING)
        if fault:
            yield fault
    for name in container.names:
        if name not in manifest.files and name not in {NAME, SIGNATURE}:
            yield _unlisted(container, name)


def _compare(container, listed: Listed, verdict) -> Fault | None:
    rows, digest, size = counter_of(listed.name), hashlib.sha256(), 0
    try:
        for block in container.blocks(listed.name):
            digest.update(block)
            size += len(block)
            if rows:
                rows.feed(block)
    except Broken:
        return listed.fault(Code.DAMAGED, rows.count if rows else size)
    if listed.name.startswith("data/") and rows:
        verdict.rows += rows.count
    return _difference(listed, rows.count if rows else None, size, digest.hexdigest())


def _difference(listed, rows, size, digest) -> Fault | None:
    if rows != listed.rows:
        return Fault(Code.ROWS if listed.rows is not None else Code.CONTRADICTION, listed.name, rows, listed.rows)
    if (size, digest) != (listed.bytes, listed.sha256):
        return listed.fault(Code.CHANGED, size if rows is None else rows)
    return None


def _unlisted(container, name) -> Fault:
    rows = counter_of(name)
    try:
        for block in container.blocks(name) if rows else ():
            rows.feed(block)
    except Broken:
        return Fault(Code.DAMAGED, name, rows.count)
    return Fault(Code.UNLISTED, name, rows.count if rows else None)


def _signer(raw, line, manifest, keys, issuer, verdict) -> Iterator[Fault]:
    """Says beside what is wrong how many rows were found: who edited the manifest may have edited that."""
    if line is None:
        yield Fault(Code.MISSING, SIGNATURE, verdict.rows, manifest.rows)
        return
    try:
        signature = Signature.read(line)
    except NotASignature:
        yield Fault(Code.NOT_A_SIGNATURE, SIGNATURE, verdict.rows, manifest.rows)
        return
    verdict.kid = signature.kid
    if signature.issuer != manifest.issuer:
        yield Fault(Code.WRONG_ISSUER, SIGNATURE, verdict.rows, manifest.rows)
    elif keys is not None and signature.kid in keys:
        verdict.is_signer_known = signature.fits(raw, keys[signature.kid])
        if not verdict.is_signer_known:
            yield Fault(Code.WRONG_SIGNATURE, NAME, verdict.rows, manifest.rows)
    elif keys is not None and issuer in {None, manifest.issuer}:
        yield Fault(Code.UNKNOWN_KEY, SIGNATURE, verdict.rows, manifest.rows)
