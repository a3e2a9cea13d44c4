"""Handing a person everything we hold about her (Art. 15)."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import connections, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import setting, store
from ..errors import ArchiveMixedUp, ArchiveUnavailable
from ..evidence import trail
from ..steps import Plan, Run, Work
from ..subjects import Subject
from . import estimate
from .archive import write_archive
from .erasure import erasure_step
from .manifest import Manifest
from .portability import Scope

__all__ = ["Archive", "Scope", "expire", "open_archive", "plan", "write_archive"]

plan = Plan()


class ArchiveQuerySet(models.QuerySet):
    def expired(self, now):
        return self.filter(expires_at__lte=now)


class Archive(models.Model):
    """A file of a person's data, ready to be fetched until it expires."""

    request = models.OneToOneField(
        "privacy.DataSubjectRequest", on_delete=models.CASCADE, verbose_name=_("request"), help_text=_("What it answers.")
    )
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Of the file."))
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    rows = models.PositiveBigIntegerField(_("rows"), default=0, help_text=_("How many rows are in it."))
    seconds = models.FloatField(_("seconds"), default=0, help_text=_("How long it took to make."))
    wrapped_key = models.BinaryField(
        _("key"), blank=True, help_text=_("The file's key, wrapped under one outside the database; empty once the archive was destroyed.")
    )
    ready_at = models.DateTimeField(_("ready"), default=timezone.now, help_text=_("When it could first be fetched."))
    expires_at = models.DateTimeField(_("expires"), help_text=_("When it is destroyed."))
    destroyed_at = models.DateTimeField(_("destroyed"), null=True, blank=True, help_text=_("When file and key were destroyed."))

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")

    def __str__(self):
        return f"archive {self.pk}"

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched now."""
        return self.destroyed_at is None and self.expires_at > timezone.now()

    @property
    def path(self) -> Path:
        return store("archives") / f"{self.request.ref}.zip"


@dataclass(frozen=True)
class Progress:
    """How far a worker is; `seconds_left` is None where nobody can tell yet."""

    rows_done: int
    rows_expected: int
    seconds_left: int | None

    @property
    def percent(self) -> int:
        """100 only for what is finished: an estimate never says so."""
        if self.seconds_left == 0:
            return 100
        return min(99, self.rows_done * 100 // self.rows_expected) if self.rows_expected else 0


def progress_of(run: Run) -> Progress:
    """For the page that she watches while a worker writes her archive; written down every few seconds."""
    if run.finished_at:
        return Progress(run.rows_done, run.rows_expected, 0)
    left = run.rows_expected - run.rows_done
    return Progress(run.rows_done, run.rows_expected, estimate.rates().seconds(max(0, left)) if run.rows_expected else None)


class Tally:
    """A file that remembers the size and SHA-256 of what went through it."""

    def __init__(self, file: BinaryIO):
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def write(self, block: bytes) -> None:
        self.file.write(block)
        self.size += len(block)
        self.digest.update(block)


@plan.step("collect", order=100)
def _collect(work: Work) -> None:
    """A file of this attempt alone, complete on disk before the row says so. A killed attempt leaves a file that the next one removes."""
    if work.subject is None or Archive.objects.filter(request=work.request).exists():
        return
    _remove_parts(work.request.ref, before=work.run.fence)
    part = store("archives") / f"{work.request.ref}.{work.run.fence}.part"
    try:
        with create(part) as file, renewing(work.run) as renew:
            tally = Tally(file)
            manifest = write_archive(work.subject, tally, scope=Scope.of(work.request.right), renew=renew)
        _hand_over(work, part, tally, manifest)
    finally:
        part.unlink(missing_ok=True)


def _hand_over(work: Work, part: Path, tally: Tally, manifest: Manifest) -> None:
    """Final name, row and trail together; the batch's lease shuts out a worker that was overtaken. Nothing for who was erased meanwhile."""
    with work.batch():
        if not Subject.objects.select_for_update().filter(pk=work.subject.pk).exists():
            return
        ready_at = timezone.now()
        archive = Archive(
            request=work.request,
            subject_ref=work.subject.ref,
            sha256=tally.digest.hexdigest(),
            size=tally.size,
            ready_at=ready_at,
            expires_at=ready_at + timedelta(hours=setting("ARCHIVE_HOURS")),
        )
        rename(part, archive.path)
        archive.save()
        for written in manifest.parts:
            work.count(f"{written.data_map.label()} handed out", written.rows)
        trail.record(f"{work.request.right}.ready", subject_ref=work.subject.ref, request_ref=work.request.ref)


@contextmanager
def create(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone (mode 0600), on disk when the block ends well, gone when not; FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def rename(part: Path, path: Path) -> None:
    """The new name is on disk when this returns, so that no row promises a file that a power failure took."""
    os.replace(part, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def renewing(run: Run) -> Iterator[Callable[[], None]]:
    """A function that renews the lease on a connection of its own: the archive's is busy with rows."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            yield lambda: beside.submit(run.renew).result()
        finally:
            beside.submit(connections.close_all).result()


def _remove_parts(ref: str, *, before: int) -> None:
    """What killed attempts left; a later attempt's file stays."""
    for part in store("archives").glob(f"{ref}.*.part"):
        if int(part.suffixes[0].lstrip(".")) < before:
            part.unlink(missing_ok=True)


def open_archive(request, *, now: datetime | None = None) -> BinaryIO:
    """The file, for its owner; ArchiveUnavailable from `expires_at` on, ArchiveMixedUp where the file is another's (T-09, T-10)."""
    archive = Archive.objects.filter(request=request).select_related("request").first()
    if archive is None or archive.expires_at <= (now or timezone.now()):
        raise ArchiveUnavailable
    try:
        file = archive.path.open("rb")
    except FileNotFoundError:
        raise ArchiveUnavailable from None
    if not _is_of(archive, request, file):
        file.close()
        raise ArchiveMixedUp
    file.seek(0)
    return file


def _is_of(archive, request, file) -> bool:
    """Row, file and request name the same person."""
    if os.fstat(file.fileno()).st_size != archive.size:
        return False
    try:
        with zipfile.ZipFile(file) as opened:
            named = json.loads(opened.read("manifest.json"))["subject"]
    except (zipfile.BadZipFile, KeyError, ValueError):
        return False
    return named == str(archive.subject_ref) == str(request.subject_ref)


def expire(now: datetime) -> None:
    """Destroy archives whose time has passed: first the file, then the row, so that a crash leaves no file without one."""
    for archive in Archive.objects.expired(now).select_related("request"):
        archive.path.unlink(missing_ok=True)
        archive.delete()
    _remove_forgotten(now)


def _remove_forgotten(now):
    """Files without a row, older than any archive may become: of a worker killed for good."""
    known = {archive.path for archive in Archive.objects.select_related("request")}
    oldest = (now - timedelta(hours=setting("ARCHIVE_HOURS"))).timestamp()
    for file in store("archives").iterdir():
        if file not in known and file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


@erasure_step("remove archives", order=650)
def _remove_archives(work: Work) -> None:
    """Copies of what was erased go too; the rows that named them are gone by now."""
    requests = type(work.request).objects.filter(subject_ref=work.request.subject_ref)
    for ref in requests.values_list("ref", flat=True):
        for file in store("archives").glob(f"{ref}.*"):
            file.unlink(missing_ok=True)
