"""Archives that somebody brings: a small writer of format 2 apart from the product's own, so that a test can put anything into one."""

import hashlib
import io
import json
from datetime import UTC, datetime
from stat import S_IFREG

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from stream_zip import ZIP_64, stream_zip

from privacy.evidence import signing
from privacy.rights.opening import opened
from privacy.rights.taking_in import look, take_in
from privacy.verify import jose

# Another installation, whose keys a test may put among those that are trusted.
ELSEWHERE = "https://elsewhere.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
JWKS = {"keys": [jose.jwk_of(KEY.public_key())]}
EVERYTHING = {
    "accounts.Member",
    "usage.Folder",
    "usage.Favourite",
    "usage.Score",
    "usage.ResourceView",
    "usage.Download",
    "usage.Search",
    "usage.Comment",
    "usage.Publication",
}
BREUKEN = {"key": 17, "title": "Breuken", "known_by": {"title": "Breuken", "subject_taught": "wiskunde", "level": ""}}
MOMENT = "2024-03-01T12:00:00.000000Z"


def lines(rows) -> bytes:
    return ("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n").encode()


def archive(rows=None, references=(BREUKEN,), stored=(), *, subject, issuer=None, key=None, said=None, edit=None) -> bytes:
    """`rows` by record type; `stored` as (record, column, key, bytes); `said` replaces keys of the manifest, `edit` files after signing."""
    issuer = settings.PRIVACY["SITE"] if issuer is None else issuer
    files, parts, counts = {}, [], {}
    for record, its in (rows or {}).items():
        name = f"data/{record.replace('.', '_').lower()}.json"
        schema = name.replace("data/", "schema/")
        raw = its if isinstance(its, bytes) else lines(its)
        files |= {name: raw, schema: b"{}\n"}
        counts[name] = raw.count(b"\n{")
        parts.append(_part(record, name, schema, raw, counts[name]))
    if references:
        files["references/usage_resource.json"] = lines(references)
        counts["references/usage_resource.json"] = len(references)
    listed = []
    for number, (record, column, row, content) in enumerate(stored, 1):
        name = f"files/{record.replace('.', '_').lower()}/{number}-{column}.bin"
        files[name] = content
        listed.append({"file": name, "record": record, "column": column, "key": row, "stored_as": "x"})
    manifest = _manifest(files, parts, counts, listed, references) | {"issuer": issuer, "subject": str(subject)} | (said or {})
    raw = json.dumps(manifest).encode()
    line = jose.sign(raw, key, issuer) if key else signing.sign(raw)
    return zipped({**files, "manifest.json": raw, "manifest.sig": f"{line}\n".encode()} | (edit or {}))


def _part(record, name, schema, raw, count):
    paths = {"file": name, "schema": schema, "csv": None}
    digest = hashlib.sha256(raw).hexdigest()
    return {
        "record": record,
        "title": record,
        **paths,
        "rows": count,
        "expected": count,
        "bytes": len(raw),
        "sha256": digest,
        "columns": [],
    }


def _manifest(files, parts, counts, stored, references):
    return {
        "format": "inzage-archive",
        "version": 2,
        "made_at": "2026-11-28T09:41:00.000000Z",
        "rows": sum(part["rows"] for part in parts),
        "parts": parts,
        "references": [{"part": "usage_resource", "file": "references/usage_resource.json", "rows": len(references)}] if references else [],
        "stored_files": stored,
        "files": [
            {"name": name, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "rows": counts.get(name)}
            for name, raw in files.items()
        ],
    }


def zipped(files: dict[str, bytes]) -> bytes:
    members = ((name, datetime(1980, 1, 1, tzinfo=UTC), S_IFREG | 0o600, ZIP_64, [raw]) for name, raw in files.items())
    return b"".join(stream_zip(members, extended_timestamps=False))


def looked_at(member, raw: bytes):
    with opened(io.BytesIO(raw), member.subject) as brought:
        return look(member.subject, brought)


def taken_in(member, raw: bytes, ticked=EVERYTHING):
    with opened(io.BytesIO(raw), member.subject) as brought:
        return take_in(member.subject, brought, ticked, actor_ref=str(member.subject.ref))


def counts_of(report, record: str) -> tuple[int, int, int, int]:
    """New, already here, another one stands here, cannot be taken."""
    category = next(each for each in report.categories if each.label == record)
    return category.new, category.here, category.conflicts, category.refused.total()
