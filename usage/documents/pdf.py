"""PDF: nothing that acts when it is opened, no files inside, no lock, no name of who made it; earlier versions are left behind."""

from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from ..errors import FileBroken, FileHoldsFiles, FileLocked, FileRuns
from . import findings as found
from .reading import somebody_elses_file

# Objects in one document; a book of 500 pages has about 20,000.
MOST_OBJECTS = 300_000
# Going to a page when the document opens is well; what runs, starts or sends is not; a form in XFA brings scripts of its own.
RUNS = {"/JavaScript", "/JS", "/Launch", "/XFA"}
ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition"}
HOLDS = {"/EmbeddedFile", "/EmbeddedFiles", "/RichMediaContent", "/EF"}
# Keys of the document's own properties, and what they say; the program that made it says nothing of a person.
TELLS = {"/Author": found.AUTHOR, "/Company": found.ORGANISATION}
PROGRAM = {"/Producer", "/Creator"}
NOTES = "/Metadata", "/PieceInfo", "/LastModified"


def clean(content: bytes, findings) -> tuple[str, bytes]:
    with somebody_elses_file():
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise FileLocked
        parts = list(_parts(reader.trailer["/Root"]))
        for part in parts:
            _refuse(part)
        _find(reader.metadata or {}, parts, findings)
        return "pdf", _written_again(reader, parts)


def _parts(root) -> Iterator[DictionaryObject]:
    """Every dictionary that the document leads to, each once."""
    waiting, seen = [root], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            if part.idnum in seen:
                continue
            seen.add(part.idnum)
            part = part.get_object()
        if len(seen) > MOST_OBJECTS:
            raise FileBroken
        if isinstance(part, DictionaryObject):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, ArrayObject):
            waiting.extend(part)


def _said(part, key) -> str:
    """Also where the name stands elsewhere in the file."""
    return str(part[key]) if key in part else ""


def _refuse(part):
    if RUNS & set(part) or _said(part, "/S") in ACTIONS:
        raise FileRuns
    if HOLDS & set(part) or _said(part, "/Subtype") in {"/FileAttachment", "/RichMedia"}:
        raise FileHoldsFiles


def _find(properties, parts, findings):
    told = {key for key, value in properties.items() if str(value).strip()}
    for key, what in TELLS.items():
        findings.take(what, where=key in told)
    findings.take(found.PROPERTIES, where=bool(told - set(TELLS) - PROGRAM))
    findings.take(found.EARLIER, where=any(key in part for part in parts for key in NOTES))
    findings.names.update(_said(part, "/T") for part in parts if _is_signed(part))


def _is_signed(part):
    """Of a remark /T says who made it; of a field in a form it is the field's name."""
    return "/T" in part and "/Rect" in part and _said(part, "/Subtype") not in {"/Widget", ""}


def _written_again(reader, parts):
    """What no page leads to any more is not copied."""
    for part in parts:
        for key in NOTES:
            part.pop(key, None)
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
