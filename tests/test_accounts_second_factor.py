"""A second factor: its secrets sealed, asked for at sign-in and before what matters, and no way around it (T-07, T-13)."""

import json
import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from privacy.casework import cases
from privacy.casework.identification import MOST_TRIES, Identification
from privacy.datamap import Right
from privacy.pages.step_up import SESSION_KEY, evidence

from . import races
from .factors import Passkey, code_of, forget_tries, give_app, give_recovery_codes, wrong_code
from .makers import PASSWORD
from .signing_in import browser_of

pytestmark = pytest.mark.django_db
STEP_UP, LOGIN, SECOND, PASSKEYS = "/my-privacy/is-it-you/", "/account/login/", "/account/2fa/authenticate/", "/account/2fa/webauthn/"
GATED = "/account/email/"


@pytest.fixture(autouse=True)
def mail_at_once(monkeypatch):
    """allauth mails once the transaction is over, which a test's never is."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **options: act())


def password_typed(member):
    """Who typed the right password, and stands before the second step."""
    browser = Client()
    browser.post(LOGIN, {"login": member.email, "password": PASSWORD})
    return browser


def signed_in_long_ago(member, code=None):
    browser = browser_of(member) if code is None else password_typed(member)
    if code is not None:
        assert browser.post(SECOND, {"code": code}).status_code == 302
    age_proof(browser)
    return browser


def age_proof(browser):
    session = browser.session
    session[SESSION_KEY] = [session[SESSION_KEY][0], session[SESSION_KEY][1] - 301]
    session.save()


def is_in(browser):
    return browser.get("/account/").status_code == 200


def proof_in(browser):
    return browser.session[SESSION_KEY][0]


def stored_secrets(member):
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return " ".join(str(data) for (data,) in cursor.fetchall())


# Setting one up.


def activate(browser):
    """By the real pages; the key that stands beside the QR code."""
    key = browser.get("/account/2fa/totp/activate/").context["form"].secret
    browser.post("/account/2fa/totp/activate/", {"code": code_of(key)})
    return key


def test_an_app_is_set_up_with_a_picture_that_the_content_policy_allows(an):
    page = browser_of(an).get("/account/2fa/totp/activate/")

    shown = page.content.decode()
    assert "data:image" not in shown
    assert re.search(r'<figure class="qr" role="img"[^>]*><svg', shown)
    assert "issuer=Platform" in page.context["totp_url"]
    assert "no-store" in page.headers["Cache-Control"]


def test_secrets_are_sealed_in_the_database(an):
    """T-12: the key of the app and the seed of the recovery codes; a dump alone opens neither."""
    key = activate(browser_of(an))

    app, codes = Authenticator.objects.get(type="totp"), Authenticator.objects.get(type="recovery_codes")
    seed = get_adapter().decrypt(codes.data["seed"])
    assert get_adapter().decrypt(app.data["secret"]) == key
    assert [secret for secret in (key, seed, *codes.wrap().generate_codes()) if secret in stored_secrets(an)] == []


def test_a_new_key_seals_and_the_older_one_still_opens(an, settings):
    key = give_app(an)

    settings.AUTHENTICATOR_KEYS = ["new", *settings.AUTHENTICATOR_KEYS]
    assert get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == key
    sealed = get_adapter().encrypt("x")
    settings.AUTHENTICATOR_KEYS = ["new"]
    assert get_adapter().decrypt(sealed) == "x"


def test_who_adds_one_reads_her_recovery_codes_without_being_asked_again(an):
    browser = browser_of(an)

    activate(browser)

    assert browser.get("/account/2fa/recovery-codes/").status_code == 200
    assert proof_in(browser) == "totp"


def test_a_wrong_code_sets_up_nothing(an):
    browser = browser_of(an)
    key = browser.get("/account/2fa/totp/activate/").context["form"].secret

    answer = browser.post("/account/2fa/totp/activate/", {"code": wrong_code(key)})

    assert (answer.status_code, Authenticator.objects.exists()) == (200, False)


def test_with_a_change_of_address_under_way_one_is_still_added(an):
    browser = browser_of(an)
    an.emailaddress_set.create(email="nieuw@school.example", verified=False)

    activate(browser)

    assert Authenticator.objects.filter(type="totp").exists()


# Signing in.


def test_the_password_alone_no_longer_signs_in(an):
    key = give_app(an)
    browser = password_typed(an)

    before = is_in(browser)
    browser.post(SECOND, {"code": code_of(key)})

    assert (before, is_in(browser), proof_in(browser)) == (False, True, "totp")


@pytest.mark.parametrize(("steps", "comes_in"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(an, steps, comes_in):
    browser = password_typed(an) if (key := give_app(an)) else None

    browser.post(SECOND, {"code": code_of(key, steps=steps)})

    assert is_in(browser) == comes_in


def test_a_code_that_was_used_does_not_work_again(an):
    """Whoever looked over her shoulder: for as long as the code itself would count, which is longer than allauth remembers it."""
    code = code_of(give_app(an))
    password_typed(an).post(SECOND, {"code": code})
    cache.delete(f"allauth.mfa.totp.used?user={an.pk}&code={code}")
    second = password_typed(an)

    answer = second.post(SECOND, {"code": f" {code[:3]} {code[3:]} "})

    assert (answer.status_code, is_in(second)) == (200, False)


def test_a_recovery_code_signs_in_once(an):
    give_app(an)
    first, *_others = give_recovery_codes(an)

    outcomes = []
    for browser in (password_typed(an), password_typed(an)):
        browser.post(SECOND, {"code": first})
        outcomes.append(is_in(browser))

    assert outcomes == [True, False]


def test_a_code_of_somebody_else_is_no_good(an, bo):
    give_app(an)
    browser = password_typed(an)

    browser.post(SECOND, {"code": code_of(give_app(bo))})
    browser.post(SECOND, {"code": give_recovery_codes(bo)[0]})

    assert not is_in(browser)


@pytest.mark.parametrize("code", ["", "9" * 100_000, "\0123456", "‮123456", "<script>alert(1)</script>", "🦊🦊🦊🦊🦊🦊", "١٢٣٤٥٦"])
def test_what_is_no_code_is_refused(an, code):
    give_app(an)
    browser = password_typed(an)

    answer = browser.post(SECOND, {"code": code})

    assert (answer.status_code, is_in(browser), "<script>alert" in answer.content.decode()) == (200, False, False)


def test_after_five_wrong_codes_the_right_one_is_refused_too(an):
    """T-13."""
    key = give_app(an)
    browser = password_typed(an)
    for _ in range(5):
        browser.post(SECOND, {"code": wrong_code(key)})

    browser.post(SECOND, {"code": code_of(key)})

    assert not is_in(browser)


@pytest.mark.long
def test_who_has_her_password_tries_sixty_codes_a_day_and_no_more(an, settings):
    """T-13: five in five minutes would be 1,440."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": ""}
    key = give_app(an)
    browser = password_typed(an)
    for _ in range(60):
        browser.post(SECOND, {"code": wrong_code(key)})

    browser.post(SECOND, {"code": code_of(key)})

    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_codes_at_once_five_are_looked_at(an, monkeypatch):
    """T-13: none slips past the count."""
    races.needs_threads()
    key, looked = give_app(an), []
    browsers = [password_typed(an) for _ in range(8)]
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP.validate_code", lambda self, code: looked.append(code))

    races.at_once(*[lambda browser=browser: browser.post(SECOND, {"code": wrong_code(key)}) for browser in browsers])

    assert len(looked) <= 5


