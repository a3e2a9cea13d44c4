"""The archive itself: a ZIP of one JSON file per record type with its schema, and at the end a manifest; streamed, at any size."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from stat import S_IFREG
from typing import BinaryIO

from django.utils import translation
from isal import isal_zlib
from stream_zip import ZIP_64, stream_zip

from ..conf import hook
from ..subjects import Subject
from .extract import Extract
from .manifest import Manifest, Part
from .portability import Scope

# Beside PostgreSQL the fastest level hides behind the database; zlib's sixth makes the file 19 % smaller in twice the time.
LEVEL = 1
# Sizes are unknown until they are written, so every member has the headers of a large one.
METHOD = ZIP_64
# The same for all: when a row was made stands in the row.
MODIFIED = datetime(1980, 1, 1, tzinfo=UTC)
MODE = S_IFREG | 0o600
RENEW_SECONDS = 5

encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


def write_archive(
    subject: Subject,
    file: BinaryIO,
    *,
    scope: Scope = Scope.EVERYTHING,
    fast: bool | None = None,
    progress: Callable[[str, int], None] | None = None,
    renew: Callable[[], None] | None = None,
) -> Manifest:
    """Write everything we hold about a person to `file`, which is only written to, and return what the manifest says.

    `fast=False` keeps to the ORM. `renew` is called every few seconds, while the database connection is busy with the rows.
    """
    manifest = Manifest(subject.ref, scope, hook("LANGUAGE")(subject))
    with translation.override(manifest.language), closing(_members(manifest, subject, fast, _progress(progress, renew))) as members:
        for block in stream_zip(members, get_compressobj=_compressor, extended_timestamps=False):
            file.write(block)
    return manifest


def _compressor():
    return isal_zlib.compressobj(level=LEVEL, wbits=-15)


def _progress(progress, renew):
    """One function of (what, rows) that also renews, now and then."""
    renewed = time.monotonic()

    def report(what, rows):
        nonlocal renewed
        if progress:
            progress(what, rows)
        if renew and time.monotonic() - renewed >= RENEW_SECONDS:
            renew()
            renewed = time.monotonic()

    return report


def _members(manifest, subject, fast, report):
    """The ZIP's files as stream_zip wants them. A record type without rows has no file: it stands in the manifest alone."""
    for data_map, lines in manifest.scope.parts():
        part = Part(data_map, lines)
        manifest.parts.append(part)
        extract = Extract(data_map, lines, subject, fast=fast)
        with closing(extract.blocks()) as blocks:
            first = next(blocks, b"")
            if first:
                part.file = f"data/{part.name}.json"
                yield _member(part.file, _array(part, extract, first, blocks, report))
                yield _document(part.schema_file, part.schema())
        part.as_of = extract.as_of
    yield _document("manifest.json", manifest.as_dict())


def _member(name, blocks):
    return name, MODIFIED, MODE, METHOD, blocks


def _document(name, content):
    """One entry per line, and one item of a list: neat enough to read, and without `indent`, which takes ten times as long."""
    entries = (f"{encode(key)}: {_listed(value) if isinstance(value, list) else encode(value)}" for key, value in content.items())
    return _member(name, ["{{\n{}\n}}\n".format(",\n".join(entries)).encode()])


def _listed(items):
    return "[\n{}\n]".format(",\n".join(map(encode, items))) if items else "[]"


def _array(part, extract, block, blocks, report) -> Iterator[bytes]:
    """The lines as a JSON array, one object per line; the part learns what was written."""
    digest, before, counted = hashlib.sha256(), b"[\n", 0
    while block:
        report(part.data_map.label(), extract.rows - counted)
        counted = extract.rows
        piece = before + block[:-1].replace(b"\n", b",\n")
        digest.update(piece)
        part.size += len(piece)
        yield piece
        before, block = b",\n", next(blocks, b"")
    digest.update(b"\n]\n")
    part.size += 3
    yield b"\n]\n"
    part.rows, part.masked, part.sha256 = extract.rows, extract.masked, digest.hexdigest()
