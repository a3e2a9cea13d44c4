"""The report of an archive: everything a person is told of her data, for reading on paper."""

import json

import pytest
from django.utils import translation

from privacy.rights.readable import Reader

from .archives import HOSTILE, archive_of
from .makers import make_favourite, make_grant, make_message, make_view
from .reports import USAGE, make_column, make_manifest, make_part, pdf_of, read, text_of

NASTY = ["<b>", '<img src="/etc/passwd">', "&lt;", "\0", "\ud800", "\u202e\u05d0\u0627", "😀中", HOSTILE, "x" * 10**5]

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def searches(number, words="breuken"):
    return [{"searched_at": f"2026-03-{1 + nth % 28:02}T12:00:00.000000Z", "words": f"{words} {nth}"} for nth in range(number)]


def test_the_first_page_answers_what_we_know():
    part = make_part(rows=1284)
    recipient = {
        "key": 1,
        "name": "Edupartner",
        "kind": "x",
        "contact": "",
        "privacy_url": "",
        "first_at": None,
        "last_at": None,
        "attributes": [],
        "labels": [],
    }

    first = read(pdf_of(make_manifest(part, recipients=[recipient]))).pages[0].extract_text()

    assert "What do we know about you?" in first
    assert "1,284 records · 1 kind of data · 1 recipient" in first
    assert "28 Nov 2026, 13:00" in first
    for said in ("info@platform.example", "dpo@platform.example", "contact@apd-gba.be", "Searches", "What you do here"):
        assert said in first


def test_each_use_says_why_how_long_from_whom_and_to_whom():
    """Art. 15(1)(a)-(d), (g)."""
    text = text_of(pdf_of(make_manifest(make_part())))

    for said in ("Offer the functions.", "contract, consent.", "With the account.", "The person.", "Partners.", "None.", "deleted"):
        assert said in text


def test_a_recipient_stands_by_name_with_first_and_last_date():
    """Art. 15(1)(c)."""
    got = {"key": 1, "name": "Edupartner", "kind": "processor", "contact": "privacy@edupartner.example", "privacy_url": "https://e.example"}
    got |= {
        "first_at": "2026-01-02T12:00:00.000000Z",
        "last_at": "2026-11-03T12:00:00.000000Z",
        "attributes": ["words"],
        "labels": ["words"],
    }
    part = make_part(columns=[make_column("words", "provided", label="Words you typed")])

    text = text_of(pdf_of(make_manifest(part, recipients=[got])))

    assert "Edupartner Processor First on 2 Jan 2026, last on 3 Nov 2026: Words you typed. privacy@edupartner.example" in text


def test_the_latest_rows_stand_there_and_the_file_with_all():
    text = text_of(pdf_of(make_manifest(make_part(rows=100_000)), {"usage_search": searches(3)}))

    assert "The latest 3 of 100,000. All of them, in full: data/usage_search.json · csv/usage_search.csv" in text
    assert all(f"breuken {nth}" in text for nth in range(3))


def test_codes_are_told_by_meaning_and_references_by_title():
    part = make_part(
        columns=[make_column("kind", codes={"a": "by mail"}), make_column("resource", references="usage_resource"), make_column("yes")]
    )
    rows = [{"kind": "a", "resource": 17, "yes": True}, {"kind": "b", "resource": 99, "yes": None}]

    text = text_of(pdf_of(make_manifest(part), {"usage_search": rows}, {"usage_resource": {17: "Breuken"}}))

    assert "by mail Breuken yes" in text
    assert "b 99" in text


def test_what_she_keeps_something_in_is_told_by_the_name_she_gave_it():
    folders = make_part("usage.Folder", [make_column("id", "not_personal"), make_column("name", "provided")], title="folders")
    kept = make_part("usage.Favourite", [make_column("folder", "person", references="usage_folder"), make_column("note")])
    rows = {"usage_folder": [{"id": 7, "name": "Voor maandag"}], "usage_favourite": [{"folder": 7, "note": "les 2"}]}

    assert "Voor maandag les 2" in text_of(pdf_of(make_manifest(folders, kept), rows))


def test_a_file_of_hers_is_named_as_it_lies_in_the_archive():
    part = make_part(columns=["photo"])
    stored = {
        "file": "files/usage_search/1-photo.webp",
        "record": "usage.Search",
        "column": "photo",
        "key": 1,
        "stored_as": "photos/x.webp",
    }

    text = text_of(pdf_of(make_manifest(part, stored_files=[stored]), {"usage_search": [{"photo": "photos/x.webp"}]}))

    assert "files/usage_search/1-photo.webp" in text


def test_of_two_people_she_is_you_and_the_other_has_no_name():
    part = make_part("usage.Message", [make_column("sender", "person"), make_column("recipient", "person"), "text"])
    masked = {"column": "recipient", "count": 7, "reason": "Somebody else"}

    text = text_of(
        pdf_of(make_manifest({**part, "masked": [masked]}), {"usage_message": [{"sender": "x", "recipient": None, "text": "dag"}]})
    )

    assert "you another person dag" in text
    assert "recipient Somebody else 7" in text


