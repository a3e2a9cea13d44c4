"""What tests of the report share: a manifest with made-up parts, and the text of what was written."""

import io
import re

from pypdf import PdfReader

from privacy.datamap import Right
from privacy.rights.report import write_report

MADE_AT = "2026-11-28T12:00:00.000000Z"
USAGE = {
    "slug": "usage",
    "title": "What you do here",
    "purpose": "Offer the functions",
    "bases": {"contract": "contract", "consent": "consent"},
    "persons": "members",
    "recipients": ["partners"],
    "retention": "with the account",
    "source": "the person",
    "transfers": "none",
}
MANIFEST = {
    "format": "inzage-archive",
    "version": 2,
    "issuer": "https://platform.example",
    "scope": {"kind": "everything", "activity": None, "since": None, "until": None},
    "subject": "6f1c7a52-2f4e-4c1b-9a3f-1d2e3f4a5b6c",
    "made_at": MADE_AT,
    "language": "en",
    "controller": {"name": "Platform", "address": "Voorbeeldstraat 1, 1000 Brussel", "email": "info@platform.example"},
    "dpo": {"name": "Officer", "email": "dpo@platform.example"},
    "authority": {"name": "GBA", "address": "Drukpersstraat 35, 1000 Brussel", "email": "contact@apd-gba.be"},
    "rights": [{"right": right.value, "label": right.label} for right in Right],
    "recipients": [],
    "activities": [USAGE],
    "held_elsewhere": [],
    "references": [],
    "stored_files": [],
}


def make_column(name, role="observed", **changed):
    facts = {"label": name, "description": "", "bases": ["contract"], "portable": True, "codes": None, "references": None}
    return {"name": name, "role": role, **facts, **changed}


def make_part(record="usage.Search", columns=("searched_at", "words"), *, rows=1, **changed):
    """`columns`: names, or columns as `make_column` gives them."""
    name = record.replace(".", "_").lower()
    return {
        "record": record,
        "title": "searches",
        "file": f"data/{name}.json" if rows else None,
        "csv": f"csv/{name}.csv" if rows else None,
        "rows": rows,
        "moment": "searched_at",
        "activity": "usage",
        "after_erasure": "deleted",
        "columns": [make_column(each) if isinstance(each, str) else each for each in columns],
        "left_out": [],
        "masked": [],
        **changed,
    }


def make_manifest(*parts, **changed):
    return {**MANIFEST, "parts": list(parts), "rows": sum(part["rows"] for part in parts), **changed}


def pdf_of(manifest, rows=None, titles=None) -> bytes:
    file = io.BytesIO()
    write_report(manifest, rows or {}, titles or {}, file)
    return file.getvalue()


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def text_of(pdf: bytes) -> str:
    """What stands on all pages, on one line."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read(pdf).pages))
