"""The reading page of an archive: it opens from disk, asks nothing of the network, and shows every row in three languages (Art. 12(1))."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

ENGINE = Path(__file__).resolve().parent.parent
PAGE = ENGINE / "templates" / "privacy" / "archive"
LOOKS = ENGINE / "static" / "privacy"
FONT = "bitter-latin-600-normal.woff2"
# The font's licence asks to go along with it.
BESIDE = ("favicon.svg", "bitter-LICENSE.txt")

# JSON in ASCII: the same in every encoding, and no line end but ours.
encode = json.JSONEncoder(default=str).encode
# The same of a text, without asking whether it is one.
quoted = json.encoder.encode_basestring_ascii


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


def shard(part: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """`viewer/data/PART.js` from the JSON lines that are to be shown, in their order."""
    yield from _listed("rows", part, lines)


def titles(part: str, titles: Mapping) -> Iterator[bytes]:
    """A piece of `viewer/data/references.js`: what the rows are called that others point at, by their keys."""
    yield from _listed("titles", part, (encode([key, title]).encode() for key, title in titles.items()))


def _listed(name: str, part: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    r"""inzage.rows("usage_search", ["{\"id\": 1}", ...]);

    Rows are text that the page reads as JSON. As code they could mean something else: `__proto__`, for one, is no key there.
    """
    yield f"inzage.{name}({encode(part)}, [\n".encode()
    for line in lines:
        yield f"{quoted(line.decode(errors='replace'))},\n".encode()
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
    # It is there at once, so that there is nothing to skip.
    looks = looks.replace("font-display:optional", "font-display:block")
    return looks + (PAGE / "viewer.css").read_text(encoding="utf-8")
