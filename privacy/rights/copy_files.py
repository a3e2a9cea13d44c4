"""The files of a safe copy: a small one of the same kind for each that a column names, and nothing else.

Where nobody marked the files as a copy they may be the real ones: they are left alone, and no column leads to one of them.
"""

import io
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ..conf import store
from . import copy_mark
from .copy_functions import made_path

# How files of a kind begin; anything else becomes a text.
PICTURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"RIFF": "WEBP", b"GIF8": "GIF"}
SIDE = 200
TEXT = "Een bestand van niemand. Het staat hier in de plaats van een echt.\n"


def put_stand_ins(secret: str) -> None:
    """Before the columns change: at the paths that they are going to name."""
    for storage, fields in copy_mark.storages():
        if copy_mark.files_are_copies(storage):
            for path in _named(fields):
                _put(storage, path, made_path(secret, path))


def remove_others() -> None:
    """After the columns changed: what none of them names; and archives and keys, which belong to who was here before."""
    for storage, fields in copy_mark.storages():
        if copy_mark.files_are_copies(storage):
            named = set(_named(fields)) | {copy_mark.FILE}
            for path in [path for path in _all(storage) if path not in named]:
                storage.delete(path)
    if copy_mark.store_is_copy():
        for entry in [entry for entry in store().iterdir() if entry.name != copy_mark.FILE]:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def _named(fields) -> Iterator[str]:
    for field in fields:
        paths = field.model._base_manager.order_by().values_list(field.name, flat=True).distinct()
        yield from (path for path in paths.iterator() if path)


def _all(storage: Storage, folder: str = "") -> Iterator[str]:
    folders, files = storage.listdir(folder)
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _all(storage, f"{folder}{name}/")


def _put(storage, path, to):
    """Again after a kill, it is there already."""
    with suppress(OSError, ValueError), storage.open(path) as file:
        if not storage.exists(to):
            storage.save(to, ContentFile(like(file.read(8))))


@cache
def _picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), "silver").save(written, kind)
    return written.getvalue()


def like(beginning: bytes) -> bytes:
    """A file that begins as this one does."""
    if kind := next((kind for start, kind in PICTURES.items() if beginning.startswith(start)), None):
        return _picture(kind)
    if beginning.startswith(b"%PDF"):
        return _page()
    return _container() if beginning.startswith(b"PK") else TEXT.encode()


@cache
def _page() -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, invariant=True)
    canvas.drawString(72, 770, TEXT.strip())
    canvas.save()
    return written.getvalue()


@cache
def _container() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("niemand.txt", TEXT)
    return written.getvalue()