@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_the_same_code_at_once_one_comes_in(an):
    races.needs_threads()
    code = code_of(give_app(an))
    browsers = [password_typed(an), password_typed(an)]

    races.at_once(*[lambda browser=browser: browser.post(SECOND, {"code": code}) for browser in browsers])

    assert [is_in(browser) for browser in browsers].count(True) == 1


# Showing who she is.


def test_her_password_no_longer_shows_who_she_is(an):
    browser = signed_in_long_ago(an)
    give_app(an)

    page = browser.get(STEP_UP).content.decode()
    refused = browser.post(STEP_UP, {"password": PASSWORD, "next": GATED})

    assert ('type="password"' in page, refused.status_code) == (False, 400)
    assert browser.get(GATED).url.startswith(STEP_UP)


def test_no_code_is_mailed_to_who_has_a_second_factor(an):
    browser = signed_in_long_ago(an)
    give_app(an)

    browser.post(f"{STEP_UP}code/", {"next": GATED})

    assert mail.outbox == []


def test_a_mailed_code_that_she_asked_for_before_no_longer_counts(an):
    browser = signed_in_long_ago(an)
    browser.post(f"{STEP_UP}code/", {"next": GATED})
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", mail.outbox[-1].body)[0]
    give_app(an)

    assert browser.post(STEP_UP, {"code": code, "next": GATED}).status_code == 400


