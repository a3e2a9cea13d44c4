"""What the manifest says there is, of version 2 (docs/archive.md)."""

import json
from dataclasses import dataclass

from .verdict import Code, Fault, Refused

NAME, SIGNATURE = "manifest.json", "manifest.sig"
FORMAT, VERSIONS = "inzage-archive", {2}
# No table or file holds more; longer numbers Python does not even write down.
MOST = 2**63


@dataclass(frozen=True)
class Listed:
    """One file, as the manifest lists it."""

    name: str
    bytes: int
    sha256: str
    rows: int | None

    def fault(self, code: Code, found: int | None = None) -> Fault:
        """In rows where it has any, else in bytes."""
        return Fault(code, self.name, found, self.bytes if self.rows is None else self.rows, "bytes" if self.rows is None else "rows")


class Manifest:
    """Refused where it is none, or of another version."""

    def __init__(self, raw: bytes):
        try:
            self._read(json.loads(raw))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refused(Fault(Code.NOT_A_MANIFEST, NAME)) from None

    def _read(self, said):
        if said["format"] != FORMAT or said["version"] not in VERSIONS:
            raise Refused(Fault(Code.OTHER_VERSION, NAME))
        self.issuer, self.made_at, self.rows = _text(said["issuer"]), _text(said["made_at"]), _count(said["rows"])
        listed = [
            Listed(_text(file["name"]), _count(file["bytes"]), _text(file["sha256"]), _count_or_none(file["rows"]))
            for file in said["files"]
        ]
        self.files = {file.name: file for file in listed}
        self.faults = [Fault(Code.CONTRADICTION, NAME)] * (len(self.files) != len(listed))
        self._parts, self._references, self._stored = said["parts"], said["references"], said["stored_files"]
        self.faults += self._contradictions()

    def _contradictions(self):
        """Where the manifest says of a file elsewhere something else than in its list."""
        for part in self._parts:
            yield from self._of_part(part)
        for reference in self._references:
            yield from self._counted(reference["file"], _count(reference["rows"]))
        for stored in self._stored:
            if stored["file"] is not None:  # its row names a file that was lost before
                yield from self._counted(stored["file"], None)
        if sum(part["rows"] for part in self._parts) != self.rows:
            yield Fault(Code.CONTRADICTION, NAME, sum(part["rows"] for part in self._parts), self.rows)

    def _of_part(self, part):
        name = part["file"] or f"data/{_text(part['record']).replace('.', '_').lower()}.json"
        if _count(part["rows"]) != _count(part["expected"]):
            yield Fault(Code.INCOMPLETE, name, part["rows"], part["expected"])
        if part["file"] is None:
            if part["rows"]:
                yield Fault(Code.MISSING, name, None, part["rows"])
            return
        yield from self._counted(name, part["rows"], size=part["bytes"], digest=part["sha256"])
        yield from self._counted(part["schema"], None)
        if part["csv"] is not None:
            yield from self._counted(part["csv"], part["rows"])

    def _counted(self, name, rows, size=None, digest=None):
        listed = self.files.get(_text(name))
        if listed is None:
            yield Fault(Code.UNLISTED, name, rows)
        elif listed.rows != rows:
            yield Fault(Code.CONTRADICTION, name, rows, listed.rows)
        elif size not in {None, listed.bytes} or digest not in {None, listed.sha256}:
            yield Fault(Code.CONTRADICTION, name, size, listed.bytes, "bytes")


def _text(value) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value) -> int:
    if type(value) is not int or not 0 <= value < MOST:
        raise TypeError
    return value


def _count_or_none(value) -> int | None:
    return None if value is None else _count(value)
