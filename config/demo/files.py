"""A few small files such as teachers share, which say nothing about who made them; taken back where seeding fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.core.files.base import ContentFile
from django.utils.text import slugify
from pypdf import PageObject, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from . import words

# Width and height of a page, in points of 1/72 inch.
A4 = 595, 842
FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}


@cache
def contents() -> dict[str, bytes]:
    """Kind of file -> what lies in it; made once, stored for each publication anew."""
    return {"pdf": _pdf(words.FILE_TEXTS["pdf"]), "txt": "\n".join(words.FILE_TEXTS["txt"]).encode()}


class Shelf:
    """Where files are stored, and which ones these were."""

    def __init__(self):
        self.stored = []

    def put(self, publication, title: str, kind: str) -> None:
        """In a place of its own: whoever removes a publication removes its file."""
        content = contents()[kind]
        name = f"{slugify(title)}.{kind}"
        publication.file.save(name, ContentFile(content), save=False)
        publication.file_name, publication.file_type, publication.file_size = name, kind, len(content)
        self.stored.append(publication.file)


@contextmanager
def shelf() -> Iterator[Shelf]:
    """As a transaction is for rows: after an error nothing is left."""
    shelf = Shelf()
    try:
        yield shelf
    except BaseException:
        for file in shelf.stored:
            file.storage.delete(file.name)
        raise


def _pdf(lines) -> bytes:
    """One page, without a word on its making."""
    writer = PdfWriter()
    _write_on(writer.add_blank_page(*A4), lines, writer)
    writer.metadata = None
    file = ContentFile(b"")
    writer.write(file)
    return file.file.getvalue()


def _write_on(page: PageObject, lines, writer):
    font = DictionaryObject({NameObject(name): NameObject(value) for name, value in FONT.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    drawn = DecodedStreamObject()
    drawn.set_data(f"BT /F1 12 Tf 36 TL 60 770 Td {' '.join(f'({line}) Tj T*' for line in lines)} ET".encode("cp1252"))
    page[NameObject("/Contents")] = writer._add_object(drawn)
