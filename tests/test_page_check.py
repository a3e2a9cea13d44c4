"""The page on which anybody checks an archive or a certificate: what it says, what it refuses, what it never shows, asks or keeps."""

import fcntl
import os
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from privacy.conf import store
from privacy.evidence.signing import sign
from privacy.pages import checking
from privacy.pages.uploads import PassingHandler
from privacy.verify.certificate import fingerprint

from . import certificates
from . import signed_archives as archives
from .reading import words_of
from .signed_archives import STRANGER, contents, manifest_of, signed, zipped
from .signing_in import browser_of

PAGE = "/my-privacy/check-archive/"
HERE = "https://www.platform.example"


@pytest.fixture(autouse=True)
def ours(settings):
    """The site that the archives of these tests name; its key is the one it makes itself."""
    settings.PRIVACY = {**settings.PRIVACY, "SITE": HERE, "VERIFY_MEGABYTES": 1}


def our_archive(files=None):
    """Signed by this installation."""
    made = signed(files or contents())
    return {**made, "manifest.sig": f"{sign(made['manifest.json'])}\n".encode()}


def sent(client, raw, name="archive.zip"):
    return client.post(PAGE, {"archive": SimpleUploadedFile(name, raw, "application/zip")})


def said(client, raw):
    return words_of(sent(client, raw).content.decode())


def test_anybody_may_ask_and_no_database_is_asked(client):
    """No mark for the database: whoever asks it, fails."""
    looked = client.get(PAGE)

    answer = sent(client, zipped(our_archive()))

    assert (looked.status_code, answer.status_code) == (200, 200)
    assert "no-store" in answer.headers["Cache-Control"]


def test_our_own_archive_is_whole_and_ours(client):
    words = said(client, zipped(our_archive()))

    assert "15" in words
    assert HERE in words
    assert "manifest" not in words


def test_it_names_nobody_and_shows_nothing_of_what_is_in_it(client):
    subject = {"subject": "5b0c1a3e-0000-4000-8000-000000000000", "controller": {"name": "Peeters"}}
    made = signed(contents(), manifest_of(contents()) | subject)

    words = sent(client, zipped({**made, "manifest.sig": f"{sign(made['manifest.json'])}\n".encode()})).content.decode()

    assert "5b0c1a3e" not in words
    assert "Peeters" not in words.partition("<footer")[0]
    assert "breuken" not in words


def test_what_was_changed_is_named_with_its_rows(client):
    files = our_archive()

    answer = sent(client, zipped({**files, "data/usage_search.json": archives.json_rows(archives.SEARCHES[1:])}))

    words = words_of(answer.content.decode())
    assert answer.status_code == 200
    assert "data/usage_search.json" in words
    assert " 11 12 " in words


def test_what_another_site_signed_is_sent_there(client):
    issuer = "https://elsewhere.example"
    made = signed(contents(), manifest_of(contents()) | {"issuer": issuer}, STRANGER, issuer)

    answer = sent(client, zipped(made))

    assert f"--keys {issuer}" in words_of(answer.content.decode())
    assert f'href="{issuer}' not in answer.content.decode()


def test_what_says_it_is_ours_but_is_not_is_not_believed(client):
    words = said(client, zipped(signed(contents(), key=STRANGER)))

    assert "manifest.sig" in words
    assert "--keys https://elsewhere" not in words


@pytest.mark.parametrize("issuer", ["<script>alert(1)</script>", "javascript:alert(1)", "x" * 1000, "https://x.example/?q=\u202e", ""])
def test_a_strange_issuer_is_not_shown(client, issuer):
    answer = sent(client, zipped(signed(contents(), manifest_of(contents()) | {"issuer": issuer}, STRANGER, issuer)))

    assert answer.status_code == 200
    assert not issuer or issuer not in answer.content.decode()


REFUSED = {
    "nothing": (None, 400),
    "an empty file": (b"", 400),
    "text": (b"Dear An", 400),
    "another ZIP": (archives.zipped({"word/document.xml": b"x"}), 400),
    "too much": (os.urandom(1_000_001), 413),
    "far too much": (os.urandom(3_000_000), 413),
    "a bomb": (archives.zipped({"data/x.json": bytes(9_000_000)}), 400),
    "null characters": (bytes(1000), 400),
}


@pytest.mark.parametrize(("raw", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_archive_is_refused_in_words(client, raw, status):
    answer = client.post(PAGE) if raw is None else sent(client, raw)

    assert answer.status_code == status
    assert b'class="errors"' in answer.content


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 100_000, "<script>.zip", "\u202epiz.exe", "👩🏽‍🏫.zip", ""])
def test_any_name_of_a_file_will_do(client, name):
    assert sent(client, zipped(our_archive()), name or " ").status_code in {200, 400}


def test_a_broken_off_archive_says_so(client):
    raw = zipped(our_archive())

    words = said(client, raw[: raw.index(b"csv/usage_search.csv") + 60])

    assert "csv/usage_search.csv" in words


