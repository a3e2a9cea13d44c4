"""Whose archive it is, who made it and whether it is whole, before a word of it is believed."""

import io
import json
import struct
import zipfile

import pytest

from privacy.errors import (
    ArchiveDamaged,
    ArchiveOfAnotherMaker,
    ArchiveOfAnotherPerson,
    ArchiveTooLarge,
    ArchiveTooNew,
    ArchiveTooOld,
    MakerUnreadable,
    NotAnArchive,
    NotTakenIn,
)
from privacy.rights.opening import opened
from usage.models import Folder

from .brought import BREUKEN, ELSEWHERE, JWKS, KEY, MOMENT, STRANGER, archive, counts_of, looked_at, taken_in
from .makers import make_member

pytestmark = pytest.mark.django_db

FOLDERS = {"usage.Folder": [{"id": 41, "name": "Voor maandag"}]}


def address(email, *, verified=True):
    return {"account.EmailAddress": [{"id": 1, "email": email, "verified": verified}]}


@pytest.fixture
def trusting(settings, tmp_path):
    """This installation knows one other maker."""
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": {ELSEWHERE: JWKS}}


def of_elsewhere(rows, *, key=KEY, issuer=ELSEWHERE, subject="11111111-1111-4111-8111-111111111111", **options):
    return archive(rows, subject=subject, key=key, issuer=issuer, **options)


def test_an_archive_of_ours_is_hers_by_its_reference(an, bo):
    raw = archive(FOLDERS, subject=an.subject.ref)

    assert counts_of(looked_at(an, raw), "usage.Folder") == (1, 0, 0, 0)
    with pytest.raises(ArchiveOfAnotherPerson):
        looked_at(bo, raw)


def test_her_address_in_an_archive_of_ours_does_not_make_it_hers(an, bo):
    raw = archive(FOLDERS | address(bo.email), subject=an.subject.ref)

    with pytest.raises(ArchiveOfAnotherPerson):
        taken_in(bo, raw)


def test_an_archive_of_a_maker_that_we_know_is_hers_by_an_address_that_both_confirmed(an, trusting):
    raw = of_elsewhere(FOLDERS | address(an.email.upper()))

    assert counts_of(taken_in(an, raw), "usage.Folder") == (1, 0, 0, 0)


def test_the_keys_of_another_maker_may_stand_in_a_file(an, settings, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(JWKS))
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": {ELSEWHERE: str(tmp_path / "keys.json")}}

    assert looked_at(an, of_elsewhere(FOLDERS | address(an.email))).new == 1


@pytest.mark.parametrize(
    "rows", [address("an.peeters@school.example", verified=False), address("iemand@school.example"), address(["x"]), {}]
)
def test_without_such_an_address_it_is_somebody_elses(an, trusting, rows):
    with pytest.raises(ArchiveOfAnotherPerson):
        looked_at(an, of_elsewhere(FOLDERS | rows))


def test_an_address_that_she_did_not_confirm_here_does_not_count(trusting):
    an = make_member("An", verified=False)

    with pytest.raises(ArchiveOfAnotherPerson):
        looked_at(an, of_elsewhere(FOLDERS | address(an.email)))


def test_a_maker_that_we_do_not_know_is_named(an):
    with pytest.raises(ArchiveOfAnotherMaker, match="elsewhere"):
        looked_at(an, of_elsewhere(FOLDERS | address(an.email)))


@pytest.mark.parametrize("keys", ["/nowhere/keys.json", "", {}, {"keys": []}, None, 7, "\0"])
def test_where_the_keys_of_a_maker_cannot_be_read_the_fault_is_ours(an, settings, keys):
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": {ELSEWHERE: keys}}

    with pytest.raises(MakerUnreadable):
        looked_at(an, of_elsewhere(FOLDERS | address(an.email)))


