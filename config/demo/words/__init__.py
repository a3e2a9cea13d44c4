"""The words of a Flemish education platform: places, topics of lessons, what members share, look for and write."""

from .material import FILE_TEXTS, KINDS, Kind, kinds_for
from .places import LEVELS, SCHOOL_NAMES, SCHOOLS, TOWNS
from .sentences import (
    ABOUT_ME,
    COMMENTS,
    FEEDBACK,
    FOLDERS,
    NOTES,
    OFFERS,
    OPENINGS,
    PARTNERS,
    REASONS,
    REPLIES,
    ROLES,
    SAMPLE,
    SERIOUS_BREACH,
    SEVERAL_NOTICES,
    THREADS,
)
from .topics import TOPICS, Topic

__all__ = [
    "ABOUT_ME",
    "COMMENTS",
    "FEEDBACK",
    "FILE_TEXTS",
    "FOLDERS",
    "KINDS",
    "LEVELS",
    "NOTES",
    "OFFERS",
    "OPENINGS",
    "PARTNERS",
    "REASONS",
    "REPLIES",
    "ROLES",
    "SAMPLE",
    "SCHOOLS",
    "SCHOOL_NAMES",
    "SERIOUS_BREACH",
    "SEVERAL_NOTICES",
    "THREADS",
    "TOPICS",
    "TOWNS",
    "Kind",
    "Topic",
    "kinds_for",
]