def test_a_row_number_and_what_only_says_that_a_row_is_hers_stay_in_the_files():
    part = make_part(columns=[make_column("id", "not_personal"), make_column("member", "person"), make_column("words")])

    text = text_of(pdf_of(make_manifest(part), {"usage_search": [{"id": "number-1", "member": "member-1", "words": "breuken"}]}))

    assert "breuken" in text
    assert "number-1" not in text
    assert "member-1" not in text


def test_a_record_with_much_to_say_has_a_line_for_each_value_that_is_there():
    names = [f"column{nth}" for nth in range(9)]

    text = text_of(pdf_of(make_manifest(make_part(columns=names)), {"usage_search": [dict.fromkeys(names, "said") | {"column3": None}]}))

    assert "Column0 said Column1 said Column2 said Column4 said" in text
    assert "Column3" not in text


def test_a_long_value_is_cut_and_the_file_named():
    text = text_of(pdf_of(make_manifest(make_part()), {"usage_search": [{"searched_at": None, "words": "breuk " * 200_000}]}))

    assert "…" in text
    assert len(text) < 10_000
    assert "data/usage_search.json" in text


@pytest.mark.parametrize("where", ["row", "title", "name", "reference", "code", "controller"])
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_nothing_anybody_wrote_breaks_the_report(where, text):
    put = {each: text if each == where else "plain" for each in ("row", "title", "name", "reference", "code", "controller")}
    columns = [make_column("words", label=put["name"]), make_column("of", references="r"), make_column("code", codes={"1": put["code"]})]
    got = {"key": 1, "name": put["title"], "kind": put["name"], "contact": put["row"], "privacy_url": "", "first_at": None, "last_at": None}
    manifest = make_manifest(
        make_part(columns=columns, title=put["title"]),
        controller={"name": put["controller"], "address": put["row"], "email": "info@platform.example"},
        recipients=[{**got, "labels": [put["row"]]}],
        activities=[{**USAGE, "title": put["title"], "retention": put["name"]}],
    )

    pdf = pdf_of(manifest, {"usage_search": [{"words": put["row"], "of": 1, "code": "1"}] * 2}, {"r": {1: put["reference"]}})

    assert "1 kind of data" in text_of(pdf)
    assert len(read(pdf).pages) < 60
    assert not any(page.images for page in read(pdf).pages)


def test_a_letter_that_is_lacking_is_explained():
    text = text_of(pdf_of(make_manifest(make_part()), {"usage_search": searches(1, words="中")}))

    assert "□ stands where this paper has no letter" in text


@pytest.mark.parametrize(("language", "day"), [("en", "2 Mar 2025, 00:30"), ("nl", "2 mrt 2025, 00:30"), ("fr", "2 mar 2025, 00:30")])
def test_moments_are_told_in_her_language_and_in_our_time(language, day):
    manifest = make_manifest(make_part(), language=language)

    pdf = pdf_of(manifest, {"usage_search": [{"searched_at": "2025-03-01T23:30:00.000000Z", "words": ""}]})

    assert day in text_of(pdf)
    assert read(pdf).trailer["/Root"]["/Lang"] == language


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (True, "yes"),
        (12345, "12345"),
        (1.5, "1.5"),
        (["words", "b"], "words, b"),
        ({"a": [1, {"deep": 1}]}, "a: 1, {'deep': 1}"),
        ("2025-02-30", "2025-02-30"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ("0001-01-01", "1 Jan 1"),
        ("6f1c7a52-2f4e-4c1b-9a3f-1d2e3f4a5b6c", "you"),
    ],
)
def test_a_value_reads_as_a_person_says_it(value, said):
    assert Reader(make_manifest(make_part()), {}).plain(value) == said


@pytest.mark.parametrize(
    "scope", [{"kind": "portable"}, {"kind": "everything", "activity": "usage", "since": "2025-01-01T00:00:00.000000Z"}]
)
def test_an_archive_of_less_says_of_what(scope):
    text = text_of(pdf_of(make_manifest(make_part(), scope=scope)))

    assert ("What you can take along." in text) == (scope["kind"] == "portable")
    assert ("Only for: What you do here. From 1 Jan 2025, 01:00." in text) == ("activity" in scope)


def test_pages_are_as_many_as_the_rows_need():
    part = make_part(rows=2000)

    assert 30 <= len(read(pdf_of(make_manifest(part), {"usage_search": searches(2000)})).pages) <= 70


def test_a_person_of_whom_we_hold_nothing_gets_a_report_too():
    text = text_of(pdf_of(make_manifest(make_part(rows=0))))

    assert "0 records" in text
    assert "We hold nothing of you in: searches." in text


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_the_archive_of_an_is_told_in_full(an, bo, edupartner, language):
    an.language = language
    an.save()
    make_view(an), make_favourite(an, note=HOSTILE), make_message(an, bo, HOSTILE), make_grant(an, edupartner)
    archive = archive_of(an)
    manifest = {**archive.manifest, "scope": {"kind": "everything"}}
    rows = {part["record"].replace(".", "_").lower(): archive.rows(part["record"]) for part in manifest["parts"] if part["rows"]}

    text = text_of(pdf_of(json.loads(json.dumps(manifest)), rows))

    for part in manifest["parts"]:
        assert part["title"].split()[-1].lower() in text.lower()
    assert str(an.email) in text
    assert bo.last_name not in text
