"""Whether a message is the platform's, meant for us, of the right sort and new. What is not, is refused with a word of RFC 8935, 2.4."""

import requests
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from .memory import memory
from .settings import CLIENT_ID, PLATFORM

SECURITY_EVENT, LOGOUT = "secevent+jwt", "logout+jwt"
WORDS = {"iss": "invalid_issuer", "aud": "invalid_audience"}
MUST_BE_OURS = {"iss": {"essential": True, "value": PLATFORM}, "aud": {"essential": True, "value": CLIENT_ID}}
MUST_BE_THERE = {name: {"essential": True} for name in ("iat", "jti", "events")}


class Refused(Exception):
    """`code` is what the platform is told."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Keys:
    """The platform's public keys: fetched once, and again when a message names one that we do not know."""

    def __init__(self):
        self.known = None

    def fetch(self) -> KeySet:
        answer = requests.get(f"{PLATFORM}/.well-known/jwks.json", timeout=5)
        answer.raise_for_status()
        self.known = KeySet.import_key_set(answer.json())
        return self.known

    def opened(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self.known or self.fetch(), algorithms=["RS256"])
        except InvalidKeyIdError:
            return jwt.decode(token, self.fetch(), algorithms=["RS256"])


keys = Keys()


def read(token: str, sort: str) -> dict:
    """Its claims. The sort (`typ`) keeps an ID token from being taken for an event, and the reverse."""
    try:
        message = keys.opened(token)
    except requests.RequestException:  # its keys were not to be had: it brings this again
        raise
    except (JoseError, ValueError):
        raise Refused("invalid_key") from None
    if message.header.get("typ") != sort:
        raise Refused("invalid_request")
    try:
        jwt.JWTClaimsRegistry(leeway=60, **MUST_BE_OURS, **MUST_BE_THERE).validate(message.claims)
    except ClaimError as error:
        raise Refused(WORDS.get(error.claim, "invalid_request")) from None
    return message.claims


def is_new(claims: dict) -> bool:
    """A message comes again when our answer was lost; who caught one and sends it again gets no further."""
    return claims["jti"] not in memory.had


def is_done(claims: dict) -> None:
    """Only now: what went wrong half-way is brought again."""
    memory.had.add(claims["jti"])
