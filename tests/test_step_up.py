"""The gate of our own before acts that hand over or erase data: who is it, and how lately did we ask (T-07, T-13)."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from accounts.identity import end_sessions, renew_session
from config.urls import urlpatterns as project_urls
from privacy.casework import identification
from privacy.casework.identification import MOST_CODES, MOST_TRIES, PERIOD, Identification
from privacy.errors import TooManyTries
from privacy.pages.people import person_page
from privacy.pages.step_up import SESSION_KEY, evidence, recently_identified

from . import races
from .makers import PASSWORD
from .signing_in import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
STEP_UP = "/my-privacy/is-it-you/"
CODE = "/my-privacy/is-it-you/code/"


@person_page
@recently_identified
def act(request):
    return HttpResponse(f"{request.method} by {evidence(request)}")


urlpatterns = [path("act/", act), *project_urls]


def browser_after_a_while(member, **options):
    """Signed in, but longer ago than five minutes."""
    browser = browser_of(member, **options)
    age_proof(browser, 301)
    return browser


def age_proof(browser, seconds):
    session = browser.session
    how, at = session[SESSION_KEY]
    session[SESSION_KEY] = [how, at - seconds]
    session.save()


def without_password(member):
    """As somebody who only ever signed in at another place."""
    browser = browser_after_a_while(member)
    member.set_unusable_password()
    member.save()
    browser.force_login(member)
    age_proof(browser, 301)
    return browser


def mailed_code():
    return re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", mail.outbox[-1].body)[0]


def test_who_just_signed_in_is_not_asked_again(an):
    response = browser_of(an).get("/act/")

    assert re.fullmatch(r"GET by sign_in \d{4}-\d\d-\d\dT\d\d:\d\dZ", response.content.decode())


@pytest.mark.parametrize(("seconds", "status"), [(298, 200), (300, 302)])
def test_a_sign_in_counts_for_less_than_five_minutes(an, seconds, status):
    browser = browser_of(an)
    age_proof(browser, seconds)

    assert browser.get("/act/").status_code == status


def test_with_a_password_she_comes_back_to_where_she_was(an):
    browser = browser_after_a_while(an)

    asked = browser.get("/act/?page=2")
    response = browser.post(STEP_UP, {"password": PASSWORD, "next": "/act/?page=2"})

    assert asked.url == f"{STEP_UP}?next=%2Fact%2F%3Fpage%3D2"
    assert response.url == "/act/?page=2"
    assert browser.get("/act/").content.startswith(b"GET by password 2")


def test_a_form_is_never_sent_again_for_her(an):
    browser = browser_after_a_while(an)

    asked = browser.post("/act/", {"a": "b"}, headers={"referer": "http://testserver/my-privacy/data/?page=3"})
    back = browser.post(STEP_UP, {"password": PASSWORD, "next": "/my-privacy/data/?page=3"})

    assert asked.url == f"{STEP_UP}?next=%2Fmy-privacy%2Fdata%2F%3Fpage%3D3"
    assert back.url == "/my-privacy/data/?page=3"
    assert "nog niets verstuurd" in str([*get_messages(asked.wsgi_request)][-1])


@pytest.mark.parametrize("path", ["/account/email/", "/account/password/set/"])
def test_what_shows_who_she_is_is_not_changed_before_she_showed_it(an, path):
    """T-07, T-08: else a hijacked session gets our code at an address of its own."""
    new = {"action_add": "", "email": "evil@evil.example", "password1": "nieuw wachtwoord", "password2": "nieuw wachtwoord"}
    browser = without_password(an)

    asked = [browser.get(path), browser.post(path, new)]

    assert [answer.url.partition("?")[0] for answer in asked] == [STEP_UP, STEP_UP]
    assert not an.emailaddress_set.filter(email="evil@evil.example").exists()
    assert not type(an).objects.get(pk=an.pk).has_usable_password()


@pytest.mark.parametrize("referer", ["", "https://evil.example/x", "http://testserver.evil.example/x"])
def test_where_a_form_stood_elsewhere_she_comes_back_to_the_overview(an, referer):
    asked = browser_after_a_while(an).post("/act/", headers={"referer": referer})

    assert asked.url == f"{STEP_UP}?next=%2Fmy-privacy%2F"


def test_what_htmx_asks_for_moves_the_whole_page(an):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/my-privacy/erase/"}

    asked = browser_after_a_while(an).post("/act/", headers=headers)

    assert (asked.status_code, asked.headers["HX-Redirect"]) == (200, f"{STEP_UP}?next=%2Fmy-privacy%2Ferase%2F")


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/\n//evil.example",
    ],
)
def test_the_way_back_never_leads_elsewhere(an, evil):
    """T-31."""
    browser = browser_after_a_while(an)

    page = browser.get(STEP_UP, {"next": evil})
    back = browser.post(STEP_UP, {"password": PASSWORD, "next": evil})

    assert (page.context["back"], back.url) == ("/my-privacy/", "/my-privacy/")


def test_who_just_showed_it_is_sent_on(an):
    assert browser_of(an).get(STEP_UP, {"next": "/act/"}).url == "/act/"


def test_without_a_session_she_signs_in_first(client):
    assert client.get(STEP_UP).url.startswith("/account/login/?next=")


def test_a_wrong_password_is_said_and_changes_nothing(an):
    browser = browser_after_a_while(an)

    answer = browser.post(STEP_UP, {"password": "een ander wachtwoord", "next": "/act/"})

    assert (answer.status_code, "Dit is niet je wachtwoord" in answer.content.decode()) == (400, True)
    assert "een ander wachtwoord" not in answer.content.decode()
    assert browser.get("/act/").status_code == 302


def test_who_has_no_password_gets_a_code_and_nothing_else(an):
    """A person who signs in elsewhere passes allauth's own gate without anything."""
    browser = without_password(an)

    page = browser.get(STEP_UP).content.decode()
    refused = browser.post(STEP_UP, {"password": "", "next": "/act/"})
    browser.post(CODE, {"next": "/act/"})
    answer = browser.post(STEP_UP, {"code": mailed_code(), "next": "/act/"})

    assert ('type="password"' in page, refused.status_code) == (False, 400)
    assert answer.url == "/act/"
    assert browser.get("/act/").content.startswith(b"GET by mailed_code 2")


