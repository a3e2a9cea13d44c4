"""What a check found, as data: a page or a program says it in its own words, the command in these."""

from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """What is wrong. The value is what the command says after the file's name and figures."""

    # It could not be read, or we would not.
    NOT_A_ZIP = "this is no ZIP file"
    NOT_OURS = "this is no archive of Inzage: it has neither manifest.json nor manifest.sig"
    OTHER_VERSION = "its format is none that this program knows"
    TOO_MANY_FILES = "too many files"
    TOO_LARGE = "too large when unpacked"
    TOO_DENSE = "unpacks to suspiciously much"
    PAPER = "this is a PDF, to read and print: check the JSON file that came with it"
    NOT_JSON = "this is no JSON, or it breaks off"
    NOT_A_CERTIFICATE = "this is no certificate of Inzage"
    # The ZIP was tampered with.
    CUT_OFF = "here the ZIP breaks off; the rest is lost"
    HIDDEN_BYTES = "before it lie bytes that belong to no file"
    UNSAFE_NAME = "its name may lead out of the folder it is unpacked in"
    TWICE = "two files have this name"
    NOT_A_FILE = "it is a link, a folder, sealed or packed in a way that no archive is"
    DAMAGED = "it cannot be unpacked"
    # What lies in it is not what was signed.
    MISSING = "it is missing"
    UNLISTED = "it is not in the manifest"
    ROWS = "the number of rows differs"
    CHANGED = "its contents were changed"
    INCOMPLETE = "the database said otherwise: rows were lost on the way"
    CONTRADICTION = "the manifest contradicts itself"
    NOT_A_MANIFEST = "it is not written as a manifest is"
    NOT_A_SIGNATURE = "it is not written as a signature is"
    SAID_TWICE = "it says something twice under one name"
    ADDED = "it was added: nobody signed it"
    # Who signed.
    WRONG_SIGNATURE = "it is not what was signed"
    UNKNOWN_KEY = "it was signed with none of these keys"
    WRONG_ISSUER = "it was signed in the name of somebody else"


UNREADABLE = frozenset(
    {
        Code.NOT_A_ZIP,
        Code.NOT_OURS,
        Code.OTHER_VERSION,
        Code.TOO_MANY_FILES,
        Code.TOO_LARGE,
        Code.TOO_DENSE,
        Code.PAPER,
        Code.NOT_JSON,
        Code.NOT_A_CERTIFICATE,
    }
)


class State(StrEnum):
    SIGNED = "signed"
    # Whole as far as its own list goes, but no key was at hand to tell whose list that is.
    SIGNER_UNKNOWN = "signer unknown"
    TAMPERED = "tampered"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Fault:
    """`found` and `expected` count rows where the file has rows, else bytes or files; None where nobody counted."""

    code: Code
    file: str = ""
    found: int | None = None
    expected: int | None = None
    unit: str = "rows"

    def __str__(self):
        """On one line: no name from a stranger's file moves a terminal's cursor."""
        said = "; ".join(filter(None, [self._figures(), "" if self.code == Code.ROWS else self.code.value]))
        return f"{printable(self.file)}: {said}" if self.file else said

    def _figures(self):
        found = "" if self.found is None else _counted(self.found, self.unit)
        if self.expected is None:
            return found
        if not found:
            return f"{_counted(self.expected, self.unit)} in the manifest"
        return f"{found}, {self.expected} {'allowed' if self.code in UNREADABLE else 'in the manifest'}"


class Refused(Exception):
    """Ends a check early; carries the fault."""

    def __init__(self, fault: Fault):
        self.fault = fault
        super().__init__(str(fault))


@dataclass
class Verdict:
    """What was checked. All but the faults is what the archive says of itself: believe it where `state` is SIGNED."""

    faults: list[Fault] = field(default_factory=list)
    is_signer_known: bool = False
    issuer: str = ""
    kid: str = ""
    made_at: str = ""
    rows: int = 0
    files: int = 0

    @property
    def state(self) -> State:
        if any(fault.code in UNREADABLE for fault in self.faults):
            return State.UNREADABLE
        if self.faults:
            return State.TAMPERED
        return State.SIGNED if self.is_signer_known else State.SIGNER_UNKNOWN


def printable(text: str) -> str:
    return text[:200].encode("unicode_escape").decode("ascii")


def _counted(number, unit):
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"
