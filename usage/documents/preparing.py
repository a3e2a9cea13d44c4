"""What a file is, by its contents alone; and what we keep of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import FileEmpty, FileLocked, FileTooLarge, OldOfficeFile
from . import archives, pdf, pictures, text
from .findings import Findings
from .kinds import KINDS, Kind

# A lesson with pictures takes a few megabytes; settings.UPLOAD_BYTES_AT_MOST lets no more in.
MOST_BYTES = 20_000_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How old Office names the one stream of a locked new document.
LOCKED = "EncryptedPackage".encode("utf-16-le")


@dataclass
class Prepared:
    """Ready to be kept: cleaned, and told apart by what it is."""

    kind: Kind
    content: bytes
    findings: Findings = field(default_factory=Findings)


def prepare(upload) -> Prepared:
    """Raises FileRefused with the reason. `upload` is an open file with a size."""
    if upload.size > MOST_BYTES:
        raise FileTooLarge
    content = upload.read()
    if not content:
        raise FileEmpty
    findings = Findings()
    suffix, content = _reader_of(content)(content, findings)
    return Prepared(KINDS[suffix], content, findings)


def _reader_of(content: bytes) -> Callable[[bytes, Findings], tuple[str, bytes]]:
    """Each reads one family of files and gives what it is with the cleaned contents."""
    if content.startswith(OLD_OFFICE):
        raise FileLocked if LOCKED in content else OldOfficeFile
    for starts, reader in (("%PDF-", pdf.clean), ("PK\x03\x04", archives.clean), *((start, pictures.clean) for start in pictures.STARTS)):
        if content.startswith(starts.encode("latin-1")):
            return reader
    return text.clean
