"""Treatments that a column cannot take: E004, E005, E012, E013."""

import uuid

from django.db import models as fields

from ..constraints import is_unique_alone
from .messages import error, lines_with_column, maps_of

# Versions of UUID that begin with the time, or hold it.
ORDERED = {getattr(uuid, name, None) for name in ("uuid1", "uuid6", "uuid7")}


def misfitting_treatments(models, registry):
    for data_map in maps_of(models, registry):
        for line, field in lines_with_column(data_map):
            why = misfit(line.erase, field) if line.erase and not line.keeps else ""
            if why:
                repair = "Make the column nullable, choose another treatment (keep(reason), stand_in, blank ...), or another row fate."
                yield error(4, data_map.model, f"`{line.erase.name}` cannot be left in `{line.name}`: {why}.", repair)


def misfit(treatment, field) -> str:
    """Why this column cannot take this treatment; empty where it can."""
    if getattr(field, "generated", False):
        return "the database computes it"
    return treatment.misfit(field) or ("it is the primary key" if field.primary_key else "")


def constants_in_unique_columns(models, registry):
    for data_map in maps_of(models, registry):
        for line, field in lines_with_column(data_map):
            if line.erase and leaves_one_constant(line.erase, field):
                defect = f"`{line.erase.name}` leaves the same value in every row of `{line.name}`, which is unique."
                yield error(
                    5,
                    data_map.model,
                    defect,
                    "Make the column nullable and write erase=empty, or choose a text or UUID column and stand_in.",
                )


def leaves_one_constant(treatment, field) -> bool:
    return not misfit(treatment, field) and treatment.is_constant(field) and is_unique_alone(field)


def endless_treatments(models, registry):
    for data_map in maps_of(models, registry):
        for line, field in lines_with_column(data_map):
            again = bool(line.expires) or data_map.rests_on_consent_alone(line)
            if again and line.erase and line.erase.is_random(field):
                defect = f"`{line.erase.name}` leaves another value in `{line.name}` each time: every night it would expire again."
                yield error(12, data_map.model, defect, "Choose a treatment that leaves the same when repeated: empty, blank, month ...")


def telling_keys(models, registry):
    for data_map in maps_of(models, registry):
        if data_map.row.name == "anonymised" and not _is_random(data_map.model._meta.pk):
            defect = "Its rows are anonymised, but its primary key tells when a row was made and which rows were made together."
            repair = "Write id = UUIDField(primary_key=True, default=uuid.uuid4, editable=False)."
            yield error(13, data_map.model, defect, repair)


def _is_random(key) -> bool:
    if key.is_relation:
        return _is_random(key.target_field)
    random = key.has_default() and callable(key.default) and key.default not in ORDERED
    return isinstance(key, fields.UUIDField) and (random or key.has_db_default())


CHECKS = [misfitting_treatments, constants_in_unique_columns, endless_treatments, telling_keys]
