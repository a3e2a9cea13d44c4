"""Documents of Microsoft Office (OOXML): no macros or objects, and no names in their properties."""

import re
from xml.etree import ElementTree

from ..errors import FileLocked, FileRuns
from . import findings as found
from .markup import INSIDE, attribute, element, values, without

CONTENTS = "[Content_Types].xml"
MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
RUNS = re.compile(r"vbaproject|vbadata|/activex/|/macrosheets/|/dialogsheets/|/customui", re.IGNORECASE)
# How the kind of a relationship ends that fetches something from elsewhere when the document is opened.
FETCHES = ("/oleObject", "/frame", "/subDocument", "/package", "/attachedTemplate")
TEMPLATE = rb"""<Relationship\b%b/attachedTemplate["']%b/?>""" % (INSIDE, INSIDE)

CORE, APP, CUSTOM = "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EMPTY = {
    CORE: b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    APP: b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    CUSTOM: b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
TELLS = [
    (CORE, b"dc:creator", found.AUTHOR),
    (CORE, b"cp:lastModifiedBy", found.LAST_EDITOR),
    (APP, b"Company", found.ORGANISATION),
    (APP, b"Manager", found.LAST_EDITOR),
]
# Parts about who worked on it; nothing else needs them.
ABOUT_PEOPLE = re.compile(r"_xmlsignatures/.*|word/people\.xml|ppt/revisionInfo\.xml|ppt/changesInfos/.*")
# Names beside comments and changes; they belong to what is said and stay.
SIGNED = [
    (re.compile(r"word/.*\.xml"), attribute(b"w:author")),
    (re.compile(r"ppt/(?:commentAuthors|authors)\.xml"), attribute(b"name")),
    (re.compile(r"xl/comments.*\.xml"), element(b"author")),
    (re.compile(r"xl/persons/.*\.xml"), attribute(b"displayName")),
]


def suffix_of(parts) -> str | None:
    """None: no document of a kind that we take."""
    contents = parts[CONTENTS]
    if b"macroEnabled" in contents or b"vbaProject" in contents or any(map(RUNS.search, parts)):
        raise FileRuns
    return next((suffix for main, suffix in MAIN.items() if main in contents), None)


def clean(parts, findings) -> None:
    if "EncryptedPackage" in parts:
        raise FileLocked
    _empty_properties(parts, findings)
    for name in [name for name in parts if ABOUT_PEOPLE.fullmatch(name)]:
        _drop(parts, name)
        findings.removed.add(found.PEOPLE)
    for name in parts:
        if name.endswith((".xml", ".rels")):
            _take_out(parts, name, findings)
            findings.names.update(*(values(parts[name], pattern) for place, pattern in SIGNED if place.fullmatch(name)))
    _refuse_what_fetches(parts)


def _refuse_what_fetches(parts):
    """Read into a tree, as office programs do: the same relationship can be written in many ways. Of entities it is clean (archives)."""
    for contents in [contents for name, contents in parts.items() if name.lower().endswith(".rels")]:
        for relationship in ElementTree.fromstring(contents).iter():  # noqa: S314
            if relationship.get("TargetMode") == "External" and relationship.get("Type", "").endswith(FETCHES):
                raise FileRuns


def _empty_properties(parts, findings):
    for name, what, says in TELLS:
        findings.take(says, where=bool(values(parts.get(name, b""), element(what))))
    known = {b"creator", b"lastModifiedBy", b"Company", b"Manager", b"Application", b"AppVersion"}
    for name in EMPTY.keys() & parts.keys():
        said = re.findall(rb"<(?:\w+:)?(\w+)(?:\s%b)?>[^<]*[^<\s]" % INSIDE, parts[name])
        findings.take(found.PROPERTIES, where=bool(set(said) - known))
        parts[name] = DECLARATION + EMPTY[name]


def _take_out(parts, name, findings):
    """What programs note for themselves, in Word and in Excel."""
    edits = [
        without(parts, name, rb"""\sw:rsid\w*=["'][^"']*["']"""),
        without(parts, name, rb"<w:rsids>(?:\s*<w:rsid%b/>)*\s*</w:rsids>" % INSIDE),
    ]
    findings.take(found.EDITS, where=any(edits))
    findings.take(found.TEMPLATE, where=without(parts, name, TEMPLATE) if name.endswith(".rels") else False)
    if name == "word/settings.xml":
        without(parts, name, rb"<w:attachedTemplate\b%b/>" % INSIDE)
    path = rb"""(<x15ac:absPath\b%b\burl=["'])[^"']+""" % INSIDE
    findings.take(found.PLACE_ON_DISK, where=name == "xl/workbook.xml" and without(parts, name, path, rb"\1"))


def _drop(parts, name):
    """With what says that it is there."""
    del parts[name]
    last = re.escape(name.rpartition("/")[2].encode())
    for other in [other for other in parts if other == CONTENTS or other.endswith(".rels")]:
        without(parts, other, rb"""<Override\b%bPartName=["']/%b["']%b/>""" % (INSIDE, re.escape(name.encode()), INSIDE))
        without(parts, other, rb"""<Relationship\b%bTarget=["'](?:[^"']*/)?%b["']%b/>""" % (INSIDE, last, INSIDE))
