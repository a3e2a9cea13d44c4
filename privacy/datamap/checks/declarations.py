"""What the declarations themselves lack: E001-E003, E008, E009, E015, W001."""

from django.db import models as fields

from ..maps import DataMap, Line
from ..vocabulary import Role
from .messages import columns_of, error, is_empty, lines_with_column, maps_of, warning


def undeclared_models(models, registry):
    for model in models:
        if model not in registry.maps and model not in registry.exempt:
            yield error(
                1,
                model,
                "This model is not in the data map.",
                "Write a DataMap for it in the app's personal_data.py, or no_personal_data(model, because=...).",
            )


def unclassified_columns(models, registry):
    for data_map in maps_of(models, registry):
        for name in sorted(columns_of(data_map.model).keys() - data_map.lines.keys()):
            yield error(
                2,
                data_map.model,
                f"Column `{name}` has no line in {data_map.__name__}.",
                "Say what it means for a person: person, provided, observed, inferred, secret or not_personal.",
            )


def lines_without_column(models, registry):
    for data_map in maps_of(models, registry):
        columns = columns_of(data_map.model)
        for line in data_map.lines.values():
            if line.name not in columns:
                repair = "Remove the line, or correct its name; a column of a parent model belongs in the parent's map."
                yield error(3, data_map.model, f"Line `{line.name}` of {data_map.__name__} has no column in this table.", repair)
            elif line.expires and not isinstance(columns.get(line.expires.since), fields.DateField):
                defect = f"Line `{line.name}` expires after `{line.expires.since}`, which is no date or time column of this table."
                yield error(3, data_map.model, defect, "Name the column that says since when the value is held.")
            elif line.named_by and line.named_by not in columns:
                defect = f"Line `{line.name}` is named by `{line.named_by}`, which is no column of this table."
                yield error(3, data_map.model, defect, "Name the column that says what the person called the file.")


def missing_reasons(models, registry):
    for data_map in maps_of(models, registry):
        for line in data_map.lines.values():
            if line.keeps and is_empty(line.erase.reason):
                repair = 'Say why the value no longer concerns the person: keep(_("...")). People read it on the transparency page.'
                yield error(8, data_map.model, f"`{line.name}` is kept without a reason.", repair)
            if not line.is_personal and is_empty(line.reason):
                yield error(8, data_map.model, f"`{line.name}` is not personal without a reason.", 'Say why: not_personal(_("...")).')
        if data_map.row.name == "kept" and is_empty(data_map.row.until):
            yield error(8, data_map.model, "Its rows are kept without an end.", 'Say until when: kept(ground, _("...")).')
    for model in models:
        if model in registry.exempt and is_empty(registry.exempt[model]):
            yield error(8, model, "It has no personal data without a reason.", 'Say why: no_personal_data(model, because=_("...")).')


def lines_without_owner(models, registry):
    for data_map in maps_of(models, registry):
        persons = [line.name for line in data_map.person_lines()]
        for line in data_map.personal_lines():
            owned = line.role == Role.PERSON or line.belongs_to in persons or (len(persons) < 2 and not line.belongs_to)
            if not owned:
                defect = f"`{line.name}` does not say which person it belongs to."
                yield error(9, data_map.model, defect, f'Write belongs_to="..." with one of: {", ".join(persons) or "(no person line)"}.')
            if line.private and not line.belongs_to:
                yield error(9, data_map.model, f"`{line.name}` is private to nobody.", 'Say whose it is: belongs_to="...".')


def erase_lines(models, registry):
    for data_map in maps_of(models, registry):
        for line, _field in lines_with_column(data_map):
            defect, repair = _erase_fault(data_map, line)
            if defect:
                yield error(15, data_map.model, f"`{line.name}` {defect}.", repair)


def _erase_fault(data_map: type[DataMap], line: Line) -> tuple[str, str]:
    row = data_map.row
    if row.name == "kept":
        if line.erase or line.expires:
            return (
                "is to be erased or to expire, though the row is kept as it is",
                "Leave out erase= and expires=, or choose another row fate.",
            )
        return "", ""
    stays, alone = row.stays and line.is_personal, bool(line.expires) or data_map.rests_on_consent_alone(line)
    if (stays or alone) and not line.erase:
        why = f"the row stays ({row.name})" if stays else "the value expires or its consent can be withdrawn while the row stays"
        return (
            f"has no erase=, though {why}",
            "Write erase= with a treatment: detach, blank, empty, month, year, province, keep(reason) ...",
        )
    if stays and line.role == Role.PERSON and line.keeps:
        return "keeps the link to the person in a row that stays", "Write person(erase=detach), or choose another row fate."
    if line.erase and not (stays or alone):
        return f"has erase= that never applies: the row goes ({row.name})", "Leave out erase=."
    return "", ""


def inferred_columns(models, registry):
    for data_map in maps_of(models, registry):
        for line in data_map.lines.values():
            if line.role == Role.INFERRED:
                repair = "Ask the DPO whether this is profiling (Art. 4(4), 22, 35), then silence privacy.W001 or drop the column."
                yield warning(1, data_map.model, f"`{line.name}` is derived by us about a person.", repair)


CHECKS = [
    undeclared_models,
    unclassified_columns,
    lines_without_column,
    missing_reasons,
    lines_without_owner,
    erase_lines,
    inferred_columns,
]
