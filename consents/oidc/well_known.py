"""What a program needs to know of us before it can ask anything (OpenID Connect Discovery 1.0, RFC 8414, RFC 7517)."""

from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from privacy.pages.people import open_to_hidden

from ..attributes import askable, releasable
from . import scopes, signing_keys

HOUR_SECONDS = 3600


def address(name: str) -> str:
    """Under the issuer, whatever host was asked."""
    return signing_keys.issuer() + reverse(name)


@csrf_exempt
@open_to_hidden
@require_safe
@cache_control(public=True, max_age=HOUR_SECONDS)
def configuration(request):
    return _for_all(
        {
            "issuer": signing_keys.issuer(),
            "authorization_endpoint": address("oidc:authorize"),
            "token_endpoint": address("oidc:token"),
            "userinfo_endpoint": address("oidc:userinfo"),
            "revocation_endpoint": address("oidc:revoke"),
            "introspection_endpoint": address("oidc:introspect"),
            "jwks_uri": address("oidc:jwks"),
            "scopes_supported": [scopes.OPENID, scopes.PROFILE, scopes.OFFLINE, *scopes.FOR_ITSELF, *askable(), scopes.IMPORT],
            "claims_supported": [
                "sub",
                "iss",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "nonce",
                *(scopes.CLAIMS.get(name, name) for name in releasable()),
            ],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [signing_keys.ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login", "consent"],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": False,
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "ui_locales_supported": ["nl", "en", "fr"],
        }
    )


@csrf_exempt
@open_to_hidden
@require_safe
@cache_control(public=True, max_age=HOUR_SECONDS)
def jwks(request):
    return _for_all(signing_keys.public_keys())


def _for_all(told):
    answer = JsonResponse(told)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
