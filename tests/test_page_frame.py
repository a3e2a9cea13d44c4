"""The frame of every page: who may look, what htmx gets without a session, the menu, the appearance."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from privacy.pages.people import page_of

from .signing_in import browser_of


def answer_to(**headers):
    return page_of(RequestFactory().post("/anything/", headers={"host": "testserver", **headers}))


def test_a_page_without_a_session_leads_to_sign_in_and_back(client, db):
    answer = client.get(reverse("privacy:overview"))

    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse('privacy:overview')}"


def test_what_htmx_asks_without_a_session_moves_the_whole_page(client, db):
    here = "http://testserver" + reverse("consents:permissions")

    answer = client.post(reverse("consents:withdraw", args=["edupartner"]), headers={"HX-Request": "true", "HX-Current-URL": here})

    assert answer.headers["HX-Redirect"] == f"{reverse('account_login')}?next={reverse('consents:permissions')}"


def test_a_form_sent_without_a_session_comes_back_to_the_page_it_stood_on():
    assert answer_to(referer="http://testserver/my-privacy/erase/?comments=remove") == "/my-privacy/erase/?comments=remove"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "http://testserver.evil/", ""])
def test_no_address_elsewhere_is_ever_gone_to(elsewhere):
    assert answer_to(referer=elsewhere) == reverse("privacy:overview")


def test_a_path_that_looks_like_another_host_stays_here(client):
    """The page of http://testserver//evil.example/ is ours and offers the same choice: there is nothing here."""
    answer = client.post(reverse("privacy:appearance"), {"theme": "dark"}, headers={"referer": "http://testserver//evil.example/x"})

    assert answer.url == "/%2Fevil.example/x"


def test_pages_of_a_person_are_never_kept_by_a_browser(an):
    """T-09: the back button shows nothing after she left."""
    answer = browser_of(an).get(reverse("privacy:overview"))

    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_may_load_nothing_but_our_own_files(an):
    policy = browser_of(an).get(reverse("privacy:overview")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_menu_says_where_she_is(an):
    page = browser_of(an).get(reverse("privacy:data")).content.decode()

    menu = page[page.index('<nav class="nav"') : page.index("</nav>")]
    assert f'<a href="{reverse("privacy:data")}" aria-current="page">' in menu
    assert menu.count("aria-current") == 1


def test_only_the_desk_s_own_people_see_the_desk_in_the_menu(an):
    assert reverse("privacy:desk") not in browser_of(an).get(reverse("privacy:overview")).content.decode()


def test_who_is_hidden_has_a_menu_of_requests_alone(an):
    an.subject.hidden_at = timezone.now()
    an.subject.save()

    page = browser_of(an).get(reverse("privacy:requests")).content.decode()

    assert reverse("privacy:requests") in page
    assert f'href="{reverse("privacy:data")}"' not in page


@pytest.mark.parametrize(("chosen", "shown"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_the_appearance_stays_as_chosen(client, db, chosen, shown):
    client.post(reverse("privacy:appearance"), {"theme": chosen})

    assert shown in client.get("/").content.decode()


@pytest.mark.parametrize("chosen", ["auto", "", '"><script>', "x" * 10_000])
def test_any_other_appearance_is_the_device_s(client, db, chosen):
    client.post(reverse("privacy:appearance"), {"theme": "dark"})

    client.post(reverse("privacy:appearance"), {"theme": chosen})

    assert "data-theme" not in client.get("/").content.decode()


def test_a_hostile_cookie_chooses_nothing(client, db):
    client.cookies["theme"] = 'dark"><script>'

    assert "data-theme" not in client.get("/").content.decode()
