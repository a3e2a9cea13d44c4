"""python -m privacy.verify: what it lets pass, what it names, and what it never does."""

import io
import json
import os
import shlex
import stat
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from privacy.verify import Bounds, Code, State, jose, verify
from privacy.verify.__main__ import main
from privacy.verify.fetching import KeysUnreadable, keys_from
from privacy.verify.packed import BEGIN

from . import signed_archives as archives
from .signed_archives import ISSUER, KEY, KEYS, SEARCHES, STRANGER, contents, good, json_rows, manifest_of, signed, with_members, zipped

ROOT = Path(__file__).resolve().parent.parent
SEARCH, FAVOURITE, TABLE = "data/usage_search.json", "data/usage_favourite.json", "csv/usage_search.csv"
JWKS = {"keys": [jose.jwk_of(KEY.public_key())]}
# Runs it where neither Django nor anything else of ours can be imported.
ALONE = """
import sys, runpy
sys.modules.update(dict.fromkeys(("django", "privacy.conf", "sqlite3", "psycopg")))
sys.argv[0] = "verify"
runpy.run_module("privacy.verify", run_name="__main__")
"""


@pytest.fixture
def keys(tmp_path):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(JWKS))
    return str(file)


@pytest.fixture
def says(tmp_path, capsys):
    """Exit code and output of the command for these bytes."""

    def run(raw, *options):
        file = tmp_path / "archive.zip"
        file.write_bytes(raw)
        code = main([str(file), *options])
        return code, capsys.readouterr().out

    return run


def changed(name, change):
    """One file is another, and the rest as it was signed."""
    files = signed(contents())
    return zipped({**files, name: change(files[name])})


def without(*names):
    return zipped({name: raw for name, raw in signed(contents()).items() if name not in names})


def edited(edit, sign_with=None):
    """The manifest says something else; signed anew only where it is said with which key."""
    files, manifest = contents(), manifest_of(contents())
    edit(manifest)
    if sign_with:
        return zipped(signed(files, manifest, sign_with))
    return zipped({**signed(files), "manifest.json": json.dumps(manifest).encode()})


def counts(number):
    """Says of the searches that there are so many, wherever that is said."""

    def edit(manifest):
        part = next(part for part in manifest["parts"] if part["file"] == SEARCH)
        manifest["rows"] += number - part["rows"]
        part["rows"] = part["expected"] = number
        for file in manifest["files"]:
            if file["name"] in {SEARCH, TABLE}:
                file["rows"] = number

    return edit


def loses_rows(manifest):
    manifest["parts"][0]["expected"] += 5


def says_another_name(manifest):
    manifest["made_at"] = "2027-01-01T00:00:00.000000Z"


def forgets_a_file(manifest):
    manifest["files"] = [file for file in manifest["files"] if file["name"] != "report.pdf"]


