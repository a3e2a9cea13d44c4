"""Handing a person everything we hold about her (Art. 15)."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.db import connections, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import setting, store
from ..errors import ArchiveMixedUp, ArchiveUnavailable, KeyDestroyed
from ..evidence import trail
from ..files import create, rename
from ..steps import LeaseLost, Plan, Run, Work
from ..subjects import Subject
from . import estimate, vault
from .archive import write_archive
from .erasure import erasure_step
from .manifest import Manifest
from .portability import Scope
from .spool import PARTS, Spool

__all__ = ["Archive", "Scope", "expire", "open_archive", "plan", "write_archive"]

plan = Plan()

# Earlier versions wrote `.zip`, in the clear.
SUFFIX = ".sealed"


class ArchiveQuerySet(models.QuerySet):
    def expired(self, now):
        return self.filter(expires_at__lte=now, destroyed_at=None)

    def of(self, subject):
        return self.filter(subject_ref=subject.ref)


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
        return self.is_ready_at(timezone.now())

    @property
    def gone_at(self) -> datetime:
        """Until when it could be fetched: its time passed, or it was destroyed before."""
        return min(self.expires_at, self.destroyed_at or self.expires_at)

    def is_ready_at(self, now: datetime) -> bool:
        """Whether it can be fetched, whether or not the sweep came by."""
        return self.destroyed_at is None and self.expires_at > now

    @property
    def path(self) -> Path:
        return store("archives") / f"{self.request.ref}{SUFFIX}"

    def open(self) -> vault.Reader:
        """ArchiveUnavailable where file or key is gone, ArchiveMixedUp where the file is not the one of this row (T-10)."""
        try:
            key, file = vault.unwrap(self.request.ref, self.wrapped_key), self.path.open("rb")
        except (FileNotFoundError, KeyDestroyed):
            raise ArchiveUnavailable from None
        reader = vault.Reader(file, key, vault.name_of(self.request.ref, self.subject_ref))
        if reader.size != self.size:
            reader.close()
            raise ArchiveMixedUp
        return reader


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

    def __init__(self, file: vault.Writer):
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
        _hand_over(work, part, _written(work, part, _spool(work)))
    except Exception as error:
        if not _was_stopped(work.run):
            if isinstance(error, ArchiveMixedUp):  # damage that only reading to the end finds: the next attempt reads all anew
                remove_spool(work.request.ref)
            raise
        remove_spool(work.request.ref)
        raise LeaseLost from error
    finally:
        part.unlink(missing_ok=True)
    remove_spool(work.request.ref)


def _was_stopped(run: Run) -> bool:
    """Whatever this worker then stumbled over. Where another took over, it goes on with what is there."""
    return Run.objects.filter(pk=run.pk, finished_at__isnull=False).exists()


def _spool(work: Work) -> Spool:
    """What an attempt before this one read whole, if its key is still there; else an empty one under a new key."""
    ref, run = work.request.ref, work.run
    about = vault.name_of(ref, work.subject.ref)
    try:
        key = vault.unwrap(f"{ref}.{PARTS}", run.wrapped_key)
    except (KeyDestroyed, ArchiveMixedUp):
        remove_spool(ref)
        key = vault.new_key()
        with work.batch():
            run.renew(wrapped_key=vault.wrap(f"{ref}.{PARTS}", key))
    return Spool(store(PARTS, ref), key, about, attempt=run.fence)


def remove_spool(ref: str) -> None:
    """What a worker keeps of this request until its archive is whole."""
    vault.destroy_key(f"{ref}.{PARTS}")
    shutil.rmtree(store(PARTS) / ref, ignore_errors=True)


@dataclass
class Written:
    """What a worker has in hand when the file is complete. The key lies nowhere but in its memory until then."""

    key: bytes
    tally: Tally
    manifest: Manifest
    seconds: float


def _written(work: Work, part: Path, spool: Spool) -> Written:
    began, key, scope, going = monotonic(), vault.new_key(), Scope.of(work.request), Counter()
    work.run.renew(rows_done=0, rows_expected=estimate.expected_rows(work.subject, scope))
    with create(part) as file, renewing(work.run) as renew:
        sealing = vault.Writer(file, key, vault.name_of(work.request.ref, work.subject.ref))
        tally = Tally(sealing)
        manifest = write_archive(
            work.subject,
            tally,
            scope=scope,
            progress=lambda _what, rows: going.update(rows=rows),
            renew=lambda: renew(rows_done=going["rows"]),
            spool=spool,
        )
        sealing.finish()
    return Written(key, tally, manifest, monotonic() - began)


def _hand_over(work: Work, part: Path, written: Written) -> None:
    """Key, final name, row and trail together; the batch's lease shuts out a worker that was overtaken. Nothing for who was erased."""
    with work.batch():
        if not Subject.objects.select_for_update().filter(pk=work.subject.pk).exists():
            return
        archive = _row(work, written)
        archive.wrapped_key = vault.wrap(work.request.ref, written.key)
        rename(part, archive.path)
        archive.save()
        work.run.renew(rows_done=archive.rows, rows_expected=archive.rows)
        for entry in written.manifest.parts:
            work.count(f"{entry.data_map.label()} handed out", entry.rows)
        trail.record(f"{work.request.right}.ready", subject_ref=work.subject.ref, request_ref=work.request.ref)


