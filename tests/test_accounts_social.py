"""Signing in at another place: whose account it opens, what we believe of the answer, and what we keep (T-29, T-16)."""

import logging
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.bans import ban
from accounts.models import Member
from accounts.social import SocialAccountAdapter
from config.env import openid_apps

from . import openid
from .going_elsewhere import address_of_button, come_back, go, place_of, press, say
from .makers import PASSWORD, make_member
from .reading import questions
from .signing_in import browser_of

pytestmark = pytest.mark.django_db
GROUNDS = {"breach": "Sold addresses of colleagues.", "notices": "On 3 March and on 2 April."}
CHOSEN = "een heel ander wachtwoord"
CONNECTIONS = "/account/3rdparty/"
NEW = {"sub": "els-1", "email": "els.claes@school.example", "email_verified": True, "given_name": "Els", "family_name": "Claes"}


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def connect(member, *, uid="an-1", issuer=None):
    provider = issuer or openid_apps()[0]["provider_id"]
    return SocialAccount.objects.create(user=member, provider=provider, uid=uid, extra_data={"email": member.email})


def age_proof(browser):
    session = browser.session
    how, at = session["privacy.identified"]
    session["privacy.identified"] = [how, at - 301]
    session.save()


def without_password(member):
    member.set_unusable_password()
    member.save()
    return member


def choose_by_link(address):
    Client().post("/account/password/reset/", {"email": address})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]
    browser = Client()
    browser.post(browser.get(link).url, {"password1": CHOSEN, "password2": CHOSEN})


def test_without_a_provider_there_is_no_button_and_no_address(client):
    assert "Schoolaccount" not in client.get("/account/login/").content.decode()
    assert client.post("/account/oidc/elders/login/").status_code == 404
    assert client.get("/account/oidc/elders/login/callback/").status_code == 404


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/"])
def test_the_button_stands_on_the_page(path, stand_in, client):
    page = client.get(path).content.decode()

    assert "Schoolaccount</button>" in page
    assert f'action="{address_of_button()}?process=login' in page


def test_only_a_press_asks_the_provider_anything(stand_in, client):
    """A link on another site signs nobody in."""
    page = client.get(address_of_button())

    assert (page.status_code, stand_in.asked) == (200, [])


def test_who_comes_back_is_signed_in_to_a_new_account(stand_in, client):
    stand_in.person = NEW

    answer = go(client)

    member = Member.objects.get(email=NEW["email"])
    assert (answer.status_code, answer.url, client.session["_auth_user_id"]) == (302, "/my-privacy/", str(member.pk))
    assert (member.first_name, member.last_name, member.language, member.has_usable_password()) == ("Els", "Claes", "nl", False)
    assert list(member.emailaddress_set.values_list("email", "verified", "primary")) == [(NEW["email"], True, True)]


def test_coming_again_opens_the_same_account(stand_in):
    """Also where the address at the provider changed meanwhile."""
    stand_in.person = NEW
    go()
    stand_in.person = NEW | {"email": "els@elders.example", "email_verified": False}

    client = Client()
    go(client)

    assert is_signed_in(client)
    assert Member.objects.count() == 1


def test_we_keep_only_number_and_address_and_no_token(stand_in):
    """Of a whole profile."""
    stand_in.person = NEW | {"birthdate": "1985-04-12", "picture": "https://x.example/els.png", "phone_number": "0470", "groups": ["5B"]}

    go()

    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("els-1", {"email": NEW["email"]})
    assert not SocialToken.objects.exists()
    assert "toegang" not in str([session.get_decoded() for session in Session.objects.all()])


def test_the_question_has_pkce_state_and_nonce_and_asks_for_no_more_than_name_and_address(stand_in, client):
    question = parse_qs(urlsplit(place_of(press(client))).query)

    assert set(question["scope"][0].split()) == {"openid", "profile", "email"}
    assert question["code_challenge_method"] == ["S256"]
    assert all(len(question[name][0]) >= 16 for name in ("state", "nonce", "code_challenge"))