TAMPERED = {
    "one byte of a row": (changed(SEARCH, lambda raw: raw.replace(b"breuken", b"breukem", 1)), [f"{SEARCH}: 12 rows, 12 in the manifest"]),
    "a row removed": (changed(SEARCH, lambda _raw: json_rows(SEARCHES[1:])), [f"{SEARCH}: 11 rows, 12 in the manifest"]),
    "a row added": (changed(SEARCH, lambda _raw: json_rows([*SEARCHES, SEARCHES[0]])), [f"{SEARCH}: 13 rows, 12 in the manifest"]),
    "a row removed from the table": (
        changed(TABLE, lambda _raw: archives.csv_rows(SEARCHES[1:])),
        [f"{TABLE}: 11 rows, 12 in the manifest"],
    ),
    "rows swapped": (changed(SEARCH, lambda _raw: json_rows(SEARCHES[::-1])), [f"{SEARCH}: 12 rows, 12 in the manifest"]),
    "a file emptied": (changed(SEARCH, lambda _raw: b""), [f"{SEARCH}: 0 rows, 12 in the manifest"]),
    "a file left out": (without(FAVOURITE), [f"{FAVOURITE}: 3 rows in the manifest; it is missing"]),
    "a photo left out": (without("files/accounts_member/1-photo.jpg"), ["files/accounts_member/1-photo.jpg: 1003 bytes in the manifest"]),
    "a photo changed": (
        changed("files/accounts_member/1-photo.jpg", lambda raw: raw[:-1]),
        ["1-photo.jpg: 1002 bytes, 1003 in the manifest"],
    ),
    "a file added": (
        zipped(signed(contents()) | {"data/usage_score.json": json_rows(SEARCHES)}),
        ["data/usage_score.json: 12 rows; it is not in"],
    ),
    "one table in the place of another": (
        changed(TABLE, lambda _raw: contents()["csv/usage_favourite.csv"]),
        [f"{TABLE}: 3 rows, 12 in the manifest"],
    ),
    "the manifest edited": (edited(says_another_name), ["manifest.json: 15 rows, 15 in the manifest; it is not what was signed"]),
    "a count in the manifest edited": (edited(counts(13)), [f"{SEARCH}: 12 rows, 13 in the manifest", "manifest.json: 15 rows, 16 in the"]),
    "counts edited and signed": (edited(counts(13), KEY), [f"{SEARCH}: 12 rows, 13 in the manifest"]),
    "rows lost when it was made": (edited(loses_rows, KEY), [f"{SEARCH}: 12 rows, 17 in the manifest; the database said otherwise"]),
    "a file that the manifest forgot": (edited(forgets_a_file, KEY), ["report.pdf: it is not in the manifest"]),
    "the manifest left out": (without("manifest.json"), ["manifest.json: it is missing"]),
    "the manifest garbled": (changed("manifest.json", lambda raw: raw[:-1]), ["manifest.json: it is not written as a manifest is"]),
    "the signature left out": (without("manifest.sig"), ["manifest.sig: 15 rows, 15 in the manifest; it is missing"]),
    "the signature cut off": (changed("manifest.sig", lambda raw: raw[:-10]), ["manifest.sig: 15 rows, 15 in the manifest"]),
    "the signature emptied": (changed("manifest.sig", lambda _raw: b""), ["manifest.sig: 15 rows, 15 in the manifest"]),
    "signed with another's key": (
        zipped(signed(contents(), key=STRANGER)),
        ["manifest.sig: 15 rows, 15 in the manifest; it was signed with none"],
    ),
    "signed for another site": (zipped(signed(contents(), issuer="https://evil.example")), ["manifest.sig: 15 rows, 15 in the manifest"]),
    "cut off after a file": (good()[: good().index(BEGIN, 4) - 24], [f"{SEARCH}: 12 rows; here the ZIP breaks off"]),
    "cut off in a file": (good()[:90], [f"{SEARCH}: ", "here the ZIP breaks off"]),
    "cut off at the end": (good()[:-1], ["manifest.sig: here the ZIP breaks off"]),
    "something before it": (b"#!/bin/sh\n" + good(), [f"{SEARCH}: before it lie bytes"]),
}


