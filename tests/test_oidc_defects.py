"""What the OAuth library leaves open, closed: one test for each (docs/partners.md, T-19 to T-23)."""

from base64 import b64encode
from datetime import timedelta
from urllib.parse import parse_qsl

import jwt
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from consents import permissions, tasks
from consents.models import AuthorizationCode, PartnerGrant
from consents.oidc import signing_keys
from consents.oidc.validator import Validator
from privacy.models import Disclosure
from privacy.rights import erasure

from . import makers
from .partner_side import CALLBACK, SITE, VERIFIER, Program, make_application, told


@pytest.fixture
def program(edupartner, an, client):
    client.force_login(an)
    return Program(make_application(edupartner), client)


@pytest.fixture
def other(program, client):
    return Program(make_application(makers.make_partner("leerhoek")), client)


def withdraw(an):
    permissions.withdraw(PartnerGrant.objects.get(member=an))


def refresh(program, token):
    answer = program.post("oidc:token", grant_type="refresh_token", refresh_token=token["refresh_token"])
    return answer.json()


# Silent renewal


def test_a_partner_that_she_never_allowed_gets_nothing_silently(program):
    back = told(program.ask(prompt="none"))

    assert back["error"] == "consent_required"
    assert "code" not in back


def test_silent_renewal_works_while_her_permission_stands(program):
    program.sign_in()

    assert "code" in told(program.ask(prompt="none"))


def test_silent_renewal_gets_no_field_that_she_was_not_asked(program, edupartner):
    program.sign_in()
    edupartner.attributes = [*edupartner.attributes, "town"]
    edupartner.save()

    assert told(program.ask(prompt="none"))["error"] == "consent_required"


def test_silent_renewal_of_a_stranger_asks_to_sign_in(program, client):
    client.logout()

    assert told(program.ask(prompt="none"))["error"] == "login_required"


def test_silent_renewal_after_withdrawal_needs_consent(program, an):
    program.sign_in()
    withdraw(an)

    assert told(program.ask(prompt="none"))["error"] == "consent_required"


def test_a_hint_about_somebody_else_is_not_answered_with_her(program, bo, edupartner):
    bos_browser = Client()
    bos_browser.force_login(bo)
    bos = Program(program.application, bos_browser).sign_in()
    program.sign_in()

    back = told(program.ask(prompt="none", id_token_hint=bos["id_token"]))

    assert back["error"] == "login_required"


def test_her_own_hint_is_fine(program):
    token = program.sign_in()

    assert "code" in told(program.ask(prompt="none", id_token_hint=token["id_token"]))


