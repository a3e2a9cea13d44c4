"""A passkey, held by Chromium's virtual authenticator, and an app: added, used to sign in and to show who she is; each page is clean."""

import re

import pytest

from tests.factors import code_of
from tests.makers import PASSWORD

from . import acts, walk
from .actors import Mouse
from .clean import assert_clean

PASSKEYS, GATED = "/account/2fa/webauthn/", "/account/email/"
CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")
# A telephone or laptop with a finger on its sensor.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Member(Mouse):
    """At a name and not at a number, which no passkey can belong to."""

    def __init__(self, open_window, site, email):
        super().__init__(open_window(site.address.replace("127.0.0.1", "localhost")))
        self.site, self.email = site, email
        site.do(acts.welcome, email)
        walk.sign_in(self, email, PASSWORD)

    def holds_passkeys(self):
        session = self.page.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def looks_at(self, path):
        self.visit(path)
        self.looks()

    def looks(self):
        """One page at a time is weighed."""
        assert_clean(self.watch)
        self.watch.fetched.clear()

    def presses(self, selector, *, leads_to):
        self.page.locator(selector).click()
        self.page.wait_for_url(f"**{leads_to}")

    def signs_out(self):
        self.visit("/account/logout/")
        self.presses("main form button", leads_to="/")

    def types_password(self):
        walk.fill_in_sign_in(self, self.email, PASSWORD)
        self.page.wait_for_url("**/account/2fa/authenticate/")

    def is_asked_who_she_is(self):
        self.site.do(acts.much_later, self.email)
        self.visit(GATED)
        self.page.wait_for_url("**/my-privacy/is-it-you/**")


@pytest.fixture
def with_passkey(open_window, site):
    she = Member(open_window, site, "sleutel@school.example")
    she.holds_passkeys()
    she.looks_at(f"{PASSKEYS}add/")
    she.page.locator("#id_name").fill("mijn laptop")
    she.presses("#passkey_add", leads_to="/account/2fa/recovery-codes/")
    she.looks()
    return she


def test_a_passkey_signs_in_alone_and_shows_who_she_is(with_passkey):
    """T-07; and it is the second step after a password."""
    she = with_passkey
    for path in (PASSKEYS, f"{PASSKEYS}keys/{she.site.do(acts.passkey_of, she.email)}/edit/", "/account/2fa/", "/account/sessions/"):
        she.looks_at(path)
    she.signs_out()

    she.looks_at("/account/login/")
    she.presses("#passkey_login", leads_to="/my-privacy/")
    she.is_asked_who_she_is()
    she.looks()
    she.presses(f'main a[href^="{PASSKEYS}"]', leads_to=f"{PASSKEYS}reauthenticate/**")
    she.looks()
    she.presses("#passkey_use", leads_to=GATED)
    she.signs_out()
    she.types_password()
    she.looks()
    she.presses("#passkey_use", leads_to="/my-privacy/")

    she.looks_at(f"{PASSKEYS}keys/{she.site.do(acts.passkey_of, she.email)}/remove/")
    she.presses("main button.stop", leads_to=PASSKEYS)


def test_a_browser_that_finds_no_passkey_says_so_on_the_page(open_window, site):
    she = Member(open_window, site, "vreemd@school.example")
    she.signs_out()
    she.visit("/account/login/")
    she.page.evaluate("void (navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')))")

    she.page.locator("#passkey_login").click()

    she.waits_for(she.page.locator("#passkey-failed"))


@pytest.mark.long
def test_an_app_gives_the_second_step_and_shows_who_she_is(open_window, site):
    she = Member(open_window, site, "app@school.example")
    she.looks_at("/account/2fa/totp/activate/")
    key = she.page.locator("dl code").inner_text()
    she.page.locator("#id_code").fill(code_of(key, steps=-1))
    she.presses("main form button:not(.quiet)", leads_to="/account/2fa/recovery-codes/")
    for path in ("/account/2fa/recovery-codes/generate/", "/account/2fa/totp/deactivate/", "/account/2fa/"):
        she.looks_at(path)
    she.signs_out()

    she.types_password()
    she.looks()
    she.page.locator("#id_code").fill(code_of(key))
    she.presses("main form button:not(.quiet)", leads_to="/my-privacy/")
    she.is_asked_who_she_is()
    she.looks()
    she.page.locator("#id_code").fill(code_of(key, steps=1))
    she.presses("main form button:not(.quiet)", leads_to=GATED)


@pytest.mark.long
def test_a_code_by_mail_signs_in(open_window, site):
    she = Member(open_window, site, "code@school.example")
    she.signs_out()
    she.looks_at("/account/login/code/")

    she.page.locator("#id_email").fill(she.email)
    she.presses("main form button", leads_to="/account/login/code/confirm/")
    she.looks()
    she.page.locator("#id_code").fill(CODE.search(site.mail_to(she.email, "").text)[0])
    she.presses("main form button:not(.quiet)", leads_to="/my-privacy/")
