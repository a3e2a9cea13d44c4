"""The reading page of an archive: it opens from disk, asks nothing of the network, and shows every row in three languages (Art. 12(1))."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

# What a table on the page holds at most, the newest rows; data/ and csv/ hold all.
VIEWER_ROWS = 2000
# Of those rows together, so that a worker and a browser have room for them whatever people wrote.
VIEWER_BYTES = 16 * 2**20

ENGINE = Path(__file__).resolve().parent.parent
PAGE = ENGINE / "templates" / "privacy" / "archive"
LOOKS = ENGINE / "static" / "privacy"
FONT = "bitter-latin-600-normal.woff2"
# The font's licence asks to go along with it.
BESIDE = ("favicon.svg", "bitter-LICENSE.txt")

# JSON in ASCII: the same in every encoding, and no line end but ours.
encode = json.JSONEncoder(default=str).encode


def pages(manifest: dict, processing: dict, redactions: dict) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of the page but its rows and titles."""
    about = "".join(_call("about", encode({"manifest": manifest, "processing": processing, "redactions": redactions}))).encode()
    yield "index.html", _index(manifest, _nonce(about)).encode()
    for name in ("sentences.js", "viewer.js"):
        yield f"viewer/{name}", (PAGE / name).read_bytes()
    yield "viewer/about.js", about
    yield "viewer/viewer.css", _stylesheet().encode()
    for name in BESIDE:
        yield f"viewer/{name}", (LOOKS / name).read_bytes()


def shard(part: str, lines: Iterable[bytes], *, moment: str = "") -> Iterator[bytes]:
    """`viewer/data/PART.js` from blocks of whole JSON lines: the newest by the column `moment`, the last ones where there is none."""
    yield from _listed("rows", part, _newest(_each(lines), moment))


def titles(part: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """A piece of `viewer/data/references.js` from the lines of a file under references/."""
    rows = map(json.loads, _each(lines))
    yield from _listed("titles", part, (encode([row["key"], row["title"]]).encode() for row in rows))


def _newest(lines: Iterable[bytes], moment: str) -> list[bytes]:
    """At most VIEWER_ROWS, in VIEWER_BYTES together unless one alone is larger; newest first."""
    # A JSON column that holds the same key could mislead which rows are chosen, never what they say; reading each line would take longer
    # than writing it.
    said = re.compile(rb'"%s": ?"([^"\\]*)"' % re.escape(moment.encode())) if moment else None
    kept, size = [], 0
    for number, line in enumerate(lines):
        found = said.search(line) if said else None
        heappush(kept, (found[1] if found else b"", number, line))
        size += len(line)
        while len(kept) > VIEWER_ROWS or (size > VIEWER_BYTES and len(kept) > 1):
            size -= len(heappop(kept)[2])
    return [line for _moment, _number, line in sorted(kept, reverse=True)]


def _each(blocks: Iterable[bytes]) -> Iterator[bytes]:
    # Not splitlines(), which would also cut at other control characters.
    return (line for block in blocks for line in block.split(b"\n") if line)


def _listed(name: str, part: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    r"""inzage.rows("usage_search", ["{\"id\": 1}", ...]);

    Rows are text that the page reads as JSON. As code they could mean something else: `__proto__`, for one, is no key there.
    """
    yield f"inzage.{name}({encode(part)}, [\n".encode()
    for line in lines:
        yield f"{encode(line.decode(errors='replace'))},\n".encode()
    yield b"]);\n"


def _call(name: str, text: str) -> Iterator[str]:
    yield f"inzage.{name}({encode(text)});\n"


def _nonce(about: bytes) -> str:
    """What marks our scripts as ours. No row can hold it: it follows from the digests of all rows and the moment they were read."""
    return base64.b64encode(hashlib.sha256(about).digest()[:18]).decode()


def _index(manifest: dict, nonce: str) -> str:
    """Icons stand in the page, since a browser takes none from another file on disk."""
    sprite = (LOOKS / "icons.svg").read_text(encoding="utf-8").replace("<svg ", "<svg hidden ", 1)
    with translation.override(manifest["language"]):
        listed = [part for part in manifest["parts"] if part.get("csv")]
        context = {"manifest": manifest, "listed": listed, "nonce": nonce, "sprite": mark_safe(sprite)}  # noqa: S308 - a file of ours
        return render_to_string("privacy/archive/index.html", context)


def _stylesheet() -> str:
    """As on the site, with the font inside: not every browser takes one from another file on disk."""
    font = base64.b64encode((LOOKS / FONT).read_bytes()).decode()
    looks = (LOOKS / "inzage.css").read_text(encoding="utf-8").replace(f"url({FONT})", f"url(data:font/woff2;base64,{font})")
    return looks + (PAGE / "viewer.css").read_text(encoding="utf-8")
