"""Correcting what is inaccurate (Art. 16)."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.forms import modelform_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import restricted
from ..datamap import Role, registry
from ..datamap.lines import Line
from ..datamap.maps import DataMap
from ..errors import FieldNotOpen, InvalidCorrection, NothingToCorrect, RowNotFound
from ..subjects import Subject, condition, rows_concerning

# Sent inside the transaction with `subject`, `request_ref` and `columns` ("accounts.Member.town"): recipients are to be told (Art. 19).
corrected = Signal()


class Rectification(models.Model):
    """That a field was corrected, when and by whom; neither the old value nor a hash of it (G-32)."""

    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    request_ref = models.CharField(_("request"), max_length=20, help_text=_("Number of the request."))
    field = models.CharField(_("field"), max_length=120, help_text=_("Which field, as app.Model.column."))
    actor_ref = models.CharField(_("done by"), max_length=60, help_text=_("Reference or role of who did it."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment of the correction."))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self):
        return self.field


@transaction.atomic
def correct(subject: Subject, changes: dict, *, actor_ref: str, request_ref: str) -> list[str]:
    """Write new values and record which fields changed.

    `changes`: (model label, key) -> {column: new value, as a form posts it}. All or nothing: RowNotFound for another's row,
    FieldNotOpen for a column that is not open to correction, InvalidCorrection with sentences per column,
    NothingToCorrect where all stays as it was. Returns the columns that really changed.
    """
    columns = []
    for (label, key), values in changes.items():
        columns += _correct_row(subject, label, key, values)
    return _note(subject, columns, actor_ref=actor_ref, request_ref=request_ref)


def may_put_right(data_map: type[DataMap], line: Line) -> bool:
    """What she gave, or we derived: what we recorded is as it happened, and how she signs in is arranged by herself."""
    field = data_map.field(line)
    writable = field.editable and not field.is_relation and not isinstance(field, models.FileField)
    return writable and line.role in {Role.PROVIDED, Role.INFERRED} and not line.signs_in


@transaction.atomic
def put_right(subject: Subject, label: str, key, column: str, value, *, actor_ref: str, request_ref: str) -> list[str]:
    """A value that she disputes and may not correct herself, written by somebody of ours; also while it may only be kept (Art. 16, 18(2)).

    RowNotFound, FieldNotOpen, InvalidCorrection, NothingToCorrect as in `correct`.
    """
    data_map, row = find(subject, label, key, locked=True)
    line = next((line for line in lines_of(data_map, subject, [row])[row.pk] if line.name == column), None)
    if line is None:
        raise RowNotFound
    if not may_put_right(data_map, line):
        raise FieldNotOpen
    with restricted.changed_by_us():
        columns = _write(data_map, row, {column: value})
    return _note(subject, columns, actor_ref=str(actor_ref), request_ref=request_ref)


def _note(subject, columns, *, actor_ref, request_ref) -> list[str]:
    if not columns:
        raise NothingToCorrect
    Rectification.objects.bulk_create(
        [Rectification(subject_ref=subject.ref, request_ref=request_ref, field=column, actor_ref=actor_ref) for column in columns]
    )
    corrected.send(sender=Rectification, subject=subject, request_ref=request_ref, columns=columns)
    return columns


def find(subject: Subject, label: str, key, *, locked=False):
    """A row that concerns her, with its map; RowNotFound for another's row, and for a label or a key that is none."""
    data_map = registry.labelled(label)
    if data_map is None:
        raise RowNotFound
    return data_map, _row(data_map, subject, key, locked=locked)


def lines_of(data_map, subject, rows) -> dict[object, list[Line]]:
    """Key of each row -> the lines that are hers and not secret: of a row with two people only what is hers."""
    hers = {row.pk: set() for row in rows}
    for person_line in data_map.person_lines():
        owned = {line.name for line in data_map.owned_by(person_line)}
        for key in _keys(data_map, subject, person_line, rows):
            hers[key] |= owned
    return {key: [line for line in data_map.accessible_lines() if line.name in names] for key, names in hers.items()}


def _keys(data_map, subject, person_line, rows):
    """Of these rows, which all concern her, those in which she stands in this place."""
    keys = [row.pk for row in rows]
    if len(data_map.person_lines()) == 1:
        return keys
    hers = data_map.model._base_manager.filter(condition(data_map, person_line, subject), pk__in=keys)
    return hers.values_list("pk", flat=True)


def _correct_row(subject, label, key, values) -> list[str]:
    data_map, row = find(subject, label, key, locked=True)
    if not set(values) <= {line.name for line in lines_of(data_map, subject, [row])[row.pk] if line.rectify}:
        raise FieldNotOpen
    return _write(data_map, row, values)


def _write(data_map, row, values) -> list[str]:
    form = modelform_factory(data_map.model, fields=list(values))(values, instance=row)
    if not form.is_valid():
        raise InvalidCorrection(dict(form.errors))
    row.save(update_fields=form.changed_data)
    return [f"{data_map.label()}.{column}" for column in form.changed_data]


def _row(data_map, subject, key, *, locked):
    """Where locked, only the row itself: a path may lead through an empty key."""
    rows = rows_concerning(data_map, subject)
    try:
        row = (rows.select_for_update(of=("self",)) if locked else rows).filter(pk=key).first()
    except (ValueError, ValidationError):
        row = None
    if row is None:
        raise RowNotFound
    return row
