"""A stand-in OpenID provider on this machine: it says who signs in, and lies, dawdles or breaks, as it is told."""

import base64
import hashlib
import json
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from socketserver import ThreadingMixIn
from threading import Event, Thread
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

NAME, CLIENT_ID, SECRET = "Schoolaccount", "inzage", "een geheim dat lang genoeg is"
CONSENT = """<!doctype html><html lang="nl"><title>Schoolaccount</title><h1>Mag Inzage weten wie je bent?</h1>
<form method="post"><button name="answer" value="yes">Ja, dat mag</button> <button name="answer" value="no">Nee</button></form></html>"""


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class StandIn:
    """`person` is who signs in, `info` what userinfo says instead; `lies` replace claims of the token, None leaves one out."""

    person: dict = field(default_factory=dict)
    info: dict | None = None
    lies: dict = field(default_factory=dict)
    signed_with: str = "right"
    header: dict = field(default_factory=lambda: {"kid": "right"})
    # Path -> what is answered there instead: bytes, a status, or "slow".
    broken: dict = field(default_factory=dict)
    address: str = ""
    asked: list = field(default_factory=list)
    codes: dict = field(default_factory=dict)
    closing: Event = field(default_factory=Event)

    def __call__(self, environ, start_response):
        path, query = environ["PATH_INFO"], _first(environ["QUERY_STRING"])
        form = _first(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode())
        self.asked.append((path, query | form))
        status, kind, body = self._broken(path) or self._answer(environ["REQUEST_METHOD"], path, query, form)
        headers = [("Location", body.decode())] if status.startswith("302") else [("Content-Type", kind)] if kind else []
        start_response(status, headers)
        return [body]

    def _broken(self, path):
        """Chromium asks for an icon, and complains where there is none."""
        how = self.broken.get(path, b" " if path == "/favicon.ico" else None)
        if how == "slow":
            self.closing.wait(30)
        if isinstance(how, int):
            return f"{how} As told", "text/html", b"<h1>As told</h1>"
        if isinstance(how, bytes):
            return "200 OK", "application/json" if how else "", how
        return None

    def _answer(self, method, path, query, form):
        if path == "/authorize" and method == "GET":
            return "200 OK", "text/html; charset=utf-8", CONSENT.encode()
        if path == "/authorize":
            return "302 Found", "", self.decide(query, form["answer"]).encode()
        answers = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": self._keys,
            "/token": lambda: self._token(form),
            "/userinfo": lambda: self.person if self.info is None else self.info,
        }
        answer = answers.get(path, lambda: None)()
        return ("200 OK", "application/json", json.dumps(answer).encode()) if answer else ("400 Bad Request", "text/plain", b"no")

    def decide(self, query, answer="yes") -> str:
        """Where the person goes who pressed a button of the consent page."""
        assert query["client_id"] == CLIENT_ID
        code = secrets.token_urlsafe()
        self.codes[code] = query
        told = {"code": code} if answer == "yes" else {"error": "access_denied"}
        return f"{query['redirect_uri']}?{urlencode(told | {'state': query['state']})}"

    def _discovery(self):
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks", "userinfo_endpoint": "userinfo"}
        return {"issuer": self.address} | {name: f"{self.address}/{path}" for name, path in places.items()}

    def _keys(self):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key("right").public_key(), as_dict=True)
        return {"keys": [public | {"kid": "right", "alg": "RS256", "use": "sig"}]}

    def _token(self, form):
        """A code is good once, for who has the secret and the verifier of the challenge."""
        question = self.codes.pop(form.get("code"), None)
        if question is None or form.get("client_secret") != SECRET or _challenge(form["code_verifier"]) != question["code_challenge"]:
            return None
        now = int(time.time())
        true = {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": question["nonce"]}
        told = {name: value for name, value in (true | self.person | self.lies).items() if value is not None}
        id_token = self._signed(told)
        return {"access_token": "toegang", "token_type": "Bearer", "expires_in": "straks", "id_token": id_token}

    def _signed(self, claims) -> str:
        """By the key, whatever the header is told to say of it."""
        if self.header.get("alg", "RS256") == "RS256":
            return jwt.encode(claims, key(self.signed_with), "RS256", headers=self.header)
        shared = None if self.header["alg"] == "none" else json.dumps(self._keys()).encode()
        return jwt.encode(claims, shared, self.header["alg"], headers={"kid": "right"})


def _first(query):
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def _challenge(verifier):
    """RFC 7636, 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Silent(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def running():
    """On a free port of this machine."""
    stand_in = StandIn()
    with make_server("127.0.0.1", 0, stand_in, Server, Silent) as server:
        stand_in.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield stand_in
        stand_in.closing.set()
        server.shutdown()


def environment(stand_in: StandIn) -> dict[str, str]:
    """How an installation is told of it."""
    return {
        "INZAGE_OIDC_NAME": NAME,
        "INZAGE_OIDC_ISSUER": stand_in.address,
        "INZAGE_OIDC_CLIENT_ID": CLIENT_ID,
        "INZAGE_OIDC_SECRET": SECRET,
    }
