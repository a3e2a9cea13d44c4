"""Sending one archive: rounds of a minute that begin by asking how far it is, so that it does not matter where the last one broke off."""

import json
import zipfile
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cached_property
from time import monotonic

from django.db import transaction
from django.utils import timezone

from privacy.casework import letters
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import LawfulBasis
from privacy.errors import ArchiveDamaged, ArchiveMixedUp, ArchiveUnavailable, KeyDestroyed
from privacy.evidence import trail
from privacy.evidence.recipients import Disclosure
from privacy.outbox import HOLD, pause_after
from privacy.rights.access import ready_archive
from privacy.rights.opening import BROKEN, buffered
from privacy.verify.manifest import NAME as MANIFEST
from privacy.verify.manifest import SIGNATURE

from .. import permissions
from ..attributes import PORTABLE
from ..errors import AddressRefused, AskedToWait, NotReached
from . import going, remote, witnessing
from .contract import PIECE_BYTES
from .models import OutgoingTransfer
from .remote import Refused, WrongPlace
from .standing_there import Standing

State = OutgoingTransfer.State
ROUND_SECONDS = 60
RETRY = timedelta(seconds=30)
# Until the archive is made, or the receiver has taken it in.
LOOK_AGAIN = timedelta(seconds=5)
# How often a token is given back before only its end there is waited for.
FAREWELLS = 3


class Overtaken(Exception):
    """Stopped meanwhile, or another worker took over."""


class Waiting(Exception):
    """Nothing is wrong; it goes on by itself."""


def carry_on(transfer) -> bool:
    """One round; True where the next may follow at once. Taken by one worker at a time, until the token opens nothing any more."""
    if not transfer.take():
        return False
    if transfer.state != State.SENDING:
        say_goodbye(transfer)
        return False
    if hopeless := _hopeless(transfer):
        _end(transfer, State.FAILED, problem=hopeless)
        return False
    try:
        return _Round(transfer).go()
    except Overtaken:
        return False
    except Waiting:
        _rest(transfer, LOOK_AGAIN, failures=0, problem="")
    except AskedToWait as busy:
        _rest(transfer, timedelta(seconds=busy.seconds), problem="")
    except (NotReached, WrongPlace) as error:
        _failed(transfer, getattr(error, "code", "again"))
    except AddressRefused:
        _failed(transfer, "address")
    except Refused as refusal:
        _end(transfer, State.FAILED, problem=refusal.code)
    except (ArchiveUnavailable, ArchiveMixedUp, ArchiveDamaged, KeyDestroyed):
        _end(transfer, State.FAILED, problem="archive")
    except OSError:
        _failed(transfer, "archive")
    return False


def _hopeless(transfer) -> str:
    """Why nothing more is tried: its time is over, or nothing goes there any more."""
    if timezone.now() >= transfer.gives_up_at:
        return transfer.problem or "late"
    return "closed" if transfer.receiver.closed_at else ""


def _rest(transfer, pause, **noted):
    _mine(transfer).update(held_until=timezone.now() + pause, **noted)


def _failed(transfer, code):
    """Longer each time, until its time is over."""
    failures = transfer.failures + 1
    _rest(transfer, pause_after(failures, RETRY), failures=failures, problem=code)


def _mine(transfer):
    """As long as nobody stopped it or took over."""
    return OutgoingTransfer.including_hidden.filter(pk=transfer.pk, attempts=transfer.attempts, state=State.SENDING)


def _end(transfer, state, **more):
    with transaction.atomic():
        permissions.hold(transfer.member)
        if _mine(transfer).exists():
            going.end(transfer, state, **more)