def _row(work, written) -> Archive:
    ready_at = timezone.now()
    return Archive(
        request=work.request,
        subject_ref=work.subject.ref,
        sha256=written.tally.digest.hexdigest(),
        size=written.tally.size,
        rows=sum(entry.rows for entry in written.manifest.parts),
        seconds=written.seconds,
        ready_at=ready_at,
        expires_at=ready_at + timedelta(hours=setting("ARCHIVE_HOURS")),
    )


@contextmanager
def renewing(run: Run) -> Iterator[Callable[..., None]]:
    """A function that renews the lease, as Run.renew does, on a connection of its own: the archive's is busy with rows."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            yield lambda **progress: beside.submit(run.renew, **progress).result()
        finally:
            beside.submit(connections.close_all).result()


def _remove_parts(ref: str, *, before: int) -> None:
    """What killed attempts left; a later attempt's file stays."""
    for part in store("archives").glob(f"{ref}.*.part"):
        if int(part.suffixes[0].lstrip(".")) < before:
            part.unlink(missing_ok=True)


def open_archive(request, *, now: datetime | None = None) -> vault.Reader:
    """The file, for its owner: `ready_archive` and `Archive.open` at once."""
    return ready_archive(request, now=now).open()


def ready_archive(request, *, now: datetime | None = None) -> Archive:
    """ArchiveUnavailable before it is made and from `expires_at` on; ArchiveMixedUp where it is of another person (T-09, T-10)."""
    archive = Archive.objects.filter(request=request).select_related("request").first()
    if archive is None or not archive.is_ready_at(now or timezone.now()):
        raise ArchiveUnavailable
    if str(archive.subject_ref) != str(request.subject_ref):
        raise ArchiveMixedUp
    return archive


def expire(now: datetime) -> None:
    """Destroy archives whose time has passed."""
    for archive in Archive.objects.expired(now).select_related("request"):
        destroy(archive, now)
    _remove_forgotten(now)


def destroy(archive: Archive, now: datetime) -> None:
    """First key and file, then what the row says of them, so that a crash leaves neither."""
    vault.destroy_key(archive.request.ref)
    archive.path.unlink(missing_ok=True)
    Archive.objects.filter(pk=archive.pk).update(destroyed_at=now, wrapped_key=b"", sha256="")


def _remove_forgotten(now):
    """Files and keys without an archive, older than any may become: of a worker killed for good, of a version before this one."""
    known = set(Archive.objects.filter(destroyed_at=None).values_list("request__ref", flat=True))
    oldest = (now - timedelta(hours=setting("ARCHIVE_HOURS"))).timestamp()
    for file in (*store("archives").iterdir(), *vault.key_files(), *store(PARTS).iterdir()):
        is_known = file.stem in known and file.suffix in {SUFFIX, ".key"}
        with suppress(FileNotFoundError):  # another sweep was faster
            if not is_known and file.stat().st_mtime < oldest:
                _remove(file)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()


@erasure_step("remove archives", order=650)
def _remove_archives(work: Work) -> None:
    """Copies of what was erased go too; the rows that named them are gone by now."""
    requests = type(work.request).objects.filter(subject_ref=work.request.subject_ref)
    for ref in requests.values_list("ref", flat=True):
        remove_spool(ref)
        vault.destroy_key(ref)
        for file in store("archives").glob(f"{ref}.*"):
            file.unlink(missing_ok=True)
