"""What docs/partners.md tells a developer to run, runs: each line of Python and each curl, in their order."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from string import Template

import pytest
import requests

from consents import permissions
from consents.models import PartnerGrant

from .makers import make_partner
from .partner_side import CALLBACK, SECRET, SITE, VERIFIER, InProcess, make_application, reading_of
from .signing_in import browser_of

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "partners.md").read_text(encoding="utf-8")
PLATFORM = "https://platform.example"
IN_BETWEEN = "# Send the member to `address`"


class Developer:
    """Types what the page says, with a program and a member's browser."""

    def __init__(self, application, browser):
        self.browser, self.application = browser, application
        self.names = {"PLATFORM": SITE, "CLIENT_ID": application.client_id, "SECRET": SECRET, "CALLBACK": CALLBACK, "VERIFIER": VERIFIER}

    def python(self, containing):
        (block,) = [block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if containing in block]
        before, between, after = block.partition(IN_BETWEEN)
        self._run(before)
        if between:
            self.names["came_back"] = self._she_allows(self.names["address"])
            self._run(IN_BETWEEN + after)

    def _run(self, lines):
        """What our own page says."""
        exec(lines, self.names)
        self.names["session"].mount(SITE, InProcess())

    def _she_allows(self, address):
        path = address.removeprefix(SITE)
        answer = {"answer": "yes", "attributes": ["email"], "reading": reading_of(self.browser.get(path, secure=True))}
        return self.browser.post(path, answer, secure=True)["Location"]

    def curl(self, containing):
        (line,) = [line for line in re.findall(r"^curl .*", PAGE, re.MULTILINE) if containing in line]
        token = self.names.get("tokens", {}).get("access_token", "")
        words = shlex.split(Template(line).substitute(self.names | {"TOKEN": token}).replace(PLATFORM, SITE))
        data = [word.partition("=")[::2] for option, word in pairwise(words) if option == "-d"]
        shown = next((tuple(word.split(":", 1)) for option, word in pairwise(words) if option == "-u"), None)
        with requests.Session() as session:
            session.mount(SITE, InProcess())
            return session.request("POST" if data else "GET", words[-1], data=data or None, auth=shown)


@pytest.fixture
def developer(an):
    return Developer(make_application(make_partner("quizkast", attributes=("email",))), browser_of(an))


def test_sign_in_ask_and_renew(developer, an):
    developer.python("create_authorization_url")
    developer.python("userinfo")
    assert developer.names["claims"] == {"sub": str(PartnerGrant.objects.get(member=an).sub), "email": an.email}

    before = developer.names["tokens"]
    developer.python("refresh_token(")

    assert developer.names["tokens"]["refresh_token"] != before["refresh_token"]


def test_when_it_ends(developer, an):
    developer.python("create_authorization_url")
    assert developer.curl("introspect").json()["active"]

    permissions.withdraw(PartnerGrant.objects.get(member=an))

    assert developer.curl("introspect").json() == {"active": False}


def test_end_it_oneself(developer):
    developer.python("create_authorization_url")

    assert developer.curl("revoke").status_code == 200
    assert developer.curl("introspect").json() == {"active": False}


def test_find_the_rest_and_get_a_token_of_ones_own(developer):
    assert developer.curl("openid-configuration").json()["token_endpoint"].endswith("/oauth/token/")
    assert developer.curl("client_credentials").json()["scope"] == "ssf.read ssf.manage"
