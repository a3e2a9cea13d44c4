"""At an erasure, what is held is copied, sealed and set aside; then the rows go as all others do (D-7)."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress

from django.core.exceptions import SuspiciousFileOperation
from django.db import models

from ..datamap import registry
from ..datamap.maps import DataMap
from ..evidence import remarks, trail
from ..steps import Work
from ..subjects import Subject
from . import held_keys
from .erasure import erasure_step
from .holds import HeldRecord, Hold, code_of, today
from .values import text

# Rows in one sealed copy: what fits easily in memory. Where files come along, each row has a copy of its own.
ROWS_TOGETHER = 500


@erasure_step("set aside what is held", order=460)
def _set_aside(work: Work) -> None:
    """Before rows are treated. Broken off, it begins anew: what an attempt had copied goes first."""
    if work.subject is None:
        return
    _begin_anew(work)
    for hold in Hold.objects.of(work.subject).in_force(today()).order_by("placed_at", "pk"):
        held_keys.make(hold.ref)
        for part, keys in enumerate(_portions(hold.rows(work.subject)), 1):
            with work.batch():
                _copy(work, hold, part, keys)


def _begin_anew(work):
    """The lock of the person is waited for: who is placing a hold comes first or is told that it is too late."""
    work.step.counts = {}
    with work.batch():
        Subject.objects.select_for_update(no_key=True).get(pk=work.subject.pk)
        before = HeldRecord.objects.filter(request_ref=work.request.ref)
        before._raw_delete(before.db)


def _portions(rows: models.QuerySet) -> Iterator[list]:
    """Keys of its rows, so many at a time."""
    size = 1 if _file_columns(rows.model) else ROWS_TOGETHER
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
    while keys:
        yield keys
        keys = list(rows.filter(pk__gt=keys[-1]).order_by("pk").values_list("pk", flat=True)[:size])


def _copy(work, hold, part, keys):
    """Nothing of a hold that was lifted meanwhile."""
    if not Hold.objects.select_for_update().filter(pk=hold.pk).exists():
        return
    rows, packed = pack(registry.labelled(hold.record), keys)
    terms = {name: getattr(hold, name) for name in ("record", "ground", "why", "until", "review_on", "placed_by", "placed_at")}
    sealed = held_keys.seal(hold.ref, packed, name=_name(work.request.ref, part))
    place = {"hold_ref": hold.ref, "request_ref": work.request.ref, "subject_ref": hold.subject_ref, "part": part}
    HeldRecord.objects.create(**place, **terms, rows=rows, sealed=sealed)
    work.count(f"{hold.record} held", rows)


def _name(request_ref, part) -> str:
    return f"{request_ref} {part}"


def pack(data_map: type[DataMap], keys: list) -> tuple[int, bytes]:
    """A zip with the rows as lines of JSON, as an archive writes them, and their files; every column but secrets, which prove nothing."""
    columns = [data_map.field(line).name for line in data_map.lines.values() if not line.is_secret]
    rows = list(data_map.model._base_manager.filter(pk__in=keys).order_by("pk").values("pk", *columns))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.jsonl", "".join(_line(row, columns) for row in rows))
        for number, row in enumerate(rows, 1):
            for field in _file_columns(data_map.model):
                _add_file(archive, field, row[field.name], f"files/{number}-{field.name}")
    return len(rows), packed.getvalue()


def _line(row, columns) -> str:
    return "{" + ",".join(f"{json.dumps(column)}:{text(row[column])}" for column in columns) + "}\n"


def _file_columns(model) -> list[models.FileField]:
    return [field for field in model._meta.local_fields if isinstance(field, models.FileField)]


def _add_file(archive, field, path, name):
    """One that is not there any more cannot be held; its row says which it was."""
    with suppress(OSError, ValueError, SuspiciousFileOperation):
        if path:
            with field.storage.open(path) as file:
                archive.writestr(name, file.read())


def open_held(held: HeldRecord, *, actor_ref, reason: str) -> bytes:
    """The zip as it was packed, on record before it is opened. KeyDestroyed, HeldUnreadable."""
    on_record = {"subject_ref": held.subject_ref, "actor_ref": actor_ref, "request_ref": held.request_ref}
    remarks.write(trail.record("hold.opened", **on_record), reason)
    return held_keys.unseal(held.hold_ref, held.sealed, name=_name(held.request_ref, held.part))


def file_name(held: HeldRecord) -> str:
    return f"{code_of(held.hold_ref)}-{held.part}.zip"
