"""The archive in the words of the W3C's Data Privacy Vocabulary: `context.jsonld`, for who reads linked data (G-56)."""

from django.db import models

from ..datamap.linked import basis_term, prefixes
from .manifest import Manifest, Part

# Narrower kinds first; what is none of these is read as JSON says it.
TYPES = {models.DateTimeField: "xsd:dateTime", models.DateField: "xsd:date", models.DurationField: "xsd:duration"}


def context(manifest: Manifest) -> dict:
    """With the rows of a file beside `@context`, under the file's name (`{"@context": ..., "usage_search": [...]}`), they are linked data.

    `@graph` says of each file what it holds, why and on which basis.
    """
    parts = [part for part in manifest.parts if part.rows]
    here = {"here": f"urn:inzage:{manifest.subject_ref}:"}
    return {
        "@context": prefixes("dpv", "pd", "eu-gdpr", "dct", "xsd") | here | {part.name: _rows(part) for part in parts},
        "@graph": [_described(part) for part in parts],
    }


def _rows(part: Part) -> dict:
    return {"@id": "dpv:hasPersonalData", "@container": "@set", "@context": {line.name: _column(part, line) for line in part.lines}}


def _column(part, line) -> str | dict:
    name = f"here:{part.name}/{line.name}"
    field = part.data_map.field(line)
    kind = next((kind for base, kind in TYPES.items() if isinstance(field, base)), None)
    return {"@id": name, "@type": kind} if kind else name


def _described(part: Part) -> dict:
    return {
        "@id": f"here:{part.name}",
        "@type": part.data_map.term,
        "dct:title": part.data_map.heading(),
        "dct:source": f"data/{part.name}.json",
        "dpv:hasPurpose": part.data_map.activity.purpose,
        "dpv:hasLegalBasis": [{"@id": basis_term(basis)} for basis in part.data_map.activity.lawful_bases],
        "dpv:hasStorageCondition": part.data_map.activity.retention,
    }
