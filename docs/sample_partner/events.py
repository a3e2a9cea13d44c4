"""Hearing of the platform what happened to a member, and acting on it: security events (RFC 8935) and back-channel logout."""

import hmac
import json
import secrets

from flask import Blueprint, request

from .memory import Line, memory
from .settings import PLATFORM
from .signing_in import ask
from .tokens import LOGOUT, SECURITY_EVENT, Refused, is_done, is_new, read

routes = Blueprint("events", __name__)
# What the platform shows us with each event; it learns it when the stream is made.
AUTHORIZATION = f"Bearer {secrets.token_urlsafe()}"
BACKCHANNEL_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


def forget(sub):
    memory.forget(sub)
    return "We wisten alles wat we van haar hadden."


def stop(sub):
    """We ask once more, only to show that nothing is left to be had."""
    try:
        if sub in memory.members:
            ask(sub)
    finally:
        said = forget(sub)
    return said


def ask_again(sub):
    if sub not in memory.members:
        return "We kennen haar niet meer."
    return "We vroegen de gegevens opnieuw en namen ze over." if ask(sub) else "We vroegen de gegevens opnieuw, en kregen ze niet."


def put_aside(sub, why):
    if sub in memory.members:
        memory.members[sub].rests_for.add(why)
    return "We bewaren haar gegevens, en gebruiken ze niet."


def take_up(sub, why):
    if sub in memory.members:
        memory.members[sub].rests_for.discard(why)
    return "We gebruiken haar gegevens weer."


RISC, OWN, SSF = (
    "https://schemas.openid.net/secevent/risc/event-type",
    f"{PLATFORM}/secevent",
    "https://schemas.openid.net/secevent/ssf/event-type",
)
# What we want to hear: its name, in our words, and what we do.
WANTED = {
    f"{OWN}/authorisation-revoked": ("Ze beëindigde haar machtiging", stop),
    f"{OWN}/authorisation-narrowed": ("Ze geeft ons minder", ask_again),
    f"{OWN}/data-rectified": ("Ze verbeterde haar gegevens", ask_again),
    f"{OWN}/processing-restricted": ("Ze vroeg om het gebruik te beperken", lambda sub: put_aside(sub, "restricted")),
    f"{OWN}/restriction-lifted": ("De beperking is voorbij", lambda sub: take_up(sub, "restricted")),
    f"{OWN}/objection": ("Ze maakte bezwaar", lambda sub: put_aside(sub, "objection")),
    f"{RISC}/account-purged": ("Haar account is gewist", forget),
    f"{RISC}/account-disabled": ("Haar account is verborgen", lambda sub: put_aside(sub, "hidden")),
    f"{RISC}/account-enabled": ("Haar account is terug", lambda sub: take_up(sub, "hidden")),
}
# About the stream itself: these come unasked, and are about nobody.
OF_STREAM = {
    f"{SSF}/verification": ("Een proef van onze lijn", lambda sub: "Ze werkt."),
    f"{SSF}/stream-updated": ("Onze lijn veranderde", lambda sub: "We namen er kennis van."),
}


@routes.post("/events")
def receive():
    """202: it arrived, also when we had it before. 400 with a word: never bring this one again."""
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), AUTHORIZATION.encode()):
        return {"err": "authentication_failed", "description": "The header Authorization is not ours."}, 400
    try:
        claims = read(request.get_data(as_text=True), SECURITY_EVENT)
    except Refused as refusal:
        return {"err": refusal.code, "description": "Not an event for us."}, 400
    if is_new(claims):
        act(claims)
        is_done(claims)
    return "", 202


def act(claims: dict) -> None:
    for event in claims["events"]:
        what, does = (WANTED | OF_STREAM).get(event, (event, lambda sub: "Dat kennen we niet."))
        note(what, does(claims.get("sub_id", {}).get("sub", "")), claims)


@routes.post("/signed-out")
def signed_out():
    """Back-Channel Logout 1.0, 2.6: an ID token has a nonce, so that it cannot pass for this."""
    try:
        claims = read(request.form.get("logout_token", ""), LOGOUT)
    except Refused:
        return {"error": "invalid_request"}, 400
    if BACKCHANNEL_LOGOUT not in claims["events"] or "nonce" in claims or not claims.get("sub"):
        return {"error": "invalid_request"}, 400
    if is_new(claims):
        memory.sign_out(claims["sub"])
        note("Ze meldde zich af", "Ze is hier ook afgemeld.", claims)
        is_done(claims)
    return "", 200


def note(what, came_of_it, claims):
    memory.heard.appendleft(Line(what, came_of_it, json.dumps(claims, indent=1)))
