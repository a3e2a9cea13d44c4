"""Saying no to a use of data, and having it paused, in the browser."""

import re
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from privacy.casework import asking, mailing
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import Right
from privacy.errors import RequestAlreadyOpen
from privacy.pages.forms import GROUNDS
from privacy.rights.statements import Statement, words_with

from .archives import HOSTILE
from .signing_in import browser_of

pytestmark = pytest.mark.django_db

OBJECT, PAUSE = "/my-privacy/say-no/", "/my-privacy/pause/"
WHOLE = {
    OBJECT: {"uses": ["usage"], "text": "Liever niet."},
    PAUSE: {"uses": ["usage", "account"], "ground": "accuracy", "text": "Mijn gemeente klopt niet."},
}
RIGHTS = {OBJECT: Right.OBJECTION, PAUSE: Right.RESTRICTION}
both = pytest.mark.parametrize("address", [OBJECT, PAUSE], ids=["objection", "restriction"])


def text_of(answer) -> str:
    return unescape(answer.content.decode())


@both
def test_what_is_asked_waits_for_the_data_protection_officer(an, address):
    """G-29, G-33, G-36."""
    answer = browser_of(an).post(address, WHOLE[address])

    request = DataSubjectRequest.objects.get()
    said = WHOLE[address]
    assert (request.right, request.status, request.subject_ref) == (RIGHTS[address], "received", an.subject_id)
    assert [one.about for one in words_with(request)] == said["uses"]
    assert {(one.text, one.ground) for one in words_with(request)} == {(said["text"], said.get("ground", ""))}
    assert answer.url == reverse("privacy:request", args=[request.ref])


@both
def test_she_hears_until_when_we_answer_and_gets_a_letter(an, address):
    browser = browser_of(an)
    browser.post(address, WHOLE[address])

    page = browser.get(address)
    mailing.send_due()

    ref = DataSubjectRequest.objects.get().ref
    assert re.search(r"Je hoort van ons ten laatste op \d+ \w+", text_of(page))
    assert [message.subject for message in mail.outbox if ref in message.subject and an.email in message.to]


@both
def test_the_page_of_the_request_repeats_what_she_said(an, address):
    page = text_of(browser_of(an).post(address, WHOLE[address], follow=True))

    assert "Wat je hier doet" in page
    assert WHOLE[address]["text"] in page
    assert (str(GROUNDS["accuracy"]) in page) == (address == PAUSE)


@both
def test_how_we_knew_her_is_noted_and_nobody_asks_again(an, address):
    browser_of(an).post(address, WHOLE[address])

    assert DataSubjectRequest.objects.get().identified_by.startswith("sign_in ")


@both
def test_no_reason_is_demanded(an, address):
    """G-29."""
    said = {name: value for name, value in WHOLE[address].items() if name != "text"}

    browser_of(an).post(address, said)

    assert DataSubjectRequest.objects.count() == 1
    assert {one.text for one in Statement.objects.all()} == {""}


@both
def test_without_a_use_nothing_is_sent_and_what_she_wrote_stays(an, address):
    answer = browser_of(an).post(address, WHOLE[address] | {"uses": []})

    page = answer.content.decode()
    assert '<a href="#id_uses_0">' in page
    assert 'id="id_uses_error"' in page
    assert 'id="id_uses_0"' in page
    assert WHOLE[address]["text"] in text_of(answer)
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("ground", ["", "erasure", "nothing"])
def test_a_pause_needs_one_of_the_four_grounds_of_the_law(an, ground):
    """G-33: the fifth is the platform's own promise."""
    page = browser_of(an).post(PAUSE, WHOLE[PAUSE] | {"ground": ground}).content.decode()

    assert '<a href="#id_ground_0">' in page
    assert page.count('type="radio"') == 4
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("uses", [["account"], ["usage", "account"], ["nothing"], ["<script>"]])
def test_what_rests_on_a_contract_is_no_use_to_object_to(an, uses):
    """Art. 21(1)."""
    browser_of(an).post(OBJECT, {"uses": uses})

    assert not DataSubjectRequest.objects.exists()


def test_the_use_she_came_from_is_chosen_already(an):
    page = browser_of(an).get(OBJECT + "?use=usage").content.decode()

    assert re.findall(r'value="([\w-]+)"[^>]*checked', page) == ["usage"]


