"""What lies outside the database: the file storages, the engine's own folder, and what the host writes besides."""

import glob
import gzip
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import Storage, default_storage
from django.db import models

from ..conf import setting, store
from ..datamap import registry

BLOCK = 1024 * 1024
# Of one packed file: what somebody sent may unfold without end.
UNPACKED_AT_MOST = 200_000_000
GZIP = b"\x1f\x8b"
FILES, STORE = "file storage", "store"


@dataclass(frozen=True)
class Found:
    """One file of a place; `name` is relative to it."""

    place: str
    name: str
    storage: Storage | None
    path: Path | None

    def blocks(self) -> Iterator[Iterator[bytes]]:
        """Its name, what it holds, and what is packed inside (zip, gzip); nothing where it is gone by now. OSError where it refuses us."""
        yield iter([self.name.encode(errors="surrogateescape")])
        try:
            with self.storage.open(self.name) if self.storage else self.path.open("rb") as file:
                yield _read(file)
                file.seek(0)
                yield from _unpacked(file)
        except FileNotFoundError:
            return


def all_files() -> Iterator[Found]:
    for storage in _storages():
        yield from (Found(FILES, name, storage, None) for name in _stored(storage))
    for place, pattern in {STORE: store(), **setting("RESIDUE_PLACES")}.items():
        for root, path in _matching(Path(pattern)):
            yield Found(place, str(path.relative_to(root)), None, path)


def _storages() -> list[Storage]:
    """Where files of the declared tables lie, each once."""
    fields = [field for model in registry.maps for field in model._meta.local_fields if isinstance(field, models.FileField)]
    return list({id(storage): storage for storage in [default_storage, *(field.storage for field in fields)]}.values())


def _stored(storage, folder="") -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    except OSError:
        yield folder  # its reader is refused too, and counts it
        return
    yield from (f"{folder}{name}" for name in names)
    for name in folders:
        yield from _stored(storage, f"{folder}{name}/")


def _matching(pattern) -> Iterator[tuple[Path, Path]]:
    if pattern.is_dir():
        yield from ((pattern, path) for path in _below(pattern))
    else:
        yield from ((pattern.parent, Path(path)) for path in glob.iglob(str(pattern)) if _is_file(path))


def _below(folder) -> Iterator[Path]:
    """Its files, and the folders that refuse us: their reader is refused too, and counts them."""
    refused = []
    for place, _folders, names in os.walk(folder, onerror=refused.append):
        yield from (Path(place, name) for name in names if _is_file(Path(place, name)))
    yield from (Path(error.filename) for error in refused)


def _is_file(path) -> bool:
    """Also where nobody tells us: its reader finds out."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _read(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _unpacked(file) -> Iterator[Iterator[bytes]]:
    is_packed = file.read(2) == GZIP
    file.seek(0)
    if is_packed:
        yield _bounded(gzip.GzipFile(fileobj=file), [UNPACKED_AT_MOST])
    elif zipfile.is_zipfile(file):
        yield from _in_zip(file)


def _in_zip(file):
    """Members that are encrypted, broken, or packed in a way that nobody knows, cannot be read by us either."""
    room = [UNPACKED_AT_MOST]
    try:
        packed = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        return
    for member in packed.infolist():
        yield iter([member.filename.encode()])
        try:
            yield _bounded(packed.open(member), room)
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile):
            continue


def _bounded(file, room) -> Iterator[bytes]:
    try:
        while room[0] > 0 and (block := file.read(min(BLOCK, room[0]))):
            room[0] -= len(block)
            yield block
    except (OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile):
        return
