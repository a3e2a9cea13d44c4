"""Answering at the desk: what is decided, the letter, and sending it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import asking, cases, identity, pausing, restricting, weighing
from privacy.casework.identity import Method
from privacy.datamap import Right
from privacy.models import DataSubjectRequest

from .makers import desk_permissions, make_member
from .reading import questions
from .signing_in import browser_of
from .test_page_desk import HOSTILE, text_of

REASONS = "We hebben deze gegevens nodig voor het geschil over de rekening."
NO = {"answer": "refuse", "ground": "exception", "reasons": REASONS}
PARTLY = NO | {"answer": "partly"}
SEEN = re.compile(r'name="seen" value="([^"]*)"')


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.fixture
def asked(an):
    return ask(an, Right.OBJECTION)


def ask(member, right):
    """An objection or a restriction is of a use, here one that goes on by law."""
    request = cases.submit(right, subject=member.subject)
    if right in weighing.STOPS_A_USE:
        asking.add(request, subject=member.subject, activities=["misconduct"])
    return request


def page_of(asked, act="answer"):
    return reverse(f"privacy:{act}", args=[asked.ref])


def look(browser, asked, given):
    return browser.post(page_of(asked), given)


def send(browser, asked, given):
    """As a person does: read the letter, then send it."""
    seen = SEEN.search(look(browser, asked, given).content.decode())
    return browser.post(page_of(asked), given | {"send": "1", "seen": seen[1]})


def status_of(asked):
    asked.refresh_from_db()
    return asked.status


@pytest.mark.parametrize(
    ("given", "status", "letter"),
    [({"answer": "follow"}, "fulfilled", "answer"), (NO, "refused", "refusal"), (PARTLY, "partly", "partly")],
)
def test_the_officer_reads_the_letter_and_then_sends_it(asked, browser, given, status, letter):
    """G-07, G-09."""
    before = look(browser, asked, given)
    assert (before.status_code, status_of(asked)) == (200, "received")
    assert given.get("reasons", "") in text_of(before)

    answer = send(browser, asked, given)

    assert answer["Location"] == page_of(asked, "case")
    assert (status_of(asked), asked.letters.order_by("pk").last().kind) == (status, letter)


@pytest.mark.parametrize("right", [right for right in Right if right not in cases.PLANS])
def test_it_is_there_for_every_right_that_a_person_answers(an, browser, right):
    asked = ask(an, right)
    assert page_of(asked) in browser.get(page_of(asked, "case")).content.decode()

    send(browser, asked, {"answer": "follow"})

    assert status_of(asked) == "fulfilled"


@pytest.mark.parametrize("right", weighing.STOPS_A_USE)
def test_a_yes_that_stops_nothing_is_said_beside_the_answer(an, daan, browser, right):
    """G-33, G-36: and what to do first."""
    asked = cases.submit(right, subject=an.subject, channel="form")

    answer = look(browser, asked, {"answer": "follow"})

    assert (answer.status_code, SEEN.search(answer.content.decode())) == (400, None)
    assert "Zet eerst vanuit het verzoek een gebruik op pauze" in text_of(answer)
    restricting.begin(asked, an.subject, ["usage"], ground="objection", actor_ref=daan.subject.ref)
    send(browser, asked, {"answer": "follow"})
    assert status_of(asked) == "fulfilled"


@pytest.mark.parametrize("missing", ["ground", "reasons"])
def test_a_no_without_ground_or_reasons_is_not_even_shown(asked, browser, missing):
    """G-07."""
    answer = look(browser, asked, NO | {missing: " "})

    assert answer.status_code == 400
    assert not SEEN.search(answer.content.decode())


@pytest.mark.parametrize(
    "given",
    [
        {"answer": "accept"},
        {"answer": "burn"},
        {"answer": ""},
        NO | {"ground": "nonsense"},
        NO | {"ground": "rights_of_others"},
        NO | {"ground": "excessive"},
        NO | {"ground": "identity"},
        NO | {"reasons": "x" * 5_001},
        NO | {"reasons": "\x00"},
        {},
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_sent(asked, browser, given):
    """G-11, G-16, G-31."""
    for act in ({}, {"send": "1", "seen": "x"}):
        assert look(browser, asked, given | act).status_code == 400

    assert status_of(asked) == "received"
    assert asked.letters.count() == 1


def test_each_right_shows_its_own_grounds(an, browser):
    """G-13, G-31: who asks is no ground against who was signed in."""
    asked = cases.submit(Right.RECTIFICATION, subject=an.subject)

    page = browser.get(page_of(asked)).content.decode()

    assert set(re.findall(r'name="ground" value="(\w+)"', page)) == {"unfounded", "excessive", "not_controller", "not_met"}


def test_it_shows_when_the_same_was_asked_before(an, browser):
    """G-11."""
    earlier = cases.submit(Right.OBJECTION, subject=an.subject, received_at=timezone.now() - timedelta(days=20))
    cases.refuse(earlier, ground="exception", reasons="x", actor_ref="dpo")
    asked = cases.submit(Right.OBJECTION, subject=an.subject)

    page = browser.get(page_of(asked))
    answer = send(browser, asked, NO | {"ground": "excessive", "evidence": "Twee keer in een maand."})

    assert f"{timezone.localtime(earlier.received_at).day} " in text_of(page).partition("Eerder gevraagd:")[2][:40]
    assert answer.status_code == 302
    assert (status_of(asked), asked.refusal_evidence) == ("refused", "Twee keer in een maand.")


def test_after_two_looks_that_failed_who_asks_is_a_ground(an, browser):
    """G-16."""
    asked = cases.submit(Right.RECTIFICATION, subject=an.subject, channel="mail", actor_ref="operator")
    for method in (Method.STORED_ADDRESS, Method.CALLED_BACK):
        identity.note(asked, method, passed=False, actor_ref="dpo")

    send(browser, asked, NO | {"ground": "identity"})

    assert status_of(asked) == "refused"


def test_of_several_uses_a_part_is_refused(an, browser):
    uses = [activity.slug for activity in asking.activities_for(Right.OBJECTION)][:2]
    asked = asking.ask(Right.OBJECTION, subject=an.subject, activities=uses)

    assert look(browser, asked, PARTLY).status_code == 400
    assert look(browser, asked, PARTLY | {"about": uses}).status_code == 400
    send(browser, asked, PARTLY | {"about": [uses[0]]})

    assert (status_of(asked), asked.refused_about) == ("partly", [uses[0]])
    said = text_of(browser_of(an).get(reverse("privacy:request", args=[asked.ref])))
    assert REASONS in said


def test_another_letter_than_was_seen_is_shown_again(asked, browser):
    answer = browser.post(page_of(asked), NO | {"send": "1", "seen": "x"})

    assert answer.status_code == 409
    assert "Er is niets verstuurd" in text_of(answer)
    assert status_of(asked) == "received"


def test_it_can_be_changed_and_what_was_written_stays(asked, browser):
    answer = browser.post(page_of(asked), NO | {"change": "1"})

    assert (answer.status_code, status_of(asked)) == (200, "received")
    assert REASONS in answer.content.decode()


def test_who_comes_second_reads_that_and_keeps_her_words(an, asked, browser):
    """Two officers, or the person took it back while one of them wrote."""
    given = NO | {"send": "1", "seen": SEEN.search(look(browser, asked, NO).content.decode())[1]}
    cases.cancel(asked, actor_ref=an.subject.ref)

    answer = browser.post(page_of(asked), given)

    assert answer.status_code == 409
    assert REASONS in text_of(answer)
    assert status_of(asked) == "cancelled"
    assert [letter.kind for letter in asked.letters.order_by("pk")] == ["acknowledgement", "cancelled"]


def test_an_answered_request_has_nothing_to_answer(asked, browser):
    send(browser, asked, NO)

    assert browser.get(page_of(asked)).status_code == 409
    assert page_of(asked) not in browser.get(page_of(asked, "case")).content.decode()


def test_while_the_clock_stands_still_it_is_not_answered(asked, browser):
    pausing.pause(asked, reason="specify", actor_ref="dpo")

    answer = send(browser, asked, {"answer": "follow"})

    assert (answer.status_code, status_of(asked)) == (400, "received")


def test_nobody_answers_herself(daan, browser):
    """T-18."""
    asked = cases.submit(Right.OBJECTION, subject=daan.subject)

    assert browser.post(page_of(asked), NO | {"send": "1", "seen": "x"}).status_code == 400
    assert status_of(asked) == "received"


def test_what_a_colleague_entered_waits_for_another(an, daan, browser):
    """T-18: and what the first wrote stays on the page."""
    asked = cases.submit(Right.RECTIFICATION, subject=an.subject, channel="letter", actor_ref=str(daan.subject.ref))

    answer = send(browser, asked, {"answer": "follow"})

    assert (answer.status_code, status_of(asked)) == (400, "received")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_stays_text(asked, browser, hostile):
    page = look(browser, asked, NO | {"reasons": hostile}).content.decode()
    send(browser, asked, NO | {"reasons": hostile})
    case = browser.get(page_of(asked, "case")).content.decode()

    for body in (page, case):
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_line_breaks_of_any_browser_are_the_same_letter(asked, browser):
    seen = SEEN.search(look(browser, asked, NO | {"reasons": "een\r\ntwee"}).content.decode())[1]

    answer = browser.post(page_of(asked), NO | {"reasons": "een\ntwee", "send": "1", "seen": seen})

    assert (answer.status_code, status_of(asked)) == (302, "refused")


def test_who_may_only_read_the_desk_answers_nothing(asked, daan):
    """T-18."""
    daan.user_permissions.set(desk_permissions().filter(codename__startswith="view"))
    reader = browser_of(daan)

    for act in ("answer", "extend", "pause", "resume"):
        assert reader.post(page_of(asked, act), NO).status_code == 403
        assert page_of(asked, act) not in reader.get(page_of(asked, "case")).content.decode()


@pytest.mark.parametrize("act", ["answer", "extend", "pause", "resume"])
def test_nobody_else_answers(an, asked, act):
    """T-18."""
    assert browser_of(an).post(page_of(asked, act), NO).status_code == 403


def test_it_asks_again_who_it_is(asked, browser, settings):
    settings.PRIVACY = {**settings.PRIVACY, "STEP_UP_SECONDS": 0}

    for act in ("answer", "extend", "pause", "resume"):
        assert browser.post(page_of(asked, act), NO)["Location"].startswith(reverse("privacy:step_up"))


def test_no_form_of_the_desk_takes_a_file(asked, browser):
    """G-14."""
    pages = [browser.get(page_of(asked, act)).content.decode() for act in ("answer", "extend", "pause", "case")]

    assert not [page for page in pages if 'type="file"' in page or "multipart" in page]


def test_a_page_asks_the_database_as_much_after_many_requests(an, asked, browser):
    browser.get(page_of(asked))
    few = questions(browser, page_of(asked))
    for number in range(8):
        earlier = cases.submit(Right.OBJECTION, subject=make_member(f"Lid{number}").subject)
        DataSubjectRequest.objects.filter(pk=earlier.pk).update(
            subject_ref=an.subject.ref, status="fulfilled", received_at=timezone.now() - timedelta(days=number + 1)
        )

    assert questions(browser, page_of(asked)) == few
