"""A withdrawal and a partner that asks at the same moment: whoever comes first, the partner has nothing afterwards (T-20)."""

import pytest
from django.urls import reverse
from oauth2_provider.models import AccessToken, RefreshToken

from consents import permissions
from consents.models import PartnerGrant

from .partner_side import CALLBACK, SITE, VERIFIER, Program, make_application, told
from .races import at_once, needs_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_disk():
    needs_threads()


@pytest.fixture
def program(edupartner, an, client):
    client.force_login(an)
    return Program(make_application(edupartner), client)


def exchange(program, code):
    return program.post("oidc:token", grant_type="authorization_code", code=code, redirect_uri=CALLBACK, code_verifier=VERIFIER).json()


def test_a_code_exchanged_while_she_withdraws_leaves_no_token(program, an):
    program.ask()
    code = told(program.answer(attributes=["first_name"]))["code"]
    grant = PartnerGrant.objects.get(member=an)

    at_once(lambda: exchange(program, code), lambda: permissions.withdraw(grant))

    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.exists()


def test_a_renewal_while_she_withdraws_leaves_no_token(program, an):
    token = program.sign_in()
    grant = PartnerGrant.objects.get(member=an)

    at_once(
        lambda: program.post("oidc:token", grant_type="refresh_token", refresh_token=token["refresh_token"]),
        lambda: permissions.withdraw(grant),
    )

    assert not AccessToken.objects.exists()
    assert program.session.get(SITE + reverse("oidc:userinfo")).status_code == 401


def test_of_two_exchanges_of_one_code_one_gets_through_and_then_neither(program):
    program.ask()
    code = told(program.answer(attributes=["first_name"]))["code"]

    said = at_once(lambda: exchange(program, code), lambda: exchange(program, code))

    assert sum("access_token" in answer for answer in said) <= 1


def test_of_two_renewals_with_one_token_one_gets_through_and_then_neither(program):
    token = program.sign_in()

    def renew():
        return program.post("oidc:token", grant_type="refresh_token", refresh_token=token["refresh_token"]).json()

    said = at_once(renew, renew)

    assert sorted("access_token" in answer for answer in said) == [False, True]
    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.filter(revoked__isnull=True).exists()
