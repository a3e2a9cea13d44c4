"""Holds on the desk: placing one, looking at one again, opening what was set aside."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from privacy.casework import cases
from privacy.datamap import Right
from privacy.days import today
from privacy.models import HeldRecord, Hold, Remark, TrailEntry
from privacy.rights import holds

from .makers import desk_permissions, make_comment, make_member
from .reading import questions
from .signing_in import browser_of
from .test_holds import erased, hold
from .test_page_desk import text_of

LIST = reverse("privacy:holds")
HOSTILE = ["<script>alert(1)</script>", "\u202eomgekeerd", "x" * 100_000, "\x00", "👩🏽‍🏫" * 200]


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.fixture
def asked(an):
    return cases.submit(Right.ERASURE, subject=an.subject)


def page_to_place(asked):
    return reverse("privacy:place_hold", args=[asked.ref])


def page_of(ref, act="hold"):
    return reverse(f"privacy:{act}", args=[ref])


def terms(**given):
    on = today()
    return {
        "record": "usage.Comment",
        "row_key": "",
        "ground": "legal_claims",
        "why": "Er loopt een geschil.",
        "until": on + timedelta(days=60),
        "review_on": on + timedelta(days=30),
    } | given


def test_who_may_only_read_the_desk_decides_nothing_there(asked, bo, daan):
    """T-18."""
    held = hold(bo)
    daan.user_permissions.set(desk_permissions().filter(codename__startswith="view"))
    reader = browser_of(daan, headers={"accept-language": "nl"})
    acts = [reverse("privacy:letter"), page_to_place(asked), reverse("privacy:decide", args=[asked.ref])]
    acts += [page_of(held.ref, act) for act in ("prolong_hold", "lift_hold", "open_hold")]
    acts += [reverse(f"privacy:retention_{act}", args=["member"]) for act in ("approve", "withdraw")]
    pages = [reverse("privacy:desk"), reverse("privacy:case", args=[asked.ref]), page_of(held.ref), reverse("privacy:retention")]

    seen = [reader.get(page) for page in pages]

    assert {reader.post(act, terms()).status_code for act in acts} == {403}
    assert {page.status_code for page in seen} == {200}
    assert not [act for act in acts for page in seen if act in page.content.decode()]


def test_the_officer_holds_something_and_the_person_reads_it(an, asked, browser):
    """G-39."""
    make_comment(an)

    answer = browser.post(page_to_place(asked), terms())

    placed = Hold.objects.get()
    assert answer["Location"] == page_of(placed.pk)
    cases.cancel(asked)
    said = text_of(browser_of(an).get(reverse("privacy:erase")))
    assert "Er loopt een geschil." in said


@pytest.mark.parametrize("act", ["holds", "hold", "place_hold", "prolong_hold", "lift_hold", "open_hold"])
def test_nobody_else_reaches_holds(an, bo, act):
    """T-18."""
    ref = hold(an).ref
    asked = cases.submit(Right.ERASURE, subject=an.subject)
    address = {"holds": LIST, "place_hold": page_to_place(asked)}.get(act) or page_of(ref, act)

    answer = browser_of(bo).post(address, {}) if act.endswith("_hold") else browser_of(bo).get(address)

    assert answer.status_code == 403
    assert Hold.objects.exists()


def test_it_asks_again_who_it_is(asked, browser, settings):
    settings.PRIVACY = {**settings.PRIVACY, "STEP_UP_SECONDS": 0}

    answer = browser.post(page_to_place(asked), terms())

    assert answer["Location"].startswith(reverse("privacy:step_up"))
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"record": ""},
        {"record": "accounts.Ban"},
        {"row_key": "999"},
        {"row_key": "' OR 1=1"},
        {"ground": "misconduct"},
        {"why": " "},
        {"until": "2026-13-45"},
        {"until": "9999-12-31"},
        {"review_on": "0001-01-01"},
        *({"why": words} for words in HOSTILE[2:4]),
        *({"row_key": words} for words in HOSTILE),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_held(asked, browser, given):
    answer = browser.post(page_to_place(asked), terms(**given))

    assert answer.status_code == 400
    assert "Dit klopt nog niet" in text_of(answer)
    assert not Hold.objects.exists()


@pytest.mark.parametrize("words", [HOSTILE[0], HOSTILE[1]])
def test_hostile_words_stay_text(an, asked, browser, words):
    browser.post(page_to_place(asked), terms(why=words))

    body = browser.get(page_of(Hold.objects.get().pk)).content.decode()

    assert "<script>alert" not in body


def test_the_same_twice_is_said(an, asked, browser):
    hold(an)

    answer = browser.post(page_to_place(asked), terms())

    assert answer.status_code == 400
    assert Hold.objects.count() == 1


def test_of_an_erased_person_nothing_more_is_held(an, browser):
    request = erased(an)

    answer = browser.get(page_to_place(request))

    assert answer.status_code == 400
    assert page_to_place(request) not in browser.get(reverse("privacy:case", args=[request.ref])).content.decode()


def test_what_is_due_comes_first_and_nobody_is_named(an, bo, browser):
    hold(bo)
    hold(an)
    Hold.objects.filter(subject_ref=an.subject.ref).update(review_on=today() - timedelta(days=1))

    said = text_of(browser.get(LIST))

    codes = [holds.code_of(each.ref) for each in Hold.objects.order_by("review_on")]
    assert said.index(codes[0]) < said.index(codes[1])
    assert "Peeters" not in said


def test_many_holds_take_as_many_questions_as_one(an, bo, browser):
    make_comment(an)
    hold(an)
    erased(an)
    few = questions(browser, LIST)
    for number in range(6):
        hold(make_member(f"Lid{number}"))

    assert questions(browser, LIST) == few


def test_prolonged_with_a_reason(an, daan, browser):
    placed = hold(an)
    later = today() + timedelta(days=400)

    browser.post(
        page_of(placed.ref, "prolong_hold"), {"prolong-until": later, "prolong-review_on": later, "prolong-reason": "hoger beroep"}
    )

    placed.refresh_from_db()
    assert placed.until == later
    assert Remark.objects.get(entry_id=TrailEntry.objects.get(event="hold.prolonged").pk).text == "hoger beroep"
    assert "hoger beroep" in text_of(browser_of(an).get(reverse("privacy:requests")))


@pytest.mark.parametrize("act", ["prolong_hold", "lift_hold", "open_hold"])
def test_without_a_reason_nothing_happens(an, browser, act):
    make_comment(an)
    ref = hold(an).ref
    erased(an)

    answer = browser.post(page_of(ref, act), {})

    assert answer.status_code == 400
    assert HeldRecord.objects.exists()
    assert not TrailEntry.objects.filter(event="hold.opened").exists()


def test_lifted_it_is_gone(an, browser):
    make_comment(an)
    ref = hold(an).ref
    erased(an)

    browser.post(page_of(ref, "lift_hold"), {"lift-reason": "beslecht"})

    assert not HeldRecord.objects.exists()
    assert browser.get(page_of(ref)).status_code == 404


def test_opened_it_is_a_file_and_on_record(an, daan, browser):
    make_comment(an, text="<script>alert(1)</script>")
    ref = hold(an).ref
    erased(an)

    answer = browser.post(page_of(ref, "open_hold"), {"open-reason": "rechtbank", "open-part": 1})

    assert answer["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer["Cache-Control"]
    assert b"alert(1)" in zipfile.ZipFile(BytesIO(answer.content)).read("rows.jsonl")
    assert TrailEntry.objects.get(event="hold.opened").actor_ref == str(daan.subject.ref)


@pytest.mark.parametrize("part", ["0", "2", "-1", "9" * 30, "x", ""])
def test_a_part_that_does_not_exist_is_none(an, browser, part):
    make_comment(an)
    ref = hold(an).ref
    erased(an)

    answer = browser.post(page_of(ref, "open_hold"), {"open-reason": "rechtbank", "open-part": part})

    assert answer.status_code in {400, 404}


def test_a_hold_that_does_not_exist_is_not_found(browser):
    unknown = "00000000-0000-4000-8000-000000000000"

    assert browser.get(page_of(unknown)).status_code == 404
    assert browser.post(page_of(unknown, "lift_hold"), {"lift-reason": "x"}).status_code == 404


def test_without_holds_the_list_says_so(browser):
    assert "Niets" in text_of(browser.get(LIST)) or "Nothing" in text_of(browser.get(LIST))
