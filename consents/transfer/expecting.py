"""What is to come of an archive that was announced: worked out once, when it begins, and kept; no later act reads its manifest for it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from privacy.rights.handing_over import Announced, Listed

from . import storing
from .errors import Problem

# What a sender counts of a file.
FILE = {"name": str, "bytes": int, "sha256": str}


@dataclass(frozen=True)
class Expected:
    """The wanted files, by name; the record types that stay, and why; how many rows the sender will count among the files."""

    manifest_sha256: str
    files: list[Listed]
    unwanted: list[dict]
    rows: int

    @classmethod
    def of(cls, found: Announced, ticked: Collection[str]) -> "Expected":
        files = found.wanted(ticked)
        names = {file.name for file in files}
        rows = sum(part["rows"] for part in found.manifest["parts"] if part["file"] in names)
        return cls(found.sha256, files, found.unwanted(ticked), rows)

    def keep(self, ref) -> None:
        storing.keep_wanted(ref, asdict(self))

    @classmethod
    def kept(cls, ref) -> "Expected":
        """ArchiveDamaged where what came was destroyed."""
        said = storing.wanted(ref)
        return cls(**said | {"files": [Listed(**file) for file in said["files"]]})

    def place_of(self, name: str) -> tuple[int, Listed]:
        """Its number among the wanted ones."""
        for number, file in enumerate(self.files):
            if file.name == name:
                return number, file
        raise Problem("#not-wanted", 404, "This file is in no list of wanted ones.")

    def told(self, here: dict[int, int]) -> list[dict]:
        """As the contract lists files; `here` has how many bytes came, by number."""
        return [_told(file, here.get(number, 0)) for number, file in enumerate(self.files)]

    def is_counted_by(self, said: dict) -> bool:
        """Whether a sender counted the very same at its end; in which order it lists the files is its own."""
        files, counts = said.get("files"), {name: value for name, value in said.items() if name != "files"}
        counted = {"manifest_sha256": self.manifest_sha256, "bytes": sum(file.bytes for file in self.files), "rows": self.rows}
        if not isinstance(files, list) or _shape(counts) != _shape(counted) or any(_shape(file) != FILE for file in files):
            return False
        return counts == counted and _in_order(files) == _in_order([asdict(file) for file in self.files])


def _told(file: Listed, received: int) -> dict:
    return {"name": file.name, "bytes": file.bytes, "sha256": file.sha256, "received": received}


def _in_order(files: list[dict]) -> list[tuple]:
    return sorted(tuple(file[name] for name in FILE) for file in files)


def _shape(said) -> dict | None:
    """Which names it has, each with the type of its value: true is not 1, and nothing that is nested is looked into."""
    return {name: type(value) for name, value in said.items()} if isinstance(said, dict) else None
