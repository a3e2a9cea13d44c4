"""Who opened her data: every look of somebody else, and nothing but that."""

import pytest
from django.urls import reverse

from privacy.casework import cases
from privacy.datamap import Right
from privacy.evidence import events, remarks, trail

from .reading import questions, words_of
from .signing_in import browser_of

PAGE = reverse("privacy:opened")


def said(member) -> str:
    return words_of(browser_of(member, headers={"accept-language": "en"}).get(PAGE).content.decode())


def looked(event, member, by, why=""):
    entry = trail.record(event, subject_ref=member.subject.ref, actor_ref=by if isinstance(by, str) else by.subject.ref)
    remarks.write(entry, why)
    return entry


def test_a_look_is_shown_with_why_and_without_who(an, daan):
    """T-18."""
    looked("desk.opened", an, daan, "omdat ze belde")

    page = said(an)

    assert "opened your request" in page
    assert "omdat ze belde" in page
    assert "Daan" not in page


@pytest.mark.parametrize("event", [event for event in events.LOOKS if event in events.meanings()])
def test_every_kind_of_look_is_shown(an, daan, event):
    looked(event, an, daan)

    assert "Nobody." not in said(an)


def test_what_she_did_herself_and_what_no_look_is_are_left_out(an):
    cases.submit(Right.OBJECTION, subject=an.subject)
    looked("access.fetched", an, an)
    looked("consent.ended", an, "controller")

    assert "Nobody." in said(an)


def test_a_look_at_another_is_not_shown(an, bo, daan):
    looked("desk.opened", bo, daan)

    assert "Nobody." in said(an)


def test_she_finds_the_list_beside_her_requests(an):
    assert PAGE in browser_of(an).get(reverse("privacy:requests")).content.decode()


def test_many_looks_take_as_many_questions_as_one(an, daan):
    browser = browser_of(an)
    looked("desk.opened", an, daan)
    one = questions(browser, PAGE)
    for _nth in range(30):
        looked("hold.opened", an, daan)

    assert questions(browser, PAGE) == one


def test_hidden_she_still_reads_who_looked(an, daan):
    """T-18: an erasure does not hide us from her."""
    looked("desk.opened", an, daan)
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject)

    assert "opened your request" in said(an)