@pytest.mark.parametrize("hint", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_hint_that_is_none_gives_no_code(program, hint):
    program.sign_in()

    back = told(program.ask(prompt="none", id_token_hint=hint))

    assert back["error"] == "login_required"
    assert "code" not in back


def test_a_hint_with_her_name_that_nobody_signed_gives_no_code(program, an):
    program.sign_in()
    unsigned = jwt.encode({"sub": str(PartnerGrant.objects.get(member=an).sub)}, None, algorithm="none")

    assert "code" not in told(program.ask(prompt="none", id_token_hint=unsigned))


def test_an_empty_hint_is_none(program):
    program.sign_in()

    assert "code" in told(program.ask(prompt="none", id_token_hint=""))


@pytest.mark.parametrize("claims", ['{"id_token": 3}', '{"id_token": {"sub": "x"}}', "[]", "{", '{"id_token": {"sub": {"value": null}}}'])
def test_claims_spelled_wrongly_give_no_fault(program, claims):
    program.sign_in()

    assert program.ask(prompt="none", claims=claims).status_code in {302, 400}


def test_prompt_login_asks_who_she_is_in_a_session_that_only_goes_on(program, client):
    program.sign_in()
    session = client.session
    session["privacy.identified"] = ["password", 0]
    session.save()

    page = program.ask(prompt="login")

    assert page["Location"].startswith(reverse("privacy:step_up"))


def test_max_age_asks_who_she_is_where_that_is_longer_ago(program, client):
    session = client.session
    session["privacy.identified"] = ["password", 0]
    session.save()

    assert program.ask(max_age="60")["Location"].startswith(reverse("privacy:step_up"))


def test_max_age_without_a_page_is_answered_with_a_no(program, client):
    program.sign_in()
    session = client.session
    session["privacy.identified"] = ["password", 0]
    session.save()

    back = told(program.ask(prompt="none", max_age="60"))

    assert back["error"] == "login_required"
    assert back["state"] == program.state
    assert "code" not in back


@pytest.mark.parametrize("too_long", [{"nonce": "n" * 256}, {"code_challenge": "c" * 129}])
def test_words_for_which_a_code_has_no_room_are_refused_before_she_is_asked(program, too_long):
    program.ask()
    asked = dict(parse_qsl(program.asked.query)) | too_long

    back = told(program.browser.get(program.asked.path, asked, secure=True))

    assert (back["error"], back["state"]) == ("invalid_request", program.state)


@pytest.mark.parametrize("resource", ["https://[", "https://elsewhere.example"])
def test_a_resource_is_heeded_nowhere(program, resource):
    program.ask(resource=resource)
    code = told(program.answer(attributes=["first_name"]))["code"]
    proof = {"code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}

    first = program.post("oidc:token", grant_type="authorization_code", resource=resource, **proof).json()
    second = program.post("oidc:token", grant_type="refresh_token", refresh_token=first["refresh_token"], resource=resource).json()

    assert second["access_token"]


# Codes


def test_a_code_that_comes_twice_ends_what_it_gave(program):
    program.ask()
    back = program.answer(attributes=["first_name"])
    program.redeem(back)

    again = program.post("oidc:token", grant_type="authorization_code", code=told(back)["code"], redirect_uri=CALLBACK)

    assert again.json()["error"] == "invalid_grant"
    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.exists()


def test_a_code_is_worth_nothing_after_withdrawal(program, an):
    program.ask()
    back = program.answer(attributes=["first_name"])
    withdraw(an)

    answer = program.post("oidc:token", grant_type="authorization_code", code=told(back)["code"], redirect_uri=CALLBACK)

    assert answer.json()["error"] == "invalid_grant"
    assert not AuthorizationCode.objects.exists()


def test_without_proof_of_possession_no_code(program):
    page = program.browser.get(
        reverse("oidc:authorize"), {"client_id": "edupartner", "response_type": "code", "scope": "openid", "redirect_uri": CALLBACK}
    )

    assert told(page)["error"] == "invalid_request"


def test_a_plain_proof_is_no_proof(program):
    program.ask()
    plain = program.asked.query.replace("S256", "plain")

    back = told(program.browser.post(f"{program.asked.path}?{plain}", {"answer": "yes", "reading": program.reading}, secure=True))

    assert back["error"] == "invalid_request"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/back", CALLBACK + "/more", CALLBACK + "?x=1", "http://edupartner.example/back", "javascript:alert(1)", ""],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(program, address):
    page = program.browser.get(
        reverse("oidc:authorize"), {"client_id": "edupartner", "response_type": "code", "scope": "openid", "redirect_uri": address}
    )

    assert page.status_code == 400 or page["Location"].startswith(CALLBACK)
    assert "evil" not in page.get("Location", "")


@pytest.mark.parametrize("client_id", ["", "nobody", "\0", "x" * 5000, "<script>"])
def test_an_unknown_program_gets_a_page_that_says_so(program, client_id):
    page = program.browser.get(reverse("oidc:authorize"), {"client_id": client_id, "response_type": "code"})

    assert page.status_code in {400, 414}


@pytest.mark.parametrize("form", [{}, {"device_code": "x"}, {"client_id": "edupartner"}])
def test_there_is_no_flow_for_devices(client, program, form):
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", **form}

    assert client.post(reverse("oidc:token"), form).status_code in {400, 401}
    assert program.post("oidc:token", **form).json()["error"] in {"unsupported_grant_type", "unauthorized_client"}


@pytest.mark.parametrize("name", ["token", "revoke", "introspect"])
def test_a_null_character_in_a_programs_name_is_nobodys(client, db, name):
    form = {"client_id": "edu\0partner", "client_secret": "x", "grant_type": "authorization_code", "code": "x", "token": "x"}
    basic = "Basic " + b64encode(b"edu\0partner:x").decode()

    by_form = client.post(reverse(f"oidc:{name}"), form)
    by_header = client.post(reverse(f"oidc:{name}"), {"token": "x", "grant_type": "client_credentials"}, headers={"Authorization": basic})

    assert (by_form.status_code, by_header.status_code) == (401, 401)


def test_a_null_character_in_a_code_is_no_code(program):
    answer = program.post("oidc:token", grant_type="authorization_code", code="x\0", redirect_uri=CALLBACK, code_verifier=VERIFIER)

    assert answer.json()["error"] == "invalid_grant"


# Tokens


def test_an_access_token_dies_with_the_permission(program, an):
    program.sign_in()
    withdraw(an)

    answer = program.session.get(SITE + reverse("oidc:userinfo"))

    assert answer.status_code == 401
    assert not AccessToken.objects.exists()


def test_a_refresh_token_dies_with_the_permission(program, an):
    token = program.sign_in()
    withdraw(an)

    assert refresh(program, token)["error"] == "invalid_grant"


def test_a_token_that_a_restored_copy_brought_back_opens_nothing(program, an):
    """The row is there, the permission is not."""
    program.sign_in()
    PartnerGrant.objects.filter(member=an).update(revoked_at="2026-01-01T00:00Z")

    assert program.session.get(SITE + reverse("oidc:userinfo")).status_code == 401
    assert not Disclosure.objects.exists()


def test_a_rotated_refresh_token_used_again_ends_the_family(program):
    first = program.sign_in()
    second = refresh(program, first)

    assert refresh(program, first)["error"] == "invalid_grant"
    assert refresh(program, second)["error"] == "invalid_grant"
    assert not AccessToken.objects.exists()


def test_a_refresh_token_that_another_renewed_meanwhile_ends_the_family(program, monkeypatch):
    first, hold = program.sign_in(), Validator._hold

    def after_another(validator, request):
        hold(validator, request)
        RefreshToken.objects.get().revoke()

    monkeypatch.setattr(Validator, "_hold", after_another)

    assert refresh(program, first)["error"] == "invalid_grant"
    assert not RefreshToken.objects.filter(revoked__isnull=True).exists()
    assert not AccessToken.objects.exists()


def test_who_is_being_erased_is_out_of_reach_at_once(program, an):
    program.sign_in()
    erasure.hide(an.subject)

    assert program.session.get(SITE + reverse("oidc:userinfo")).status_code == 401


def test_a_narrowed_permission_narrows_what_old_tokens_get(program, an, edupartner):
    program.sign_in(["first_name", "email"])
    makers.make_grant(an, edupartner, ["first_name"])

    assert set(program.userinfo()) == {"sub", "given_name"}


def test_a_token_in_the_address_is_refused(program, client):
    token = program.sign_in()

    answer = client.get(reverse("oidc:userinfo"), {"access_token": token["access_token"]})

    assert answer.status_code == 400
    assert not Disclosure.objects.exists()


def test_tokens_and_secrets_are_not_in_the_database_to_be_read(program):
    token = program.sign_in()

    assert set(AccessToken.objects.values_list("token", flat=True)) == {""}
    assert set(RefreshToken.objects.values_list("token", flat=True)) == {""}
    assert program.secret not in program.application.client_secret
    assert token["access_token"]


# Introspection


def test_introspection_tells_a_program_of_its_own_token_without_her_name(program, an):
    token = program.sign_in()

    said = program.post("oidc:introspect", token=token["access_token"]).json()

    assert said["active"] is True
    assert said["sub"] == str(PartnerGrant.objects.get(member=an).sub)
    assert "username" not in said


def test_introspection_of_a_refresh_token(program):
    token = program.sign_in()

    assert program.post("oidc:introspect", token=token["refresh_token"]).json()["active"] is True


@pytest.mark.parametrize("is_orphan", [True, False])
def test_introspection_of_a_refresh_token_that_renews_nothing_any_more(program, is_orphan):
    token = program.sign_in()
    if is_orphan:
        AccessToken.objects.all().delete()
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=91))

    assert program.post("oidc:introspect", token=token["refresh_token"]).json() == {"active": False}
    assert refresh(program, token)["error"] == "invalid_grant"


