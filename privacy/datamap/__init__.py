"""What each column means for a person."""

from .activity import PLATFORM, Activity, Controller
from .maps import (
    DataMap,
    after,
    held_elsewhere,
    inferred,
    infrastructure_table,
    no_personal_data,
    not_personal,
    observed,
    person,
    provided,
    registry,
    secret,
)
from .rows import anonymised, chosen, counted, deleted, hollow, kept, shared
from .treatments import blank, delete_file, detach, empty, keep, month, province, stand_in
from .vocabulary import ErasureGround, KeepGround, LawfulBasis, RefusalGround, Right, Role

__all__ = [
    "PLATFORM",
    "Activity",
    "Controller",
    "DataMap",
    "ErasureGround",
    "KeepGround",
    "LawfulBasis",
    "RefusalGround",
    "Right",
    "Role",
    "after",
    "anonymised",
    "blank",
    "chosen",
    "counted",
    "delete_file",
    "deleted",
    "detach",
    "empty",
    "held_elsewhere",
    "hollow",
    "inferred",
    "infrastructure_table",
    "keep",
    "kept",
    "month",
    "no_personal_data",
    "not_personal",
    "observed",
    "person",
    "provided",
    "province",
    "registry",
    "secret",
    "shared",
    "stand_in",
]