def test_the_question_is_ours_alone(stand_in, client):
    """What a visitor adds to the address changes nothing of it."""
    page = client.post(f"{address_of_button()}?scope=phone&auth_params=redirect_uri=https://evil.example,nonce=1")

    assert "evil" not in place_of(page)
    assert "phone" not in place_of(page)


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another application"},
        {"aud": ["another application", openid.CLIENT_ID], "azp": "another application"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": 1e400},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 192},
        {"sub": "an\0-1"},
    ],
    ids=str,
)
def test_a_token_that_lies_signs_nobody_in(lies, stand_in, client, an):
    connect(an)
    stand_in.lies = lies
    stand_in.info = stand_in.person | {name: value for name, value in lies.items() if name == "sub"}

    assert_refused(go(client), client)


def assert_refused(answer, client):
    page = answer.content.decode()
    assert (answer.status_code, '<main id="content"' in page, is_signed_in(client)) == (401, True, False)
    assert "Schoolaccount" in page


def test_a_token_that_another_signed_signs_nobody_in(stand_in, client, an):
    connect(an)
    stand_in.signed_with = "wrong"

    assert_refused(go(client), client)


@pytest.mark.parametrize("header", [{"kid": "unknown"}, {"kid": ""}, {"alg": "none"}, {"alg": "HS256"}], ids=str)
def test_a_token_that_names_no_key_of_theirs_signs_nobody_in(header, stand_in, client, an):
    connect(an)
    stand_in.header = header

    assert_refused(go(client), client)


def test_a_token_that_names_no_key_is_believed_where_there_is_but_one(stand_in, client, an):
    connect(an)
    stand_in.header = {}

    go(client)

    assert is_signed_in(client)


def test_userinfo_of_another_person_signs_nobody_in(stand_in, client, an):
    """OpenID Connect Core 1.0, 5.3.2."""
    connect(an)
    stand_in.info = {**stand_in.person, "sub": "bo-1"}

    assert_refused(go(client), client)


PLACES = ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]
GARBAGE = [b"", b"null", b"[]", b"7", b'"access_token"', b"{}", b'{"keys": 7}', b'{"keys": [{}]}', b"\xff\xfe<html>", 500, 404]


@pytest.mark.parametrize("answered", GARBAGE, ids=repr)
@pytest.mark.parametrize("place", PLACES)
def test_garbage_from_the_provider_becomes_a_page(place, answered, stand_in, client, an):
    connect(an)
    there = place_of(press(client))
    stand_in.broken = {place: answered}

    assert_refused(come_back(client, say(there)), client)


@pytest.mark.parametrize("answered", [*GARBAGE, "slow"], ids=repr)
def test_a_provider_that_fails_before_we_can_ask_gets_a_page(answered, stand_in, client, settings):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
    stand_in.broken = {PLACES[0]: answered}

    assert_refused(press(client), client)


def test_a_provider_that_is_away_gets_a_page(stand_in, client, settings):
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    apps[0]["settings"]["server_url"] = "http://127.0.0.1:9"

    assert_refused(press(client), client)


@pytest.mark.parametrize(
    "query",
    [{}, {"code": "x"}, {"state": "x"}, {"code": "x", "state": "y"}, {"error": "server_error"}, {"code": "x" * 10**5, "state": "🦊"}],
)
def test_an_answer_that_we_did_not_ask_for_becomes_a_page(query, stand_in, client):
    assert_refused(client.get(f"{address_of_button()}callback/", query), client)


def test_an_answer_counts_once(stand_in, client):
    stand_in.person = NEW
    back = say(place_of(press(client)))
    come_back(client, back)
    client.post("/account/logout/")

    assert_refused(come_back(client, back), client)


def test_an_answer_counts_only_in_the_browser_that_asked(stand_in, client):
    back = say(place_of(press(client)))
    stranger = Client()

    assert_refused(come_back(stranger, back), stranger)


def test_who_says_no_there_gets_a_page_and_nothing_happens(stand_in, client):
    there = place_of(press(client))

    answer = come_back(client, say(there, "no"))
    page = client.get(answer.url)

    assert (answer.status_code, page.status_code, is_signed_in(client)) == (302, 200, False)
    assert not Member.objects.exists()


def test_no_line_of_the_log_names_the_person(stand_in, client, caplog, an):
    caplog.set_level(logging.INFO)
    connect(an)
    go(client)
    for lie in ({"nonce": "another"}, {"iss": "https://evil.example"}):
        stand_in.lies = lie
        go(Client())
    stand_in.broken = {"/token": b"an.peeters@school.example"}
    press(Client())

    assert not re.search(r"peeters|an-1|toegang|code=", caplog.text)


