"""A partner's program that hears of events: it manages its stream as a stranger would, and takes what we bring on this machine."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from wsgiref.simple_server import make_server

from authlib.integrations.requests_client import OAuth2Session
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import KeySet

from consents.models import Stream
from consents.signals.events import supported
from privacy.casework import mailing

from .openid import Server, Silent
from .partner_side import SECRET, SITE, InProcess

ISSUER = "http://127.0.0.1:8000"
ACCEPTED = ("202 Accepted", {}, b"")


@dataclass
class Receiver:
    """`answers` are given one after the other; then everything is accepted."""

    address: str = ""
    answers: list = field(default_factory=list)
    heard: list = field(default_factory=list)

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.heard.append((environ, body))
        status, headers, said = self.answers.pop(0) if self.answers else ACCEPTED
        start_response(status, list(headers.items()))
        return [said]

    @property
    def tokens(self) -> list[str]:
        return [body.decode() for _environ, body in self.heard]

    @property
    def events(self) -> list[str]:
        """What it was told, by the last word of each event."""
        return [name.rpartition("/")[2] for token in self.tokens for name in claims_of(token)["events"]]

    def refuses(self, error, status="400 Bad Request"):
        said = json.dumps({"err": error, "description": "An Peeters bestaat niet"}).encode()
        self.answers.append((status, {"Content-Type": "application/json", "Content-Language": "nl"}, said))

    def fails(self, status="503 Service Unavailable", times=1):
        self.answers += [(status, {}, b"")] * times


@contextmanager
def running():
    receiver = Receiver()
    with make_server("127.0.0.1", 0, receiver, Server, Silent) as server:
        receiver.address = f"http://127.0.0.1:{server.server_port}/events"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield receiver
        server.shutdown()


def public_keys() -> KeySet:
    return KeySet.import_key_set(Client().get("/.well-known/jwks.json").json())


def opened(token):
    """By a library that is not ours, against the keys that we publish: header and claims."""
    return jwt.decode(token, public_keys(), algorithms=["RS256"])


def claims_of(token) -> dict:
    return opened(token).claims


@dataclass
class Program:
    """A program with a token of its own."""

    application: object
    scope: str = "ssf.read ssf.manage"

    def __post_init__(self):
        session = OAuth2Session(self.application.client_id, SECRET, scope=self.scope)
        session.mount("https://", InProcess())
        self.token = session.fetch_token(SITE + reverse("oidc:token"), grant_type="client_credentials")["access_token"]

    def call(self, method, path, body=None, **query):
        headers = {"Authorization": f"Bearer {self.token}"}
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        sent = body if isinstance(body, (str, bytes)) else json.dumps(body) if body is not None else ""
        return Client(headers=headers).generic(method, f"/ssf/{path}?{asked}", sent, content_type="application/json", secure=True)

    def poll(self, stream_id, **asked) -> dict:
        return self.call("POST", f"poll/{stream_id}", {"returnImmediately": True, **asked}).json()


def make_stream(application, receiver=None, **fields) -> Stream:
    """That asked for everything; with a receiver it is brought there."""
    given = {"events_requested": supported()}
    if receiver is not None:
        given |= {"method": Stream.Method.PUSH, "endpoint_url": receiver.address}
    return Stream.objects.create(application=application, **given | fields)


def deliver():
    """As the worker does, first the notices and then the streams."""
    from consents.signals import pushing

    mailing.deliver_notices()
    for stream in Stream.objects.filter(method=Stream.Method.PUSH):
        pushing.push(stream)
