"""Whose text it is in which something of an erased person stands: ours to remove, kept with a ground, or another's."""

from django.db import models

from ..conf import setting
from ..datamap import Role, registry
from ..datamap.maps import DataMap, Line
from . import places

# What stops an erasure; what is listed to the data protection officer, to judge: kept with a ground, another's text, her name alone.
REMAINS, KEPT, ANOTHERS, NAME = "remains", "kept", "another's", "name"
# A table or file that refused us: nobody knows what stands in it.
UNREAD = "unread"
# Folders of the engine's own that hold references of people who were erased, for their purpose: what is replayed after a restore.
KEPT_FOLDERS = {"ledger"}


def map_of_table(name: str) -> type[DataMap] | None:
    return next((data_map for data_map in registry.maps.values() if data_map.model._meta.db_table == name), None)


def owner_columns(data_map: type[DataMap] | None) -> list[str]:
    """Columns that lead to a person: her rows are gone, so what one of them holds is somebody else."""
    return [data_map.field(line).column for line in data_map.person_lines()] if data_map else []


def kind_of_cell(data_map: type[DataMap] | None, column: str, filled: set[str]) -> str:
    line = data_map and next((line for line in data_map.lines.values() if data_map.field(line).column == column), None)
    if line is None:
        return REMAINS
    if data_map.row.name == "kept" or line.actor:  # who did what to another stays with the other's row
        return KEPT
    is_anothers = bool(filled & set(_owners(data_map, line)))
    if line.keeps:
        return ANOTHERS if is_anothers else KEPT
    return ANOTHERS if is_anothers and line.role == Role.PROVIDED else REMAINS


def _owners(data_map, line: Line) -> list[str]:
    """Whose line it is: the person it belongs to, else any person of the row."""
    named = [data_map.lines[line.belongs_to]] if line.belongs_to else data_map.person_lines()
    return [data_map.field(owner).column for owner in named]


def kind_of_file(file: places.Found) -> str:
    if file.place == places.FILES:
        return _kind_of_stored(file.name)
    is_kept = file.place in setting("RESIDUE_LISTED") or (file.place == places.STORE and file.name.split("/")[0] in KEPT_FOLDERS)
    return KEPT if is_kept else REMAINS


def _kind_of_stored(path):
    """A file that a row still names is that row's: another's, or one that was kept. What nothing names is left behind."""
    for data_map in registry.maps.values():
        for field in data_map.model._meta.local_fields:
            if isinstance(field, models.FileField):
                rows = data_map.model._base_manager.filter(**{field.name: path})
                row = rows.values(*[line.name for line in data_map.person_lines()]).first()
                if row is not None:
                    return ANOTHERS if any(value is not None for value in row.values()) else KEPT
    return REMAINS
