"""Erasing a person: hidden at once, erased after the time to go back (Art. 17)."""

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import hook
from ..datamap import registry
from ..errors import ReferencesRemain, UnknownChoice
from ..evidence import crowds, replay, trail
from ..steps import Plan, Work
from ..subjects import Subject, rows_concerning
from . import references
from .counting import count_each
from .pace import pace, resting_after
from .treating import Treating, in_batches, treatings, with_rows

plan = Plan()
# Host apps add steps of their own: `@erasure_step("withdraw permissions", order=200)`.
erasure_step = plan.step

# What a member may choose per group of publications (K-4); the first is the default.
CHOICES = {
    "former_member": _("it stays, without your name"),
    "name_stays": _("it stays, with your name"),
    "remove": _("removed"),
}


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
    if Subject.objects.filter(pk=subject.pk, hidden_at__isnull=True).update(hidden_at=timezone.now()):
        trail.record("subject.hidden", subject_ref=subject.ref)
    subject.refresh_from_db()
    hook("SESSIONS")(subject)


def unhide(subject: Subject) -> None:
    """She went back."""
    if Subject.objects.hidden().filter(pk=subject.pk).update(hidden_at=None):
        trail.record("subject.shown", subject_ref=subject.ref)
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


@erasure_step("treat rows", order=500)
def _treat_rows(work: Work) -> None:
    """Every table but the person's own, in batches that span tables: an ordinary member takes one transaction."""
    if work.subject is None:
        return
    chosen = pace()
    batches = deque(in_batches(with_rows(all_treatings(work)), chosen.at_once))
    while batches:
        batch = batches.popleft()
        with resting_after(chosen, is_last=not batches):
            _commit(work, partial(_treat_batch, work, batch, last=not batches))


def _treat_batch(work, batch, *, last):
    for treating, at_most in batch:
        _treat(work, treating, at_most)
    if last:
        work.finish()


def all_treatings(work: Work) -> Iterator[Treating]:
    for data_map in registry.in_erasure_order():
        if data_map.model is not Subject and data_map.model not in registry.roots:
            yield from treatings(data_map, work.subject, work.request.choices)


def _treat(work: Work, treating: Treating, at_most: int | None = None) -> None:
    work.count(treating.what, treat(treating, at_most, request_ref=work.request.ref))


def treat(treating: Treating, at_most: int | None = None, *, request_ref: str = "") -> int:
    """Up to so many rows, in the caller's transaction; how many there were. Files that go with them are noted in it.

    Rows that stay without their person are noted too: they lie side by side until a night mixes them (privacy.rights.shuffling).
    """
    rows = treating.find(at_most)
    if treating.leaves_rows:
        crowds.note(treating.data_map, rows, request_ref=request_ref)
    files = treating.files_of(rows)
    treated = treating.apply_to(rows)
    if files:
        gone = files - treating.still_named(files)
        FileRemoval.objects.bulk_create([FileRemoval(request_ref=request_ref, path=path) for path in gone], ignore_conflicts=True)
    return treated


@erasure_step("remove the person", order=600)
def _remove_the_person(work: Work) -> None:
    """The last step on rows: what came in meanwhile is caught under the person's lock, then her own row and the Subject go, raw.

    Never `.delete()`: its collector follows cascades into other people's rows (test_the_last_step_cascades_nowhere).
    """
    if work.subject is None:
        return
    _commit(work, partial(_remove, work, work.subject.root))


def _remove(work, root):
    _hold(work.subject, root)
    _treat_latecomers(work)
    _refuse_references(root, work.subject)
    _delete_own_row(work, root)
    _delete_own_row(work, work.subject)
    _check_constraints()
    work.finish()


def _commit(work, act):
    """`act` in one transaction; where the database refuses because rows still point at what goes, their table is named."""
    try:
        with work.batch():
            act()
    except IntegrityError as error:
        table = _rehearse(work, act) if connection.vendor == "sqlite" else references.table_named_by(error)
        if table:
            raise ReferencesRemain(table) from None
        raise


class _Rehearsed(Exception):
    """Takes everything back."""


def _rehearse(work, act) -> str | None:
    """SQLite refuses without a name: do it once more, ask what dangles, and undo it."""
    table = None
    with suppress(_Rehearsed, IntegrityError), work.batch():
        act()
        table = references.dangling_table()
        raise _Rehearsed
    return table


def _hold(subject, root):
    """First the person, whom whoever writes by her reference locks too; then the row that keys lead to."""
    Subject.objects.select_for_update().get(pk=subject.pk)
    type(root)._base_manager.select_for_update().get(pk=root.pk)


def _treat_latecomers(work):
    for treating, _rows in with_rows(all_treatings(work)):
        _treat(work, treating)


def _refuse_references(*people):
    """Before the database follows a key that deletes by itself, or has none."""
    table = references.table_pointing_at(*people)
    if table:
        raise ReferencesRemain(table)


def _delete_own_row(work, row):
    """Counted as the preview counted it."""
    data_map = registry.map_of(type(row))
    own_row = type(row)._base_manager.filter(pk=row.pk)
    _treat(work, Treating(data_map, data_map.row.name, own_row))


def _check_constraints():
    """Foreign keys are checked now, inside the transaction; SQLite does so at its end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


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
