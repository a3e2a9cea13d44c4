"""The OpenID provider: what we ask it, and the little that we believe and keep of its answer."""

import secrets

import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.utils.functional import cached_property

from .tokens import claims_of

# Of its discovery document (OpenID Connect Discovery 1.0, 3).
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Client(OAuth2Client):
    def get_access_token(self, *args, **kwargs):
        try:
            answer = super().get_access_token(*args, **kwargs)
        except (KeyError, TypeError, ValueError) as error:  # an answer without type, or that is no object
            raise OAuth2Error(f"The answer is not readable: {type(error).__name__}") from None
        return _object(answer)


class Adapter(OpenIDConnectOAuth2Adapter):
    """`asked` is what the session remembers of our question; the callback's view sets it."""

    client_class = Client
    asked: dict = {}

    @cached_property
    def openid_config(self) -> dict:
        """Where to ask, said by the provider; one that calls itself otherwise than we do is another (Discovery 1.0, 4.3)."""
        provider = self.get_provider()
        config = _fetched(provider.server_url)
        if config.get("issuer") != provider.app.settings["server_url"]:
            raise OAuth2Error("The provider names another issuer.")
        if not all(_words(config.get(name)) for name in ENDPOINTS):
            raise OAuth2Error("The provider does not say where to ask.")
        return config

    def parse_token(self, data):
        """Of no use to us after this answer, and never stored."""
        return super().parse_token({"access_token": data["access_token"]})

    def complete_login(self, request, app, token, **kwargs):
        claims = claims_of(
            kwargs["response"].get("id_token"),
            published=_fetched(self.openid_config["jwks_uri"]),
            issuer=self.openid_config["issuer"],
            client_id=app.client_id,
            nonce=self.asked.get("nonce", ""),
        )
        data = {"id_token": claims, "userinfo": self._more_about(claims, token)}
        return self.get_provider().sociallogin_from_response(request, data)

    def _more_about(self, claims, token) -> dict:
        """Names and address stand there at many providers; of another person they are worth nothing (Core 1.0, 5.3.2)."""
        address = _words(self.openid_config.get("userinfo_endpoint"))
        if not address:
            return {}
        told = _fetched(address, headers={"Authorization": f"Bearer {token.token}"})
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("The provider speaks of another person.")
        return told


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Adapter
    pkce_enabled_default = True

    @property
    def server_url(self) -> str:
        return self.app.settings["server_url"].rstrip("/") + "/.well-known/openid-configuration"

    def get_redirect_from_request_kwargs(self, request):
        """What we ask is ours to say, and no part of an address."""
        kwargs = super().get_redirect_from_request_kwargs(request)
        return {name: value for name, value in kwargs.items() if name not in {"scope", "auth_params"}}

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        """The answer has to repeat the nonce, which only this session knows."""
        nonce = secrets.token_urlsafe()
        question = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, next_url, data, auth_params=question, nonce=nonce, **kwargs)

    def extract_uid(self, data) -> str:
        """What names this person at the provider, for ever."""
        sub = data["id_token"]["sub"]
        if not 0 < len(sub) <= app_settings.UID_MAX_LENGTH or not sub.isprintable():
            raise OAuth2Error("The provider does not name the person as it should.")
        return sub

    def extract_extra_data(self, data) -> dict:
        """All that we keep: under which address she is known there, so that she can tell two of them apart."""
        addresses = self.extract_email_addresses(data)
        return {"email": addresses[0].email} if addresses else {}

    def extract_common_fields(self, data) -> dict:
        """For the form of sign-up; a name that is no text is none."""
        told = {**data["id_token"], **data["userinfo"]}
        claims = {"first_name": "given_name", "last_name": "family_name", "name": "name"}
        return {field: _words(told.get(claim)) for field, claim in claims.items()}

    def extract_email_addresses(self, data) -> list[EmailAddress]:
        """Each that it names; confirmed is only what it calls so with a plain `true`, since "false" would count as yes."""
        sources = [source for source in (data["userinfo"], data["id_token"]) if _words(source.get("email"))]
        found = {_words(source["email"]): source.get("email_verified") is True for source in reversed(sources)}
        first = _words(sources[0]["email"]) if sources else ""
        return [EmailAddress(email=email, verified=verified, primary=email == first) for email, verified in found.items()]


def _fetched(address, **options) -> dict:
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, **options)
    answer.raise_for_status()
    return _object(answer.json())


def _object(answer) -> dict:
    if not isinstance(answer, dict):
        raise OAuth2Error("The answer is no object.")
    return answer


def _words(value) -> str:
    """Text without signs that no database or page takes; empty for anything else."""
    return "".join(sign for sign in value if sign.isprintable()).strip() if isinstance(value, str) else ""


# What a provider that is away, slow or confused can make happen.
FAILURES = (OAuth2Error, requests.RequestException)
