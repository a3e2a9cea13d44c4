"""Erasing a person: hidden at once, erased after the time to go back (Art. 17)."""

from collections import deque
from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import hook
from ..datamap import registry
from ..datamap.maps import points_at
from ..errors import ReferencesRemain, UnknownChoice
from ..evidence import trail
from ..steps import Plan, Work
from ..subjects import Subject, rows_concerning
from .treating import Treating, treatings

plan = Plan()
# Host apps add steps of their own: `@erasure_step("withdraw permissions", order=200)`.
erasure_step = plan.step

# What a member may choose per group of publications (K-4); the first is the default.
CHOICES = {
    "former_member": _("it stays, without your name"),
    "name_stays": _("it stays, with your name"),
    "remove": _("removed"),
}

# Rows per transaction: few enough that others need not wait, many enough to be fast (docs/decisions.md 6 and 9).
BATCH_ROWS = {"sqlite": 2_000, "postgresql": 100_000}


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
    if not set(choices) <= groups or not set(choices.values()) <= set(CHOICES):
        raise UnknownChoice


def hide(subject: Subject) -> None:
    """The first moment: gone from pages, sessions ended, partners shut out. Nothing is lost yet."""
    Subject.objects.filter(pk=subject.pk, hidden_at__isnull=True).update(hidden_at=timezone.now())
    subject.refresh_from_db()
    hook("SESSIONS")(subject)
    trail.record("subject.hidden", subject_ref=subject.ref)


def unhide(subject: Subject) -> None:
    """She went back."""
    Subject.objects.filter(pk=subject.pk).update(hidden_at=None)
    subject.refresh_from_db()
    trail.record("subject.shown", subject_ref=subject.ref)


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
    with work.batch():
        for data_map in registry.maps.values():
            if data_map.row.name == "kept":
                work.count(f"{data_map.label()} kept", rows_concerning(data_map, work.subject).count())


@erasure_step("treat rows", order=500)
def _treat_rows(work: Work) -> None:
    """Every table but the person's own, in batches that span tables: an ordinary member takes one transaction."""
    if work.subject is None:
        return
    pending = deque(all_treatings(work))
    while pending:
        with work.batch():
            room = BATCH_ROWS[connection.vendor]
            while pending and room > 0:
                treated = _treat(work, pending[0], room)
                if treated < room:
                    pending.popleft()
                room -= treated


def all_treatings(work: Work) -> Iterator[Treating]:
    for data_map in registry.in_erasure_order():
        if data_map.model is not Subject and data_map.model not in registry.roots:
            yield from treatings(data_map, work.subject, work.request.choices)


def _treat(work: Work, treating: Treating, room: int) -> int:
    """Up to `room` rows; files that go with them are noted first, in the same transaction."""
    if treating.file_columns:
        treated = _treat_with_files(work, treating, room)
    else:
        treated = treating.apply(room)
    work.count(treating.what, treated)
    return treated


def _treat_with_files(work, treating, room):
    found = list(treating.rows.values_list("pk", *treating.file_columns)[:room])
    paths = {path for _key, *paths in found for path in paths if path}
    FileRemoval.objects.bulk_create([FileRemoval(request_ref=work.request.ref, path=path) for path in paths], ignore_conflicts=True)
    return treating.apply_to([key for key, *_paths in found])


@erasure_step("remove the person", order=600)
def _remove_the_person(work: Work) -> None:
    """The last step on rows: what came in meanwhile is caught under the person's lock, then her own row and the Subject go, raw.

    Never `.delete()`: its collector follows cascades into other people's rows (test_the_last_step_cascades_nowhere).
    """
    if work.subject is None:
        return
    try:
        with work.batch():
            root = type(work.subject.root)._base_manager.select_for_update().get(pk=work.subject.root.pk)
            _treat_latecomers(work)
            _refuse_references(root, work.subject)
            _delete_root(work, root)
            Subject.objects.filter(pk=work.subject.pk)._raw_delete(connection.alias)
            _check_constraints()
    except IntegrityError:
        raise ReferencesRemain(_table_pointing_at(type(root))) from None


def _treat_latecomers(work):
    room = BATCH_ROWS[connection.vendor]
    for treating in all_treatings(work):
        while _treat(work, treating, room):
            pass


def _delete_root(work, root):
    data_map = registry.map_of(type(root))
    own_row = type(root)._base_manager.filter(pk=root.pk)
    _treat(work, Treating(data_map, data_map.row.name, own_row), 1)


def _refuse_references(root, subject):
    """ReferencesRemain with the table's name, before the database would say it less clearly."""
    for target in (root, subject):
        for model in apps.get_models(include_auto_created=True):
            if model is not type(root) and points_at(model, type(target)):
                _refuse_rows(model, target)


def _refuse_rows(model, target):
    columns = [field.name for field in model._meta.local_fields if field.related_model is type(target)]
    if any(model._base_manager.filter(**{column: target}).exists() for column in columns):
        raise ReferencesRemain(model._meta.db_table)


def _check_constraints():
    """Foreign keys are checked now, inside the transaction; SQLite does so at its end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _table_pointing_at(model) -> str:
    """A table that Django has no model for, and whose foreign key leads to the person."""
    known = {each._meta.db_table for each in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            targets = {target for _column, target in connection.introspection.get_relations(cursor, table).values()}
            if table not in known and model._meta.db_table in targets:
                return table
    return "?"


@erasure_step("remove files", order=700)
def _remove_files(work: Work) -> None:
    """Files first, then the row that names them: a crash in between finds the row again and no file, which is well."""
    for removal in FileRemoval.objects.filter(request_ref=work.request.ref):
        default_storage.delete(removal.path)
        with work.batch():
            removal.delete()
            work.count("files removed", 1)
