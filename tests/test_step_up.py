"""The gate of our own before acts that hand over or erase data: who is it, and how lately did we ask (T-07, T-13)."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone

from accounts.identity import end_sessions
from config.urls import urlpatterns as project_urls
from privacy.casework.identification import MOST_CODES, MOST_TRIES, PERIOD, Identification
from privacy.pages.people import person_page
from privacy.pages.step_up import SESSION_KEY, evidence, recently_identified

from . import races
from .makers import PASSWORD, make_member
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