def test_a_sign_in_from_before_counts_no_longer_once_she_has_one(an):
    """Somebody with her password signed in just before she protected her account."""
    thief = browser_of(an)
    assert thief.get(GATED).status_code == 200

    activate(browser_of(an))

    assert thief.get(GATED).url.startswith(STEP_UP)


def test_a_code_of_her_app_shows_who_she_is_and_is_noted_so(an, rf):
    key = give_app(an)
    browser = signed_in_long_ago(an, code_of(key, steps=-1))

    answer = browser.post(STEP_UP, {"code": code_of(key), "next": GATED})
    request = rf.get("/")
    request.session = browser.session

    assert (answer.url, browser.get(GATED).status_code) == (GATED, 200)
    assert evidence(request).startswith("totp 2")


def test_a_recovery_code_shows_it_once(an):
    give_app(an)
    first, second, *_others = give_recovery_codes(an)
    browser = signed_in_long_ago(an, first)

    answers = []
    for code in (second, second):
        answers.append(browser.post(STEP_UP, {"code": code, "next": GATED}).status_code)
        noted = proof_in(browser)
        age_proof(browser)

    assert (answers, noted) == ([302, 400], "recovery_code")


def test_wrong_codes_count_in_the_row_of_passwords(an):
    """T-13."""
    key = give_app(an)
    browser = signed_in_long_ago(an, code_of(key, steps=-1))
    for _ in range(MOST_TRIES):
        assert browser.post(STEP_UP, {"code": wrong_code(key)}).status_code == 400
        forget_tries()

    refused = browser.post(STEP_UP, {"code": code_of(key), "next": GATED})

    assert (refused.status_code, Identification.objects.get().tries) == (429, MOST_TRIES)
    assert "te vaak" in refused.content.decode() or "too often" in refused.content.decode()


@pytest.mark.parametrize("code", ["", "9" * 100_000, "\0123456", "<script>alert(1)</script>"])
def test_what_is_no_code_does_not_show_who_she_is(an, code):
    browser = signed_in_long_ago(an, code_of(give_app(an)))

    answer = browser.post(STEP_UP, {"code": code})

    assert (answer.status_code, "<script>alert" in answer.content.decode()) == (400, False)


def test_the_session_gets_a_new_key(an):
    key = give_app(an)
    browser = signed_in_long_ago(an, code_of(key, steps=-1))
    before = browser.session.session_key

    browser.post(STEP_UP, {"code": code_of(key), "next": GATED})

    assert not Session.objects.filter(session_key=before).exists()
    assert UserSession.objects.get().session_key == browser.session.session_key != before


# No way around it.

OPEN = {
    *("account_login", "account_logout", "account_signup", "account_inactive", "account_request_login_code", "account_confirm_login_code"),
    *("account_email_verification_sent", "account_confirm_email"),
    *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
    *("socialaccount_signup", "socialaccount_login_cancelled", "socialaccount_login_error"),
    *("mfa_index", "mfa_list_webauthn", "usersessions_list"),
}
OURS = ("account_", "mfa_", "socialaccount_", "usersessions_")


def addresses(patterns, before=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and pattern.name.startswith(OURS):
                yield pattern.name, re.sub(r"<[^>]+>", "1", before + str(pattern.pattern)).strip("^$")
        else:
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))