@both
def test_a_second_request_points_to_the_first_and_keeps_her_words(an, address):
    """T-14."""
    browser = browser_of(an)
    browser.post(address, WHOLE[address])

    answer = browser.post(address, WHOLE[address] | {"text": "En ook dit nog."})

    first = DataSubjectRequest.objects.get()
    assert answer.status_code == 409
    assert reverse("privacy:request", args=[first.ref]) in text_of(answer)
    assert "En ook dit nog." in text_of(answer)
    assert "En ook dit nog." not in Statement.objects.values_list("text", flat=True)


def test_who_sends_twice_in_the_same_moment_is_pointed_to_the_first(an, monkeypatch):
    """The page looked, and then another window was faster."""
    older = asking.ask(Right.OBJECTION, subject=an.subject, activities=["usage"])
    DataSubjectRequest.objects.filter(pk=older.pk).update(status="cancelled")

    def refuse(*args, **kwargs):
        raise RequestAlreadyOpen(older)

    monkeypatch.setattr(asking, "ask", refuse)
    answer = browser_of(an).post(OBJECT, WHOLE[OBJECT])

    assert answer.status_code == 409
    assert older.ref in text_of(answer)
    assert "Liever niet." in text_of(answer)


@both
def test_with_an_open_request_the_page_points_to_it(an, address):
    asking.ask(RIGHTS[address], subject=an.subject, activities=["usage"])

    page = text_of(browser_of(an).get(address))

    assert DataSubjectRequest.objects.get().ref in page
    assert "<textarea" not in page


@both
def test_an_open_request_of_another_person_is_not_shown(an, bo, address):
    theirs = asking.ask(RIGHTS[address], subject=bo.subject, activities=["usage"])

    page = text_of(browser_of(an).get(address))

    assert theirs.ref not in page
    assert "<textarea" in page


@both
def test_any_words_are_kept_and_do_nothing(an, address):
    """G-26, T-15."""
    browser_of(an).post(address, WHOLE[address] | {"text": HOSTILE})

    assert {one.text for one in Statement.objects.all()} == {HOSTILE.strip()}


@both
@pytest.mark.parametrize("text", ["<script>alert(1)</script>" * 100, '"><img src=x onerror=alert(1)>' * 100, "x" * 10_000, "x\x00y"])
def test_what_is_too_long_or_cannot_be_kept_stays_on_the_page_and_does_nothing(an, address, text):
    """T-15, T-30."""
    answer = browser_of(an).post(address, WHOLE[address] | {"text": text})

    page = answer.content.decode()
    assert '<a href="#id_text">' in page
    assert "maxlength" not in page
    assert "<script>" not in page
    assert "<img" not in page
    assert text.replace("\x00", "") in text_of(answer).replace("\x00", "")
    assert not DataSubjectRequest.objects.exists()


@both
def test_there_is_no_place_for_a_file(an, address):
    """T-30."""
    page = browser_of(an).get(address).content.decode()

    assert 'type="file"' not in page
    assert "multipart" not in page


def test_a_host_without_such_a_use_says_so(an, monkeypatch):
    monkeypatch.setattr(asking, "OPEN_TO_OBJECTION", set())

    page = text_of(browser_of(an).get(OBJECT))

    assert "Zo'n gebruik is er niet" in page
    assert "<textarea" not in page


@both
def test_the_page_costs_few_queries_however_many_requests_there_were(an, address, django_assert_max_num_queries):
    for _time in range(5):
        asking.ask(RIGHTS[address], subject=an.subject, activities=["usage"])
        DataSubjectRequest.objects.update(status="fulfilled")
    browser = browser_of(an)

    with django_assert_max_num_queries(8):
        browser.get(address)


@both
def test_without_a_session_she_signs_in_first(client, db, address):
    plain, by_htmx = client.post(address, WHOLE[address]), client.post(address, WHOLE[address], headers={"HX-Request": "true"})

    assert plain.url.startswith("/account/login/")
    assert "HX-Redirect" in by_htmx.headers
    assert not DataSubjectRequest.objects.exists()


@both
def test_a_form_from_elsewhere_is_refused(an, address):
    """T-08."""
    browser = browser_of(an)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(address, WHOLE[address]).status_code == 403