@pytest.mark.parametrize("claim", [False, "false", "true", 1, None, [True]], ids=repr)
def test_only_a_plain_true_counts_as_confirmed(claim, stand_in, client):
    stand_in.person = NEW | {"email_verified": claim}

    answer = go(client)

    assert (answer.url, is_signed_in(client)) == ("/account/confirm-email/", False)
    assert [message.to for message in mail.outbox] == [[NEW["email"]]]
    assert "confirm-email/" in mail.outbox[0].body


@pytest.mark.parametrize("path", ["/my-privacy/download/", "/permissions/", "/my-privacy/data/"])
def test_an_unconfirmed_account_exports_and_allows_nothing(path, stand_in, client):
    """T-29."""
    stand_in.person = NEW | {"email_verified": False}
    go(client)
    go(client)

    assert client.get(path).url.startswith("/account/login/")


def test_confirming_opens_what_was_made_with_an_unconfirmed_address(stand_in):
    stand_in.person = NEW | {"email_verified": False}
    go()
    link = re.search(r"/account/confirm-email/\S+", mail.outbox[0].body)[0]
    Client().post(link)

    client = Client()
    go(client)

    assert is_signed_in(client)


@pytest.mark.parametrize("is_verified", [True, False])
def test_an_account_that_somebody_confirmed_is_never_opened_by_its_address_alone(is_verified, stand_in, client, an):
    stand_in.person |= {"sub": "stranger", "email_verified": is_verified}

    answer = go(client)

    assert (answer.url, is_signed_in(client), SocialAccount.objects.exists()) == ("/account/confirm-email/", False, False)
    assert ["password/reset/" in message.body for message in mail.outbox] == [True]


def test_who_owns_the_address_gets_the_account_that_a_stranger_made_with_it(stand_in, client):
    """T-29."""
    made = make_member("Vreemd", last_name="Volk", email=NEW["email"], verified=False)
    made.emailaddress_set.create(email="vreemd@evil.example")
    connect(made, uid="stranger", issuer="elsewhere")
    stand_in.person = NEW

    go(client)

    made.refresh_from_db()
    assert client.session["_auth_user_id"] == str(made.pk)
    assert (made.first_name, made.last_name, made.has_usable_password()) == ("Els", "Claes", False)
    assert list(made.emailaddress_set.values_list("email", "verified")) == [(NEW["email"], True)]
    assert list(made.socialaccount_set.values_list("uid", flat=True)) == ["els-1"]


def test_the_stranger_who_made_it_is_signed_out_and_stays_out(stand_in):
    """T-29."""
    made = make_member("Vreemd", email=NEW["email"])
    stranger = browser_of(made)
    made.emailaddress_set.update(verified=False)
    stand_in.person = NEW

    go()

    assert UserSession.objects.filter(user=made).count() == 1
    assert not stranger.get("/").context["user"].is_authenticated
    assert Client().post("/account/login/", {"login": NEW["email"], "password": PASSWORD}).status_code == 200


def test_who_chooses_a_password_by_our_link_takes_the_strangers_ways_in_away(stand_in):
    """T-29: he came from elsewhere with her address, which nobody confirmed; she signs up later, is told that it exists, and resets."""
    stand_in.person = NEW | {"sub": "stranger", "email_verified": False}
    go()
    made = Member.objects.get(email=NEW["email"])

    choose_by_link(made.email)

    made.refresh_from_db()
    assert not made.socialaccount_set.exists()
    assert (made.first_name, made.last_name) == ("", "")
    assert made.check_password(CHOSEN)


def test_who_confirmed_her_address_keeps_her_other_ways_in(an, stand_in):
    connect(an)

    choose_by_link(an.email)

    an.refresh_from_db()
    assert an.socialaccount_set.exists()
    assert an.first_name == "An"


def test_the_strangers_factors_go_too(stand_in):
    """T-29."""
    made = make_member("Vreemd", email=NEW["email"], verified=False)
    Authenticator.objects.create(user=made, type="totp", data={"secret": "x"})
    stand_in.person = NEW

    go()

    assert not Authenticator.objects.filter(user=made).exists()


