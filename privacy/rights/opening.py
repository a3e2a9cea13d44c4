"""An archive that somebody brings: who made it, whose it is, and what it says, within bounds, before any of it is believed."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from ..conf import hook, setting
from ..errors import (
    ArchiveDamaged,
    ArchiveOfAnotherMaker,
    ArchiveOfAnotherPerson,
    ArchiveTooLarge,
    ArchiveTooNew,
    ArchiveTooOld,
    MakerUnreadable,
    NotAnArchive,
)
from ..evidence import signing
from ..subjects import Subject
from ..verify import Bounds, Code, State, keys_of, verify
from ..verify.bounds import MANIFEST_BYTES, SIGNATURE_BYTES
from ..verify.container import Broken, Container
from ..verify.jose import Keys, KeysUnreadable, NotASignature, Signature
from ..verify.manifest import FORMAT, SIGNATURE
from ..verify.manifest import NAME as MANIFEST
from ..verify.verdict import Refused

# What we read; docs/archive.md says when it rises.
VERSION = 2
# The longest text of ours takes 70 KB.
ROW_BYTES = 2**20
# The largest file of a person's that is read into memory; no form of ours takes a larger one.
FILE_BYTES = 50 * 2**20
# How zipfile and json say that something is broken, in the middle of it too.
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, KeyError, EOFError, OSError, RecursionError, NotImplementedError)


@dataclass
class Brought:
    """An archive that was checked: its signature, its files, and that it is hers."""

    zip: zipfile.ZipFile
    manifest: dict
    issuer: str

    @cached_property
    def names(self) -> set[str]:
        return set(self.zip.namelist())

    @cached_property
    def parts(self) -> dict[str, dict]:
        """Record type ("usage.Folder") -> what the manifest says of it."""
        return {part["record"]: part for part in self.manifest["parts"]}

    def rows(self, record: str) -> Iterator[dict]:
        """No more than the manifest counts."""
        part = self.parts.get(record)
        yield from islice(self._lines(part["file"]), part["rows"]) if part and part["file"] in self.names else ()

    def references(self, part: str) -> Iterator[dict]:
        """What the archive says of the things that her rows point at; no more than the manifest counts."""
        name = f"references/{part}.json"
        counted = {file["name"]: file["rows"] or 0 for file in self.manifest["files"]}
        yield from islice(self._lines(name), counted[name]) if name in self.names else ()

    def stored_files(self, record: str) -> dict[tuple[str, str], str]:
        """(column, key of the row) -> name of the file in the archive."""
        listed = [each for each in self.manifest.get("stored_files", []) if each["record"] == record and each["file"] in self.names]
        return {(each["column"], str(each["key"])): each["file"] for each in listed}

    def read(self, name: str) -> bytes:
        """ArchiveTooLarge for what no memory should hold as a whole."""
        if self.zip.getinfo(name).file_size > FILE_BYTES:
            raise ArchiveTooLarge
        with damage_said(), self.zip.open(name) as file:
            return file.read()

    def _lines(self, name):
        """One row per line, as the format has it; only whole rows, each an object."""
        with damage_said(), self.zip.open(name) as file:
            while line := file.readline(ROW_BYTES + 1):
                if len(line) > ROW_BYTES:
                    raise ArchiveTooLarge
                text = line.strip().removesuffix(b",")
                if text not in {b"[", b"]", b"[]", b""}:
                    yield _object(text)


def _object(text: bytes) -> dict:
    row = parsed(text)
    if not isinstance(row, dict):
        raise ArchiveDamaged
    return row


def _refuse_constant(name):
    raise ValueError


# UTF-8 alone, and no NaN, which is not JSON.
_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


def parsed(text: bytes) -> Any:
    return _decode(text.decode())


@contextmanager
def damage_said():
    """What a broken file does to those who read it, as a refusal of ours."""
    try:
        yield
    except BROKEN:
        raise ArchiveDamaged from None


@contextmanager
def opened(file: BinaryIO, subject: Subject) -> Iterator[Brought]:
    """Her archive, whatever it is; the refusals say what it is instead. `file` can be sought in."""
    bounds = Bounds(size=setting("TAKE_IN_BYTES"))
    manifest, issuer = _read(file, bounds)
    _refuse_changed(file, issuer, bounds)
    if not is_shaped(manifest):
        raise ArchiveDamaged
    with damage_said():
        brought = Brought(zipfile.ZipFile(file), manifest, issuer)
    refuse_too_many_rows(brought.manifest)
    refuse_of_another(brought, subject)
    yield brought


def _read(file: BinaryIO, bounds: Bounds) -> tuple[dict, str]:
    """What it says of itself and who signed it, as far as it says; nothing of that is to be believed yet."""
    try:
        container = Container(file, bounds)
    except Refused as refusal:
        raise _refusal_of(refusal.fault.code) from None
    if container.faults:
        raise ArchiveDamaged
    manifest = _manifest(container)
    try:
        return manifest, Signature.read(_small(container, SIGNATURE, SIGNATURE_BYTES)).issuer
    except NotASignature:
        raise ArchiveDamaged from None


def _manifest(container: Container) -> dict:
    if MANIFEST not in container:
        raise NotAnArchive
    return manifest_in(_small(container, MANIFEST, MANIFEST_BYTES))


def manifest_in(raw: bytes) -> dict:
    """Of a format that we read; what else it says is not to be believed yet."""
    try:
        manifest = _object(raw)
    except (ValueError, RecursionError):
        raise ArchiveDamaged from None
    if manifest.get("format") != FORMAT or type(manifest.get("version")) is not int:
        raise NotAnArchive
    if manifest["version"] != VERSION:
        raise ArchiveTooNew if manifest["version"] > VERSION else ArchiveTooOld
    return manifest


def _small(container: Container, name: str, most: int) -> bytes:
    if name not in container:
        raise ArchiveDamaged
    if container.size(name) > most:
        raise ArchiveTooLarge
    try:
        return b"".join(container.blocks(name))
    except Broken:
        raise ArchiveDamaged from None


def _refuse_changed(file: BinaryIO, issuer: str, bounds: Bounds) -> None:
    """Every file in it is as it was signed, by a key of the maker that it names: another's key signs for nobody else."""
    verdict = verify(file, public_keys_of(issuer), bounds=bounds)
    if verdict.faults:
        raise _refusal_of(verdict.faults[0].code)
    if verdict.state != State.SIGNED or verdict.issuer != issuer:
        raise ArchiveDamaged