@pytest.mark.parametrize(("raw", "lines"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_tampered_with_is_named_with_its_rows(says, keys, raw, lines):
    code, said = says(raw, "--keys", keys)

    assert code == 1
    assert [line for line in lines if line not in said] == []
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("Tampered with")


def test_a_good_archive_passes_and_says_who_signed(says, keys):
    code, said = says(good(), "--keys", keys)

    assert code == 0
    assert said.splitlines() == [
        "Intact: 15 rows in 9 files, as made at 2026-11-28T09:41:00.000000Z.",
        f"Signed by {ISSUER} with key {next(iter(KEYS))}.",
    ]


def test_without_keys_it_says_where_they_are_and_fetches_nothing(says, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_args: pytest.fail("it went to the network"))

    code, said = says(good())

    assert code == 3
    assert "could not be checked" in said
    assert f"--keys {ISSUER}/.well-known/inzage-keys.json" in said


def test_the_command_that_it_suggests_runs_nothing_of_the_files_name(tmp_path, capsys):
    file = tmp_path / "$(touch pwned) x.zip"
    file.write_bytes(good())

    main([str(file)])

    (command,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Then check: ")]
    assert shlex.split(command.removeprefix("Then check: "))[3] == str(file)


def test_an_address_that_is_none_is_not_put_into_a_command(says):
    issuer = "https://x.example/;rm -rf\x1b[2J"

    code, said = says(zipped(signed(contents(), manifest_of(contents()) | {"issuer": issuer}, issuer=issuer)))

    assert code == 3
    assert "--keys" not in said
    assert "\x1b" not in said


def test_for_a_program_it_is_json(says, keys):
    code, said = says(TAMPERED["a row removed"][0], "--keys", keys, "--json")

    told = json.loads(said)
    assert (code, told["state"], told["exit"], told["issuer"], told["rows"]) == (1, "tampered", 1, ISSUER, 14)
    fault = {"code": "rows", "file": SEARCH, "found": 11, "expected": 12, "unit": "rows", "said": f"{SEARCH}: 11 rows, 12 in the manifest"}
    assert told["faults"] == [fault]


def test_it_runs_without_django_and_settings(tmp_path, keys):
    (tmp_path / "archive.zip").write_bytes(good())

    done = subprocess.run(
        [sys.executable, "-c", ALONE, tmp_path / "archive.zip", "--keys", keys], cwd=ROOT, env={}, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "Signed by" in done.stdout


@pytest.mark.parametrize("number", range(0, 3600, 61))
def test_no_byte_can_be_changed(number):
    """Neither in the contents nor in what a ZIP puts around them, but for fields that no program acts on."""
    raw = bytearray(good())
    number = min(number, len(raw) - 1)
    raw[number] ^= 0x55

    verdict = verify(io.BytesIO(raw), KEYS)

    assert verdict.state != State.SIGNED or _says_nothing(bytes(raw))


def _says_nothing(raw):
    """Unpacked it is the same, by name and by contents."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()} == signed(contents())


def of_kind(name, kind, raw=b"x"):
    member = zipfile.ZipInfo(name)
    member.external_attr = (kind | 0o600) << 16
    return member, raw


TRICKS = {
    "absolute": ("/etc/passwd", Code.UNSAFE_NAME),
    "above": ("data/../../evil.json", Code.UNSAFE_NAME),
    "above, for Windows": ("data\\..\\evil.json", Code.UNSAFE_NAME),
    "a drive": ("C:evil.json", Code.UNSAFE_NAME),
    "a null character": ("data/evil.json\0.txt", Code.UNSAFE_NAME),
    "a line break": ("data/evil\n.json", Code.UNSAFE_NAME),
    "hidden": ("data/.evil", Code.UNSAFE_NAME),
    "empty": ("", Code.UNSAFE_NAME),
    "the wrong way": ("data/\u202egnp.exe", Code.UNSAFE_NAME),
    "long": ("x" * 256, Code.UNSAFE_NAME),
    "in other capitals": ("DATA/usage_search.json", Code.TWICE),
    "a second time": (SEARCH, Code.TWICE),
    "a folder": ("data/evil/", Code.NOT_A_FILE),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("name", "code"), TRICKS.values(), ids=TRICKS)
def test_a_name_that_leads_elsewhere_is_named(name, code):
    member = zipfile.ZipInfo("placeholder")
    member.filename = name

    verdict = verify(io.BytesIO(with_members((member, b"x"))), KEYS)

    assert code in [fault.code for fault in verdict.faults]
    assert verdict.state == State.TAMPERED
    assert all(str(fault).isprintable() for fault in verdict.faults)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_what_is_no_ordinary_file_is_named(kind):
    verdict = verify(io.BytesIO(with_members(of_kind("data/evil.json", kind))), KEYS)

    assert [fault.code for fault in verdict.faults] == [Code.NOT_A_FILE]


def test_a_second_name_in_the_headers_is_named():
    """Info-ZIP unpacks a file by the name in this field (0x7075), and not by the one that was checked."""
    member = zipfile.ZipInfo("data/evil.json")
    name = b"\x01" + struct.pack("<L", zlib.crc32(b"data/evil.json")) + b"data/../../evil.json"
    member.extra = struct.pack("<HH", 0x7075, len(name)) + name

    verdict = verify(io.BytesIO(with_members((member, b"x"))), KEYS)

    assert {fault.file for fault in verdict.faults} == {"data/evil.json"}
    assert Code.NOT_A_FILE in [fault.code for fault in verdict.faults]


@pytest.mark.parametrize("place", [14, 18, 22])
def test_a_file_whose_own_header_gives_other_sizes_is_named(place):
    """A program that walks from file to file would unpack something else than one that reads the directory."""
    raw = bytearray(with_members(("data/evil.json", b"x" * 500)))
    raw[raw.rindex(BEGIN) + place] ^= 1

    verdict = verify(io.BytesIO(raw), KEYS)

    assert [fault.code for fault in verdict.faults] == [Code.DAMAGED]


def test_bytes_between_two_files_are_found():
    """A program that walks from file to file would unpack them."""
    raw = good()
    at = raw.index(BEGIN, 4)
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("data/evil.json", b"[]")
    piece = hidden.getvalue()[: hidden.getvalue().index(b"PK\x01\x02")]

    verdict = verify(io.BytesIO(_shifted(raw, at, piece)), KEYS)

    assert [fault.code for fault in verdict.faults] == [Code.HIDDEN_BYTES]


def _shifted(raw, at, piece):
    """With `piece` put in, and every number in the directory set right."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        begin, members = archive.start_dir, archive.infolist()
    out, tail = bytearray(raw[:at] + piece + raw[at:begin]), bytearray(raw[begin:])
    for member in members:
        if member.header_offset >= at:
            where = tail.index(struct.pack("<Q", member.header_offset), tail.index(member.filename.encode()))
            tail[where : where + 8] = struct.pack("<Q", member.header_offset + len(piece))
    for old in (begin, len(raw) - 98):
        where = tail.rindex(struct.pack("<Q", old))
        tail[where : where + 8] = struct.pack("<Q", old + len(piece))
    return bytes(out + tail)


def bomb(size, name="data/usage_search.json"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(size))
    return file.getvalue()


def lying(raw, size):
    """Directory and header say that the first file unpacks to `size`."""
    raw = bytearray(raw)
    for at in (raw.index(BEGIN) + 22, raw.index(b"PK\x01\x02") + 24):
        raw[at : at + 4] = struct.pack("<L", size)
    return bytes(raw)


BOMBS = {
    "dense": (bomb(20_000_000), Bounds(), Code.TOO_DENSE),
    "large": (with_members(("x.bin", os.urandom(5000))), Bounds(size=9000), Code.TOO_LARGE),
    "many": (with_members(*((f"x/{number}", b"") for number in range(60))), Bounds(files=50), Code.TOO_MANY_FILES),
    "more in its list than the bound has room for": (
        with_members(*((f"x/{number}" + "y" * 200, b"") for number in range(300))),
        Bounds(files=400),
        Code.TOO_MANY_FILES,
    ),
}


@pytest.mark.parametrize(("raw", "bounds", "code"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(raw, bounds, code, monkeypatch):
    monkeypatch.setattr("zlib.decompressobj", lambda *_args: pytest.fail("it was unpacked"))

    verdict = verify(io.BytesIO(raw), KEYS, bounds=bounds)

    assert ([fault.code for fault in verdict.faults], verdict.state) == ([code], State.UNREADABLE)


def test_a_broken_off_zip_of_very_many_files_is_not_walked_to_its_end():
    """33 bytes each; 200 MB of them took a quarter of an hour."""
    nothing = struct.pack("<4s5H3L2H", BEGIN, 20, 0, 8, 0, 0, 0, 0, 0, 1, 0)
    raw = b"".join(nothing + name + b"\x03\x00" for name in (b"a", b"b", b"c", b"d"))

    verdict = verify(io.BytesIO(raw), KEYS, bounds=Bounds(files=3))

    assert [(fault.code, fault.file) for fault in verdict.faults] == [(Code.CUT_OFF, "c")]


def test_a_list_of_very_many_faults_takes_time_by_their_number():
    """20,000 took minutes, as each was looked for among all the others."""
    listed = [{"name": f"x/{nth}", "bytes": 0, "sha256": "", "rows": None} for nth in range(20_000)]
    parts = [{"record": f"x.{nth}", "file": None, "rows": 0, "expected": 1} for nth in range(20_000)]
    raw = edited(lambda manifest: manifest.update(files=listed, parts=parts, rows=0))

    began = time.process_time()
    verdict = verify(io.BytesIO(raw), KEYS)

    assert len(verdict.faults) > 40_000
    assert time.process_time() - began < 10


def test_a_figure_that_no_table_reaches_is_no_figure():
    """Two of them add up to a number that Python does not write."""
    many = 10**4299 * 9
    part = {"record": "a", "file": None, "rows": many, "expected": many}

    verdict = verify(io.BytesIO(edited(lambda manifest: manifest.update(parts=[part, part]))), KEYS)

    assert [str(fault) for fault in verdict.faults] == ["manifest.json: it is not written as a manifest is"]


def test_a_manifest_that_would_fill_the_memory_is_refused_unread():
    """Of 85 KB that were sent, empty brackets made 370 MB."""
    filler = b'{"x": [' + b"[]," * 1_400_000 + b'"' + os.urandom(20_000).hex().encode() + b'"]}'

    tracemalloc.start()
    verdict = verify(io.BytesIO(changed("manifest.json", lambda _raw: filler)), KEYS)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [(fault.code, fault.file) for fault in verdict.faults] == [(Code.TOO_LARGE, "manifest.json")]
    assert most < 5_000_000


def test_what_unpacks_to_more_than_it_says_is_left_where_it_said_to_end():
    """It promises 10 bytes; 30 million come."""
    raw = lying(bomb(30_000_000, "manifest.json"), 10)

    tracemalloc.start()
    verdict = verify(io.BytesIO(raw), KEYS)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [fault.code for fault in verdict.faults] == [Code.DAMAGED]
    assert most < 5_000_000


def test_a_bound_can_be_raised(says, keys):
    assert says(good(), "--keys", keys, "--most-files", "3")[0] == 2
    assert says(good(), "--keys", keys, "--most-files", "300")[0] == 0


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "this is no ZIP file"),
        (b"PK", "this is no ZIP file"),
        (b"x" * 10_000, "this is no ZIP file"),
        (b"PK\x05\x06" + bytes(18), "neither manifest.json nor manifest.sig"),
        (bomb(10, "word/document.xml"), "neither manifest.json nor manifest.sig"),
        (edited(lambda manifest: manifest.update(version=1)), "its format is none that this program knows"),
        (edited(lambda manifest: manifest.update(format="other")), "its format is none that this program knows"),
    ],
)
def test_what_is_no_archive_of_this_kind_is_said_to_be_none(says, keys, raw, sentence):
    code, said = says(raw, "--keys", keys)

    assert code == 2
    assert sentence in said


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"format": "inzage-archive", "version": 2}',
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_manifest_that_is_none_ends_in_words(wrong):
    verdict = verify(io.BytesIO(changed("manifest.json", lambda _raw: wrong)), KEYS)

    assert [fault.code for fault in verdict.faults] == [Code.NOT_A_MANIFEST]


@pytest.mark.parametrize("key", ["issuer", "made_at", "rows", "parts", "references", "stored_files", "files"])
@pytest.mark.parametrize("value", [None, -1, "x", [None], {"file": []}, True])
def test_a_manifest_with_anything_in_any_place_ends_in_words(key, value):
    verdict = verify(io.BytesIO(edited(lambda manifest: manifest.update({key: value}), KEY)), KEYS)

    assert verdict.faults or (key, value) in [("issuer", "x"), ("made_at", "x")]


def header(**said):
    ours = {"alg": "EdDSA", "kid": next(iter(KEYS)), "typ": "inzage-manifest", "iss": ISSUER}
    return jose.base64url(json.dumps(ours | said).encode())


@pytest.mark.parametrize(
    "head",
    [
        header(alg="none"),
        header(alg="HS256"),
        header(typ="JWT"),
        header(crit=["b64"]),
        header(b64=False),
        header(kid=[1]),
        "e30",
        "e30=",
        "",
        "é",
    ],
)
def test_a_signature_of_another_kind_counts_for_nothing(head):
    """T-22: signed by the right key, and still not a manifest's signature."""
    payload = signed(contents())["manifest.json"]
    line = f"{head}..{jose.base64url(KEY.sign(jose._signed(head, payload) if head.isascii() else b''))}\n".encode()

    verdict = verify(io.BytesIO(changed("manifest.sig", lambda _raw: line)), KEYS)

    assert [fault.code for fault in verdict.faults] == [Code.NOT_A_SIGNATURE]


def test_a_signature_has_one_spelling():
    """The last letter has bits to spare: other libraries read the same bytes from sixteen letters."""
    line = signed(contents())["manifest.sig"].strip()
    other = bytes([line[-1] + 1])

    verdict = verify(io.BytesIO(changed("manifest.sig", lambda _raw: line[:-1] + other)), KEYS)

    assert line.endswith((b"A", b"Q", b"g", b"w"))
    assert [fault.code for fault in verdict.faults] == [Code.NOT_A_SIGNATURE]


def test_a_key_is_known_by_what_it_is_and_not_by_the_number_it_claims():
    claimed = jose.keys_of({"keys": [{**jose.jwk_of(STRANGER.public_key()), "kid": next(iter(KEYS))}]})

    verdict = verify(io.BytesIO(good()), claimed)

    assert [fault.code for fault in verdict.faults] == [Code.UNKNOWN_KEY]


def test_an_archive_of_another_issuer_is_neither_good_nor_bad():
    stranger = zipped(signed(contents(), key=STRANGER))

    assert verify(io.BytesIO(stranger), KEYS, issuer="https://here.example").state == State.SIGNER_UNKNOWN
    assert verify(io.BytesIO(stranger), KEYS, issuer=ISSUER).state == State.TAMPERED


def test_memory_does_not_grow_with_the_rows():
    def most(count):
        files = {**contents(), SEARCH: json_rows([{"id": number, "words": os.urandom(40).hex()} for number in range(count)])}
        file = io.BytesIO(zipped(signed(files)))
        tracemalloc.start()
        verify(file, KEYS)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(60_000) < most(6_000) + 1_500_000


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("ftp://x.example/keys", "over https only"),
        ("http://www.platform.example/keys", "over https only"),
        ("file:///etc/passwd", "no address"),
        ("https://user:secret@x.example/", "no address"),
        ("https://[::1/", "no address"),
        ("https://x.example:port/", "no address"),
        ("nowhere.json", "cannot be read"),
        ("key\0s.json", "cannot be read"),
    ],
)
def test_keys_come_from_a_file_or_over_https(place, sentence):
    with pytest.raises(KeysUnreadable, match=sentence):
        keys_from(place)


