"""The archive itself: a ZIP that people read, other programs open and anybody can check; streamed, at any size (docs/archive.md)."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from stat import S_IFREG
from typing import BinaryIO

from django.utils import translation
from isal import isal_zlib
from stream_zip import ZIP_64, stream_zip

from ..conf import hook
from ..subjects import Subject
from .collecting import Collecting
from .contents import Contents
from .manifest import Manifest
from .portability import Scope
from .spool import Spool, passing

# Beside PostgreSQL the fastest level hides behind the database; zlib's sixth makes the file 19 % smaller in twice the time.
LEVEL = 1
# Sizes are unknown until they are written, so every member has the headers of a large one.
METHOD = ZIP_64
# The same for all: when a row was made stands in the row.
MODIFIED = datetime(1980, 1, 1, tzinfo=UTC)
MODE = S_IFREG | 0o600
RENEW_SECONDS = 5


def write_archive(
    subject: Subject,
    file: BinaryIO,
    *,
    scope: Scope = Scope.EVERYTHING,
    fast: bool | None = None,
    progress: Callable[[str, int], None] | None = None,
    renew: Callable[[], None] | None = None,
    spool: Spool | None = None,
) -> Manifest:
    """Write everything we hold about a person to `file`, which is only written to, and return what the manifest says.

    `fast=False` keeps to the ORM. `renew` is called every few seconds, while the database connection is busy with the rows. What an earlier
    attempt left in `spool` is not read again.
    """
    report = _progress(progress, renew)
    with (
        collecting(subject, scope, fast=fast, report=report, spool=spool) as (manifest, collected),
        closing(Contents(manifest, subject, collected).members()) as members,
    ):
        packed = ((name, MODIFIED, MODE, METHOD, blocks) for name, blocks in members)
        for block in stream_zip(packed, get_compressobj=_compressor, extended_timestamps=False):
            file.write(block)
    return manifest


@contextmanager
def collecting(subject: Subject, scope: Scope, *, report, fast=None, spool=None) -> Iterator[tuple[Manifest, Collecting]]:
    """A manifest to fill and the rows to fill it from, in her language; `report` is told (what, rows)."""
    manifest = Manifest(subject.ref, scope, hook("LANGUAGE")(subject))
    with (
        nullcontext(spool) if spool else passing() as spool,
        translation.override(manifest.language),
        closing(Collecting(subject, scope, spool, manifest.language, fast=fast, report=report)) as reading,
    ):
        yield manifest, reading


def _compressor():
    return isal_zlib.compressobj(level=LEVEL, wbits=-15)


def _progress(progress, renew):
    """One function of (what, rows) that also renews, now and then."""
    renewed = time.monotonic()

    def report(what, rows):
        nonlocal renewed
        if progress and rows:
            progress(what, rows)
        if renew and time.monotonic() - renewed >= RENEW_SECONDS:
            renew()
            renewed = time.monotonic()

    return report
