"""The sample partner believes a message only where all of it is right, acts once, and forgets whom it has to."""

import sys
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

DOCS = Path(__file__).resolve().parent.parent / "docs"
PLATFORM, US, SUB = "http://127.0.0.1:8000", "breukenbos", "7d0c"
KEYS, OTHERS = KeySet([RSAKey.generate_key(2048, {"kid": "ours"})]), KeySet([RSAKey.generate_key(2048, {"kid": "ours"})])
PURGED = "https://schemas.openid.net/secevent/risc/event-type/account-purged"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def partner(monkeypatch):
    """Its program as a test calls it; what it knows is a member with a session."""
    for name in ("PORT", "ADDRESS", "PLATFORM", "CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.syspath_prepend(DOCS)
    for name in [name for name in sys.modules if name.startswith("sample_partner")]:
        monkeypatch.delitem(sys.modules, name)
    from sample_partner import events, memory, pages, tokens

    tokens.keys.known = KEYS
    monkeypatch.setattr(tokens.keys, "fetch", lambda: KEYS)
    memory.memory.members[SUB] = memory.Member({"access_token": "sleutel"}, {"given_name": "An"})
    memory.memory.sessions["nummer"] = SUB
    pages.app.test = pages.app.test_client()
    pages.app.shown, pages.app.memory = {"Authorization": events.AUTHORIZATION}, memory.memory
    return pages.app


def message(*, keys=KEYS, kind="secevent+jwt", event=PURGED, **others):
    said = {"iss": PLATFORM, "aud": US, "iat": 1_700_000_000, "jti": "een", "events": {event: {}}}
    said |= {"sub_id": {"format": "iss_sub", "iss": PLATFORM, "sub": SUB}} | others
    header = {"alg": "RS256", "typ": kind, "kid": "ours"}
    return jwt.encode(header, {name: value for name, value in said.items() if value is not None}, keys.keys[0])


def bring(partner, token, **headers):
    return partner.test.post("/events", data=token, headers=partner.shown | headers)


def test_who_was_erased_is_forgotten_and_signed_out(partner):
    answer = bring(partner, message())

    assert answer.status_code == 202
    assert (partner.memory.members, partner.memory.sessions) == ({}, {})
    assert partner.memory.heard[0].what == "Haar account is gewist"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"keys": OTHERS}, "invalid_key"),
        ({"kind": "JWT"}, "invalid_request"),
        ({"kind": "logout+jwt"}, "invalid_request"),
        ({"iss": "https://elders.example"}, "invalid_issuer"),
        ({"aud": "another"}, "invalid_audience"),
        ({"jti": None}, "invalid_request"),
        ({"events": None}, "invalid_request"),
    ],
)
def test_what_is_not_meant_for_it_is_refused_and_changes_nothing(partner, wrong, word):
    answer = bring(partner, message(**wrong))

    assert (answer.status_code, answer.json["err"]) == (400, word)
    assert SUB in partner.memory.members


@pytest.mark.parametrize("token", ["", "a.b.c", "é" * 10_000, "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_message_is_refused(partner, token):
    assert bring(partner, token).json["err"] == "invalid_key"


def test_who_does_not_show_what_we_agreed_is_not_heard(partner):
    answer = bring(partner, message(), Authorization="Bearer iets")

    assert (answer.status_code, answer.json["err"]) == (400, "authentication_failed")


def test_a_message_that_comes_again_is_confirmed_and_not_acted_on(partner):
    bring(partner, message())
    partner.memory.sessions["nieuw"] = SUB

    assert bring(partner, message()).status_code == 202
    assert partner.memory.sessions == {"nieuw": SUB}


def test_who_signs_out_at_the_platform_is_signed_out_here(partner):
    token = message(kind="logout+jwt", event=LOGOUT, sub=SUB, sub_id=None, exp=4_000_000_000)

    assert partner.test.post("/signed-out", data={"logout_token": token}).status_code == 200
    assert partner.memory.sessions == {}
    assert SUB in partner.memory.members


@pytest.mark.parametrize("wrong", [{"nonce": "n"}, {"event": PURGED}, {"sub": None}, {"exp": 1}])
def test_what_is_no_logout_token_signs_nobody_out(partner, wrong):
    token = message(**{"kind": "logout+jwt", "event": LOGOUT, "sub": SUB, "exp": 4_000_000_000} | wrong)

    assert partner.test.post("/signed-out", data={"logout_token": token}).status_code == 400
    assert partner.memory.sessions == {"nummer": SUB}
