"""What each column means for a person."""

from .activity import PLATFORM, Activity, Controller
from .likenesses import as_it_is, dead_link, earlier, renumbered
from .lines import after, inferred, not_personal, observed, of_same_person, person, provided, secret
from .maps import DataMap, held_elsewhere, infrastructure_table, no_personal_data, registry
from .periods import years_kept
from .rows import anonymised, chosen, counted, deleted, hollow, kept, shared
from .treatments import blank, delete_file, detach, empty, keep, month, province, stand_in, year
from .vocabulary import ErasureGround, KeepGround, LawfulBasis, RefusalGround, RestrictionGround, Right, Role

__all__ = [
    "PLATFORM",
    "Activity",
    "Controller",
    "DataMap",
    "ErasureGround",
    "KeepGround",
    "LawfulBasis",
    "RefusalGround",
    "RestrictionGround",
    "Right",
    "Role",
    "after",
    "anonymised",
    "as_it_is",
    "blank",
    "chosen",
    "counted",
    "dead_link",
    "delete_file",
    "deleted",
    "detach",
    "earlier",
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
    "of_same_person",
    "person",
    "provided",
    "province",
    "registry",
    "renumbered",
    "secret",
    "shared",
    "stand_in",
    "year",
    "years_kept",
]