@contextmanager
def site(answer):
    """A site on this machine; `answer` gives status, headers and body for a path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_of_a_site_alone_the_well_known_address_is_asked():
    asked = []

    with site(lambda path: asked.append(path) or (200, {}, json.dumps(JWKS).encode())) as address:
        keys = keys_from(address)

    assert (list(keys), asked) == (list(KEYS), [jose.WELL_KNOWN])


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((404, {}, b""), "answered 404"),
        ((200, {}, b"x" * 70_000), "larger than any list"),
        ((302, {"Location": "http://localhost/elsewhere"}, b""), "on to another one"),
        ((302, {"Location": "https://evil.example/keys"}, b""), "on to another one"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "."),
        ((302, {"Location": "/again"}, b""), "answered 302"),
    ],
)
def test_a_site_that_has_no_keys_or_sends_us_on_is_not_believed(answer, sentence):
    with site(lambda path: answer) as address, pytest.raises(KeysUnreadable, match=sentence):
        keys_from(address)


def test_a_site_that_is_not_there_is_said_not_to_be_reached():
    with site(lambda path: (200, {}, b"")) as address:
        pass

    with pytest.raises(KeysUnreadable, match="could not be reached"):
        keys_from(address)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": [1]}', b'{"keys": [{"kty": "RSA"}]}', b"[" * 60_000, b"x" * 70_000]
)
def test_a_list_of_keys_that_is_none_is_said_to_be_none(tmp_path, raw, capsys):
    (tmp_path / "keys.json").write_bytes(raw)
    (tmp_path / "archive.zip").write_bytes(good())

    code = main([str(tmp_path / "archive.zip"), "--keys", str(tmp_path / "keys.json")])

    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_that_is_not_there_is_said_in_one_line(capsys):
    assert main(["nowhere.zip"]) == 2
    assert capsys.readouterr().err == "nowhere.zip: No such file or directory\n"


@pytest.mark.parametrize("options", [[], ["a.zip", "--most-files", "0"], ["a.zip", "--most-ratio", "many"], ["a.zip", "b.zip"]])
def test_wrong_usage_ends_with_two(options, capsys):
    with pytest.raises(SystemExit) as end:
        main(options)

    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err
