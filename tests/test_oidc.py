"""Signing in at a partner with an account here, by a client library that others use too (OpenID Connect Core 1.0)."""

import pytest
from django.urls import reverse
from requests_oauthlib import OAuth2Session

from consents import offers, permissions
from consents.models import ConsentEvent, PartnerGrant
from privacy.models import Disclosure, Notice

from . import makers, partner_side
from .ledgers import lines
from .partner_side import CALLBACK, SITE, Program, make_application, told


@pytest.fixture
def application(edupartner):
    return make_application(edupartner)


@pytest.fixture
def program(application, an, client):
    client.force_login(an)
    return Program(application, client)


def test_signs_in_and_gets_what_she_allowed(program, an):
    program.sign_in(["first_name", "email"])

    said = program.userinfo()

    grant = PartnerGrant.objects.get(member=an)
    assert said == {"sub": str(grant.sub), "given_name": "An", "email": "an.peeters@school.example"}


def test_from_our_sign_in_form_she_is_led_back_by_a_page_that_no_policy_stops(program):
    """A browser counts redirects after a form as its target (CSP, form-action); tests/browser/test_partner.py has the real one."""
    program.sign_in()
    program.browser.defaults["HTTP_SEC_FETCH_SITE"] = "same-origin"

    page = program.ask()

    assert page.status_code == 200
    assert f'<meta http-equiv="refresh" content="0; url={CALLBACK}?code=' in page.text


def test_what_she_did_not_tick_is_not_told(program, an):
    program.sign_in(["first_name"])

    assert "email" not in program.userinfo()
    assert Disclosure.objects.get(subject_ref=an.subject.ref).attributes == ["first_name"]


def test_nothing_is_ticked_for_her(program):
    page = program.ask().content.decode()

    assert 'value="email"' in page
    assert " checked" not in page


def test_a_needed_field_comes_without_a_tick_and_says_so(program, edupartner, an):
    edupartner.needed = ["email"]
    edupartner.save()

    page = program.ask().content.decode()
    program.redeem(program.answer(attributes=[]))

    assert "Nodig" in page
    assert set(program.userinfo()) == {"sub", "email"}


def test_saying_no_sends_her_back_with_her_no(program, an):
    program.ask()

    back = told(program.answer("no"))

    assert back["error"] == "access_denied"
    assert back["iss"] == "http://127.0.0.1:8000"
    assert not PartnerGrant.objects.exists()


def test_the_id_token_says_who_and_nothing_else(program, an, client):
    token = program.sign_in()

    claims = partner_side.id_token_claims(token, keys=client.get("/.well-known/jwks.json").json())

    assert claims["sub"] == str(PartnerGrant.objects.get(member=an).sub)
    assert claims["aud"] == "edupartner"
    assert claims["exp"] - claims["iat"] <= 301  # a second may begin between the two
    assert set(claims) == {"sub", "aud", "iss", "iat", "exp", "nonce", "at_hash", "jti", "auth_time"}


def test_the_second_time_she_is_not_asked_again(program):
    program.sign_in()

    assert program.ask().status_code == 302
    assert ConsentEvent.objects.count() == 1


def test_is_asked_again_where_more_is_asked(program, edupartner):
    program.sign_in()
    edupartner.attributes = [*edupartner.attributes, "town"]
    edupartner.save()

    assert program.ask().status_code == 200


def test_a_field_that_she_refused_is_not_asked_at_each_sign_in(program):
    program.sign_in(["first_name"])

    assert program.ask().status_code == 302


def test_what_it_has_already_stands_there_ticked_where_more_is_asked(program, edupartner):
    asks_for_the_town_alone(program, edupartner)

    page = program.ask().text

    assert 'value="town">' in page
    assert 'value="email" checked>' in page


def test_what_it_has_already_stays_where_she_leaves_it_ticked(program, edupartner):
    asks_for_the_town_alone(program, edupartner)

    program.ask()
    program.answer(attributes=["town", "email", "first_name"])

    assert PartnerGrant.objects.get().attributes == ["first_name", "email", "town"]


def test_what_it_has_already_goes_where_she_unticks_it(program, edupartner):
    asks_for_the_town_alone(program, edupartner)

    program.ask()
    program.answer(attributes=["town", "first_name"])

    assert PartnerGrant.objects.get().attributes == ["first_name", "town"]
    assert ConsentEvent.objects.last().asked == ["email", "first_name", "town"]


