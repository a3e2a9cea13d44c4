"""Files that a person gave us, such as her photo: they go into her archive as they are (Art. 15(3))."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage
from django.db.models import FileField, Value

from ..subjects import Subject
from .manifest import Part
from .others import rows_shown
from .portability import Scope

log = logging.getLogger("privacy")

BLOCK = 128 * 1024
# What may stand behind the point of a name of ours.
ENDING = re.compile(r"[a-z0-9]{1,8}")


@dataclass
class StoredFile:
    """`key`: of the row that names it; `stored_as`: what its data file says; `called`: what she called it, where that is known."""

    part: Part
    column: str
    number: int
    key: object
    stored_as: str
    called: str
    storage: Storage

    @property
    def name(self) -> str:
        ending = PurePosixPath(self.called or self.stored_as).suffix[1:].lower()
        return f"files/{self.part.name}/{self.number}-{self.column}{f'.{ending}' if ENDING.fullmatch(ending) else ''}"

    def blocks(self) -> Iterator[bytes] | None:
        """None where the file is not there any more, or its name leads out of where files lie."""
        try:
            file = self.storage.open(self.stored_as)
        except (OSError, ValueError, SuspiciousFileOperation):
            log.error("a file that a row of %s names is not there", self.part.data_map.label())
            return None
        return self._read(file)

    def _read(self, file):
        with file:
            while block := file.read(BLOCK):
                yield block

    def as_dict(self, file: str | None) -> dict:
        about = {"record": self.part.data_map.label(), "column": self.column, "key": self.key, "stored_as": self.stored_as}
        return {"file": file, **about, "called": self.called or None}


def files_of(part: Part, subject: Subject, scope: Scope) -> Iterator[StoredFile]:
    """Those of her own columns."""
    for line in part.lines:
        field = part.data_map.field(line)
        if isinstance(field, FileField):
            rows = rows_shown(part, line.name, subject, scope).exclude(**{line.name: ""})
            named = rows.order_by("pk").values_list("pk", line.name, line.named_by or Value(""))
            for number, (key, stored_as, called) in enumerate(named.iterator(), 1):
                if stored_as:
                    yield StoredFile(part, line.name, number, key, stored_as, called, field.storage)
