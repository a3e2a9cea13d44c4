"""A transfer in one process: the sender's program at the receiver, what it sends, and calls out that come back in without a socket.

A site that takes to itself is both sides: what it calls, it answers.
"""

import io
import json
import zipfile
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from consents import outgoing, tasks
from consents.models import IncomingTransfer, OutgoingTransfer, Receiver
from consents.oidc.signing_keys import issuer
from consents.outgoing import Answer
from consents.transfer.contract import API, repr_digest
from privacy.casework import cases
from privacy.casework.requests import DataSubjectRequest
from privacy.evidence.recipients import Recipient

from . import brought, partner_side
from .makers import make_favourite, make_partner, make_resource

TAKEN = ["accounts.Member", "usage.Folder", "usage.Favourite"]


def make_sender(brings_from=brought.ELSEWHERE, slug="elders"):
    """The program of another controller, as staff registered it here."""
    return partner_side.make_application(make_partner(slug, attributes=[]), brings_from=brings_from)


def trust_elsewhere(settings):
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": {brought.ELSEWHERE: brought.JWKS}}


def program_of(application, member) -> partner_side.Program:
    browser = Client()
    browser.force_login(member)
    return partner_side.Program(application, browser, scope="data.import")


def token_for(application, member, take=TAKEN) -> str:
    """She said yes to these."""
    program = program_of(application, member)
    program.ask()
    return program.redeem(program.answer(take=take))["access_token"]


def archive_of(member, *, folders=("Voor maandag",), email=None) -> zipfile.ZipFile:
    """What another installation holds of her: folders with one favourite each, an address that it confirmed."""
    make_resource("Breuken", subject_taught="wiskunde")
    rows = {
        "account.EmailAddress": [{"id": 1, "email": email or member.email, "verified": True, "primary": True}],
        "usage.Folder": [{"id": number, "name": name} for number, name in enumerate(folders, 1)],
        "usage.Favourite": [
            {"id": number, "folder": number, "resource": 17, "note": "eerst dit", "added_at": brought.MOMENT}
            for number, _name in enumerate(folders, 1)
        ],
        "usage.Message": [{"id": 1, "text": "Dag"}],
    }
    raw = brought.archive(rows, subject="someone", issuer=brought.ELSEWHERE, key=brought.KEY)
    return zipfile.ZipFile(io.BytesIO(raw))


@dataclass
class Sender:
    """A sender that keeps to the contract, one act at a time, so that a test can leave it at any."""

    token: str
    archive: zipfile.ZipFile
    ref: str = ""

    def call(self, method, path, body=b"", **headers):
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        named["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        kind = "application/json" if method == "POST" else "application/octet-stream"
        return Client().generic(method, f"{API}/transfers{path}", body, content_type=kind, secure=True, **named)

    def begin(self, **other):
        said = {
            "manifest": b64encode(self.archive.read("manifest.json")).decode(),
            "signature": self.archive.read("manifest.sig").decode().strip(),
        }
        answer = self.call("POST", "", json.dumps(said | other))
        if answer.status_code in {200, 201}:
            self.ref, self.wanted = answer.json()["transfer"], answer.json()["wanted"]
        return answer

    def put(self, name, raw=None, **headers):
        raw = self.archive.read(name) if raw is None else raw
        digest = repr_digest(sha256(self.archive.read(name)).hexdigest())
        return self.call("PUT", f"/{self.ref}/files/{name}", raw, **{"repr_digest": digest} | headers)

    def put_all(self):
        return [self.put(file["name"]) for file in self.wanted]

    def end(self, **other):
        files = [{key: file[key] for key in ("name", "bytes", "sha256")} for file in self.wanted]
        manifest = json.loads(self.archive.read("manifest.json"))
        names = {file["name"] for file in files}
        counted = {
            "manifest_sha256": sha256(self.archive.read("manifest.json")).hexdigest(),
            "files": files,
            "bytes": sum(file["bytes"] for file in files),
            "rows": sum(part["rows"] for part in manifest["parts"] if part["file"] in names),
        }
        return self.call("POST", f"/{self.ref}/end", json.dumps(counted | other))

    def status(self):
        return self.call("GET", f"/{self.ref}")

    @property
    def transfer(self) -> IncomingTransfer:
        return IncomingTransfer.including_hidden.get(ref=self.ref)


def call_in_process(monkeypatch, change=lambda method, url, answer: answer):
    """What we call is answered by this very site; `change` makes the receiver another one. What was called is returned as it goes."""
    called = []

    def call(method, url, body=b"", headers=None, **bounds):
        called.append((method, url))
        kind = (headers or {}).get("Content-Type", "")
        named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items() if name != "Content-Type"}
        path = url.removeprefix(issuer())
        answer = Client().generic(method, path, body, content_type=kind, secure=True, **named)
        wait = int(answer.headers["Retry-After"]) if "Retry-After" in answer.headers else None
        return change(method, path, Answer(answer.status_code, answer["Content-Type"] if answer.content else "", answer.content, wait))

    monkeypatch.setattr(outgoing, "call", call)
    monkeypatch.setattr(outgoing, "post", lambda url, body, headers: call("POST", url, body, headers))
    return called


def live(member, *notes):
    """Something to take along."""
    for note in notes:
        make_favourite(member, make_resource(f"Les: {note}"), note=note)


def make_receiver(settings) -> Receiver:
    """This very site, as another one would be: a member takes her data from here to here."""
    settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"]}
    application = make_sender(brings_from=issuer(), slug="wij")
    application.redirect_uris = issuer() + reverse("transfer:back")
    application.save()
    recipient = Recipient.objects.create(
        name="Ginds", kind=Recipient.Kind.CONTROLLER, contact_email="privacy@ginds.example", privacy_url="https://ginds.example/privacy"
    )
    made = Receiver(slug="ginds", recipient=recipient, issuer=issuer(), client_id="wij")
    made.secret = partner_side.SECRET
    made.save()
    return made


def path_of(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def go_there(browser, *, take=TAKEN, answer="yes"):
    """On to the receiver and her answer there; where she is sent back to."""
    there = browser.post(reverse("transfer:start", args=["ginds"]))["Location"]
    browser.get(path_of(there))
    return path_of(browser.post(path_of(there), {"answer": answer, "take": take})["Location"])


def make_archive():
    for asked in DataSubjectRequest.objects.filter(right="portability", status="approved"):
        cases.run(asked)


def send(monkeypatch, browser, change=lambda method, path, answer: answer):
    """All of it, up to the first round of the worker."""
    called = call_in_process(monkeypatch, change)
    browser.get(go_there(browser))
    make_archive()
    again()
    return called


def again():
    """The worker, and time to look again."""
    OutgoingTransfer.objects.update(held_until=None)
    transfer = only()
    tasks.send_transfer(str(transfer.ref))
    for incoming in IncomingTransfer.objects.filter(state="taking_in"):
        tasks.take_transfer(str(incoming.ref))


def only() -> OutgoingTransfer:
    return OutgoingTransfer.objects.get()
