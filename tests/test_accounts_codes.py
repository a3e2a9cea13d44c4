"""Signing in by a mailed code: the same for everybody until the mail is read, a few tries, once, for ten minutes (T-02, T-13)."""

import re
import time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from . import races
from .factors import code_of, forget_tries, give_app
from .makers import PASSWORD, make_member
from .signing_in import browser_of
from .test_accounts_neutral import answers

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/account/login/code/", "/account/login/code/confirm/"
UNKNOWN = "nemo@school.example"


@pytest.fixture
def els(db):
    """Who never confirmed her address."""
    return make_member("Els", verified=False)


def asked(email, **options):
    browser = Client(**options)
    assert browser.post(ASK, {"email": email}).status_code == 302
    return browser


def mailed_code():
    return re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[-1].body)[0]


def is_in(browser):
    return browser.get("/account/").status_code == 200


def type_code(browser, code):
    return browser.post(CONFIRM, {"code": code})


def test_a_mailed_code_signs_in(an):
    browser = asked(an.email)

    answer = type_code(browser, mailed_code())

    assert (answer.url, is_in(browser), mail.outbox[0].to) == ("/my-privacy/", True, [an.email])


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code[:4]} {code[5:]} "])
def test_blanks_hyphens_and_capitals_do_not_matter(an, typed):
    browser = asked(an.email)

    type_code(browser, typed(mailed_code()))

    assert is_in(browser)


def test_a_code_has_eight_letters(an):
    """T-13: 20 letters, eight times: 34 bits, of which three may be tried."""
    asked(an.email)

    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", mailed_code())


# Neutral.


def seen_with(email):
    forget_tries()
    return answers(ASK, {"email": email}, about=email)


def test_an_unknown_and_an_unconfirmed_address_look_the_same_as_a_known_one(an, els):
    """T-02: byte for byte, and every answer on the way."""
    expected = seen_with(an.email)

    assert [seen_with(UNKNOWN), seen_with(els.email), seen_with(an.email.upper())] == [expected] * 3
    assert [status for status, _headers, _page in expected[0]] == [302, 200]


def test_a_wrong_code_reads_the_same_for_everybody(an, els):
    pages = [answers_to_wrong_code(email) for email in (an.email, UNKNOWN, els.email)]

    assert pages[0] == pages[1] == pages[2]
    assert [status for status, _url in pages[0]] == [200, 200, 302]


def answers_to_wrong_code(email):
    forget_tries()
    browser = asked(email)
    typed = [type_code(browser, "BBBB-BBBB") for _ in range(3)]
    return [(answer.status_code, answer.headers.get("location")) for answer in typed]


def test_everybody_costs_the_database_nearly_the_same(an, els):
    """T-02: a confirmed address costs one look more, and both a mail."""
    costs = []
    for email in (an.email, els.email, UNKNOWN):
        forget_tries()
        Client().get(ASK)
        with CaptureQueriesContext(connection) as queries:
            asked(email)
        costs.append(len(queries))

    assert max(costs) - min(costs) <= 1
    assert len(mail.outbox) == 3


def test_an_unconfirmed_address_gets_no_code_but_the_way_to_one(els):
    """T-29: else who made the account with somebody's address comes in with her."""
    browser = asked(els.email)

    (letter,) = mail.outbox
    assert re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", letter.body) is None
    assert not els.emailaddress_set.get().verified
    assert not is_in(browser)


def test_no_account_here_means_a_mail_without_a_code():
    asked(UNKNOWN)

    (letter,) = mail.outbox
    assert (letter.to, re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", letter.body)) == ([UNKNOWN], None)


# Tries.


def test_after_three_wrong_codes_the_right_one_is_refused(an):
    browser = asked(an.email)
    code = mailed_code()
    for _ in range(3):
        type_code(browser, "BBBB-BBBB")

    type_code(browser, code)

    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_codes_at_once_three_are_looked_at(an, monkeypatch):
    """T-13: allauth counts in the session, which all of them read before any writes."""
    races.needs_threads()
    looked = []
    monkeypatch.setattr("allauth.account.forms.compare_user_code", lambda **codes: looked.append(codes))
    browser = asked(an.email)
    copies = [copy_of(browser) for _ in range(8)]

    races.at_once(*[lambda copy=copy: type_code(copy, "BBBB-BBBB") for copy in copies])

    assert len(looked) <= 3


def copy_of(browser):
    copy = Client()
    copy.cookies = browser.cookies.copy()
    return copy


def test_an_address_gets_three_codes_in_ten_minutes(an):
    for _ in range(3):
        asked(an.email)

    refused = Client().post(ASK, {"email": an.email})

    assert (refused.status_code, len(mail.outbox)) == (200, 3)


def test_a_code_dies_after_ten_minutes(an, monkeypatch):
    browser = asked(an.email)
    now = time.time()

    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: now + 601)
    answer = type_code(browser, mailed_code())

    assert (answer.url, is_in(browser)) == (ASK, False)


def test_a_code_works_in_the_browser_that_asked_for_it_alone(an, bo):
    """The code for another account."""
    asked(an.email)
    code = mailed_code()
    theirs = asked(bo.email)

    type_code(theirs, code)
    nobodys = type_code(Client(), code)

    assert (is_in(theirs), nobodys.url) == (False, ASK)


def test_a_code_works_once(an):
    browser = asked(an.email)
    thief = copy_of(browser)
    code = mailed_code()
    type_code(browser, code)

    type_code(thief, code)

    assert (is_in(browser), is_in(thief)) == (True, False)


@pytest.mark.parametrize("code", ["", "B" * 100_000, "\0BBBBBBBB", "‮BBBB-BBBB", "<script>alert(1)</script>", "🦊"])
def test_what_is_no_code_is_refused(an, code):
    browser = asked(an.email)

    answer = type_code(browser, code)

    assert (answer.status_code, is_in(browser), "<script>alert" in answer.content.decode()) == (200, False, False)


@pytest.mark.parametrize("email", ["", "x", "a" * 100_000 + "@school.example", "an\0@school.example", "<script>@school.example"])
def test_what_is_no_address_is_said(email, db):
    answer = Client().post(ASK, {"email": email})

    assert (answer.status_code, mail.outbox) == (200, [])


# With a second factor.


def test_a_mailed_code_does_not_stand_in_for_the_second_step(an):
    key = give_app(an)
    browser = asked(an.email)

    answer = type_code(browser, mailed_code())
    before = is_in(browser)
    browser.post("/account/2fa/authenticate/", {"code": code_of(key)})

    assert (answer.url, before, is_in(browser)) == ("/account/2fa/authenticate/", False, True)


def test_who_is_signed_in_is_not_asked(an):
    browser = browser_of(an, password=PASSWORD)

    assert browser.get(ASK).status_code == 302


def test_a_wrong_code_is_answered_in_our_words(an):
    browser = asked(an.email, headers={"accept-language": "en"})

    page = type_code(browser, "BBBB-BBBB").content.decode()

    assert "This is not the code of our last mail" in page
