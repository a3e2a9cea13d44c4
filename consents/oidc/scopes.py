"""What a partner asks, in OpenID's words: scopes, and the claims that answer them (OpenID Connect Core 1.0, 5.1 and 5.4)."""

from datetime import date

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from oauth2_provider.scopes import BaseScopes

from ..attributes import PORTABLE, askable, offered, title_of
from ..transfer.contract import SCOPE as IMPORT

OPENID = "openid"
PROFILE = "profile"
# Asked by custom; a permission stands until it is ended, so it adds nothing.
OFFLINE = "offline_access"
# What a program may ask for itself: to read and to manage its stream of security events (SSF 1.0, CAEP interoperability profile).
STREAM_READ, STREAM_MANAGE = "ssf.read", "ssf.manage"
FOR_ITSELF = (STREAM_READ, STREAM_MANAGE)
# Account fields that OpenID has a name of its own for; the others go under ours.
CLAIMS = {"first_name": "given_name", "last_name": "family_name", "birth_date": "birthdate", "language": "locale"}


def attributes_of(scopes, partner) -> list[str]:
    """What these scopes ask, as far as the partner may: each by its name; "profile" for all fields but the address, never for all data."""
    asked = set(scopes)
    return [name for name in offered(partner) if name in asked or (PROFILE in asked and name not in {"email", PORTABLE})]


def kept(scopes, partner, allowed) -> list[str]:
    """The asked scopes without those of which nothing was allowed."""
    of_fields = {scope: set(attributes_of([scope], partner)) for scope in scopes}
    return [scope for scope, fields in of_fields.items() if not fields or fields & set(allowed)]


def claims_of(values: dict) -> dict:
    """Account fields as claims."""
    return {CLAIMS.get(name, name): _spelled(value) for name, value in values.items()}


def _spelled(value):
    return value.isoformat() if isinstance(value, date) else value


# The library asks for all of them at each call, and prints them nowhere but on its own pages.
put_into_words = lazy(title_of, str)


class Scopes(BaseScopes):
    """Those of one partner: what it may ask; for itself it asks others."""

    def get_all_scopes(self):
        fields = {name: put_into_words(name) for name in askable()}
        return {OPENID: _("a code"), PROFILE: _("profile"), OFFLINE: "", IMPORT: "", **dict.fromkeys(FOR_ITSELF, ""), **fields}

    def get_available_scopes(self, application=None, request=None, *args, **kwargs):
        if request is not None and request.grant_type == "client_credentials":
            return list(FOR_ITSELF)
        fields = askable() if application is None else attributes_of(askable(), application.partner)
        brings = [IMPORT] if application is not None and application.brings_from else []
        return [OPENID, PROFILE, OFFLINE, *brings, *fields]

    def get_default_scopes(self, application=None, request=None, *args, **kwargs):
        return [STREAM_READ] if request is not None and request.grant_type == "client_credentials" else [OPENID]