def test_an_address_that_only_waits_at_anothers_account_keeps_nobody_out(stand_in, client, bo):
    """T-29: and can never be confirmed there any more."""
    bo.emailaddress_set.create(email=NEW["email"])
    stand_in.person = NEW

    go(client)

    assert client.session["_auth_user_id"] == str(Member.objects.get(email=NEW["email"]).pk)
    assert list(bo.emailaddress_set.values_list("email", flat=True)) == [bo.email]


def test_an_unverified_claim_takes_nothing_from_anybody(stand_in, client):
    """T-29."""
    made = make_member("Els", email=NEW["email"], verified=False)
    stand_in.person = NEW | {"email_verified": False}

    go(client)

    made.refresh_from_db()
    assert (made.has_usable_password(), made.socialaccount_set.exists(), is_signed_in(client)) == (True, False, False)


@pytest.mark.parametrize(
    "email", [None, "", "els", "els@", 7, ["els@school.example"], "e\0ls@school.example ", "x" * 10**5, '"els"@school.example']
)
def test_without_a_usable_address_she_is_asked_for_one(email, stand_in, client):
    stand_in.person = {**NEW, "email": email}

    answer = go(client)

    if answer.url == "/my-privacy/":  # a stray sign was all that was wrong
        assert Member.objects.get().email == NEW["email"].replace("els.claes", "els")
        return
    assert answer.url == "/account/3rdparty/signup/"
    page = client.get(answer.url).content.decode()
    assert re.search(r'name="first_name"[^>]*value="Els"', page)
    assert client.session.get_expiry_age() <= 24 * 60 * 60


def test_an_address_that_she_fills_in_has_to_be_confirmed(stand_in, client):
    stand_in.person = {name: value for name, value in NEW.items() if not name.startswith("email")}
    go(client)

    answer = client.post("/account/3rdparty/signup/", {"email": "Els.Claes@School.example", "first_name": "Els", "last_name": "C"})

    assert (answer.url, is_signed_in(client)) == ("/account/confirm-email/", False)
    assert Member.objects.get().emailaddress_set.get().verified is False


def test_names_of_any_kind_are_taken_or_left(stand_in):
    stand_in.person = NEW | {"given_name": "<script>\0" + "é" * 10**4, "family_name": {"a": 1}}

    go()

    member = Member.objects.get()
    assert (len(member.first_name), member.first_name[:8], member.last_name) == (100, "<script>", "")


def test_who_has_no_password_shows_by_mail_that_it_is_she(stand_in, client, an):
    """T-07: allauth's own gate lets her through."""
    connect(without_password(an))
    go(client)
    age_proof(client)

    led_to = client.get(CONNECTIONS)
    page = client.get(led_to.url).content.decode()

    assert led_to.url.startswith("/my-privacy/is-it-you/")
    assert 'type="password"' not in page


def test_a_way_to_sign_in_is_added_and_its_owner_is_told(stand_in, an, django_capture_on_commit_callbacks):
    browser = browser_of(an)
    stand_in.person = {"sub": "an-1", "email": "an@elders.example", "email_verified": True}

    with django_capture_on_commit_callbacks(execute=True):
        answer = go(browser, process="connect")

    assert answer.url == CONNECTIONS
    assert list(an.socialaccount_set.values_list("uid", flat=True)) == ["an-1"]
    assert [(message.to, "Schoolaccount" in message.body) for message in mail.outbox] == [([an.email], True)]
    assert "an@elders.example" in browser.get(CONNECTIONS).content.decode()
    assert list(an.emailaddress_set.values_list("email", flat=True)) == [an.email]


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_was_away_shows_first_that_it_is_she(method, stand_in, an):
    """T-07."""
    browser = browser_of(an)
    age_proof(browser)

    for path in (CONNECTIONS, f"{address_of_button()}?process=connect"):
        assert getattr(browser, method)(path).url.startswith("/my-privacy/is-it-you/")
    assert stand_in.asked == []


def test_who_is_nobody_connects_nothing(stand_in, client):
    assert press(client, process="connect").url.startswith("/account/login/")


def test_what_is_anothers_already_is_not_connected(stand_in, an, bo):
    connect(bo)
    browser = browser_of(an)

    go(browser, process="connect")

    assert (an.socialaccount_set.count(), bo.socialaccount_set.count()) == (0, 1)
    assert 'class="note' in browser.get(CONNECTIONS).content.decode()


