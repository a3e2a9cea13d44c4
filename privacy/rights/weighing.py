"""How many bytes a table of hers comes to in an archive, unpacked, before one is made: its rows, and the files that they name."""

from contextlib import closing
from itertools import islice

from django.core.exceptions import SuspiciousFileOperation

from ..datamap import DataMap
from ..datamap.lines import Line
from ..subjects import Subject
from .manifest import Part
from .portability import Scope
from .stored_files import StoredFile, files_of

# Of a row in its data file, as docs/archive.md writes it: the names of its columns are most of it.
ROW_BYTES = 250
# Of more files than this the rest counts as large as these: each is a question to the storage.
LOOKED_AT = 200


def weigh(data_map: type[DataMap], lines: list[Line], rows: int, subject: Subject, scope: Scope) -> int:
    """An estimate; to the byte it is known once the archive is made."""
    with closing(files_of(Part(data_map, lines), subject, scope)) as files:
        sizes = [_size(file) for file in islice(files, LOOKED_AT)]
    if len(sizes) == LOOKED_AT:
        return rows * (ROW_BYTES + sum(sizes) // LOOKED_AT)
    return rows * ROW_BYTES + sum(sizes)


def _size(file: StoredFile) -> int:
    """0 where it is not there any more."""
    try:
        return file.storage.size(file.stored_as)
    except (OSError, ValueError, NotImplementedError, SuspiciousFileOperation):
        return 0
