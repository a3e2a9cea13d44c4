"""Files that members bring: the contents decide what they are, what may not be in them is refused, names in them go."""

import time
from contextlib import suppress
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from usage import errors, files
from usage.documents import findings as found
from usage.documents.archives import MOST_PARTS

from .makers import make_publication
from .papers import EVERY_KIND, MARK, RELATION, Upload, office, opendocument, pdf, picture, prepared, unzipped, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal_of(content):
    with pytest.raises(errors.FileRefused) as refused:
        prepared(content)
    return type(refused.value)


def relation(kind, target, mode="External"):
    return f'<Relationships><Relationship Id="r9" Type="{RELATION}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'


@pytest.mark.parametrize("suffix", EVERY_KIND)
def test_a_file_is_what_its_contents_are(suffix):
    assert prepared(EVERY_KIND[suffix]()).kind.suffix == suffix


@pytest.mark.parametrize("suffix", EVERY_KIND)
def test_nothing_that_we_keep_of_a_file_names_who_made_it(suffix):
    kept = prepared(EVERY_KIND[suffix]()).content

    said = b"".join(unzipped(kept).values()) if kept.startswith(b"PK") else kept
    assert MARK.encode() not in said
    assert MARK.encode("utf-16-be") not in said
    assert MARK.encode("latin-1") not in said


@pytest.mark.parametrize("suffix", EVERY_KIND)
def test_a_cleaned_file_is_still_one_and_has_nothing_left_to_clean(suffix):
    once = prepared(EVERY_KIND[suffix]())

    twice = prepared(once.content)

    assert twice.kind == once.kind
    assert twice.findings.removed == set()


def test_who_brings_a_document_reads_what_was_removed():
    removed = prepared(office()).findings.removed

    assert removed == {found.AUTHOR, found.LAST_EDITOR, found.ORGANISATION, found.PROPERTIES}


def test_what_a_document_says_stays():
    body = '<w:p w:rsidR="00A1" w:rsidRDefault="00B2"><w:t>Breuken &amp; decimalen</w:t></w:p>'
    settings = '<w:settings><w:rsids><w:rsidRoot w:val="00A1"/><w:rsid w:val="00B2"/></w:rsids><w:zoom/></w:settings>'

    once = prepared(office(body=body, **{"word/settings.xml": settings}))

    parts = unzipped(once.content)
    assert parts["word/document.xml"] == b"<x><w:p><w:t>Breuken &amp; decimalen</w:t></w:p></x>"
    assert parts["word/settings.xml"] == b"<w:settings><w:zoom/></w:settings>"
    assert found.EDITS in once.findings.removed


def test_the_place_of_a_template_on_her_computer_goes():
    rels = relation("attachedTemplate", f"file:///C:/Users/{MARK}/les.dotm")
    settings = '<w:settings><w:attachedTemplate r:id="r9"/></w:settings>'

    once = prepared(office(**{"word/_rels/settings.xml.rels": rels, "word/settings.xml": settings}))

    assert unzipped(once.content)["word/_rels/settings.xml.rels"] == b"<Relationships></Relationships>"
    assert unzipped(once.content)["word/settings.xml"] == b"<w:settings></w:settings>"
    assert found.TEMPLATE in once.findings.removed


def test_the_place_of_a_sheet_on_her_computer_goes():
    once = prepared(office("xlsx", f'<x15ac:absPath url="C:\\Users\\{MARK}\\" xmlns:x15ac="x"/>'))

    assert b'<x15ac:absPath url="" xmlns' in unzipped(once.content)["xl/workbook.xml"]
    assert found.PLACE_ON_DISK in once.findings.removed


def test_a_list_of_who_worked_on_it_goes_with_what_names_it():
    rels = relation("people", "people.xml", "Internal")

    once = prepared(office(**{"word/people.xml": f"<w15:people>{MARK}</w15:people>", "word/_rels/document.xml.rels": rels}))

    parts = unzipped(once.content)
    assert "word/people.xml" not in parts
    assert parts["word/_rels/document.xml.rels"] == b"<Relationships></Relationships>"
    assert found.PEOPLE in once.findings.removed


@pytest.mark.parametrize(
    "content",
    [
        office(**{"word/comments.xml": f'<w:comment w:author="{MARK}"/>'}),
        office("pptx", **{"ppt/commentAuthors.xml": f'<p:cmAuthor id="0" name="{MARK}"/>'}),
        office("xlsx", **{"xl/comments1.xml": f"<authors><author>{MARK}</author></authors>"}),
        opendocument(**{"content.xml": f"<office:annotation><dc:creator>{MARK}</dc:creator></office:annotation>"}),
    ],
)
def test_names_beside_comments_stay_and_are_shown_to_who_brought_it(content):
    assert prepared(content).findings.names == {MARK}


