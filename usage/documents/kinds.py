"""The kinds of files that members may bring, and as what each is sent: never as what its name says."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Kind:
    """`suffix` ends the file's name and is its name in the database."""

    suffix: str
    content_type: str
    title: str


KINDS = {
    kind.suffix: kind
    for kind in [
        Kind("pdf", "application/pdf", _("PDF")),
        Kind("docx", f"{OOXML}.wordprocessingml.document", _("Word document")),
        Kind("pptx", f"{OOXML}.presentationml.presentation", _("PowerPoint presentation")),
        Kind("xlsx", f"{OOXML}.spreadsheetml.sheet", _("Excel sheet")),
        Kind("odt", f"{ODF}.text", _("OpenDocument text")),
        Kind("odp", f"{ODF}.presentation", _("OpenDocument presentation")),
        Kind("ods", f"{ODF}.spreadsheet", _("OpenDocument sheet")),
        Kind("png", "image/png", _("PNG picture")),
        Kind("jpg", "image/jpeg", _("JPEG picture")),
        Kind("webp", "image/webp", _("WebP picture")),
        Kind("txt", "text/plain; charset=utf-8", _("plain text")),
    ]
}
