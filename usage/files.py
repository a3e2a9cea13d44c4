"""The files of publications: kept under a name that says nothing, called by what they are, collected when nothing names them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from .documents import KINDS, Prepared, prepare
from .models import Publication
from .models.resources import random_path

__all__ = ["collect", "columns", "folder", "prepare", "sent_name", "stored"]

folder = random_path(None, "").partition("/")[0]
# Longer than any request takes: a file younger than this may still get its row.
WAITS_FOR_ITS_ROW = timedelta(hours=1)
LONGEST_NAME = 100
# Paths that the database is asked for in one statement.
AT_ONCE = 500


@contextmanager
def stored(document: Prepared) -> Iterator[str]:
    """The path of the file, which goes again when the block fails. A crash leaves it to `collect`."""
    path = default_storage.save(random_path(None, ""), ContentFile(document.content))
    try:
        yield path
    except BaseException:
        default_storage.delete(path)
        raise


def columns(path: str, document: Prepared, name: str) -> dict:
    """What a publication says of its file; the end of the name is ours."""
    return {
        "file": path,
        "file_name": _named(name.rpartition("/")[2].rpartition(".")[0] or name, document.kind.suffix),
        "file_type": document.kind.suffix,
        "file_size": len(document.content),
    }


def sent_name(publication: Publication) -> str:
    """As who downloads it finds it; once its author is hidden, or erasure took its name, it is called like the material."""
    kind = KINDS.get(publication.file_type)
    return (not publication.is_masked and publication.file_name) or _named(publication.resource.title, kind.suffix if kind else "bin")


def _named(words, suffix):
    letters = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else " " for letter in words)
    return f"{' '.join(letters.split()).strip('. ')[:LONGEST_NAME] or 'les'}.{suffix}"


def collect(*, now=None) -> int:
    """Remove files that no publication names, an hour after they came; how many there were."""
    until = (now or timezone.now()) - WAITS_FOR_ITS_ROW
    old = [path for path in _paths() if default_storage.get_modified_time(path) < until]
    return sum(_collect(set(old[start : start + AT_ONCE])) for start in range(0, len(old), AT_ONCE))


def _collect(paths):
    unclaimed = paths - set(Publication._base_manager.filter(file__in=paths).values_list("file", flat=True))
    for path in unclaimed:
        default_storage.delete(path)
    return len(unclaimed)


def _paths():
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]