def test_of_many_faults_the_first_are_listed_and_the_rest_counted(client):
    more = {f"files/x/{number}-file.txt": b"x" for number in range(50)}

    page = sent(client, zipped(our_archive() | more)).content.decode()

    assert page.count("-file.txt") == 20
    assert " 30 " in words_of(page)


def test_what_is_sent_never_has_a_name_on_disk(client, tmp_path, monkeypatch):
    """So nothing stays behind, not even where the process is killed meanwhile."""
    raw, names = zipped(our_archive()), []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    check = checking.verify
    monkeypatch.setattr(checking, "verify", lambda *given, **options: names.extend(tmp_path.rglob("*")) or check(*given, **options))

    assert sent(client, raw).status_code == 200

    assert [name for name in names if name.is_file() and "privacy" not in name.parts] == []


def test_of_what_is_too_large_nothing_stays_on_disk_meanwhile():
    handler = PassingHandler(most=10)
    handler.new_file("archive", "a.zip", "application/zip", None)

    handler.receive_data_chunk(b"x" * 8, 0)
    handler.receive_data_chunk(b"x" * 8, 8)
    handler._file.flush()

    assert os.fstat(handler._file.fileno()).st_size == 0
    assert handler.file_complete(16).size == 16


def test_while_others_check_one_it_asks_to_come_back(client):
    places = [(store("places") / f"check-{number}").open("wb") for number in range(2)]
    for place in places:
        fcntl.flock(place, fcntl.LOCK_EX)

    answer = sent(client, zipped(our_archive()))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    for place in places:
        place.close()
    assert sent(client, zipped(our_archive())).status_code == 200


def test_a_place_is_given_back_after_a_fault(client, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("privacy.pages.checking.verify", lambda *_args, **_options: Path("/nowhere").read_bytes())
        for _number in range(3):
            with pytest.raises(FileNotFoundError):
                sent(client, zipped(our_archive()))

    assert sent(client, zipped(our_archive())).status_code == 200


def test_who_asked_for_erasure_may_still_check_hers(an):
    type(an.subject).objects.filter(pk=an.subject_id).update(hidden_at=timezone.now())

    assert browser_of(an).get(PAGE).status_code == 200


def test_the_foot_of_every_page_leads_there(client, db):
    assert f'href="{reverse("privacy:verify")}"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_it_is_asked_and_answered_in_no_other_way(client, method):
    assert getattr(client, method)(PAGE).status_code == 405


# Certificates


def our_certificate(**changed):
    """Signed by this installation."""
    made = certificates.digested(**changed)
    return {**made, "signature": sign(certificates.spelled(made["digests"]), kind=certificates.FORMAT)}


def test_our_own_certificate_is_whole_and_ours(client):
    """G-46: what it shows can be laid beside the paper; no database is asked."""
    made = our_certificate(held=[certificates.HELD])

    answer = sent(client, certificates.written(made), "certificate.json")

    words = words_of(answer.content.decode())
    assert answer.status_code == 200
    for shown in ("ABCDEFGHJK", fingerprint(made), HERE, "1.234", "8"):
        assert shown in words


def test_what_was_changed_in_a_certificate_is_named(client):
    page = sent(client, certificates.written({**our_certificate(), "files_removed": 0})).content.decode()

    assert "<code>files_removed</code>" in page
    assert "ABCDEFGHJK" not in page


def test_a_certificate_of_another_site_is_sent_there(client):
    elsewhere = "https://elsewhere.example"
    made = certificates.certificate(STRANGER, in_name_of=elsewhere, issuer=elsewhere)

    words = said(client, certificates.written(made))

    assert f"certificate.json --keys {elsewhere}" in words
    assert "ABCDEFGHJK" not in words


def test_a_certificate_that_says_it_is_ours_but_is_not_is_not_believed(client):
    page = sent(client, certificates.written(certificates.certificate(STRANGER))).content.decode()

    assert "<code>signature</code>" in page
    assert "ABCDEFGHJK" not in page


NO_CERTIFICATE = {
    "on paper": b"%PDF-1.7\n",
    "truncated": certificates.good()[:-100],
    "format 99": certificates.written(certificates.certificate(version=99)),
    "other JSON": b'{"format": "else"}',
    "huge": b"{" + b" " * 999_000,
    "deep": b'{"format":' + b"[" * 500_000,
    "null characters": b"{" + bytes(1000),
}


@pytest.mark.parametrize("raw", NO_CERTIFICATE.values(), ids=NO_CERTIFICATE)
def test_what_is_no_certificate_is_refused_in_words(client, raw):
    answer = sent(client, raw)

    assert answer.status_code == 400
    assert b'class="errors"' in answer.content


@pytest.mark.parametrize("member", ["<script>alert(1)</script>", "\u202e", "x" * 100_000, "\x00", "👩🏽‍🏫"])
def test_a_strange_member_of_a_certificate_is_shown_harmless(client, member):
    page = sent(client, certificates.written({**our_certificate(), member: 1})).content.decode()

    assert "<script>alert" not in page
    assert not {"\u202e", "\x00"} & set(page)
    assert "x" * 1000 not in page