@pytest.mark.parametrize("with_password", [True, False])
def test_all_that_changes_how_she_signs_in_asks_first_who_she_is(an, with_password):
    """T-07, T-08: a new page of allauth's fails this test until somebody says that it is harmless."""
    browser = signed_in_long_ago(an)
    if not with_password:
        an.set_unusable_password()
        an.save()
        browser.force_login(an)
        age_proof(browser)
    paths = {path for name, path in addresses(get_resolver().url_patterns) if name not in OPEN}

    asked = {path for path in paths for answer in [browser.get(f"/{path}"), browser.post(f"/{path}")] if STEP_UP not in answer.url}

    assert (len(paths) > 10, asked) == (True, set())


def test_allauths_own_gates_lead_to_ours(an):
    """allauth lets a password in where a second factor is enrolled, and whoever has no password without anything."""
    browser = signed_in_long_ago(an)

    for path in ("/account/reauthenticate/", "/account/2fa/reauthenticate/"):
        assert browser.post(f"{path}?next={GATED}", {"password": PASSWORD}).url == f"{STEP_UP}?next={GATED}"
    assert browser.get(GATED).status_code == 302


def test_a_password_without_its_second_step_leaves_no_proof(an):
    """It does not even sign in."""
    give_app(an)
    browser = password_typed(an)

    assert browser.get("/my-privacy/download/").url.startswith("/account/login/")
    assert SESSION_KEY not in browser.session


# Passkeys.


def with_passkey(member, identity=b"passkey-1"):
    browser, passkey = browser_of(member, SERVER_NAME="localhost"), Passkey(identity)
    options = json.loads(browser.get(f"{PASSKEYS}add/").content.decode().split('id="js_data" type="application/json">')[1].split("<")[0])
    answer = browser.post(
        f"{PASSKEYS}add/", {"name": "telefoon", "passwordless": "on", "credential": passkey.register(options["creation_options"])}
    )
    assert answer.url == "/account/2fa/recovery-codes/", answer.context["form"].errors
    return browser, passkey


def challenge(browser):
    return browser.get(f"{PASSKEYS}login/", headers={"accept": "application/json"}).json()["request_options"]


def shown_options(browser):
    page = browser.get(f"{PASSKEYS}reauthenticate/", {"next": GATED}).content.decode()
    return json.loads(page.split('id="js_data" type="application/json">')[1].split("<")[0])["request_options"]


def test_a_passkey_signs_in_without_a_password(an):
    _browser, passkey = with_passkey(an)
    browser = Client(SERVER_NAME="localhost")

    browser.post(f"{PASSKEYS}login/", {"credential": passkey.answer(challenge(browser))})

    assert (is_in(browser), proof_in(browser)) == (True, "passkey")


def test_a_passkey_shows_who_she_is_on_its_own_page(an):
    browser, passkey = with_passkey(an)
    age_proof(browser)

    asked = browser.get(STEP_UP, {"next": GATED}).content.decode()
    answer = browser.post(f"{PASSKEYS}reauthenticate/", {"next": GATED, "credential": passkey.answer(shown_options(browser))})

    assert f"{PASSKEYS}reauthenticate/?next=%2Faccount%2Femail%2F" in asked
    assert (answer.url, proof_in(browser), browser.get(GATED).status_code) == (GATED, "passkey", 200)


def test_an_answer_to_an_older_challenge_is_refused(an):
    browser, passkey = with_passkey(an)
    age_proof(browser)
    old = passkey.answer(shown_options(browser))
    shown_options(browser)

    answer = browser.post(f"{PASSKEYS}reauthenticate/", {"next": GATED, "credential": old})

    assert answer.url == f"{PASSKEYS}reauthenticate/?next=%2Faccount%2Femail%2F"
    assert browser.get(GATED).status_code == 302


def test_the_passkey_of_somebody_else_shows_nothing(an, bo):
    browser, _passkey = with_passkey(an)
    _bos, theirs = with_passkey(bo, b"passkey-2")
    age_proof(browser)

    browser.post(f"{PASSKEYS}reauthenticate/", {"next": GATED, "credential": theirs.answer(shown_options(browser))})

    assert browser.get(GATED).status_code == 302


