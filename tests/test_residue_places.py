"""What lies outside the database is read too: files, what is packed in them, broker, mail and logs."""

import gzip
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from privacy.conf import store
from privacy.evidence import places, residue
from privacy.evidence.identifiers import Identifiers
from privacy.evidence.tables import Table

from .makers import make_publication

ADDRESS = "an.peeters@school.example"

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(settings, tmp_path):
    """A folder of the host's per place."""
    folders = {name: tmp_path / name for name in ("broker", "outbox", "log")}
    for folder in folders.values():
        folder.mkdir()
    settings.PRIVACY = {**settings.PRIVACY, "RESIDUE_PLACES": folders | {"log": folders["log"] / "*.log"}, "RESIDUE_LISTED": ("outbox",)}
    return folders


def refusing(folder):
    """os.walk of who may not list it."""

    def walk(top, onerror):
        if top == folder.parent:
            onerror(PermissionError(13, "refused", str(folder)))
        return []

    return walk


def scanned():
    found = residue.scan({"R": Identifiers([ADDRESS], ["An Peeters"])}).found["R"]
    return {(place, kind): found.keys[place, kind] for place, kind in found.hits}


@pytest.mark.parametrize("place", ["broker", "log"])
def test_a_message_and_a_log_may_not_name_her(host, place):
    (host[place] / "1.log").write_text(f"task for {ADDRESS}")

    assert scanned() == {(place, "remains"): ["1.log"]}


def test_mail_that_went_out_is_listed(host):
    (host["outbox"] / "20261128.log").write_text(f"To: {ADDRESS}\n\nBeste An Peeters")

    assert scanned() == {("outbox", "kept"): ["20261128.log"], ("outbox", "name"): ["20261128.log"]}


def test_a_file_that_nothing_names_is_left_behind():
    name = default_storage.save("los.txt", ContentFile(f"Van {ADDRESS}".encode()))

    assert scanned() == {("file storage", "remains"): [name]}


def test_a_file_that_another_published_is_hers(bo):
    publication = make_publication(bo, text=f"Met dank aan {ADDRESS}")

    assert scanned() == {("file storage", "another's"): [publication.file.name]}


def test_the_name_of_a_file_counts(host):
    (host["broker"] / f"for {ADDRESS}").write_text("")

    assert scanned() == {("broker", "remains"): [f"for {ADDRESS}"]}


def test_our_own_folder_is_read_but_for_what_is_replayed():
    (store("ledger") / "replay.jsonl").write_text(ADDRESS)
    (store("other") / "x").write_text(ADDRESS)

    assert scanned() == {("store", "kept"): ["ledger/replay.jsonl"], ("store", "remains"): ["other/x"]}


def test_what_is_packed_is_unpacked(host):
    with zipfile.ZipFile(host["broker"] / "les.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f"<p>{ADDRESS}</p>" * 100)
    (host["broker"] / "log.gz").write_bytes(gzip.compress(f"to {ADDRESS} ".encode() * 100))

    assert sorted(scanned()["broker", "remains"]) == ["les.docx", "log.gz"]


@pytest.mark.parametrize("bytes_", [b"PK\x03\x04 no zip", b"\x1f\x8b no gzip", gzip.compress(b"x" * 1000, mtime=0)[:-20], b""])
def test_a_broken_file_stops_nothing(host, bytes_):
    (host["broker"] / "broken").write_bytes(bytes_)

    assert scanned() == {}


def test_what_unfolds_without_end_is_left_off(host, monkeypatch):
    monkeypatch.setattr(places, "UNPACKED_AT_MOST", 1000)
    (host["broker"] / "bomb.gz").write_bytes(gzip.compress(b"x" * 5000 + ADDRESS.encode()))

    assert scanned() == {}


def test_what_refuses_us_is_counted_and_listed(host, monkeypatch):
    """A log of the system's, a folder and a table of another role's; her address in its name is seen all the same."""
    (host["log"] / f"{ADDRESS} 1.log").write_text("x")
    (host["broker"] / "closed").mkdir()
    monkeypatch.setattr(places.Path, "open", lambda *given: (_ for _ in ()).throw(PermissionError))
    monkeypatch.setattr(places.os, "walk", refusing(host["broker"] / "closed"))
    monkeypatch.setattr(residue, "all_tables", lambda: [Table("secrets", "secrets", ("a",), is_readable=False)])

    reading = residue.scan({"R": Identifiers([ADDRESS], [])})
    monkeypatch.undo()
    scan = residue.write("R", reading)

    assert (reading.places, scan.unread, scan.listed, scan.remains) == (0, 3, 0, 1)
    found = {finding.place: finding.keys for finding in scan.findings.filter(kind="unread")}
    assert found == {"log": [f"{ADDRESS} 1.log"], "broker": ["closed"], "secrets": [""]}


def test_a_file_that_is_gone_by_now_is_no_error(host, monkeypatch):
    (host["broker"] / "1.msg").write_text("x")
    monkeypatch.setattr(places.Path, "open", lambda *given: (_ for _ in ()).throw(FileNotFoundError))

    assert list(places.Found("broker", "1.msg", None, host["broker"] / "1.msg").blocks())[1:] == []
