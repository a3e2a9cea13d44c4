"""Asking for an explanation and complaining, in the browser."""

import pytest
from django.urls import reverse

from privacy.casework.requests import DataSubjectRequest
from privacy.rights.statements import Statement

from .signing_in import browser_of
from .test_page_desk import text_of

QUESTION, COMPLAINT = reverse("privacy:question"), reverse("privacy:complain")
RIGHTS = {QUESTION: "information", COMPLAINT: "complaint"}
WORDS = "Waarom staat mijn school bij elk bericht?"
both = pytest.mark.parametrize("address", RIGHTS)

pytestmark = pytest.mark.django_db


@both
def test_what_is_asked_waits_for_one_of_us(an, daan, address):
    browser = browser_of(an, headers={"accept-language": "nl"})

    answer = browser.post(address, {"text": WORDS})

    request = DataSubjectRequest.objects.get()
    assert answer["Location"] == reverse("privacy:request", args=[request.ref])
    assert (request.right, request.status) == (RIGHTS[address], "received")
    assert WORDS in text_of(browser.get(answer["Location"]))
    assert WORDS in text_of(browser_of(daan).get(reverse("privacy:case", args=[request.ref])))


@both
@pytest.mark.parametrize("text", ["", " \n", "x" * 2_001, "\x00"])
def test_without_words_or_with_too_many_nothing_is_asked(an, address, text):
    answer = browser_of(an).post(address, {"text": text})

    assert answer.status_code == 400
    assert not DataSubjectRequest.objects.exists()


@both
def test_a_second_one_points_to_the_first_and_keeps_her_words(an, address):
    """T-14."""
    browser = browser_of(an)
    browser.post(address, {"text": WORDS})

    answer = browser.post(address, {"text": "Nog iets anders."})

    assert answer.status_code == 409
    assert "Nog iets anders." in text_of(answer)
    assert DataSubjectRequest.objects.get().ref in text_of(answer)


@both
def test_markup_stays_text(an, daan, address):
    browser_of(an).post(address, {"text": "<script>alert(1)</script>"})
    ref = DataSubjectRequest.objects.get().ref

    for browser, name in ((browser_of(an), "request"), (browser_of(daan), "case")):
        assert "<script>alert" not in browser.get(reverse(f"privacy:{name}", args=[ref])).content.decode()


@both
def test_a_visitor_signs_in_first(client, address):
    assert client.post(address, {"text": WORDS})["Location"].startswith(reverse("account_login"))
    assert not Statement.objects.exists()


def test_the_page_to_complain_names_the_authority_and_takes_no_file(an):
    """K-19, G-14: nobody has to come to us first."""
    page = browser_of(an).get(COMPLAINT).content.decode()

    assert "Drukpersstraat 35, 1000 Brussel" in page
    assert "contact@apd-gba.be" in page
    assert 'type="file"' not in page
