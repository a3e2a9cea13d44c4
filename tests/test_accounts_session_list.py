"""The list of sessions: where, with what, how she signed in; and ending one, or all but this one."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from .reading import questions, words_of
from .signing_in import browser_of

pytestmark = pytest.mark.django_db
LIST = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Mobile Safari/604.1"
EDGE = f"{FIREFOX.partition(')')[0]}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"


def is_in(browser):
    return browser.get("/account/").status_code == 200


def record_of(browser):
    return UserSession.objects.get(session_key=browser.session.session_key)


def test_a_session_tells_its_browser_its_place_and_how_she_signed_in(an):
    browser = browser_of(an, REMOTE_ADDR="192.0.2.44", HTTP_USER_AGENT=FIREFOX, headers={"accept-language": "en"})

    page = words_of(browser.get(LIST).content.decode())

    assert "Firefox (Windows)" in page
    assert FIREFOX in page
    assert "192.0.2.44" in page
    assert "password" in page


def test_she_ends_one_session_and_no_other(an):
    here, stolen, at_school = browser_of(an), browser_of(an), browser_of(an)

    answer = here.post(f"{LIST}{record_of(stolen).pk}/end/")

    assert answer.url == LIST
    assert [is_in(browser) for browser in (here, stolen, at_school)] == [True, False, True]
    assert (Session.objects.count(), UserSession.objects.count()) == (2, 2)


def test_she_ends_all_but_this_one(an, bo):
    here, elsewhere, bos = browser_of(an), browser_of(an), browser_of(bo)

    here.post(LIST)

    assert [is_in(browser) for browser in (here, elsewhere, bos)] == [True, False, True]


def test_the_session_of_somebody_else_is_not_there(an, bo):
    bos = browser_of(bo)

    answer = browser_of(an).post(f"{LIST}{record_of(bos).pk}/end/")

    assert (answer.status_code, is_in(bos)) == (404, True)


def test_this_very_session_ends_by_signing_out(an):
    here = browser_of(an)

    assert here.post(f"{LIST}{record_of(here).pk}/end/").url == "/account/logout/"
    assert is_in(here)


def test_a_session_that_ended_meanwhile_is_not_listed(an):
    """Its record waits for the night."""
    here, gone = browser_of(an), browser_of(an)
    Session.objects.filter(session_key=gone.session.session_key).delete()

    assert len(here.get(LIST).context["sessions"]) == 1


def test_a_session_from_before_a_new_password_is_not_listed(an):
    browser_of(an)
    an.set_password("vijf gele paraplu's")
    an.save()
    here = browser_of(an, password="vijf gele paraplu's")

    (session,) = here.get(LIST).context["sessions"]

    assert session.is_here


def test_a_hostile_browser_is_shown_as_text(an):
    page = browser_of(an, HTTP_USER_AGENT="<script>alert(1)</script>").get(LIST).content.decode()

    assert ("&lt;script&gt;" in page, "<script>alert" in page) == (True, False)


def test_more_sessions_cost_no_more_questions(an):
    here = browser_of(an)
    few = questions(here, LIST)
    for _ in range(4):
        browser_of(an)

    assert questions(here, LIST) == few


def test_a_session_is_ended_by_a_form(an):
    here = browser_of(an)

    assert here.get(f"{LIST}{record_of(here).pk}/end/").status_code == 405