def test_who_has_no_password_and_no_confirmed_address_is_told_whom_to_write_to(an):
    browser = without_password(an)
    an.emailaddress_set.update(verified=False)

    page = browser.get(STEP_UP).content.decode()
    browser.post(CODE)

    assert "dpo@platform.example" in page.partition("<footer")[0]
    assert "<form" not in page.partition('<main id="content"')[2].partition("</main>")[0]
    assert mail.outbox == []


def test_the_code_goes_to_the_first_confirmed_address_and_stands_in_no_page_and_no_table(an, caplog):
    """T-32: hashed at rest, never logged."""
    caplog.set_level("DEBUG")
    an.emailaddress_set.create(email="ander@school.example", verified=True)
    browser = without_password(an)

    page = browser.post(CODE, {"next": "/act/"}, follow=True).content.decode()

    (message,) = mail.outbox
    code = mailed_code()
    assert message.to == [an.email]
    assert "http" not in message.body
    row = str(Identification.objects.values().get())
    assert [place for place in (page, row, caplog.text, message.subject) if code in place or code.replace("-", "") in place] == []
    assert len(set(code.replace("-", "")) & set("01IO")) == 0


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code[:4]} {code[5:]}  "])
def test_blanks_hyphens_and_capitals_do_not_matter(an, typed):
    browser = without_password(an)
    browser.post(CODE)

    assert browser.post(STEP_UP, {"code": typed(mailed_code()), "next": "/act/"}).url == "/act/"