class _Round:
    """What one worker does with one transfer before it lets others in."""

    def __init__(self, transfer):
        self.transfer, self.ends = transfer, monotonic() + ROUND_SECONDS

    @cached_property
    def api(self) -> remote.Api:
        return remote.Api(self.transfer.receiver, self.transfer.token)

    def go(self) -> bool:
        with _archive_of(self.transfer) as archive:
            package = Package(archive)
            self._disclose(package)
            standing = self._standing(self._ask(package), package)
            if standing.receipt is None and not self._send(package, standing):
                return self._let_go()
            if standing.receipt is None:
                standing = self._ended(package, standing)
            self._witness(package, standing)
        return False

    def _disclose(self, package):
        """On record, with a letter, before the first byte leaves; nothing leaves once she stopped it or is leaving (Art. 15(1)(c))."""
        with transaction.atomic():
            subject = permissions.hold(self.transfer.member)
            if subject is None or subject.hidden_at is not None or not _mine(self.transfer).exists():
                raise Overtaken
            if self.transfer.manifest_sha256:
                return
            recipient = self.transfer.receiver.recipient
            basis, now = LawfulBasis.LEGAL_OBLIGATION, timezone.now()
            Disclosure.objects.create(recipient=recipient, subject_ref=subject.ref, attributes=[PORTABLE], basis=basis, at=now)
            letters.write_again(DataSubjectRequest.objects.get(ref=self.transfer.request_ref), letters.Kind.FETCHED, at=now)
            trail.record("transfer.begun", subject_ref=subject.ref, request_ref=self.transfer.request_ref)
            self._note(manifest_sha256=package.sha256)

    def _note(self, **columns):
        """Held a little longer, with how far it is."""
        if not _mine(self.transfer).update(held_until=timezone.now() + HOLD, **columns):
            raise Overtaken
        for name, value in columns.items():
            setattr(self.transfer, name, value)

    def _ask(self, package) -> dict:
        """How far it is. Where it says that nothing began, as after a restore there, it begins again."""
        if self.transfer.remote_ref:
            said = self.api.status(self.transfer.remote_ref)
            if said.get("wanted") or said.get("state") != "begun":
                return said
        return self.api.begin(package.manifest, package.signature)

    def _standing(self, said, package):
        standing = Standing(said, package)
        if not self.transfer.remote_ref:
            self._note(remote_ref=standing.ref, bytes_expected=standing.bytes)
        elif standing.ref != self.transfer.remote_ref:
            raise Refused("answer")
        self._note(bytes_sent=standing.received if standing.receipt is None else self.transfer.bytes_expected)
        return standing

    def _send(self, package, standing) -> bool:
        """Piece by piece; False where the round is over before everything is there."""
        for name, first in standing.missing:
            file = package.files[name]
            for offset, piece in package.pieces(name, first):
                if monotonic() > self.ends:
                    return False
                self.api.put(standing.ref, name, piece, offset, file["bytes"], file["sha256"])
                self._note(bytes_sent=self.transfer.bytes_sent + len(piece), failures=0, problem="")
        return True

    def _let_go(self) -> bool:
        _mine(self.transfer).update(held_until=None)
        return True

    def _ended(self, package, standing):
        """The receipt where it is there already; else we look again in a moment."""
        if standing.state == "refused":
            raise Refused(standing.problem or "refused")
        said = self.api.end(standing.ref, package.counted(standing.wanted))
        if "receipt" not in said or "state" in said:
            raise Waiting
        return Standing({"transfer": standing.ref, "state": "done", "wanted": [], "receipt": said}, package)

    def _witness(self, package, standing):
        """A receipt that is not what was sent is kept, and she is told so."""
        text, signature = standing.receipt
        state, problem = State.DONE, ""
        try:
            witnessing.check(self.transfer, package, text, signature)
        except witnessing.NotAReceipt as fault:
            state, problem = State.UNCONFIRMED, fault.code
        _end(self.transfer, state, problem=problem, receipt=text, receipt_signature=signature)


@contextmanager
def _archive_of(transfer):
    """The file that she could fetch herself; Waiting as long as it is being made."""
    asked = DataSubjectRequest.objects.get(ref=transfer.request_ref)
    if asked.is_open:
        raise Waiting
    with ExitStack() as stack:
        with _reading():
            file = stack.enter_context(buffered(ready_archive(asked).open()))
            archive = stack.enter_context(zipfile.ZipFile(file))
        yield archive


@contextmanager
def _reading():
    """ArchiveDamaged where ours turns out to be broken; what a disk or its bounds say (OSError) may pass by itself."""
    try:
        yield
    except OSError:
        raise
    except BROKEN:
        raise ArchiveDamaged from None


class Package:
    """The archive as the contract sends it: file by file, each as its manifest lists it."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        with _reading():
            self.manifest = archive.read(MANIFEST)
            self.signature = archive.read(SIGNATURE).decode().removesuffix("\n")
            self.said = json.loads(self.manifest)
            self.files = {file["name"]: file for file in self.said["files"]}

    @property
    def sha256(self) -> str:
        return witnessing.digest(self.manifest)

    def pieces(self, name: str, first: int):
        """(where it begins, bytes), from `first` on."""
        with _reading(), self._archive.open(name) as file:
            file.seek(first)
            while piece := file.read(PIECE_BYTES):
                yield first, piece
                first += len(piece)

    def counted(self, names) -> dict:
        """What we say at the end that we sent."""
        files = [{key: self.files[name][key] for key in ("name", "bytes", "sha256")} for name in names]
        rows = sum(part["rows"] for part in self.said["parts"] if part["file"] in set(names))
        return {"manifest_sha256": self.sha256, "files": files, "bytes": sum(file["bytes"] for file in files), "rows": rows}


def say_goodbye(transfer):
    """The token is given back where that still works, and forgotten in any case once it was tried."""
    try:
        token = transfer.token
        try:
            if transfer.remote_ref and transfer.state != State.DONE:
                _quietly(remote.Api(transfer.receiver, token).give_up, transfer.remote_ref)
        finally:
            remote.give_back(transfer.receiver, token)
    except (NotReached, AddressRefused):
        failures = transfer.failures + 1
        if failures < FAREWELLS:
            return _rest_after_farewell(transfer, failures)
    except KeyDestroyed:
        pass
    going.forget_token(transfer)


def _rest_after_farewell(transfer, failures):
    held_until = timezone.now() + pause_after(failures, RETRY)
    OutgoingTransfer.including_hidden.filter(pk=transfer.pk).update(held_until=held_until, failures=failures)


def _quietly(act, *arguments):
    """It may have ended there, or forgotten us."""
    try:
        act(*arguments)
    except (Refused, WrongPlace):
        return
