"""The replay ledger: numbered lines in a file outside the database, each with the digest of the one before; it only grows."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.module_loading import import_string

from ..conf import setting, store
from ..errors import LedgerBroken, LedgerUnwritable, ReplayUnderWay

# What each line has beside the facts of its act.
FRAME = {"n", "at", "event", "subject_ref", "before"}
# Facts that are new with each try of the same act.
OF_ONE_TRY = {"request_ref", "sealed"}
# Bytes read at a time, from the end backwards, in search of the last line.
TAIL = 4_096


@dataclass(frozen=True)
class Line:
    """One act: what was done to whom, when, and what is needed to do it again; references, never values."""

    number: int
    at: datetime
    event: str
    subject_ref: str | None
    before: str
    facts: dict = field(default_factory=dict)
    digest: str = ""

    def __str__(self):
        return f"line {self.number} ({self.event})"

    def tells(self, event: str, subject_ref: str | None, facts: dict) -> bool:
        """The same act, tried once more."""
        mine, theirs = ({name: value for name, value in each.items() if name not in OF_ONE_TRY} for each in (self.facts, facts))
        return (self.event, self.subject_ref, mine) == (event, subject_ref, theirs)


def as_written(facts: dict) -> dict:
    """Facts as a line gives them back: moments and references are text."""
    return json.loads(json.dumps(facts, default=str))


def outside():
    """This installation's ledger: PRIVACY["LEDGER"] names its class, which has what LedgerFile has."""
    return import_string(setting("LEDGER"))()


class LedgerFile:
    """In the file of PRIVACY["REPLAY_LEDGER"], for its owner alone; every process of the machine may append."""

    def __init__(self, path=None):
        self.path = Path(path or setting("REPLAY_LEDGER") or store("ledger") / "replay.jsonl")

    def append(self, event: str, subject_ref: str | None, facts: dict) -> Line:
        """A line more, on disk when this returns. LedgerUnwritable, and then there is none."""
        try:
            with self._locked() as file:
                last = self._last(file)
                raw = _encode(last, event, subject_ref, facts)
                _write_whole(file, raw)
        except OSError as fault:
            raise LedgerUnwritable(fault.strerror) from None
        return _parse(raw)

    def last(self) -> Line | None:
        """The newest whole line; one that a power failure tore apart is none."""
        try:
            with self.path.open("rb") as file:
                return self._last(file.fileno())
        except FileNotFoundError:
            return None

    def lines(self, *, after: int = 0) -> Iterator[Line]:
        """In order, from the one behind `after`; LedgerBroken names the first that was changed, or before which one is missing."""
        number, digest = 0, ""
        for line in self._whole_lines():
            if line.number != number + 1 or line.before != digest:
                raise LedgerBroken(number + 1)
            number, digest = line.number, line.digest
            if number > after:
                yield line

    def state(self) -> tuple | None:
        """Changes with every line; None where there is none. Cheap: each request of a visitor asks."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (str(self.path), found.st_ino, found.st_size, found.st_mtime_ns) if found.st_size else None

    @contextmanager
    def alone(self):
        """One replay at a time; ReplayUnderWay for the second."""
        descriptor = os.open(self.path.with_suffix(".replaying"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise ReplayUnderWay from None
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self):
        """The open file, for one process at a time; closing it gives the lock back."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _last(self, file):
        end, tail = os.fstat(file).st_size, b""
        while end:
            begin = max(0, end - TAIL)
            tail, end = os.pread(file, end - begin, begin) + tail, begin
            whole = tail.split(b"\n")[(1 if begin else 0) :]
            if found := next(filter(None, map(_parse, reversed(whole))), None):
                return found
        return None

    def _whole_lines(self):
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            yield from filter(None, map(_parse, file))


def _encode(last, event, subject_ref, facts) -> bytes:
    frame = {
        "n": last.number + 1 if last else 1,
        "at": timezone.now().isoformat(),
        "event": event,
        "subject_ref": subject_ref,
        "before": last.digest if last else "",
    }
    return json.dumps({**frame, **facts}).encode()


def _write_whole(file, raw):
    """All of it or nothing. A torn line keeps a line of its own, which no reader takes for one."""
    size = os.fstat(file).st_size
    torn = size and os.pread(file, 1, size - 1) != b"\n"
    try:
        waiting = (b"\n" if torn else b"") + raw + b"\n"
        while waiting:
            waiting = waiting[os.write(file, waiting) :]
        os.fsync(file)
    except OSError:
        with suppress(OSError):  # where the file system itself lets nothing be taken back, the half line stays torn
            os.ftruncate(file, size)
        raise


def _parse(raw: bytes) -> Line | None:
    """None for what is no whole line."""
    raw = raw.rstrip(b"\n")
    try:
        told = json.loads(raw)
        frame = told["n"], datetime.fromisoformat(told["at"]), told["event"], told["subject_ref"], told["before"]
    except (ValueError, KeyError, TypeError):
        return None
    facts = {name: value for name, value in told.items() if name not in FRAME}
    return Line(*frame, facts, hashlib.sha256(raw).hexdigest())
