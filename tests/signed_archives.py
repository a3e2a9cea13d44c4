"""Archives of format 2 as they should be, and as nobody should send them: a small writer apart from the product's own."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from stat import S_IFREG

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from stream_zip import ZIP_64, stream_zip

from privacy.verify import jose

ISSUER = "https://www.platform.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYS = jose.keys_of({"keys": [jose.jwk_of(KEY.public_key())]})
SEARCHES = [{"id": number, "words": f'breuken "{number}"\r\n; =1+1'} for number in range(1, 13)]
FAVOURITES = [{"id": number, "resource": 17} for number in range(1, 4)]
# Last in a ZIP, and in no list of the manifest.
LAST = ("manifest.json", "manifest.sig")
ROWS_COUNTED = ("data/", "csv/", "references/")


def json_rows(rows) -> bytes:
    return ("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n").encode()


def csv_rows(rows) -> bytes:
    """Every text quoted; lines end in CRLF, also inside a text."""
    table = [rows[0].keys(), *(row.values() for row in rows)]
    return ("\ufeff" + "".join(";".join(map(_cell, line)) + "\r\n" for line in table)).encode()


def _cell(value):
    return '"{}"'.format(value.replace('"', '""')) if isinstance(value, str) else str(value)


def contents() -> dict[str, bytes]:
    """What lies in An's archive, without manifest and signature."""
    return {
        "data/usage_search.json": json_rows(SEARCHES),
        "schema/usage_search.json": b'{"type": "array"}\n',
        "csv/usage_search.csv": csv_rows(SEARCHES),
        "data/usage_favourite.json": json_rows(FAVOURITES),
        "schema/usage_favourite.json": b'{"type": "array"}\n',
        "csv/usage_favourite.csv": csv_rows(FAVOURITES),
        "references/usage_resource.json": json_rows([{"key": 17, "title": "Breuken", "known_by": {"title": "Breuken"}}]),
        "files/accounts_member/1-photo.jpg": b"\xff\xd8\xff" + bytes(1000),
        "report.pdf": b"%PDF-1.7\n",
    }


def manifest_of(files: dict[str, bytes], rows: dict[str, list] | None = None) -> dict:
    counts = {name: _rows(name, raw) for name, raw in files.items()}
    parts = [_part(name, files, counts) for name in files if name.startswith("data/")]
    return {
        "format": "inzage-archive",
        "version": 2,
        "issuer": ISSUER,
        "made_at": "2026-11-28T09:41:00.000000Z",
        "rows": sum(part["rows"] for part in parts),
        "parts": [*parts, {**_empty(), "record": "usage.Follow", "title": "Follows"}],
        "references": [{"part": "usage_resource", "file": "references/usage_resource.json", "rows": 1}],
        "stored_files": [
            {"file": "files/accounts_member/1-photo.jpg", "record": "accounts.Member", "column": "photo", "key": 1},
            {"file": None, "record": "usage.Publication", "column": "file", "key": 2},
        ],
        "files": [
            {"name": name, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "rows": counts[name]}
            for name, raw in files.items()
        ],
    }


def _empty():
    return {"file": None, "schema": None, "csv": None, "rows": 0, "expected": 0, "bytes": 0, "sha256": None}


def _part(name, files, counts):
    slug = name.removeprefix("data/").removesuffix(".json")
    paths = {"file": name, "schema": f"schema/{slug}.json", "csv": f"csv/{slug}.csv"}
    counted = {"rows": counts[name], "expected": counts[name], "bytes": len(files[name])}
    return {"record": slug.replace("_", "."), **paths, **counted, "sha256": hashlib.sha256(files[name]).hexdigest()}


def _rows(name, raw):
    """By the rows that are known, not by counting as the product does."""
    known = {"usage_search": len(SEARCHES), "usage_favourite": len(FAVOURITES), "usage_resource": 1}
    return known[name.rpartition("/")[2].rpartition(".")[0]] if name.startswith(ROWS_COUNTED) else None


def signed(files: dict[str, bytes], manifest: dict | None = None, key=KEY, issuer=ISSUER) -> dict[str, bytes]:
    """With manifest and signature."""
    raw = json.dumps(manifest or manifest_of(files)).encode()
    return {**files, "manifest.json": raw, "manifest.sig": f"{jose.sign(raw, key, issuer)}\n".encode()}


def zipped(files: dict[str, bytes]) -> bytes:
    """As the product does: streamed, with the headers of large files."""
    members = ((name, datetime(1980, 1, 1, tzinfo=UTC), S_IFREG | 0o600, ZIP_64, [raw]) for name, raw in files.items())
    return b"".join(stream_zip(members, extended_timestamps=False))


def good() -> bytes:
    return zipped(signed(contents()))


def with_members(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """A good archive with more in it, by whatever names."""
    file = io.BytesIO(good())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return file.getvalue()


def tampered() -> bytes:
    """A row was taken out, a file left out, another one added."""
    files = signed(contents())
    del files["report.pdf"]
    return zipped({**files, "data/usage_search.json": json_rows(SEARCHES[1:]), "data/usage_score.json": json_rows(SEARCHES)})