def test_a_code_works_once(an):
    browser = without_password(an)
    browser.post(CODE)
    code = mailed_code()
    browser.post(STEP_UP, {"code": code})
    age_proof(browser, 301)

    assert browser.post(STEP_UP, {"code": code}).status_code == 400


def test_a_code_dies_when_a_newer_one_goes_out(an):
    """T-13."""
    browser = without_password(an)
    browser.post(CODE)
    older = mailed_code()
    browser.post(CODE)

    assert browser.post(STEP_UP, {"code": older}).status_code == 400
    assert browser.post(STEP_UP, {"code": mailed_code()}).status_code == 302


@pytest.mark.parametrize(("minutes", "status"), [(9, 302), (10, 400)])
def test_a_code_lives_ten_minutes(an, minutes, status):
    browser = without_password(an)
    browser.post(CODE)
    let_time_pass(minutes=minutes)

    assert browser.post(STEP_UP, {"code": mailed_code()}).status_code == status


def test_the_code_of_somebody_else_is_no_good(an, bo):
    mine, theirs = without_password(an), without_password(bo)
    mine.post(CODE)
    code = mailed_code()
    theirs.post(CODE)

    assert theirs.post(STEP_UP, {"code": code}).status_code == 400


@pytest.mark.parametrize("code", ["", "A" * 10_000, "\0ABCDEFGH", "‮2345-6789", "<script>alert(1)</script>", "--------"])
def test_what_is_no_code_is_refused(an, code):
    browser = without_password(an)
    browser.post(CODE)

    answer = browser.post(STEP_UP, {"code": code})

    assert (answer.status_code, "<script>alert" in answer.content.decode()) == (400, False)


def test_an_empty_code_before_any_was_sent_is_no_proof(an):
    """The digest of nothing and a digest that is empty are not alike."""
    assert without_password(an).post(STEP_UP, {"code": "-"}).status_code == 400


def test_after_five_wrong_tries_she_waits_and_reads_until_when(an):
    """T-13: passwords and codes count together, and the right one is refused too."""
    browser = without_password(an)
    an.set_password(PASSWORD)
    an.save()
    browser.force_login(an)
    age_proof(browser, 301)
    browser.post(CODE)
    for wrong in [{"code": "22222222"}, {"password": "fout"}] * 2 + [{"code": "33333333"}]:
        assert browser.post(STEP_UP, wrong).status_code == 400

    answers = [browser.post(STEP_UP, right) for right in ({"password": PASSWORD}, {"code": mailed_code()})]

    assert [answer.status_code for answer in answers] == [429, 429]
    until = timezone.localtime(Identification.objects.get().tried_at + PERIOD)
    assert f"{until:%H:%M}" in answers[0].content.decode()
    assert "<form" not in main_of(answers[0])
    let_time_pass(minutes=61)
    assert browser.post(STEP_UP, {"password": PASSWORD}).status_code == 302


def main_of(answer):
    return answer.content.decode().partition('<main id="content"')[2].partition("</main>")[0]


@pytest.mark.long
def test_ten_thousand_guesses_are_five_an_hour(an):
    """T-13: any number of requests; here as many as a test has time for, spread over three hours."""
    browser, tried = browser_after_a_while(an), 0
    for hour in range(3):
        for guess in range(20):
            tried += browser.post(STEP_UP, {"password": f"gok {hour} {guess}"}).status_code == 400
        let_time_pass(minutes=60)

    assert tried == 3 * MOST_TRIES


def test_a_right_answer_lets_counting_start_anew(an):
    browser = browser_after_a_while(an)
    for _try in range(2):
        for _wrong in range(MOST_TRIES - 1):
            browser.post(STEP_UP, {"password": "fout"})
        assert browser.post(STEP_UP, {"password": PASSWORD}).status_code == 302
        age_proof(browser, 301)


