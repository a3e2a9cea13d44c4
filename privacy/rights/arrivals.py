"""How rows of a host arrive that are more than their columns: host apps register what makes, or finishes, one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import models

from ..subjects import Subject


class Fate(Enum):
    """What becomes of a row that arrives."""

    NEW = "new"
    HERE = "here"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reference:
    """Something that is about nobody: by which words it is known, and its key here, where exactly one row has those words."""

    key: str
    words: dict[str, Any]
    here: Any = None


@dataclass(frozen=True)
class Piece:
    """One row, its values made to fit, and as it came; a column that refers to something known by its words holds a Reference."""

    values: dict[str, Any]
    came: dict[str, Any]
    file: Callable[[str], bytes | None] = lambda column: None

    def upload(self, column: str, name: str = "") -> InMemoryUploadedFile | None:
        """The file of a column, as a form would bring it."""
        content = self.file(column)
        if content is None:
            return None
        return InMemoryUploadedFile(BytesIO(content), column, name or column, "application/octet-stream", len(content), None)


@dataclass(frozen=True)
class Made:
    """What a maker did; `stands_for` maps a column to the key that its Reference has here from now on."""

    fate: Fate
    sentence: str = ""
    stands_for: dict[str, Any] = field(default_factory=dict)


# Of a record type: function(subject, piece, really) -> Made. Without `really` it looks and changes nothing.
Maker = Callable[[Subject, Piece, bool], Made]
makers: dict[str, Maker] = {}
# Of a record type: function(subject, row, came) sets what no archive says, before the row is written; `came` is the row as it came.
Finisher = Callable[[Subject, models.Model, dict], None]
finishers: dict[str, Finisher] = {}
# Of (record type of a root, column): function(subject, upload) checks a file and gives what keeps it: a function without arguments.
Keeper = Callable[[Subject, InMemoryUploadedFile], Callable[[], None]]
keepers: dict[tuple[str, str], Keeper] = {}


def made_by_host(record: str):
    """Register what makes rows of `record` ("usage.Publication") where they are more than their columns."""

    def register(maker: Maker) -> Maker:
        makers[record] = maker
        return maker

    return register


def finished_by_host(record: str):
    """Register what sets the other columns of a row of `record` that arrives."""

    def register(finisher: Finisher) -> Finisher:
        finishers[record] = finisher
        return finisher

    return register


def kept_by_host(record: str, column: str):
    """Register what checks and keeps the file in a column of a person's own row; PrivacyError says why it is not taken."""

    def register(keeper: Keeper) -> Keeper:
        keepers[record, column] = keeper
        return keeper

    return register
