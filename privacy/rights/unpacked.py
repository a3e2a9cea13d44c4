"""The archive without its ZIP: as a folder with the same files, or as lines to read one by one (docs/archive.md)."""

import json
import shutil
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from ..files import create
from ..subjects import Subject
from .archive import collecting
from .contents import Contents, encode, plain
from .manifest import Manifest, Part
from .portability import Scope
from .whole_lines import lines_of

FOLDER_MODE = 0o700
# What the first of the lines says, of the manifest's keys: whose they are, of what and from whom.
HEAD = ("format", "version", "issuer", "scope", "subject", "made_at", "language", "controller", "dpo", "authority")
Progress = Callable[[str, int], None]


def write_folder(subject: Subject, folder: Path, *, scope: Scope, progress: Progress) -> Manifest:
    """A new folder (0700) with the files of the archive (0600), manifest and signature among them; gone when it is not whole."""
    folder.mkdir(FOLDER_MODE)
    try:
        with (
            collecting(subject, scope, report=progress) as (manifest, collected),
            closing(Contents(manifest, subject, collected).members()) as members,
        ):
            for name, blocks in members:
                _write(folder, name, blocks)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return manifest


def _write(folder: Path, name: str, blocks: Iterable[bytes]) -> None:
    """Each folder on the way is made closed to others: `parents=True` would not do that."""
    for parent in reversed(Path(name).parents[:-1]):
        (folder / parent).mkdir(FOLDER_MODE, exist_ok=True)
    with create(folder / name) as file:
        file.writelines(blocks)


def write_lines(subject: Subject, write: Callable[[bytes], object], *, scope: Scope, progress: Progress) -> Manifest:
    """What the manifest says first, one line per row, and how many they were: without the last line they are not whole."""
    with collecting(subject, scope, report=progress) as (manifest, collected):
        about = plain(manifest.as_dict())
        write(_line({"manifest": {key: about[key] for key in HEAD}}))
        for data_map, columns in scope.parts():
            part = Part(data_map, columns)
            manifest.parts.append(part)
            opening = f'{{"record": {encode(data_map.label())}, "row": '.encode()
            for row in lines_of(collected.collect(part).records):
                write(opening + row + b"}\n")
        write(_line(_end(plain(manifest.as_dict()))))
    return manifest


def _end(about: dict) -> dict:
    counts = {part["record"]: part["rows"] for part in about["parts"]}
    return {"rows": about["rows"], "holds_data": about["holds_data"], "confirmation": about["confirmation"], "records": counts}


def _line(content: dict) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