def test_a_sheet_inside_a_document_is_cleaned_too():
    once = prepared(office("pptx", **{"ppt/embeddings/sheet1.xlsx": office("xlsx")}))

    assert MARK.encode() not in b"".join(unzipped(unzipped(once.content)["ppt/embeddings/sheet1.xlsx"]).values())


# What office programs read as a relationship that fetches, and a search for its usual words does not find.
OTHER_WAYS_TO_FETCH = [
    f'<Relationships><Relationship Type = "{RELATION}/oleObject" Target="https://evil.example" TargetMode = "External"/></Relationships>',
    f'<Relationships><Relationship Type="{RELATION}/oleObject" Target="https://evil.example" TargetMode="&#69;xternal"/></Relationships>',
    f'<p:a xmlns:p="x"><p:Relationship Type="{RELATION}/frame" Target="https://evil.example" TargetMode="External"/></p:a>',
    relation("attachedTemplat&#101;", "https://evil.example"),
]


@pytest.mark.parametrize(
    "content",
    [
        office(**{"word/vbaProject.bin": b"x"}),
        office(**{"[Content_Types].xml": "<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"}),
        office(**{"word/embeddings/oleObject1.bin": OLE + b"x"}),
        office(**{"word/media/image1.png": b"MZ\x90"}),
        office(**{"word/activeX/activeX1.xml": "<x/>"}),
        office("xlsx", **{"xl/macrosheets/sheet1.xml": "<x/>"}),
        office("pptx", **{"ppt/embeddings/deep.docx": office(**{"word/vbaProject.bin": b"x"})}),
        office(**{"word/_rels/document.xml.rels": relation("oleObject", "https://evil.example/x")}),
        *[office(**{"word/_rels/settings.xml.RELS": written}) for written in OTHER_WAYS_TO_FETCH],
        *[office(**{"word/_rels/document.xml.rels": written}) for written in OTHER_WAYS_TO_FETCH],
        opendocument(**{"Basic/Standard/Module1.xml": "<x/>"}),
        opendocument(**{"Scripts/python/x.py": "import os"}),
        opendocument(**{"Object 1": OLE + b"x"}),
        opendocument(**{"content.xml": '<script:event-listener xlink:href="vnd.sun.star.script:x"/>'}),
    ],
)
def test_a_document_that_runs_something_is_refused(content):
    assert refusal_of(content) is errors.FileRuns


def with_object(key, value):
    def change(writer):
        writer.root_object[NameObject(key)] = writer._add_object(value)

    return pdf(change)


def named(**words):
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in words.items()})


def hidden_script():
    """Its kind stands elsewhere in the file."""

    def change(writer):
        kind = writer._add_object(NameObject("/JavaScript"))
        writer.root_object[NameObject("/OpenAction")] = named(S=kind)

    return pdf(change)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: with_object("/OpenAction", named(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))), errors.FileRuns),
        (lambda: with_object("/OpenAction", named(S=NameObject("/Launch"), F=TextStringObject("cmd.exe"))), errors.FileRuns),
        (hidden_script, errors.FileRuns),
        (lambda: pdf(lambda writer: writer.add_attachment("x.exe", b"MZ")), errors.FileHoldsFiles),
        (lambda: pdf(lambda writer: writer.encrypt("geheim")), errors.FileLocked),
        (lambda: pdf(lambda writer: writer.encrypt("", "eigenaar")), errors.FileLocked),
        (lambda: with_object("/AcroForm", named(XFA=TextStringObject("<xdp:xdp/>"))), errors.FileRuns),
        (lambda: b"%PDF-1.7\nniets", errors.FileBroken),
    ],
)
def test_a_pdf_that_acts_holds_files_or_is_locked_is_refused(make, refusal):
    assert refusal_of(make()) is refusal


def test_a_pdf_that_opens_on_a_page_is_well():
    assert prepared(with_object("/OpenAction", named(S=NameObject("/GoTo")))).kind.suffix == "pdf"


