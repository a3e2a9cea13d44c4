"""Signing in, and asking what a member allows: Authlib sends PKCE, state and nonce, checks the ID token, and renews access tokens."""

import secrets

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, redirect, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException

from .memory import Line, Member, memory
from .settings import CLIENT_ID, CLIENT_SECRET, PLATFORM, SCOPE

routes = Blueprint("signing_in", __name__)
OK, REFUSED, NOT_REACHED = 200, 401, 503
# What says nothing about her.
FAULTS = {"invalid_client", "temporarily_unavailable", "server_error"}


def keep_renewed(token, refresh_token=None, access_token=None):
    """A refresh token works once: who brings an old one ends them all."""
    for member in memory.members.values():
        if member.token.get("refresh_token") == refresh_token:
            member.token = token


oauth = OAuth(update_token=keep_renewed)
oauth.register(
    "platform",
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    server_metadata_url=f"{PLATFORM}/.well-known/openid-configuration",
    client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
)


@routes.get("/sign-in")
def sign_in():
    return oauth.platform.authorize_redirect(url_for("signing_in.back", _external=True))


@routes.get("/back")
def back():
    """Where the platform sends her. `iss` says that it was the platform that sent her (RFC 9207)."""
    try:
        token = oauth.platform.authorize_access_token() if request.args.get("iss") == PLATFORM else None
    except (OAuthError, JoseError):
        token = None
    if token is None:
        return redirect(url_for("home", said="no"))
    sub = token["userinfo"]["sub"]
    before = memory.members.get(sub)
    memory.members[sub] = Member(token, rests_for=before.rests_for if before else set())
    session["number"] = secrets.token_urlsafe()
    memory.sessions[session["number"]] = sub
    ask(sub)
    return redirect(url_for("home"))


@routes.post("/sign-out")
def sign_out():
    memory.sessions.pop(session.pop("number", ""), None)
    return redirect(url_for("home"))


def ask(sub: str) -> bool:
    """What she allows today. Once the platform says no, we know her no more; what it cannot tell now changes nothing."""
    member = memory.members[sub]
    try:
        answer = oauth.platform.get(oauth.platform.load_server_metadata()["userinfo_endpoint"], token=member.token)
        status = answer.status_code
    except OAuthError as error:  # the token had run out, and was not renewed: her no, or a fault of ours
        status = NOT_REACHED if error.error in FAULTS else REFUSED
    except (RequestException, ValueError):
        status = NOT_REACHED
    memory.asked.appendleft(Line("Wat mogen we van haar weten?", str(status)))
    if status == REFUSED:
        memory.forget(sub)
    if status == OK and answer.json()["sub"] == sub:  # OpenID Connect Core 1.0, 5.3.2
        member.claims = answer.json()
    return status == OK
