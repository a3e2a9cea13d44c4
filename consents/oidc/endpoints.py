"""What programs of partners call: never a page, never a session, and nothing in caches (RFC 6749, 7009, 7662; OpenID Connect Core 5.3)."""

import hashlib

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from oauth2_provider.models import get_access_token_model, get_refresh_token_model, refresh_token_expire_timedelta
from oauth2_provider.views import RevokeTokenView, TokenView, UserInfoView
from oauthlib.common import Request

from ..transfer import coming
from . import scopes, signing_keys
from .backend import Backend
from .validator import standing


class Token(TokenView):
    """Without the library's flow for devices, which we do not offer."""

    def post(self, request, *args, **kwargs):
        return self.authorization_flow_token_response(request, *args, **kwargs)


token = never_cache(Token.as_view())
revoke = never_cache(RevokeTokenView.as_view())
_userinfo = UserInfoView.as_view()


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def userinfo(request):
    """The bearer token in the header alone: addresses end up in logs (RFC 9700, 4.3.2)."""
    if "access_token" in request.GET or "access_token" in request.POST:
        return _unauthorised("invalid_request", status=400)
    return _userinfo(request)


# Of a token and its member, what an answer about it takes.
SHOWN = ("user__is_active", "application", "scope", "created", "expires")


@csrf_exempt
@never_cache
@require_POST
def introspect(request):
    """RFC 7662, for the caller's own tokens alone, and without her name; anything else is only not active."""
    client = authenticated_client(request)
    if client is None:
        return _unauthorised("invalid_client")
    if not request.POST.get("token"):
        return JsonResponse({"error": "invalid_request"}, status=400)
    found = _found(request.POST["token"], client)
    return JsonResponse(_described(found, client) if found else {"active": False})


def authenticated_client(request):
    """The program that shows its identity and secret here; None for any other, and for one that has no secret."""
    backend = Backend()
    uri, method, body, headers = backend._extract_params(request)
    asked = Request(uri, method, body, headers)
    is_it = backend.server.request_validator.authenticate_client(asked)
    return asked.client if is_it and asked.client.client_type == asked.client.CLIENT_CONFIDENTIAL else None


def _found(token, client):
    """Its own token that still opens something; the search does not stop at a kind. A refresh token lives as long as it can be renewed."""
    mine = {"token_checksum": hashlib.sha256(token.encode()).hexdigest(), "application": client}
    access = get_access_token_model().objects.filter(**mine, expires__gt=timezone.now()).select_related("user").only(*SHOWN).first()
    if access is not None:
        return access
    renewable = {"revoked__isnull": True, "access_token__expires__gt": timezone.now() - refresh_token_expire_timedelta()}
    return get_refresh_token_model().objects.filter(**mine, **renewable).select_related("user", "access_token").first()


def _described(token, client) -> dict:
    access = token if hasattr(token, "scope") else token.access_token
    if access is not None and access.scope == scopes.IMPORT:
        grant, stands = None, coming.readable_by(token.user, client) is not None
    else:
        grant = standing(token.user, client) if token.user_id else None
        stands = grant is not None or not token.user_id
    if not stands:
        return {"active": False}
    said = {"active": True, "client_id": client.client_id, "iss": signing_keys.issuer(), "aud": client.client_id}
    said |= {"token_type": "Bearer", "iat": int(token.created.timestamp())}
    if access is not None:
        said |= {"scope": _opens(access, client, grant)}
    if access is token:
        said |= {"exp": int(token.expires.timestamp())}
    return said | ({"sub": str(grant.sub)} if grant else {})


def _opens(access, client, grant) -> str:
    """What she narrowed since is not in it, as it is not in userinfo."""
    return " ".join(scopes.kept(access.scope.split(), client.partner, grant.attributes)) if grant else access.scope


def _unauthorised(error, status=401):
    answer = JsonResponse({"error": error}, status=status)
    answer.headers["WWW-Authenticate"] = "Basic" if error == "invalid_client" else f'Bearer error="{error}"'
    return answer