def test_a_way_to_sign_in_is_removed_and_its_owner_is_told(stand_in, an, django_capture_on_commit_callbacks):
    account, browser = connect(an), browser_of(an)

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(CONNECTIONS, {"account": account.pk})

    assert not an.socialaccount_set.exists()
    assert [message.to for message in mail.outbox] == [[an.email]]


def test_it_is_removed_also_where_the_provider_is_no_longer_ours(an):
    account, browser = connect(an, issuer="gone"), browser_of(an)

    assert browser.get(CONNECTIONS).status_code == 200
    assert browser.post(CONNECTIONS, {"account": account.pk}).status_code == 302
    assert not an.socialaccount_set.exists()


def test_the_last_way_in_is_not_removed(stand_in, client, an):
    account = connect(without_password(an))
    go(client)

    page = client.post(CONNECTIONS, {"account": account.pk}).content.decode()

    assert an.socialaccount_set.exists()
    assert "/account/password/set/" in page


@pytest.mark.parametrize("key", ["bo", "", "x", "🦊", "9" * 30, "1\0"])
def test_nobody_removes_what_is_not_hers(key, stand_in, an, bo):
    theirs = connect(bo, uid="bo-1")
    browser = browser_of(an)

    answer = browser.post(CONNECTIONS, {"account": theirs.pk if key == "bo" else key})

    assert (answer.status_code, bo.socialaccount_set.count()) == (200, 1)


def test_two_answers_at_once_make_one_account_and_no_error(stand_in, client, monkeypatch):
    """The other one is there first, after we looked."""

    def somebody_was_faster(self, request, sociallogin):
        return bool(make_member("Els", email=NEW["email"]))

    monkeypatch.setattr(SocialAccountAdapter, "is_open_for_signup", somebody_was_faster)
    monkeypatch.setattr("allauth.socialaccount.internal.flows.signup.process_auto_signup_email", lambda *given: (True, None))
    stand_in.person = NEW

    assert_refused(go(client), client)


def test_too_many_presses_are_refused_before_the_provider_is_asked(stand_in, client):
    for _ in range(30):
        client.post("/account/login/", {})

    assert press(client).status_code == 429
    assert stand_in.asked == []


@pytest.mark.parametrize("path", [CONNECTIONS, "/account/"])
def test_the_account_pages_ask_the_database_the_same_however_many_ways_there_are(path, stand_in, an):
    browser = browser_of(an)
    connect(an)
    few = questions(browser, path)
    for number in range(5):
        connect(an, uid=f"an-{number + 2}")

    assert questions(browser, path) == few


def test_a_new_address_at_the_provider_that_is_banned_keeps_her_out(stand_in, client, an):
    """T-16: every address that it names is looked at."""
    connect(an)
    ban("carl@elders.example", **GROUNDS)
    stand_in.info = {**stand_in.person, "email": "an@elders.example"}
    stand_in.person = {**stand_in.person, "email": "carl@elders.example"}

    answer = go(client)

    assert (answer.url, is_signed_in(client)) == ("/account/confirm-email/", False)


def test_a_banned_address_is_not_connected(stand_in, an):
    """T-16."""
    ban("carl@elders.example", **GROUNDS)
    browser = browser_of(an)
    stand_in.person = {"sub": "carl-1", "email": "CARL@elders.example", "email_verified": True}

    go(browser, process="connect")

    assert not SocialAccount.objects.exists()


def test_the_address_for_the_provider_follows_from_the_issuer(monkeypatch):
    monkeypatch.setenv("INZAGE_OIDC_ISSUER", "https://login.school.example/t/7/")
    for name in ("NAME", "CLIENT_ID", "SECRET"):
        monkeypatch.setenv(f"INZAGE_OIDC_{name}", "x")

    assert (
        reverse("openid_connect_callback", args=[openid_apps()[0]["provider_id"]])
        == "/account/oidc/login-school-example-t-7/login/callback/"
    )


def test_of_two_addresses_that_it_names_one_becomes_hers(stand_in):
    stand_in.person = NEW
    stand_in.info = {**NEW, "email": "els.tweede@school.example"}

    go()

    assert list(EmailAddress.objects.values_list("email", "verified")) == [("els.tweede@school.example", True)]