def _refusal_of(code: Code):
    if code in {Code.NOT_A_ZIP, Code.NOT_OURS}:
        return NotAnArchive
    return ArchiveTooLarge if code in {Code.TOO_LARGE, Code.TOO_MANY_FILES, Code.TOO_DENSE} else ArchiveDamaged


def public_keys_of(issuer: str) -> Keys:
    """Ours, or those of a maker that PRIVACY["TRUSTED_ISSUERS"] names, letter by letter: a dict, or the path of a file."""
    if issuer == signing.issuer():
        return keys_of(signing.public_keys())
    trusted = setting("TRUSTED_ISSUERS")
    if not isinstance(trusted, dict) or issuer not in trusted:
        raise ArchiveOfAnotherMaker(issuer)
    try:
        return keys_of(trusted[issuer] if isinstance(trusted[issuer], dict) else Path(trusted[issuer]).read_bytes())
    except (KeysUnreadable, OSError, TypeError, ValueError):
        raise MakerUnreadable(issuer) from None


def is_shaped(manifest) -> bool:
    """What we read of it further on is of the kind that we expect; a maker that we trust may still err."""
    parts, files = manifest.get("parts"), manifest.get("stored_files", [])
    are_lists = isinstance(parts, list) and isinstance(files, list)
    return are_lists and all(_is_part(part) for part in parts) and all(_is_stored(each) for each in files)


def _is_part(part) -> bool:
    is_named = isinstance(part, dict) and isinstance(part.get("record"), str)
    return is_named and isinstance(part.get("file"), str | None) and is_count(part.get("rows"))


def is_count(said) -> bool:
    return type(said) is int and said >= 0


def _is_stored(each) -> bool:
    return isinstance(each, dict) and all(isinstance(each.get(name), str) for name in ("record", "column", "file")) and "key" in each


def refuse_too_many_rows(manifest: dict) -> None:
    """More than one act should hold the database for, or memory: what the rows point at is held as a whole."""
    references = [file["rows"] for file in manifest["files"] if file["name"].startswith("references/")]
    if max(sum(part["rows"] for part in manifest["parts"]), sum(filter(None, references))) > setting("TAKE_IN_ROWS"):
        raise ArchiveTooLarge


def refuse_of_another(brought: Brought, subject: Subject) -> None:
    """Of ours: her own reference. Of another maker: an address that both confirmed as hers (T-09)."""
    if brought.issuer == signing.issuer():
        if brought.manifest.get("subject") != str(subject.ref):
            raise ArchiveOfAnotherPerson
        return
    theirs = {str(address).lower() for address in hook("ADDRESSES_IN_ARCHIVE")(brought.rows)}
    if not theirs & {address.lower() for address in hook("ADDRESSES")(subject)}:
        raise ArchiveOfAnotherPerson


def buffered(raw: io.RawIOBase) -> BinaryIO:
    """For zipfile, which reads in small pieces."""
    return io.BufferedReader(raw, buffer_size=64 * 1024)
