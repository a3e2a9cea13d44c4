"""More time, and a clock that stands still, at the desk and as the person reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import Right
from privacy.models import Extension, Pause

from .makers import make_member
from .reading import questions
from .signing_in import browser_of
from .test_page_answer import SEEN
from .test_page_desk import HOSTILE, text_of

WORDS = "De gegevens staan in drie systemen."
MORE = {"reason": "complex", "words": WORDS}


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.fixture
def asked(an):
    return cases.submit(Right.OBJECTION, subject=an.subject)


def page_of(asked, act):
    return reverse(f"privacy:{act}", args=[asked.ref])


def send(browser, asked, act, given):
    """As a person does: read the letter, then send it."""
    seen = SEEN.search(browser.post(page_of(asked, act), given).content.decode())
    return browser.post(page_of(asked, act), given | {"send": "1", "seen": seen[1] if seen else ""})


def of_her(an, asked):
    return text_of(browser_of(an, headers={"accept-language": "nl"}).get(page_of(asked, "request")))


def came(asked, days_ago):
    received_at = timezone.now() - timedelta(days=days_ago)
    DataSubjectRequest.objects.filter(pk=asked.pk).update(received_at=received_at, due_on=(received_at + timedelta(days=31)).date())
    asked.refresh_from_db()


def test_the_officer_takes_more_time_and_the_person_reads_why(an, asked, browser):
    """G-04, G-05."""
    answer = send(browser, asked, "extend", MORE)

    asked.refresh_from_db()
    assert answer["Location"] == page_of(asked, "case")
    assert asked.is_extended
    assert WORDS in text_of(browser.get(page_of(asked, "case")))
    assert WORDS in of_her(an, asked)


@pytest.mark.parametrize(
    "given",
    [{}, {"reason": "complex"}, {"words": WORDS}, MORE | {"reason": "large"}, MORE | {"words": " "}, MORE | {"words": "x" * 1_001}],
)
def test_what_is_not_right_extends_nothing(asked, browser, given):
    """G-05."""
    answer = browser.post(page_of(asked, "extend"), given)

    assert answer.status_code == 400
    assert not Extension.objects.exists()


def test_after_the_first_month_the_page_says_so_and_the_act_is_refused(asked, browser):
    """G-04."""
    came(asked, 40)

    said = browser.get(page_of(asked, "extend"))
    answer = send(browser, asked, "extend", MORE)

    assert "<form" not in said.content.decode().partition("<main")[2].partition("</main>")[0]
    assert answer.status_code == 400
    assert not Extension.objects.exists()


def test_a_second_time_leads_back_and_changes_nothing(asked, browser):
    send(browser, asked, "extend", MORE)

    answer = send(browser, asked, "extend", MORE | {"words": "Nog eens."})

    assert answer["Location"] == page_of(asked, "case")
    assert Extension.objects.get().words == WORDS


def test_the_clock_is_stopped_shown_and_let_go_on(an, asked, browser):
    """G-06, T-05."""
    send(browser, asked, "pause", {"reason": "specify"})
    lists = [text_of(browser.get(reverse("privacy:desk") + f"?state={state}")) for state in ("open", "waiting")]
    case = text_of(browser.get(page_of(asked, "case")))
    assert [said for said in (*lists, case) if "De klok staat stil" not in said] == []
    assert "Zonder stilstand" in case
    assert "We wachten op jou" in of_her(an, asked)

    answer = browser.post(page_of(asked, "resume"))

    assert answer["Location"] == page_of(asked, "case")
    assert Pause.objects.get().ended_at is not None
    assert "De klok staat stil" not in text_of(browser.get(reverse("privacy:desk") + "?state=open"))


def test_asked_late_the_page_says_that_the_last_day_stays(asked, browser):
    """G-06."""
    came(asked, 9)

    said = text_of(browser.get(page_of(asked, "pause")))
    send(browser, asked, "pause", {"reason": "specify"})

    assert "de laatste dag blijft" in said
    assert Pause.objects.get().moves_deadline is False


@pytest.mark.parametrize("given", [{}, {"reason": "identity"}, {"reason": "busy"}])
def test_what_is_no_reason_stops_no_clock(asked, browser, given):
    """G-13: who was signed in is not doubted."""
    assert browser.post(page_of(asked, "pause"), given).status_code == 400
    assert not Pause.objects.exists()


def test_twice_it_stops_once_and_goes_on_once(asked, browser):
    for act in ("pause", "pause", "resume", "resume"):
        answer = send(browser, asked, act, {"reason": "specify"})
        assert answer["Location"] == page_of(asked, "case")

    assert Pause.objects.count() == 1


@pytest.mark.parametrize("act", ["extend", "pause"])
def test_what_is_closed_gets_neither(asked, browser, act):
    cases.cancel(asked)

    said = browser.get(page_of(asked, act))
    send(browser, asked, act, MORE | {"reason": "specify" if act == "pause" else "complex"})

    assert said.status_code == 200
    assert not Extension.objects.exists()
    assert not Pause.objects.exists()


def test_going_on_is_no_page(asked, browser):
    assert browser.get(page_of(asked, "resume")).status_code == 405


@pytest.mark.parametrize("hostile", HOSTILE[:2])
def test_markup_stays_text(an, asked, browser, hostile):
    send(browser, asked, "extend", MORE | {"words": hostile})

    for body in (browser.get(page_of(asked, "case")).content.decode(), browser_of(an).get(page_of(asked, "request")).content.decode()):
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_a_queue_of_clocks_that_stand_still_asks_no_more(asked, browser):
    send(browser, asked, "pause", {"reason": "specify"})
    queue = reverse("privacy:desk") + "?state=open"
    few = questions(browser, queue)
    for number in range(6):
        another = cases.submit(Right.OBJECTION, subject=make_member(f"Lid{number}").subject)
        send(browser, another, "pause", {"reason": "specify"})

    assert questions(browser, queue) == few
