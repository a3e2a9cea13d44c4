"""An archive that comes file by file: what its signed manifest announces, and what of it we want (docs/transfer.md)."""

import hashlib
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from stat import S_IFREG
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from stream_zip import ZIP_64, stream_zip

from ..conf import hook, setting
from ..datamap import registry
from ..errors import ArchiveDamaged, ArchiveTooLarge
from ..subjects import Subject
from ..verify import BOUNDS
from ..verify.bounds import MANIFEST_BYTES, SIGNATURE_BYTES
from ..verify.container import LONGEST_NAME, SAFE_NAME
from ..verify.jose import NotASignature, Signature
from . import opening
from .manifest import name_of
from .opening import Brought
from .taking_in import NO_ROOM

NOT_WANTED = _("You did not want it here.")
SHA256_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Listed:
    """One file, as the manifest lists it."""

    name: str
    bytes: int
    sha256: str
    rows: int | None


@dataclass(frozen=True)
class Announced:
    """A manifest whose signature was checked, before any of its files came."""

    raw: bytes
    manifest: dict
    issuer: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @cached_property
    def files(self) -> dict[str, Listed]:
        return {file["name"]: Listed(file["name"], file["bytes"], file["sha256"], file.get("rows")) for file in self.manifest["files"]}

    def wanted(self, ticked: Collection[str]) -> list[Listed]:
        """The files that taking in these record types reads, and those that say whose they are; by name."""
        records = {label for label in ticked if has_room(label)}
        names = {part["file"] for part in self.manifest["parts"] if part["record"] in records | says_whose()}
        names |= {f"references/{name}.json" for name in _pointed_at(records)}
        names |= {each["file"] for each in self.manifest.get("stored_files", []) if each["record"] in records}
        return [self.files[name] for name in sorted(names & self.files.keys())]

    def unwanted(self, ticked: Collection[str]) -> list[dict]:
        """Record types that stay where they are, with how many rows, and why."""
        left = [part for part in self.manifest["parts"] if part["rows"] and not (part["record"] in ticked and has_room(part["record"]))]
        return [{"record": part["record"], "rows": part["rows"], "why": str(why_not(part["record"]))} for part in left]


def has_room(record: str) -> bool:
    """Whether rows of this record type ("usage.Folder") can arrive here at all."""
    data_map = registry.labelled(record)
    return data_map is not None and bool(data_map.arrives)


def why_not(record: str):
    """Why rows of this record type do not come: no place, or no wish."""
    data_map = registry.labelled(record)
    return NOT_WANTED if has_room(record) else (data_map and data_map.stays) or NO_ROOM


def says_whose() -> set[str]:
    """The record types in which the host looks for the addresses that the person confirmed."""
    asked = set()
    hook("ADDRESSES_IN_ARCHIVE")(lambda record: asked.add(record) or ())
    return asked


def _pointed_at(records) -> set[str]:
    """What rows of these point at that is not hers: material, by the names that an archive gives them."""
    fields = [registry.labelled(record).model._meta.get_field(name) for record in records for name in registry.labelled(record).arrives]
    return {name_of(field.related_model) for field in fields if field.is_relation and field.related_model not in registry.maps}


def announced(raw: bytes, line: str, issuer: str) -> Announced:
    """The manifest that this issuer signed, and no other; the refusals of `opening.opened` for what is none."""
    if len(raw) > MANIFEST_BYTES or len(line) > SIGNATURE_BYTES:
        raise ArchiveTooLarge
    try:
        signature = Signature.read(line.encode())
    except NotASignature:
        raise ArchiveDamaged from None
    keys = opening.public_keys_of(issuer)
    if signature.issuer != issuer or signature.kid not in keys or not signature.fits(raw, keys[signature.kid]):
        raise ArchiveDamaged
    manifest = opening.manifest_in(raw)
    if manifest.get("issuer") != issuer or not opening.is_shaped(manifest) or not _lists_files(manifest):
        raise ArchiveDamaged
    if len(manifest["files"]) > BOUNDS.files:
        raise ArchiveTooLarge
    return Announced(raw, manifest, issuer)


def _lists_files(manifest) -> bool:
    files = manifest.get("files")
    are_listed = isinstance(files, list) and all(_is_listed(file) for file in files)
    return are_listed and len({file["name"] for file in files}) == len(files)


def _is_listed(file) -> bool:
    """A name that leads nowhere else, a size, a digest."""
    if not isinstance(file, dict) or not isinstance(file.get("name"), str) or not isinstance(file.get("sha256"), str):
        return False
    is_named = SAFE_NAME.fullmatch(file["name"]) is not None and len(file["name"]) <= LONGEST_NAME
    is_counted = opening.is_count(file.get("bytes")) and "rows" in file and (file["rows"] is None or opening.is_count(file["rows"]))
    return is_named and is_counted and SHA256_HEX.fullmatch(file["sha256"]) is not None


def refuse_too_much(found: Announced, ticked: Collection[str]) -> None:
    """ArchiveTooLarge where what is wanted of it is more than we take; what stays there may be as much as it is."""
    wanted = found.wanted(ticked)
    if sum(file.bytes for file in wanted) > setting("TAKE_IN_BYTES"):
        raise ArchiveTooLarge
    names = {file.name for file in wanted}
    parts = [part for part in found.manifest["parts"] if part["file"] in names]
    opening.refuse_too_many_rows({"parts": parts, "files": [file for file in found.manifest["files"] if file["name"] in names]})


def packed(files: Iterator[tuple[str, Iterator[bytes]]]) -> Iterator[bytes]:
    """What came, as one file that `opened` reads."""
    members = ((name, datetime(1980, 1, 1, tzinfo=UTC), S_IFREG | 0o600, ZIP_64, blocks) for name, blocks in files)
    yield from stream_zip(members, extended_timestamps=False)


@contextmanager
def opened(file: BinaryIO, found: Announced, subject: Subject) -> Iterator[Brought]:
    """What came of hers; each file was compared with the signed digest before. ArchiveOfAnotherPerson where it is not hers."""
    with opening.damage_said():
        brought = Brought(zipfile.ZipFile(file), found.manifest, found.issuer)
    opening.refuse_of_another(brought, subject)
    yield brought