def test_introspection_tells_nothing_of_anothers_token(program, other):
    token = program.sign_in()

    assert other.post("oidc:introspect", token=token["access_token"]).json() == {"active": False}


def test_introspection_after_narrowing_names_what_she_still_allows(program, an):
    token = program.sign_in()
    grant = PartnerGrant.objects.get(member=an)

    permissions.narrow(grant, ["email"], text_version="2026-12", language="nl")

    scope = program.post("oidc:introspect", token=token["access_token"]).json()["scope"]
    assert set(scope.split()) == {"openid", "email"}


def test_introspection_after_withdrawal(program, an):
    token = program.sign_in()
    withdraw(an)

    assert program.post("oidc:introspect", token=token["access_token"]).json() == {"active": False}


@pytest.mark.parametrize("token", ["", "x", "\0", "é" * 3000])
def test_introspection_of_nonsense(program, token):
    answer = program.post("oidc:introspect", token=token)

    assert answer.status_code == (400 if not token else 200)


def test_introspection_asks_who_asks(program):
    program.secret = "fout"

    assert program.post("oidc:introspect", token="x").status_code == 401


# Revocation (RFC 7009); RV-1 to RV-4 of STANDARDS 2.14


def test_rv_1_a_wrong_hint_does_not_save_a_token(program):
    token = program.sign_in()

    answer = program.post("oidc:revoke", token=token["refresh_token"], token_type_hint="access_token")

    assert answer.status_code == 200
    assert refresh(program, token)["error"] == "invalid_grant"


