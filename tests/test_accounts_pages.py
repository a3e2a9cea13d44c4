"""The start page and the pages of sign-in: whole, translated, without script or style of their own."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.identity import end_sessions
from privacy.casework import cases
from privacy.datamap import Right

from .makers import PASSWORD, make_member

OPEN = ["/", "/account/login/", "/account/signup/", "/account/password/reset/", "/account/password/reset/done/", "/account/confirm-email/"]
OWN = [
    *("/", "/account/", "/account/email/", "/account/password/change/"),
    *("/account/sessions/", "/account/logout/"),
]
pytestmark = pytest.mark.django_db


def sign_in(client, member):
    client.post("/account/login/", {"login": member.email, "password": PASSWORD})


@pytest.mark.parametrize("path", OPEN)
def test_a_page_for_everybody_is_whole(path, client):
    assert faults_of(client.get(path)) == []


@pytest.mark.parametrize("path", OWN)
def test_a_page_for_a_member_is_whole(path, client, an):
    sign_in(client, an)
    an.emailaddress_set.create(email="nieuw@school.example")

    assert faults_of(client.get(path)) == []


@pytest.mark.parametrize("path", [*OWN, "/account/inactive/"])
def test_a_page_that_names_a_member_is_kept_by_no_browser(path, client, an):
    """T-09: the back button shows nothing after she left."""
    sign_in(client, an)

    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_a_message_ends_with_the_session_of_who_it_was_for(client, an):
    """T-32: it names her, and whoever comes after her at this computer would read it."""
    sign_in(client, an)
    end_sessions(an.subject)

    page = client.get("/account/login/").content.decode()

    assert "messages" not in client.cookies
    assert "Peeters" not in page


def test_a_message_for_who_is_not_signed_in_makes_no_session(client, an):
    sign_in(client, an)
    client.post("/account/logout/")

    page = client.get("/").content.decode()

    assert 'class="note' in page
    assert not Session.objects.exists()


def faults_of(response):
    page = response.content.decode()
    wrong = {
        "an error": response.status_code != 200,
        "no language": '<html lang="nl"' not in page,
        "no way past the menu": 'href="#content"' not in page or '<main id="content"' not in page,
        "not one heading": page.count("<h1") != 1,
        "a style of its own": "style=" in page or "<style" in page,
        "a script of its own": re.search(r'<script(?! src=)(?![^>]* type="application/json")|\son\w+=|javascript:', page),
        "no title": re.search(r"<title>\s*·", page),
        "no authority to complain to": "Drukpersstraat 35" not in page,
        "a field without a label": {*re.findall(r'<input(?! type="hidden")[^>]* id="([^"]+)"', page)}
        - {*re.findall(r'<label[^>]* for="([^"]+)"', page)},
    }
    return [fault for fault, found in wrong.items() if found]


def test_the_start_page_names_a_member_and_leads_to_her_account_and_her_privacy(client, an):
    sign_in(client, an)

    page = client.get("/").content.decode()

    assert re.search(r'<a href="/account/"[^>]*><bdi>An Peeters</bdi></a>', page)
    assert 'href="/my-privacy/"' in page
    assert 'href="/account/signup/"' not in page


def test_the_account_page_says_as_whom_she_is_signed_in_and_offers_to_sign_out(client, an):
    sign_in(client, an)

    page = client.get("/account/").content.decode()

    facts = re.findall(r"<dd>(.*?)</dd>", page)
    assert facts[:3] == ["<bdi>An Peeters</bdi>", an.email, "Nederlands"]
    for address in ("logout", "email", "password/change", "sessions"):
        assert f'href="/account/{address}/"' in page


def test_the_account_page_is_for_members_only(client):
    assert client.get("/account/").url == "/account/login/?next=/account/"


def test_a_hostile_name_is_shown_as_text(client, db):
    mallory = make_member("<script>alert(1)</script>", last_name='"><img src=x onerror=alert(1)>', email="mal@school.example")
    sign_in(client, mallory)

    for path in ("/", "/account/"):
        page = client.get(path).content.decode()
        assert ("&lt;script&gt;alert(1)" in page, "<script>alert" in page, "<img" in page) == (True, False, False)


def test_the_start_page_offers_a_stranger_to_sign_in_or_up(client):
    page = client.get("/").content.decode()

    assert 'href="/account/login/"' in page
    assert 'href="/account/signup/"' in page


def test_a_hidden_member_signs_in_reaches_only_her_request_and_signs_out(client, an):
    """K-14."""
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject)
    sign_in(client, an)

    closed = ("/", "/account/", "/account/email/", "/permissions/", "/my-privacy/data/")
    led_to = {client.get(path).headers.get("location") for path in closed}

    assert led_to == {reverse("privacy:request", args=[request.ref])}
    assert client.post("/account/logout/").url == "/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_a_language_is_chosen_without_script_and_stays(language, client):
    client.post("/language/setlang/", {"language": language}, headers={"referer": "/account/login/"})

    assert f'<html lang="{language}"' in client.get("/account/login/").content.decode()


def test_the_first_language_is_dutch(client):
    assert "Aanmelden" in client.get("/account/login/").content.decode()


def test_too_many_sign_ups_from_one_place_are_answered_with_a_page(client):
    for _ in range(20):
        client.post("/account/signup/", {})

    response = client.post("/account/signup/", {})

    assert (response.status_code, b'<main id="content"' in response.content) == (429, True)


@pytest.mark.parametrize(
    "path",
    ["/?next=%00", "/account/login/?next=/%00", "/account/signup/?email=a%00b@school.example", "/account/confirm-email/a%00b/", "/%00"],
)
def test_a_null_character_in_an_address_is_a_bad_request(path, client):
    assert client.get(path).status_code == 400


def test_a_null_character_in_a_cookie_is_a_bad_request(client):
    """PostgreSQL would refuse to look up the session, on every page."""
    response = client.get("/", headers={"cookie": 'sessionid="abcdefgh\\000"'})

    assert response.status_code == 400


@pytest.mark.parametrize(
    "path", ["/account/password/reset/key/abc-def/", "/account/password/reset/key/a-%F0%9F%A6%8A/", "/account/confirm-email/x:y:z/"]
)
def test_a_link_that_we_never_made_gets_a_page(path, client):
    assert client.get(path).status_code == 200
