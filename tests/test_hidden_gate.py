"""Who asked for erasure reaches only status, taking it back, her download and signing out (K-14)."""

import pytest
from django.conf import settings as live
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.urls import get_resolver, path, reverse
from django.utils import timezone

from config.urls import urlpatterns as project_urls
from privacy.casework import cases
from privacy.datamap import Right
from privacy.datamap.checks.host import GATE
from privacy.pages.people import open_to_hidden

from .shapes import Shapes
from .signing_in import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def closed(request):
    return HttpResponse("closed")


@open_to_hidden
def opened(request):
    return HttpResponse("opened")


urlpatterns = [path("closed/", closed, name="closed"), path("opened/", opened), *project_urls]


def hide(member):
    """A browser in which she signed in, and the request by which she is hidden."""
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject)
    return browser_of(member), request


def test_any_page_leads_a_hidden_person_to_her_request(an):
    browser, request = hide(an)

    response = browser.get("/closed/")

    assert response.url == reverse("privacy:request", args=[request.ref])


def test_where_nothing_is_open_it_leads_to_her_requests(an):
    an.subject.hidden_at = timezone.now()
    an.subject.save()

    assert browser_of(an).get("/closed/").url == reverse("privacy:requests")


@pytest.mark.parametrize("address", ["/opened/", "/account/logout/", "/my-privacy/is-it-you/?next=/x"])
def test_what_is_open_to_her_stays_open(an, address):
    browser, request = hide(an)

    response = browser.get(address)

    assert reverse("privacy:request", args=[request.ref]) not in response.headers.get("location", "")
    assert response.status_code in {200, 302}


def test_static_files_are_not_touched(an, settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    browser, _request = hide(an)

    assert browser.get("/static/privacy/inzage.css").status_code == 200


def test_what_the_host_names_is_open_to_her(an, settings):
    browser, _request = hide(an)
    settings.PRIVACY = {**settings.PRIVACY, "OPEN_TO_HIDDEN": ["closed"]}

    assert browser.get("/closed/").content == b"closed"


def test_an_act_is_not_done_and_says_so(an):
    browser, _request = hide(an)

    response = browser.post("/closed/")

    assert response.status_code == 302
    assert "niet gebeurd" in str([*get_messages(response.wsgi_request)][-1])


def test_what_htmx_asks_for_moves_the_whole_page(an):
    browser, request = hide(an)

    response = browser.get("/closed/", headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == reverse("privacy:request", args=[request.ref])


def test_everybody_else_passes(an, bo, client):
    hide(an)

    assert [browser.get("/closed/").content for browser in (client, browser_of(bo))] == [b"closed", b"closed"]


def test_the_gate_costs_one_query_that_the_page_needs_anyway(an, django_assert_num_queries):
    """Session, member, subject."""
    browser = browser_of(an)

    with django_assert_num_queries(3):
        browser.get("/closed/")


def test_an_open_page_costs_nothing(an, django_assert_num_queries):
    browser = browser_of(an)

    with django_assert_num_queries(0):
        browser.get("/opened/")


def test_taken_back_the_gate_is_open_again(an):
    browser, request = hide(an)

    cases.cancel(request)

    assert browser.get("/closed/").content == b"closed"


# A hidden person would otherwise go round in circles, or could not go back.
OPEN = ["requests", "request", "cancel", "step_up", "step_up_code", "not_me", "appearance"]


@pytest.mark.parametrize("name", OPEN)
def test_the_pages_that_she_still_needs_are_marked(name):
    patterns = next(pattern for pattern in get_resolver().url_patterns if getattr(pattern, "namespace", "") == "privacy")

    view = next(pattern.callback for pattern in patterns.url_patterns if pattern.name == name)

    assert getattr(view, "open_to_hidden", False)


def test_a_host_that_forgets_the_gate_is_warned(settings):
    settings.MIDDLEWARE = [name for name in live.MIDDLEWARE if name != GATE]

    (message,) = Shapes().messages()

    assert (message.id, GATE in message.msg) == ("privacy.W004", True)


def test_a_host_without_the_pages_needs_no_gate(settings):
    settings.MIDDLEWARE, settings.ROOT_URLCONF = [], "django.conf.urls.i18n"

    assert Shapes().messages() == []