def test_what_it_had_does_not_come_back_where_she_stopped_it_meanwhile(program, edupartner, an, monkeypatch):
    asks_for_the_town_alone(program, edupartner)
    program.ask()
    hold = permissions.hold_words

    def stopped_first(partner):
        monkeypatch.setattr(permissions, "hold_words", hold)
        permissions.withdraw(PartnerGrant.objects.get(member=an))
        return hold(partner)

    monkeypatch.setattr(permissions, "hold_words", stopped_first)
    program.answer(attributes=["town", "email", "first_name"])

    assert PartnerGrant.objects.get().attributes == ["town"]
    assert ConsentEvent.objects.last().attributes == ["town"]


def test_what_she_allowed_elsewhere_since_the_page_was_shown_stays(program, edupartner, an):
    edupartner.attributes = ["first_name", "email", "last_name"]
    edupartner.save()
    asks_for_the_town_alone(program, edupartner)

    program.ask()
    makers.make_grant(an, edupartner, ["first_name", "email", "last_name"])
    program.answer(attributes=["town", "first_name"])

    assert PartnerGrant.objects.get().attributes == ["first_name", "last_name", "town"]
    assert Notice.objects.get().attributes == ["email"]


def test_an_answer_that_fails_halfway_leaves_no_line_in_the_ledger(program, edupartner, monkeypatch):
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()
    asks_for_the_town_alone(program, edupartner)
    program.ask()
    before = lines()
    monkeypatch.setattr(offers, "allow", lambda *_what, **_how: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        program.answer(attributes=["town"], contact="yes")

    assert lines() == before
    assert PartnerGrant.objects.get().attributes == ["first_name", "email"]


def asks_for_the_town_alone(program, edupartner):
    """After she allowed it her first name and her address."""
    program.sign_in(["first_name", "email"])
    edupartner.attributes = [*edupartner.attributes, "town"]
    edupartner.save()
    program.session.scope = "openid town"


def test_the_consent_says_what_was_asked_and_how(program):
    program.sign_in(["first_name"])

    event = ConsentEvent.objects.get()
    assert event.attributes == ["first_name"]
    assert event.asked == ["email", "first_name"]
    assert event.method == "sign_in"


def test_renews_its_access(program):
    old = program.sign_in()
    new = program.session.refresh_token(SITE + reverse("oidc:token"), refresh_token=old["refresh_token"])

    assert new["access_token"] != old["access_token"]
    assert program.userinfo()["given_name"] == "An"


def test_gives_its_access_back(program):
    token = program.sign_in()

    program.session.revoke_token(SITE + reverse("oidc:revoke"), token=token["refresh_token"], token_type_hint="refresh_token")

    assert program.session.get(SITE + reverse("oidc:userinfo")).status_code == 401
    assert program.post("oidc:introspect", token=token["refresh_token"]).json() == {"active": False}


@pytest.fixture
def another_library(application, an, client):
    """A session of requests-oauthlib, at which she signed in."""
    client.force_login(an)
    session = OAuth2Session("edupartner", redirect_uri=CALLBACK, scope=["openid", "first_name"], pkce="S256")
    session.mount("https://", partner_side.InProcess())
    address, _state = session.authorization_url(SITE + reverse("oidc:authorize"))
    answer = {"answer": "yes", "attributes": ["first_name"], "reading": application.partner.reading}
    back = client.post(address.removeprefix(SITE), answer, secure=True)
    session.fetch_token(SITE + reverse("oidc:token"), authorization_response=back["Location"], client_secret=partner_side.SECRET)
    return session


def test_another_client_library_signs_in_too(another_library):
    assert another_library.get(SITE + reverse("oidc:userinfo")).json()["given_name"] == "An"


def test_another_client_library_renews_its_access(another_library):
    old = another_library.token["access_token"]

    new = another_library.refresh_token(SITE + reverse("oidc:token"), auth=("edupartner", partner_side.SECRET))

    assert new["access_token"] != old
    assert another_library.get(SITE + reverse("oidc:userinfo")).json()["given_name"] == "An"


def test_another_client_library_gives_its_access_back(another_library):
    """It has no call of its own for that (RFC 7009)."""
    form = {"token": another_library.token["refresh_token"]}

    said = another_library.post(SITE + reverse("oidc:revoke"), form, auth=("edupartner", partner_side.SECRET), withhold_token=True)

    assert said.status_code == 200
    assert another_library.get(SITE + reverse("oidc:userinfo")).status_code == 401


def test_two_partners_know_her_by_different_names(program, an, client):
    other = Program(make_application(makers.make_partner("leerhoek")), client)
    program.sign_in()
    other.sign_in()

    assert program.userinfo()["sub"] != other.userinfo()["sub"]
