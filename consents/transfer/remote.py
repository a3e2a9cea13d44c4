"""The receiver as we see it: where it is asked, what it takes, and its API. What it answers is another's word, read within bounds."""

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from privacy.verify import jose, keys_of

from .. import outgoing
from ..errors import AskedToWait, NotReached
from .contract import API, PROBLEMS, SCOPE, repr_digest
from .models import Receiver

# What a list of 10,000 files takes.
ANSWER_BYTES = 4 * 2**20
# For a piece of 8 MiB on a slow line.
PIECE_SECONDS = 60
# Where it asks us to wait and does not say how long; and the longest that we do before we look again.
WAIT_SECONDS, WAIT_AT_MOST = 5, 3600


class Refused(Exception):
    """The receiver said no for good; `code` is its problem, or a word of ours."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


class WrongPlace(Exception):
    """Ask again how far it is."""


@dataclass(frozen=True)
class Endpoints:
    """Where a member signs in, and where our program gets and gives back its token (RFC 8414)."""

    authorize: str
    token: str
    revoke: str


def endpoints(receiver: Receiver) -> Endpoints:
    """From its own description, which has to be of itself: another's would be led to (RFC 9207, RFC 8414, 3.3)."""
    said = _json(outgoing.call("GET", f"{receiver.issuer}/.well-known/oauth-authorization-server"))
    if said.get("issuer") != receiver.issuer:
        raise NotReached("other_issuer")
    found = [said.get(f"{name}_endpoint") for name in ("authorization", "token", "revocation")]
    if not all(isinstance(address, str) and address.startswith(f"{receiver.issuer}/") for address in found):
        raise NotReached("no_endpoints")
    return Endpoints(*found)


@dataclass(frozen=True)
class Takes:
    """`why_not` has for each record type that it knows why it leaves it, "" for what it takes. A limit that it does not name is None."""

    why_not: dict[str, str]
    bytes: int | None = None
    rows: int | None = None


def takes(receiver: Receiver, language: str) -> Takes:
    """Asked before anybody signs in there."""
    answer = outgoing.call("GET", f"{receiver.issuer}{API}/takes", headers={"Accept-Language": language}, most=2**20)
    if answer.status != 200:
        raise NotReached(str(answer.status))
    said = _json(answer)
    stays = {str(each["record"]): str(each.get("why", ""))[:300] for each in _objects(said.get("stays")) if "record" in each}
    taken = {str(each["record"]): "" for each in _objects(said.get("takes")) if "record" in each}
    limits = said.get("limits") if isinstance(said.get("limits"), dict) else {}
    return Takes(stays | taken, *(_limit(limits.get(name)) for name in ("bytes", "rows")))


def _limit(said) -> int | None:
    return said if type(said) is int and said >= 0 else None


def public_keys(receiver: Receiver) -> jose.Keys:
    return keys_of(_json(outgoing.call("GET", f"{receiver.issuer}{jose.WELL_KNOWN}")))


def token_for(receiver: Receiver, code: str, verifier: str, redirect_uri: str) -> str:
    """Exchange a code; Refused where the token would open anything else than bringing an archive."""
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri}
    answer = outgoing.post(endpoints(receiver).token, urlencode(form).encode(), _as_ourselves(receiver))
    if answer.status != 200:
        raise Refused("code")
    said = _json(answer)
    token = said.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or len(token) > 4096:
        raise Refused("token")
    if said.get("scope", SCOPE) != SCOPE or str(said.get("token_type", "")).lower() != "bearer":
        raise Refused("scope")
    return token


def give_back(receiver: Receiver, token: str) -> None:
    """RFC 7009. NotReached also where it could not do it now."""
    form = {"token": token, "token_type_hint": "access_token"}
    answer = outgoing.post(endpoints(receiver).revoke, urlencode(form).encode(), _as_ourselves(receiver))
    if _may_pass(answer.status):
        raise NotReached(str(answer.status))


def _may_pass(status: int) -> bool:
    return status >= 500 or status in {408, 425, 429}


def _as_ourselves(receiver):
    """Each half form-encoded before they are joined (RFC 6749, 2.3.1)."""
    shown = base64.b64encode(f"{quote(receiver.client_id, safe='')}:{quote(receiver.secret, safe='')}".encode()).decode()
    return {"Authorization": f"Basic {shown}", "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class Api:
    """One transfer at the receiver, by its token; NotReached where trying again may help, Refused where not."""

    def __init__(self, receiver: Receiver, token: str):
        self._base, self._token = f"{receiver.issuer}{API}/transfers", token

    def begin(self, manifest: bytes, signature: str) -> dict:
        """How far it is; begun again it is the same transfer."""
        body = json.dumps({"manifest": base64.b64encode(manifest).decode(), "signature": signature}).encode()
        return self._asked("POST", "", body, {"Content-Type": "application/json"}, seconds=PIECE_SECONDS)

    def status(self, ref: str) -> dict:
        """How far it is, without the manifest: neither side has to read that again."""
        return self._asked("GET", f"/{ref}", b"", {})

    def put(self, ref: str, name: str, piece: bytes, first: int, size: int, sha256: str) -> None:
        headers = {"Content-Type": "application/octet-stream", "Repr-Digest": repr_digest(sha256)}
        headers["Content-Range"] = f"bytes {first}-{first + len(piece) - 1}/{size}"
        self._asked("PUT", f"/{ref}/files/{quote(name, safe='')}", piece, headers, seconds=PIECE_SECONDS)

    def end(self, ref: str, counted: dict) -> dict:
        """The receipt, or how far it is."""
        return self._asked("POST", f"/{ref}/end", json.dumps(counted).encode(), {"Content-Type": "application/json"})

    def give_up(self, ref: str) -> None:
        self._asked("DELETE", f"/{ref}", b"", {})

    def _asked(self, method, path, body, headers, **bounds) -> dict:
        headers = headers | {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        answer = outgoing.call(method, self._base + path, body, headers, most=ANSWER_BYTES, **bounds)
        if answer.status == 204:
            return {}
        if answer.status in {200, 201, 202}:
            return _json(answer)
        raise _refusal(answer)


def _refusal(answer) -> Exception:
    """Its word for what is wrong, as far as it is one; what may pass by itself is tried again."""
    problem = _problem_of(answer)
    if problem in {"#wrong-place", "#missing", "#digest"}:
        return WrongPlace()
    if answer.status == 429:
        return AskedToWait(min(answer.retry_after or WAIT_SECONDS, WAIT_AT_MOST))
    if _may_pass(answer.status):
        return NotReached(str(answer.status))
    if answer.status == 401:
        return Refused("#consent")
    return Refused(problem or str(answer.status))


def _problem_of(answer) -> str:
    try:
        return word(_json(answer).get("type"))
    except NotReached:
        return ""


def word(said) -> str:
    """A problem of the contract, "" for anything else: what a receiver says in its own words stays out of our records (D-5)."""
    return said if isinstance(said, str) and said in PROBLEMS else ""


def _json(answer) -> dict:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise NotReached("no_json") from None
    if not isinstance(said, dict):
        raise NotReached("no_json")
    return said


def _objects(value) -> list[dict]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
