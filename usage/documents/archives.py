"""Documents that are a zip of parts: opened within bounds, read by their family, packed again."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ..errors import FileBroken, FileLocked, FileRefused, FileRuns, FileTooLargeInside
from . import office, opendocument
from .reading import somebody_elses_file

# A book with pictures has some hundreds of parts, and is 30 MB unpacked.
MOST_PARTS, MOST_UNPACKED = 3_000, 100_000_000
# Unpacked to packed, from 10 MB on; sheets of numbers reach 30.
HIGHEST_RATIO, RATIO_COUNTS_FROM = 60, 10_000_000
# Documents in documents: a chart brings the sheet it was drawn from.
DEEPEST = 1
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAMS = OLE, b"MZ", b"\x7fELF"
LOCKED_FLAG = 0x1


def clean(content: bytes, findings, *, depth: int = 0) -> tuple[str, bytes]:
    with somebody_elses_file():
        parts = _unpacked(content)
        family = office if office.CONTENTS in parts else opendocument
        suffix = family.suffix_of(parts)
        if suffix is None:
            raise FileRefused
        _refuse(parts)
        family.clean(parts, findings)
        _clean_documents_inside(parts, findings, depth)
        return suffix, _packed(parts)


def _unpacked(content) -> dict[str, bytes]:
    """Name -> contents, in the order of the archive. What it says of its sizes is an upper bound: zipfile reads no further."""
    with ZipFile(BytesIO(content)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _refuse_bounds(infos, len(content))
        if any(info.flag_bits & LOCKED_FLAG for info in infos):
            raise FileLocked
        if any(info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or not _is_plain(info.filename) for info in infos):
            raise FileBroken
        if len({info.filename.lower() for info in infos}) != len(infos):
            raise FileBroken
        return {info.filename: archive.read(info) for info in infos}


def _refuse_bounds(infos, packed):
    unpacked = sum(info.file_size for info in infos)
    is_blown_up = unpacked > RATIO_COUNTS_FROM and unpacked > HIGHEST_RATIO * packed
    if len(infos) > MOST_PARTS or unpacked > MOST_UNPACKED or is_blown_up:
        raise FileTooLargeInside


def _is_plain(name):
    return not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


def _refuse(parts):
    if any(contents.startswith(PROGRAMS) for contents in parts.values()):
        raise FileRuns
    for name, contents in parts.items():
        if name.lower().endswith((".xml", ".rels", ".vml", ".rdf")):
            _refuse_markup(contents)


def _refuse_markup(contents):
    """Without entities no reader of it, ours or another's, fetches or repeats anything."""
    if contents.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in contents or b"<!DOCTYPE" in contents or b"<!ENTITY" in contents:
        raise FileRefused


def _clean_documents_inside(parts, findings, depth):
    """Together they have as much room as one: many small ones swell as well as a large one does."""
    inside = [name for name, contents in parts.items() if contents.startswith(b"PK\x03\x04")]
    if inside and depth == DEEPEST:
        raise FileRefused
    if sum(_swells_to(parts[name]) for name in inside) > MOST_UNPACKED:
        raise FileTooLargeInside
    for name in inside:
        parts[name] = clean(parts[name], findings, depth=depth + 1)[1]


def _swells_to(content) -> int:
    with ZipFile(BytesIO(content)) as archive:
        return sum(info.file_size for info in archive.infolist())


def _packed(parts) -> bytes:
    """Without the moments and remarks of the old archive; the type of an OpenDocument stays first and unpacked, as its readers expect."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, contents in parts.items():
            archive.writestr(ZipInfo(name), contents, ZIP_STORED if name == opendocument.TYPE else ZIP_DEFLATED)
    return packed.getvalue()
