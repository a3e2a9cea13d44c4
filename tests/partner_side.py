"""A partner's program, by a real client library; what it calls goes to the site in the same process, without a socket."""

import re
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

from authlib.integrations.requests_client import OAuth2Session
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import KeySet
from jwcrypto import jwk
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from consents.models import PartnerApplication
from privacy.conf import store

SECRET = "een lang geheim van een programma"
CALLBACK = "https://edupartner.example/back"
SITE = "https://testserver"
VERIFIER = "een-bewijs-dat-lang-genoeg-is-om-te-mogen-0123456789"


class InProcess(BaseAdapter):
    """requests, answered by the site itself."""

    def send(self, request: PreparedRequest, **kwargs) -> Response:
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items() if name != "Content-Type"}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        kind = request.headers.get("Content-Type", "application/octet-stream")
        answer = Client().generic(request.method, request.path_url, body, content_type=kind, secure=True, **headers)
        response = Response()
        response.status_code, response.url, response.request = answer.status_code, request.url, request
        response.headers.update(answer.headers)
        response.raw = BytesIO(b"".join(answer))
        return response

    def close(self):
        pass


def make_application(partner, **fields) -> PartnerApplication:
    given = {
        "name": partner.recipient.name,
        "client_id": partner.slug,
        "client_secret": SECRET,
        "redirect_uris": CALLBACK,
        "client_type": PartnerApplication.CLIENT_CONFIDENTIAL,
        "authorization_grant_type": PartnerApplication.GRANT_AUTHORIZATION_CODE,
        "algorithm": PartnerApplication.RS256_ALGORITHM,
    }
    _have_a_key()
    return PartnerApplication.objects.create(partner=partner, **given | fields)


def _have_a_key() -> None:
    """The same for all: to make one and to check it takes a quarter of a second, which hundreds of tests would."""
    file = store("keys", "partners") / "current.pem"
    if not file.exists():
        file.write_bytes(_key())


@cache
def _key() -> bytes:
    return jwk.JWK.generate(kty="RSA", size=2048).export_to_pem(private_key=True, password=None)


@dataclass
class Program:
    """One program of a partner, and the browser of the member who uses it."""

    application: PartnerApplication
    browser: Client
    scope: str = "openid profile email"
    secret: str = SECRET
    session: OAuth2Session = field(init=False)

    def __post_init__(self):
        self.session = OAuth2Session(
            self.application.client_id, self.secret, scope=self.scope, redirect_uri=CALLBACK, code_challenge_method="S256"
        )
        self.session.mount("https://", InProcess())

    def ask(self, **more):
        """The page that the member's browser gets when the program sends her here."""
        address, self.state = self.session.create_authorization_url(
            SITE + reverse("oidc:authorize"), code_verifier=VERIFIER, nonce="n-0S6_WzA2Mj", **more
        )
        self.asked = urlsplit(address)
        page = self.browser.get(f"{self.asked.path}?{self.asked.query}", secure=True)
        self.reading, self.beside = reading_of(page), beside_of(page)
        return page

    def answer(self, answer="yes", attributes=(), **more):
        """Where her answer sends her."""
        form = {"answer": answer, "attributes": list(attributes), "reading": self.reading, "beside": self.beside, **more}
        return self.browser.post(f"{self.asked.path}?{self.asked.query}", form, secure=True)

    def redeem(self, sent_back):
        """Exchange the code of the redirect for tokens."""
        return self.session.fetch_token(SITE + reverse("oidc:token"), authorization_response=sent_back["Location"], code_verifier=VERIFIER)

    def sign_in(self, attributes=("first_name", "email"), **more):
        """All of it: she is asked, allows, and the program has tokens."""
        page = self.ask(**more)
        return self.redeem(page if page.status_code == 302 else self.answer(attributes=attributes))

    def userinfo(self) -> dict:
        return self.session.get(SITE + reverse("oidc:userinfo")).json()

    def post(self, name, **form):
        """As itself, with its secret."""
        return self.session.post(SITE + reverse(name), data=form, withhold_token=True, auth=(self.application.client_id, self.secret))


def reading_of(page) -> str:
    """What a page that asks sends along, so that her answer is to the words that stood there."""
    found = re.search(rb'name="reading" value="(\w+)"', page.content)
    return found[1].decode() if found else ""


def beside_of(page) -> list[str]:
    """And of what she allowed before, what stood there beside the question."""
    return re.findall(r'name="beside" value="([\w.]+)"', page.text)


def told(sent_back) -> dict:
    """What a redirect to the program says."""
    return dict(parse_qsl(urlsplit(sent_back["Location"]).query))


def id_token_claims(token, *, keys) -> dict:
    return jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=["RS256"]).claims