def test_three_codes_an_hour(an):
    browser = without_password(an)
    for _code in range(MOST_CODES + 1):
        last = browser.post(CODE, {"next": "/act/"}, follow=True)

    assert len(mail.outbox) == MOST_CODES
    assert f"{timezone.localtime(Identification.objects.get().code_sent_at + PERIOD):%H:%M}" in main_of(last)
    assert browser.post(STEP_UP, {"code": mailed_code(), "next": "/act/"}).url == "/act/"


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_five(an):
    """T-13."""
    races.needs_threads()

    def guess():
        return identification.is_code(an.subject, "22222222")

    outcomes = races.at_once(*[guess] * 12)

    assert sum(outcome is False for outcome in outcomes) == MOST_TRIES
    assert sum(isinstance(outcome, TooManyTries) for outcome in outcomes) == 12 - MOST_TRIES


def failing(message):
    """PRIVACY["MAILER"] of a test: a server that repeats address and text in its error."""
    raise ConnectionRefusedError(f"550 {message.to[0]} {message.body}")


def test_a_mail_server_that_fails_is_said_and_counts_for_nothing(an, settings, caplog):
    browser = without_password(an)
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": f"{__name__}.failing"}

    answers = [browser.post(CODE, {"next": "/act/"}, follow=True) for _ in range(MOST_CODES + 1)]

    assert [answer.status_code for answer in answers] == [200] * (MOST_CODES + 1)
    assert "nam onze mail niet aan" in main_of(answers[-1])
    assert (an.email in caplog.text, Identification.objects.get().code_digest) == (False, "")


def test_the_session_gets_a_new_key_and_can_still_be_ended(an):
    """Who stole the old key does not share the proof; who ends all sessions ends this one too."""
    browser = browser_after_a_while(an)
    thief = Client()
    thief.cookies = browser.cookies.copy()

    browser.post(STEP_UP, {"password": PASSWORD})

    assert thief.get("/account/").status_code == 302
    assert browser.get("/account/").status_code == 200
    assert UserSession.objects.get().session_key == browser.session.session_key
    end_sessions(an.subject)
    assert browser.get("/account/").status_code == 302
    assert not Session.objects.filter(session_key=browser.session.session_key).exists()


def test_a_session_that_was_ended_meanwhile_is_not_brought_back(an, settings):
    """She says elsewhere that it was not she, while somebody types her password."""
    browser = browser_after_a_while(an)
    settings.PRIVACY = {**settings.PRIVACY, "RENEW_SESSION": f"{__name__}.too_late"}

    answer = browser.post(STEP_UP, {"password": PASSWORD, "next": "/act/"})

    assert answer.url.startswith("/account/login/")
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


def too_late(request):
    end_sessions(request.user.subject)
    renew_session(request)


def test_the_page_costs_few_queries(an, django_assert_max_num_queries):
    browser = browser_after_a_while(an)
    browser.post(CODE)

    with django_assert_max_num_queries(9):
        browser.get(STEP_UP)


def test_a_passing_page_costs_one_question_more(an, django_assert_num_queries):
    """Session, member, subject; and whether she has a second factor by now."""
    browser = browser_of(an)

    with django_assert_num_queries(4):
        browser.get("/act/")


def test_a_code_is_asked_for_by_a_form(an):
    browser = browser_of(an)

    assert (browser.get(CODE).status_code, browser.delete(STEP_UP).status_code) == (405, 405)


def test_no_code_without_the_forms_token(an):
    """T-31."""
    browser = browser_of(an)
    browser.handler.enforce_csrf_checks = True

    assert [browser.post(address).status_code for address in (CODE, STEP_UP)] == [403, 403]


def let_time_pass(*, minutes):
    """For the database, whose times these are."""
    passed = timedelta(minutes=minutes)
    for row in Identification.objects.all():
        row.tried_at = row.tried_at and row.tried_at - passed
        row.code_sent_at = row.code_sent_at and row.code_sent_at - passed
        row.save()