def test_a_list_of_makers_is_trust_in_nobody(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": [ELSEWHERE]}

    with pytest.raises(ArchiveOfAnotherMaker):
        looked_at(an, of_elsewhere(FOLDERS | address(an.email)))


@pytest.mark.parametrize("issuer", [f"{ELSEWHERE}/", f"{ELSEWHERE}:443", "http://elsewhere.example", "https://ELSEWHERE.example"])
def test_a_maker_is_the_one_that_we_trust_letter_by_letter(an, trusting, issuer):
    with pytest.raises(ArchiveOfAnotherMaker):
        looked_at(an, of_elsewhere(FOLDERS | address(an.email), issuer=issuer))


def test_an_archive_of_ours_is_ours_though_our_address_is_set_with_a_slash(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "SITE": "https://platform.example/"}

    raw = archive(FOLDERS, subject=an.subject.ref, issuer="https://platform.example")

    assert looked_at(an, raw).new == 1


def test_another_maker_cannot_sign_in_our_name_nor_in_anothers(an, trusting, settings):
    ours = archive(FOLDERS, subject=an.subject.ref, key=KEY)
    with pytest.raises(ArchiveDamaged):
        looked_at(an, ours)
    with pytest.raises(ArchiveDamaged):
        looked_at(an, of_elsewhere(FOLDERS | address(an.email), key=STRANGER))


def test_the_maker_in_the_signature_is_the_one_in_the_manifest(an, trusting):
    raw = of_elsewhere(FOLDERS, said={"issuer": "http://127.0.0.1:8000", "subject": str(an.subject.ref)})

    with pytest.raises(ArchiveDamaged):
        looked_at(an, raw)


def test_every_change_is_seen(an):
    """Truncated anywhere, or with one byte flipped anywhere in what counts."""
    raw = archive(FOLDERS, subject=an.subject.ref)

    for length in range(0, len(raw), max(1, len(raw) // 60)):
        with pytest.raises(NotTakenIn):
            looked_at(an, raw[:length])
    for place in range(0, len(raw) - 200, max(1, len(raw) // 200)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        try:
            looked_at(an, changed)
        except NotTakenIn:
            continue
        assert zipfile.ZipFile(io.BytesIO(changed)).read("data/usage_folder.json") == b'[\n{"id": 41, "name": "Voor maandag"}\n]\n'
    assert not Folder.objects.exists()


def test_what_is_no_archive_is_said_so(an):
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()

    for raw in (b"", b"%PDF-1.7", bytes(1000), empty.getvalue()):
        with pytest.raises(NotAnArchive):
            looked_at(an, raw)


def test_other_versions_are_told_apart(an):
    with pytest.raises(ArchiveTooNew):
        looked_at(an, archive(FOLDERS, subject=an.subject.ref, said={"version": 3}))
    with pytest.raises(ArchiveTooOld):
        looked_at(an, archive(FOLDERS, subject=an.subject.ref, said={"version": 1}))


@pytest.mark.parametrize(
    "said", [{"version": "2"}, {"version": True}, {"version": None}, {"format": "zip"}, {"format": ["inzage-archive"]}]
)
def test_a_manifest_of_another_kind_is_no_archive(an, said):
    with pytest.raises(NotAnArchive):
        looked_at(an, archive(FOLDERS, subject=an.subject.ref, said=said))


PART = {"record": "usage.Folder", "file": None, "schema": None, "csv": None, "rows": 0, "expected": 0, "bytes": 0, "sha256": None}
BENT = [
    {"parts": {}},
    {"parts": [7]},
    {"parts": [{**PART, "record": {"a": 1}}]},
    {"parts": [{**PART, "rows": -1, "expected": -1}]},
    {"parts": [{**PART, "rows": True}]},
    {"parts": [{**PART, "file": ["data/usage_folder.json"]}]},
    {"stored_files": [{"file": 1}]},
    {"stored_files": "x"},
    {"files": None},
    {"subject": {"a": 1}},
]


@pytest.mark.parametrize("said", BENT)
def test_a_manifest_that_is_bent_is_refused_whoever_signed_it(an, said):
    with pytest.raises((ArchiveDamaged, ArchiveOfAnotherPerson)):
        looked_at(an, archive(FOLDERS, subject=an.subject.ref, said=said))


DATA = {
    "no JSON": b"[\n{oops}\n]\n",
    "no number": b'[\n{"id": NaN, "name": "x"}\n]\n',
    "endless brackets": b"[\n" + b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n]\n",
    "a figure of 10,000 digits": b'[\n{"id": ' + b"9" * 10_000 + b', "name": "x"}\n]\n',
    "no UTF-8": b'[\n{"id": 1, "name": "\xff"}\n]\n',
}


@pytest.mark.parametrize("raw", DATA.values(), ids=DATA)
def test_data_that_are_no_rows_are_refused_whoever_signed_them(an, raw):
    with pytest.raises(ArchiveDamaged):
        looked_at(an, archive({"usage.Folder": raw}, subject=an.subject.ref))


def test_a_row_that_never_ends_is_refused(an):
    with pytest.raises(ArchiveTooLarge):
        looked_at(an, archive({"usage.Folder": b'[\n{"name": "' + b"x" * 2**21 + b'"}\n]\n'}, subject=an.subject.ref))


def test_more_rows_than_one_act_takes_are_refused(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "TAKE_IN_ROWS": 3}
    rows = [{"id": nth, "words": "x", "searched_at": MOMENT} for nth in range(4)]

    with pytest.raises(ArchiveTooLarge):
        looked_at(an, archive({"usage.Search": rows}, subject=an.subject.ref))


def test_rows_that_the_manifest_does_not_count_are_not_read(an):
    """Written with a blank in front, they pass the count of the check."""
    raw = b'[\n{"id": 1, "name": "Geteld"},\n {"id": 2, "name": "Verstopt"}\n]\n'

    report = taken_in(an, archive({"usage.Folder": raw}, subject=an.subject.ref))

    assert counts_of(report, "usage.Folder") == (1, 0, 0, 0)
    assert Folder.objects.get().name == "Geteld"


def test_references_that_the_manifest_does_not_count_are_not_read(an, monkeypatch):
    monkeypatch.setattr(
        "tests.brought.lines", lambda rows: b"[\n{},\n" + b",\n".join(b" " + json.dumps(row).encode() for row in rows) + b"\n]\n"
    )
    raw = archive({"usage.Folder": b'[\n{"id": 1, "name": "x"}\n]\n'}, subject=an.subject.ref)

    with opened(io.BytesIO(raw), an.subject) as brought:
        assert list(brought.references("usage_resource")) == [{}]


def test_more_that_rows_point_at_than_memory_should_hold_is_refused(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "TAKE_IN_ROWS": 3}
    pointed_at = [{**BREUKEN, "key": nth} for nth in range(4)]

    with pytest.raises(ArchiveTooLarge):
        looked_at(an, archive(FOLDERS, pointed_at, subject=an.subject.ref))


def test_a_file_of_hers_that_no_form_takes_is_refused_before_it_is_read(an, monkeypatch):
    monkeypatch.setattr("privacy.rights.opening.FILE_BYTES", 1000)
    raw = archive(
        {"accounts.Member": [{"id": 1, "photo": "x"}]}, subject=an.subject.ref, stored=[("accounts.Member", "photo", 1, bytes(1001))]
    )

    (offer,) = looked_at(an, raw).offers

    assert offer.problem == str(ArchiveTooLarge.sentence)


def test_a_file_that_unpacks_to_gigabytes_is_refused_by_its_directory(an):
    """10 GB that are said to lie in 100 bytes."""
    raw = bytearray(archive(FOLDERS, subject=an.subject.ref))
    begin = raw.index(b"PK\x01\x02")
    extra = raw.index(struct.pack("<HH", 1, 24), begin)
    raw[extra + 4 : extra + 12] = struct.pack("<Q", 10 * 2**30)

    with pytest.raises(ArchiveTooLarge):
        looked_at(an, bytes(raw))


def test_a_bomb_is_refused(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "TAKE_IN_BYTES": 1_000_000}
    raw = archive(FOLDERS, subject=an.subject.ref, stored=[("usage.Publication", "file", 1, bytes(2_000_000))])

    with pytest.raises(ArchiveTooLarge):
        looked_at(an, raw)


def test_a_hundred_thousand_files_are_refused_unread(an):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as many:
        for nth in range(20_000):
            many.writestr(f"data/{nth}.json", b"")

    with pytest.raises(ArchiveTooLarge):
        looked_at(an, written.getvalue())


@pytest.mark.parametrize("name", ["../manifest.json", "/etc/passwd", "data/../../x", "C:\\x", "manifest.json", "extra.txt"])
def test_what_else_lies_in_the_zip_is_refused(an, name):
    raw = archive(FOLDERS, subject=an.subject.ref, edit={name: b"{}"})

    with pytest.raises((ArchiveDamaged, NotAnArchive)):
        looked_at(an, raw)
