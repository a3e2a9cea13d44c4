"""The contract of what partners' programs call: valid, served, complete, and true for whatever is sent (K-10's other side)."""

from pathlib import Path

import pytest
import requests
import schemathesis
import yaml
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance, unsupported_method
from urllib3 import HTTPResponse

from consents.oidc import urls

from .makers import make_member, make_partner
from .partner_side import SECRET, SITE, InProcess, Program, make_application
from .signing_in import browser_of

FILE = Path(__file__).resolve().parent.parent / "docs" / "partners.openapi.yaml"
CONTRACT = yaml.safe_load(FILE.read_text(encoding="utf-8"))
# Requests of each kind to each address; the gate has little time, `long` much.
A_FEW, MANY = 6, 100

schema = schemathesis.openapi.from_dict(CONTRACT)
# What counts as valid is a code or a secret, which no schema knows; parameters that nobody knows are ignored (RFC 6749, 3.1 and 3.2); and
# a request without its token would leave this process (test_oidc.py asks that).
NOT_OF_OAUTH = [positive_data_acceptance, negative_data_rejection, ignored_auth]
# The member answers there too, on a page that partners do not call.
AUTHORIZE, NOT_OF_BROWSERS = "/oauth/authorize/", [unsupported_method]
# Which browsers ask, and no program of a partner.
OF_BROWSERS = {"/.well-known/gpc.json"}
how = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "database": None}


def test_the_contract_is_valid():
    OpenAPIV31SpecValidator(CONTRACT).validate()


def test_each_address_of_the_provider_stands_in_it():
    told = set(CONTRACT["paths"])

    assert {reverse(f"oidc:{pattern.name}") for pattern in urls.urlpatterns} - OF_BROWSERS <= told


def test_it_is_served_with_our_own_address(client):
    answer = client.get(reverse("portal:openapi"))

    served = yaml.safe_load(answer.content)
    assert served["servers"] == [{"url": "http://127.0.0.1:8000"}]
    assert served["paths"] == CONTRACT["paths"]


@pytest.fixture
def program(db):
    """A program that a member signed in at."""
    member = make_member("An", last_name="Peeters")
    signed_in = Program(make_application(make_partner("edupartner")), browser_of(member))
    signed_in.sign_in()
    return signed_in


@pytest.fixture
def credentials(program):
    """Scheme of the contract -> what the program shows."""
    token = program.session.token["access_token"]
    return {"program": (program.application.client_id, SECRET), "member": {"Authorization": f"Bearer {token}"}}


class WithRawHeaders(InProcess):
    """schemathesis reads them where urllib3 leaves them."""

    def send(self, request, **kwargs):
        response = super().send(request, **kwargs)
        response.raw = HTTPResponse(response.raw, headers=dict(response.headers), status=response.status_code, preload_content=False)
        return response


def call(case, credentials):
    """With what the program would show, where the contract asks it."""
    schemes = [name for choice in case.operation.definition.raw.get("security", []) for name in choice]
    shown = {"headers": credentials["member"]} if "member" in schemes else {"auth": credentials["program"]} if schemes else {}
    session = requests.Session()
    session.mount(SITE, WithRawHeaders())
    excluded = NOT_OF_OAUTH + (NOT_OF_BROWSERS if case.path == AUTHORIZE else [])
    case.call_and_validate(base_url=SITE, session=session, excluded_checks=excluded, **shown)


@schema.parametrize()
@settings(max_examples=A_FEW, **how)
def test_whatever_is_sent_is_answered_as_the_contract_says(case, credentials):
    call(case, credentials)


@pytest.mark.long
@schema.parametrize()
@settings(max_examples=MANY, **how)
def test_much_is_sent_and_answered_as_the_contract_says(case, credentials):
    call(case, credentials)


@pytest.mark.parametrize("name", ["token", "revoke", "introspect"])
@pytest.mark.parametrize(
    ("body", "kind"), [(b"\xff\xfe=%00", "application/x-www-form-urlencoded"), (b"{", "application/json"), (b"a" * 100_000, "text/plain")]
)
def test_a_body_that_cannot_be_read_is_a_clear_no(db, name, body, kind):
    answer = Client().post(reverse(f"oidc:{name}"), body, content_type=kind)

    assert answer.status_code in {400, 401}