def test_rv_2_a_partner_cannot_end_the_token_of_another(program, other):
    token = program.sign_in()

    answer = other.post("oidc:revoke", token=token["access_token"])

    assert answer.status_code == 200
    assert program.userinfo()["given_name"] == "An"


def test_rv_3_the_access_token_dies_with_its_refresh_token(program):
    token = program.sign_in()
    program.post("oidc:revoke", token=token["refresh_token"])

    assert program.session.get(SITE + reverse("oidc:userinfo")).status_code == 401


def test_rv_4_a_replayed_refresh_token_ends_its_successors(program):
    first = program.sign_in()
    second = refresh(program, first)
    refresh(program, first)

    assert program.post("oidc:introspect", token=second["access_token"]).json() == {"active": False}


@pytest.mark.parametrize("token", ["onbekend", "\0"])
def test_revoking_what_is_not_there_is_fine(program, token):
    assert program.post("oidc:revoke", token=token).status_code == 200


def test_revoking_nothing_is_a_bad_request(program):
    assert program.post("oidc:revoke").json()["error"] == "invalid_request"


# Keys


def test_a_rotated_key_still_verifies_what_it_signed(program, client):
    token = program.sign_in()
    signing_keys.rotate()

    listed = [key["kid"] for key in client.get("/.well-known/jwks.json").json()["keys"]]

    assert len(listed) == 2
    assert "code" in told(program.ask(prompt="none", id_token_hint=token["id_token"]))


def test_no_private_half_is_published(client, db):
    keys = client.get("/.well-known/jwks.json").json()["keys"]

    assert all(set(key) == {"kty", "n", "e", "kid", "use", "alg"} for key in keys)


def test_the_librarys_own_pages_are_not_there(client, db):
    for path in ("applications/", "applications/register/", "authorized_tokens/", "device-authorization/", "register/"):
        assert client.get(f"/oauth/{path}").status_code == 404


def test_discovery_names_the_issuer_whatever_host_was_asked(client, db):
    said = client.get("/.well-known/openid-configuration", headers={"host": "localhost"}).json()

    assert said["issuer"] == "http://127.0.0.1:8000"
    assert said["token_endpoint"].startswith(said["issuer"])
    assert said["subject_types_supported"] == ["pairwise"]


def test_codes_go_once_their_time_has_passed(program):
    program.sign_in()
    AuthorizationCode.objects.update(expires="2026-01-01T00:00Z")

    tasks.clear_tokens()

    assert not AuthorizationCode.objects.exists()
    assert program.userinfo()["given_name"] == "An"


def test_the_command_says_the_number_of_the_new_key(client, db, capsys):
    call_command("rotate_partner_key")

    assert client.get("/.well-known/jwks.json").json()["keys"][0]["kid"] in capsys.readouterr().out
