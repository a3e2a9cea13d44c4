"""A teacher signs in with an account that she has elsewhere: there and back, with nothing refused by the policy for content."""

import re

import pytest
from playwright.sync_api import expect

from . import walk
from .actors import Mouse
from .clean import assert_clean, assert_silent
from .scene import AN

BUTTON = 'form[action*="/oidc/"] button'


@pytest.fixture
def person(elsewhere, request):
    """Somebody whom nobody knows here yet."""
    name = re.sub(r"\W+", "", request.node.name)[-40:].lower()
    elsewhere.person = {"sub": name, "email": f"{name}@elders.example", "email_verified": True, "name": "Zoë Elders"}
    return elsewhere.person


def go_there(she, elsewhere):
    she.page.locator(BUTTON).click()
    she.page.wait_for_url(f"{elsewhere.address}/authorize**")


def agree(she, answer="Ja, dat mag"):
    she.page.get_by_role("button", name=answer).click()


@pytest.mark.parametrize("has_script", [True, False])
def test_she_presses_says_yes_there_and_is_signed_in(has_script, open_window, scene, elsewhere, person):
    """Also without JavaScript."""
    she = Mouse(open_window(java_script_enabled=has_script))

    she.visit("/account/login/")
    go_there(she, elsewhere)
    agree(she)
    she.page.wait_for_url("**/my-privacy/")

    expect(she.page.get_by_role("banner")).to_contain_text("Zoë Elders")
    assert_silent(she.watch)


def test_she_says_no_there_and_reads_that_nothing_happened(open_window, scene, elsewhere, person):
    she = Mouse(open_window())

    she.visit("/account/signup/")
    go_there(she, elsewhere)
    agree(she, "Nee")
    she.page.wait_for_url("**/cancelled/")

    assert_clean(she.watch)


def test_the_back_button_leads_back_to_our_button(open_window, scene, elsewhere, person):
    she = Mouse(open_window())

    she.visit("/account/login/")
    go_there(she, elsewhere)
    she.page.go_back()

    expect(she.page.locator(BUTTON)).to_be_visible()


def test_the_page_in_between_is_clean(open_window, scene, elsewhere, person):
    """It goes on by itself; here the way there is closed."""
    window = open_window()
    she = Mouse(window)
    she.visit("/account/login/")
    token = she.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = window.request.post(she.page.locator('form[action*="/oidc/"]').get_attribute("action"), form={"csrfmiddlewaretoken": token})
    stopped = re.sub(r'<meta http-equiv="refresh"[^>]*>', "", answer.text())
    window.route("**/in-between/", lambda route: route.fulfill(body=stopped, headers=answer.headers))

    in_between = Mouse(window)
    in_between.visit("/in-between/")

    assert_clean(in_between.watch)


def test_a_redirect_instead_of_that_page_would_be_refused(open_window, scene, elsewhere, person):
    """Why there is one: `form-action 'self'` holds for where a form is led on to."""
    window = open_window()
    she = Mouse(window)
    window.route("**/oidc/**", lambda route: route.fulfill(status=302, headers={"Location": f"{elsewhere.address}/authorize"}))

    she.visit("/account/login/")
    she.page.locator(BUTTON).click()

    expect(she.page.locator(BUTTON)).to_be_visible()
    she.page.wait_for_timeout(1000)
    assert [complaint for complaint in she.watch.complaints if "form-action" in complaint]


def test_without_an_address_she_fills_one_in(open_window, scene, elsewhere, person):
    she = Mouse(open_window())
    del person["email"], person["email_verified"]

    she.visit("/account/login/")
    go_there(she, elsewhere)
    agree(she)
    she.page.wait_for_url("**/3rdparty/signup/")

    assert_clean(she.watch)


def test_she_connects_it_sees_it_and_removes_it(open_window, scene, elsewhere, person):
    she = Mouse(open_window())
    walk.sign_in(she, AN)

    she.visit("/account/3rdparty/")
    go_there(she, elsewhere)
    agree(she)
    she.page.wait_for_url("**/account/3rdparty/")
    she.sees(person["email"])
    assert_clean(she.watch)
    she.page.locator("article button.stop").click()

    expect(she.page.locator("article")).to_have_count(0)