def test_a_pdf_loses_its_notes_and_earlier_versions():
    def change(writer):
        notes = StreamObject()
        notes._data = f"<x:xmpmeta>{MARK}</x:xmpmeta>".encode()
        writer.root_object[NameObject("/Metadata")] = writer._add_object(notes)

    first = pdf(change)
    writer, newer = PdfWriter(BytesIO(first), incremental=True), BytesIO()
    writer.add_metadata({"/Author": "Iemand anders"})
    writer.write(newer)

    once = prepared(newer.getvalue())

    assert b"xmpmeta" not in once.content
    assert b"Iemand" not in once.content
    assert not PdfReader(BytesIO(once.content)).metadata
    assert {found.AUTHOR, found.EARLIER} <= once.findings.removed


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.FileEmpty),
        (OLE + b"\0" * 600, errors.OldOfficeFile),
        (OLE + "EncryptedPackage".encode("utf-16-le"), errors.FileLocked),
        (opendocument(**{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), errors.FileLocked),
        (b"PK\x03\x04 en dan niets", errors.FileBroken),
        (zipped({"x.txt": "x"}), errors.FileRefused),
        (zipped({"mimetype": "application/epub+zip"}), errors.FileRefused),
        (b"<svg xmlns='x'><script>alert(1)</script></svg>", errors.FileRefused),
        (b"  <!DOCTYPE html><p>x", errors.FileRefused),
        (b"\xef\xbb\xbf<html>", errors.FileRefused),
        (b"MZ\x90\x00\x03", errors.FileRefused),
        (b"\x7fELF\x02", errors.FileRefused),
        (b"#!/bin/sh\nrm", errors.FileRefused),
        (b"{\\rtf1 x}", errors.FileRefused),
        ("tekst".encode("utf-16"), errors.FileRefused),
        (b"\x81\x8d\x8f geen tekst", errors.TextUnknown),
        (b"GIF89a" + b"\0" * 20, errors.FileRefused),
        (b"RIFF\0\0\0\0WAVEfmt ", errors.FileBroken),
        (b"\x89PNG\r\n\x1a\nstuk", errors.FileBroken),
    ],
)
def test_what_we_do_not_take_is_refused_with_a_sentence(content, refusal):
    assert refusal_of(content) is refusal
    assert str(refusal.sentence)


@pytest.mark.parametrize("declared", ['<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', '<!ENTITY b SYSTEM "file:///etc/passwd">'])
def test_markup_with_entities_is_refused(declared):
    assert refusal_of(office(**{"word/styles.xml": declared})) is errors.FileRefused
    assert refusal_of(opendocument(**{"styles.xml": declared})) is errors.FileRefused


def test_markup_in_another_alphabet_hides_no_entities():
    assert refusal_of(office(**{"word/styles.xml": "<!DOCTYPE x>".encode("utf-16")})) is errors.FileRefused


@pytest.mark.parametrize(
    "parts", [{"word/media/a.bin": b"\0" * 30_000_000}, {f"word/media/{n}": b"" for n in range(MOST_PARTS)}], ids=["large", "many"]
)
def test_what_swells_when_unpacked_is_not_opened(parts):
    assert refusal_of(office(**parts)) is errors.FileTooLargeInside


def test_many_small_documents_inside_have_the_room_of_one():
    small = office(**{"word/media/a.bin": b"\0" * 9_000_000})

    assert refusal_of(office(**{f"word/embeddings/{n}.docx": small for n in range(12)})) is errors.FileTooLargeInside


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\x"])
def test_an_archive_with_paths_that_leave_it_is_refused(name):
    assert refusal_of(office(**{name: b"x"})) is errors.FileBroken


def test_a_search_in_hostile_markup_is_quick():
    hostile = [b"<Relationship " * 60_000, b"<w:rsids>" * 90_000, b"<config:config-item " + b'config:name="Printer"' * 40_000]
    since = time.monotonic()

    for part in hostile:
        with suppress(errors.FileBroken):
            prepared(office(**{"word/_rels/a.rels": part, "word/b.xml": part}))
        prepared(opendocument(**{"settings.xml": part}))

    assert time.monotonic() - since < 20


def test_a_file_that_is_too_large_is_not_read():
    upload = Upload(b"x")
    upload.size = 20_000_001

    with pytest.raises(errors.FileTooLarge):
        files.prepare(upload)

    assert upload.tell() == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_looks_and_loses_its_place(kind):
    once = prepared(picture(kind))

    with Image.open(BytesIO(once.content)) as drawn:
        assert drawn.size == (20, 40)  # turned upright, as its data said
        assert dict(drawn.getexif()) == {}
    assert found.WHERE_TAKEN in once.findings.removed


def test_a_picture_of_too_many_dots_is_not_drawn():
    drawn = BytesIO()
    Image.new("1", (10_000, 6_000)).save(drawn, "PNG")

    assert refusal_of(drawn.getvalue()) is errors.PictureTooLarge


def test_a_picture_that_moves_is_refused():
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "teal")]
    drawn = BytesIO()
    frames[0].save(drawn, "WEBP", save_all=True, append_images=frames[1:])

    assert refusal_of(drawn.getvalue()) is errors.PictureMoves


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_is_kept_in_one_alphabet(encoding):
    assert prepared("é, ½ en €".encode(encoding)).content.decode() == "é, ½ en €"


def test_a_file_that_no_publication_names_is_collected_after_an_hour(an):
    """A crash between file and row."""
    kept = make_publication(an, text="van An").file.name
    orphan = default_storage.save("resources/abc", ContentFile(b"x"))

    assert files.collect(now=timezone.now() + timedelta(minutes=59)) == 0
    assert files.collect(now=timezone.now() + timedelta(minutes=61)) == 1
    assert default_storage.exists(kept)
    assert not default_storage.exists(orphan)


def test_collecting_where_nothing_was_ever_brought_is_well(db):
    assert files.collect() == 0
