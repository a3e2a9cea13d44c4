"""The addresses that partners' programs use: these, and none of the library's own (docs/partners.md)."""

from django.urls import path

from privacy.pages.people import open_to_hidden

from .. import gpc, portable
from . import endpoints, well_known
from .authorize import Authorize

app_name = "oidc"

urlpatterns = [
    path("oauth/authorize/", open_to_hidden(Authorize.as_view()), name="authorize"),
    path("oauth/token/", endpoints.token, name="token"),
    path("oauth/revoke/", endpoints.revoke, name="revoke"),
    path("oauth/introspect/", endpoints.introspect, name="introspect"),
    path("oauth/userinfo/", endpoints.userinfo, name="userinfo"),
    path("oauth/portable/", portable.archive, name="portable"),
    path(".well-known/openid-configuration", well_known.configuration, name="configuration"),
    path(".well-known/oauth-authorization-server", well_known.configuration, name="oauth_configuration"),
    path(".well-known/jwks.json", well_known.jwks, name="jwks"),
    path(".well-known/gpc.json", gpc.well_known, name="gpc"),
]
