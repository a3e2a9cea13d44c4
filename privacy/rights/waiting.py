"""An archive that somebody brought and looks at: sealed, for an hour, under a key that only her session has."""

import errno
import secrets
import time
from contextlib import contextmanager, suppress
from typing import BinaryIO

from ..conf import store
from ..errors import ArchiveMixedUp, NoRoomToWait, NothingWaits
from ..files import create, rename
from ..steps import Work
from ..subjects import Subject
from . import vault
from .erasure import erasure_step
from .opening import buffered

WAITS_SECONDS = 60 * 60
BLOCK_BYTES = 1024 * 1024
# How a disk says that nothing more fits on it.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _path(subject_ref):
    """One per person: what she brings next takes its place."""
    return store("brought") / f"{subject_ref}.sealed"


def _name(subject_ref) -> bytes:
    return vault.name_of("brought", subject_ref)


def keep(subject: Subject, file: BinaryIO) -> str:
    """Seal the file; the key that opens it is nowhere but in what this returns. NoRoomToWait, and what waited before is left as it was."""
    key, part = vault.new_key(), _path(subject.ref).with_suffix(f".{secrets.token_hex(8)}.part")
    try:
        with create(part) as sealed:
            writer = vault.Writer(sealed, key, _name(subject.ref))
            while block := file.read(BLOCK_BYTES):
                writer.write(block)
            writer.finish()
        rename(part, _path(subject.ref))
    except OSError as fault:
        if fault.errno not in FULL:
            raise
        raise NoRoomToWait from None
    finally:
        part.unlink(missing_ok=True)
    return key.hex()


@contextmanager
def kept(subject: Subject, key: str):
    """The file, to read; NothingWaits after an hour, in another session, and once another took its place."""
    path = _path(subject.ref)
    try:
        if time.time() - path.stat().st_mtime > WAITS_SECONDS:
            raise NothingWaits
        reader = vault.Reader(path.open("rb"), bytes.fromhex(key), _name(subject.ref))
    except (FileNotFoundError, ArchiveMixedUp, ValueError):
        raise NothingWaits from None
    with reader:
        yield buffered(reader)


def let_go(subject: Subject) -> None:
    _path(subject.ref).unlink(missing_ok=True)


def expire(now) -> None:
    """What was looked at and not taken in, and what a killed process left half written."""
    for file in store("brought").iterdir():
        with suppress(FileNotFoundError):  # taken in meanwhile
            if file.stat().st_mtime < now.timestamp() - WAITS_SECONDS:
                file.unlink()


@erasure_step("remove what she brought", order=655)
def _remove(work: Work) -> None:
    for file in store("brought").glob(f"{work.request.subject_ref}.*"):
        file.unlink(missing_ok=True)
