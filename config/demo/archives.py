"""What lies in an archive and in the folder of mails: opened, counted and checked again."""

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from privacy.rights import access

from .waiting import Failed


@dataclass
class Content:
    """`files`: title of a record type -> its rows."""

    files: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.files.values())

    def largest(self) -> list[tuple[str, int]]:
        return sorted(self.files.items(), key=lambda file: -file[1])[:6]


def opened(archive) -> Content:
    """Read as its owner would get it; Failed where a digest or a count is another than the archive says."""
    with access.open_archive(archive.request) as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != archive.sha256:
            raise Failed("the archive is another file than was made")
        with zipfile.ZipFile(file) as packed:
            parts = [part for part in json.loads(packed.read("manifest.json"))["parts"] if part["file"]]
            for part in parts:
                _check(part, packed.read(part["file"]))
    return Content({part["title"]: part["rows"] for part in parts})


def _check(part, data):
    if hashlib.sha256(data).hexdigest() != part["sha256"] or len(json.loads(data)) != part["rows"]:
        raise Failed(f"{part['file']} is not what the manifest says")


def shown(path: Path) -> str:
    """From where we stand, where that is shorter."""
    return min(str(path), os.path.relpath(path), key=len)


def mails_to(address: str) -> int:
    """How many mails to this address lie in the folder of mails."""
    texts = (file.read_text(errors="replace") for file in Path(settings.EMAIL_FILE_PATH).glob("*"))
    return sum(text.count(f"\nTo: {address}\n") for text in texts)
