"""Documents of LibreOffice and others (OpenDocument): no macros or scripts, and no names in their properties."""

import re

from ..errors import FileLocked, FileRuns
from . import findings as found
from .markup import INSIDE, element, values, without

TYPE, MANIFEST, SIGNATURES = "mimetype", "META-INF/manifest.xml", "META-INF/documentsignatures.xml"
KINDS = {b"text": "odt", b"presentation": "odp", b"spreadsheet": "ods"}
STARTS = b"application/vnd.oasis.opendocument."
RUNS = re.compile(r"(?:.*/)?(?:Basic|Scripts)/.*")
META = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2">'
    b"<office:meta/></office:document-meta>"
)
TELLS = {
    b"meta:initial-creator": found.AUTHOR,
    b"dc:creator": found.LAST_EDITOR,
    b"meta:printed-by": found.LAST_EDITOR,
    b"meta:user-defined": found.PROPERTIES,
    b"dc:title": found.PROPERTIES,
    b"meta:keyword": found.PROPERTIES,
}
SETTINGS = {rb"Printer\w*": found.PRINTER, rb"Rsid\w*": found.EDITS}


def suffix_of(parts) -> str | None:
    """None: no document of a kind that we take."""
    kind = parts.get(TYPE, b"").strip()
    return KINDS.get(kind.removeprefix(STARTS)) if kind.startswith(STARTS) else None


def clean(parts, findings) -> None:
    _refuse(parts)
    findings.take(found.PEOPLE, where=parts.pop(SIGNATURES, None) is not None)
    for name in parts:
        last = name.rpartition("/")[2]
        if last == "meta.xml":
            _empty_properties(parts, name, findings)
        elif last == "settings.xml":
            _empty_settings(parts, name, findings)
        elif last == "content.xml":
            findings.names.update(values(parts[name], element(b"dc:creator")))


def _refuse(parts):
    if b"encryption-data" in parts.get(MANIFEST, b""):
        raise FileLocked
    scripted = any(b"<script:event-listener" in contents for name, contents in parts.items() if name.endswith("content.xml"))
    if scripted or any(map(RUNS.fullmatch, parts)):
        raise FileRuns


def _empty_properties(parts, name, findings):
    for what, says in TELLS.items():
        findings.take(says, where=bool(values(parts[name], element(what))))
    parts[name] = META


def _empty_settings(parts, name, findings):
    for what, says in SETTINGS.items():
        setting = rb"""(<config:config-item\b%bconfig:name=["']%b["']%b>)[^<]+""" % (INSIDE, what, INSIDE)
        findings.take(says, where=without(parts, name, setting, rb"\1"))