@pytest.mark.parametrize("page", ["login/", "add/", "reauthenticate/"])
@pytest.mark.parametrize(
    "credential",
    [
        *("", "null", "7", "[]", "{}", '"x"', "[" * 50_000, '{"a":' * 3_000, "{" + "x" * 50_000, '{"id": 1, "rawId": [], "response": 3}'),
        '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "", "authenticatorData": "", "signature": ""}}',
        '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA","authenticatorData":"eA",'
        '"signature":"eA","userHandle":"eA"}}',
        '{"id":"eA","rawId":"eA","type":"x","response":{"clientDataJSON":"W10","attestationObject":"____","authenticatorData":"_w",'
        '"signature":"","userHandle":7}}',
    ],
)
def test_what_is_no_passkey_is_refused_and_said(an, page, credential):
    browser, _passkey = with_passkey(an)
    if page == "login/":
        browser = Client(SERVER_NAME="localhost")
        challenge(browser)

    answer = browser.post(PASSKEYS + page, {"credential": credential, "name": "x"})

    assert answer.status_code in {200, 302}
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert "incorrect" not in answer.content.decode()


def test_a_hidden_member_shows_her_passkey_and_adds_none(an):
    """K-14: she still fetches her archive and takes her request back."""
    browser, passkey = with_passkey(an)
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject)
    browser = Client(SERVER_NAME="localhost")
    browser.post(f"{PASSKEYS}login/", {"credential": passkey.answer(challenge(browser))})
    age_proof(browser)

    answer = browser.post(f"{PASSKEYS}reauthenticate/", {"next": STEP_UP, "credential": passkey.answer(shown_options(browser))})

    assert answer.url == STEP_UP
    assert all(str(request.ref) in browser.get(path).url for path in (f"{PASSKEYS}add/", "/account/2fa/", "/account/sessions/"))


def test_nobody_sees_or_removes_the_passkey_of_another(an, bo):
    with_passkey(an)
    browser, _passkey = with_passkey(bo, b"passkey-2")
    hers = Authenticator.objects.get(user=an, type="webauthn")

    answers = [browser.post(f"{PASSKEYS}keys/{hers.pk}/{act}/", {"name": "van Bo"}).status_code for act in ("edit", "remove")]

    assert (answers, str(Authenticator.objects.get(pk=hers.pk))) == ([404, 404], "telefoon")


def test_without_any_factor_left_a_password_is_enough_again(an):
    browser, _passkey = with_passkey(an)

    browser.post(f"{PASSKEYS}keys/{Authenticator.objects.get(type='webauthn').pk}/remove/")

    assert not Authenticator.objects.exists()
    assert is_in(browser_of(an))


# Letters.


@pytest.mark.parametrize("act", ["/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/generate/"])
def test_a_change_is_mailed_without_where_it_came_from(an, act):
    an.language = "en"
    an.save()
    browser = browser_of(an, REMOTE_ADDR="192.0.2.44", HTTP_USER_AGENT="Firefox on Windows")
    activate(browser)

    browser.post(act)

    first, second = mail.outbox
    assert [letter.to for letter in (first, second)] == [[an.email]] * 2
    assert ("app for codes was added" in first.body, "Was it not you?" in second.body, "info@platform.example" in second.body) == (
        True,
    ) * 3
    assert [letter for letter in (first, second) if "192.0.2.44" in letter.body] == []


def test_a_changed_password_is_mailed(an):
    browser = browser_of(an)

    browser.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "vijf gele paraplu's", "password2": "vijf gele paraplu's"}
    )

    (letter,) = mail.outbox
    assert (letter.to, "paraplu" in letter.body) == ([an.email], False)


def test_a_new_password_ends_what_waits_at_the_second_step(an):
    """T-07: who knew the old one began in time."""
    key, stranger = give_app(an), Client()
    stranger.post("/account/login/", {"login": an.email, "password": PASSWORD})
    an.set_password("een heel ander wachtwoord")
    an.save()

    answer = stranger.post("/account/2fa/authenticate/", {"code": code_of(key)})

    assert (answer.url, "_auth_user_id" in stranger.session) == ("/account/login/", False)
