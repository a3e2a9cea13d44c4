"""Real documents, as office programs write them, with what they tell about people."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from PIL import ExifTags, Image, PngImagePlugin
from pypdf import PdfWriter

from usage.documents import KINDS, prepare

MARK = "Zoë Verraadster"
MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
}
ODF = {"odt": "text", "odp": "presentation", "ods": "spreadsheet"}
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Upload(BytesIO):
    """As Django hands a file to a form."""

    def __init__(self, content, name="les.bin"):
        super().__init__(content)
        self.name, self.size = name, len(content)


def prepared(content):
    return prepare(Upload(content))


def zipped(parts, *, compression=ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", compression) as archive:
        for name, contents in parts.items():
            archive.writestr(name, contents, ZIP_STORED if name == "mimetype" else compression)
    return packed.getvalue()


def unzipped(content) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def office_parts(suffix, body="<w:p/>") -> dict:
    """Of a document whose properties name its author."""
    name, kind = MAIN[suffix]
    declared = f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>'
    return {
        "[Content_Types].xml": f"<Types>{declared}</Types>",
        "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="{RELATION}/officeDocument" Target="{name}"/></Relationships>',
        "docProps/core.xml": f"<cp:coreProperties><dc:creator>{MARK}</dc:creator><cp:lastModifiedBy>{MARK}</cp:lastModifiedBy>"
        "<dc:title>Toets</dc:title></cp:coreProperties>",
        "docProps/app.xml": f"<Properties><Application>Word</Application><Company>School van {MARK}</Company></Properties>",
        name: f"<x>{body}</x>",
    }


def office(suffix="docx", body="<w:p/>", **more) -> bytes:
    return zipped(office_parts(suffix, body) | more)


def opendocument(suffix="odt", **more) -> bytes:
    meta = f"<office:meta><meta:initial-creator>{MARK}</meta:initial-creator><dc:creator>{MARK}</dc:creator></office:meta>"
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{ODF[suffix]}",
        "meta.xml": meta,
        "content.xml": "<office:body>Breuken</office:body>",
    }
    return zipped(parts | more)


def pdf(change=lambda writer: None, **properties) -> bytes:
    """One empty page."""
    writer, written = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata(properties or {"/Author": MARK, "/Title": "Toets"})
    change(writer)
    writer.write(written)
    return written.getvalue()


def picture(kind="JPEG", *, size=(40, 20), **options) -> bytes:
    """That says who took it and where."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = MARK
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 3.0, 15.0)
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", MARK)
    drawn = BytesIO()
    Image.new("RGB", size, "teal").save(drawn, kind, exif=exif, **({"pnginfo": told} if kind == "PNG" else {}), **options)
    return drawn.getvalue()


EVERY_KIND = {
    **{suffix: lambda suffix=suffix: office(suffix) for suffix in MAIN},
    **{suffix: lambda suffix=suffix: opendocument(suffix) for suffix in ODF},
    "pdf": pdf,
    "png": lambda: picture("PNG"),
    "jpg": picture,
    "webp": lambda: picture("WEBP"),
    "txt": lambda: "Breuken: een heel verhaal.\r\n½ + ¼ = ¾".encode(),
}
assert set(EVERY_KIND) == set(KINDS)
