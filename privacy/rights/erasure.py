"""Erasing a person: hidden at once, erased after the time to go back (Art. 17)."""

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import hook
from ..datamap import registry
from ..errors import UnknownChoice
from ..evidence import replay, together, trail
from ..sql import how_many, send
from ..steps import Plan, Work
from ..subjects import Subject, rows_concerning
from .counting import count_each
from .treating import Treating

plan = Plan()
# Host apps add steps of their own: `@erasure_step("withdraw permissions", order=200)`.
erasure_step = plan.step

# What a member may choose per group of publications (K-4); the first is the default.
CHOICES = {
    "former_member": _("it stays, without your name"),
    "name_stays": _("it stays, with your name"),
    "remove": _("removed"),
}


# Sent with `subject` in the transaction of the act: she is hidden from now on, or shown again.
hidden, shown = Signal(), Signal()


class FileRemoval(models.Model):
    """A stored file that has to go: noted in the transaction that empties its column, removed by a step of its own."""

    request_ref = models.CharField(_("request"), max_length=20, db_index=True, help_text=_("Number of the request."))
    path = models.CharField(_("path"), max_length=500, help_text=_("Where it lies in the file storage; this row goes with the file."))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, help_text=_("When its column was emptied."))

    class Meta:
        verbose_name = _("file to remove")
        verbose_name_plural = _("files to remove")
        constraints = [models.UniqueConstraint(fields=["request_ref", "path"], name="privacy_file_removal_once")]

    def __str__(self):
        return f"file {self.pk}"


def check_choices(choices: dict[str, str]) -> None:
    """UnknownChoice unless every group exists and every choice is one of CHOICES."""
    groups = {data_map.row.group for data_map in registry.maps.values() if data_map.row.name == "chosen"}
    if not set(choices) <= groups or any(choice not in tuple(CHOICES) for choice in choices.values()):
        raise UnknownChoice


def hide(subject: Subject) -> None:
    """The first moment: gone from pages, sessions ended, partners shut out. Nothing is lost yet."""
    with transaction.atomic():
        if Subject.objects.filter(pk=subject.pk, hidden_at__isnull=True).update(hidden_at=timezone.now()):
            trail.record("subject.hidden", subject_ref=subject.ref)
            hidden.send(sender=Subject, subject=subject)
    subject.refresh_from_db()
    hook("SESSIONS")(subject)


def unhide(subject: Subject) -> None:
    """She went back."""
    with transaction.atomic():
        if Subject.objects.hidden().filter(pk=subject.pk).update(hidden_at=None):
            trail.record("subject.shown", subject_ref=subject.ref)
            shown.send(sender=Subject, subject=subject)
    subject.refresh_from_db()


@erasure_step("end sessions", order=100)
def _end_sessions(work: Work) -> None:
    if work.subject is not None:
        with work.batch():
            hook("SESSIONS")(work.subject)


@erasure_step("note what is kept", order=400)
def _note_what_is_kept(work: Work) -> None:
    """Counts for the answer: afterwards nobody can ask what belonged to whom."""
    if work.subject is None:
        return
    kept = [data_map for data_map in registry.maps.values() if data_map.row.name == "kept"]
    with work.batch():
        rows = count_each(rows_concerning(data_map, work.subject) for data_map in kept)
        for data_map, kept_rows in zip(kept, rows, strict=True):
            work.count(f"{data_map.label()} kept", kept_rows)
        work.finish()


@erasure_step("note in the ledger", order=480)
def _note_in_the_ledger(work: Work) -> None:
    """Outside the database, before a row goes: what is put back from a backup is erased again. From here on nobody can go back."""
    with work.batch():
        work.finish()
        replay.note("erasure", subject_ref=work.request.subject_ref, **work.request.facts)


def treat(treating: Treating, at_most: int | None = None, *, request_ref: str = "") -> int:
    """Up to so many rows, in the caller's transaction; how many there were. Files that go with them are noted in it."""
    rows = treating.find(at_most)
    files = treating.files_of(rows)
    known = together.of_today(request_ref)
    *_notes, treated = send([statement.filled(known) for statement in treating.statements(rows)]) or [0]
    note_files(files - treating.still_named(files) if files else files, request_ref=request_ref)
    return how_many(treated)


def note_files(paths: set[str], *, request_ref: str) -> None:
    """That they have to go, in the caller's transaction."""
    if paths:
        FileRemoval.objects.bulk_create([FileRemoval(request_ref=request_ref, path=path) for path in paths], ignore_conflicts=True)


@erasure_step("remove files", order=700)
def _remove_files(work: Work) -> None:
    """Files first, then the row that names them: a crash in between finds the row again and no file, which is well."""
    for removal in FileRemoval.objects.filter(request_ref=work.request.ref):
        default_storage.delete(removal.path)
        with work.batch():
            removal.delete()
            work.count("files removed", 1)


def remove_expired_files() -> None:
    """Files that go with a value that expired or whose consent was withdrawn: noted without a request, in the same order of acts."""
    for removal in FileRemoval.objects.filter(request_ref=""):
        default_storage.delete(removal.path)
        removal.delete()
