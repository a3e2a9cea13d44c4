"""Every question of the OAuth library, answered by the permission as it stands at that moment: no token is worth more than it (T-20)."""

import hashlib
import json
from datetime import UTC

from django.db import transaction
from django.utils import timezone
from jwcrypto.common import JWException
from jwcrypto.jwt import JWT
from oauth2_provider.models import get_access_token_model, get_refresh_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors

from .. import permissions, releases
from ..errors import PermissionEnded
from ..models import PartnerGrant
from ..transfer import coming
from ..transfer.models import LASTS
from . import scopes, signing_keys, tokens
from .models import AuthorizationCode, PartnerApplication

SIGNED_IN_USER = "inzage.user"
NULL = "\0"


def standing(user, client) -> PartnerGrant | None:
    """The permission of this member to this program's partner, where it counts now."""
    return _permission(PartnerGrant.including_hidden.live(), user, client)


def _permission(among, user, client):
    """With the member and the partner that the caller has in hand already."""
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    grant = among.filter(member=user, partner=client.partner_id).first()
    if grant is not None:
        grant.member, grant.partner = user, client.partner
    return grant


class RenewedMeanwhile(errors.InvalidGrantError):
    """Somebody else brought the same refresh token, and was first."""


class Validator(OAuth2Validator):
    """Each override says which defect it closes; tests/test_oidc_defects.py has one for each."""

    # Which claims go out is the permission's business (get_userinfo_claims), not the scopes'.
    oidc_claim_scope = None

    def _check_secret(self, provided_secret, stored_secret):
        """A secret that was replaced counts until its last day, so that nobody has to change all servers at one moment."""
        check = super()._check_secret
        return check(provided_secret, stored_secret) or any(
            check(provided_secret, earlier) for earlier in PartnerApplication.objects.earlier_secrets(stored_secret)
        )

    def validate_bearer_token(self, token, scopes, request):
        """A program's own token has no member; a member's lives as long as her permission."""
        return super().validate_bearer_token(token, scopes, request) and self._stands(request)

    def _load_application(self, client_id, request):
        """No program has a null character in its name; PostgreSQL refuses to look for one."""
        return None if NULL in (client_id or "") else super()._load_application(client_id, request)

    def get_authorization_code_scopes(self, client_id, code, redirect_uri, request):
        """Asked of any code, before it is known who brings it."""
        return [] if NULL in code else super().get_authorization_code_scopes(client_id, code, redirect_uri, request)

    def _load_access_token(self, token):
        """With the partner, which every call asks for (`PartnerApplication.is_usable`)."""
        kept = get_access_token_model().objects.select_related("application__partner", "user")
        return kept.filter(token_checksum=hashlib.sha256(token.encode()).hexdigest()).first()

    def validate_code(self, client_id, code, client, request, *args, **kwargs):
        """A code that comes twice ends what it gave: who brought it first may have stolen it (RFC 6749, 4.1.2)."""
        if NULL in code:
            return False
        redeemed = AuthorizationCode.objects.filter(code=code, application=client, redeemed_at__isnull=False).first()
        if redeemed is not None:
            _end_tokens(redeemed)
            return False
        return super().validate_code(client_id, code, client, request, *args, **kwargs) and self._stands(request, client)

    def invalidate_authorization_code(self, client_id, code, request, *args, **kwargs):
        """Redeemed, not deleted; of two exchanges at once one gets through."""
        free = AuthorizationCode.objects.filter(code=code, application=request.client, redeemed_at__isnull=True)
        if not free.update(redeemed_at=timezone.now()):
            raise errors.InvalidGrantError(request=request)

    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs):
        return super().validate_refresh_token(refresh_token, client, request, *args, **kwargs) and self._stands(request, client)

    def save_bearer_token(self, token, request, *args, **kwargs):
        """Of two renewals at once with one token the later ends what the first gave: either may be a thief's (RFC 9700, 4.14.2)."""
        try:
            return super().save_bearer_token(token, request, *args, **kwargs)
        except RenewedMeanwhile:
            get_refresh_token_model().revoke_family(request.refresh_token_instance.token_family)
            raise

    def _save_bearer_token(self, token, request, *args, **kwargs):
        """Under the one lock of her permissions: a withdrawal comes before, and is seen, or after, and ends what is handed out here.

        What brings an archive is for that one transfer, and is not renewed.
        """
        if request.grant_type != "client_credentials":
            self._hold(request)
        if request.grant_type == "refresh_token" and not _is_unused(request.refresh_token_instance):
            raise RenewedMeanwhile
        if scopes.IMPORT in request.scopes:
            token.pop("refresh_token", None)
            token["expires_in"] = int(LASTS.total_seconds())
        return super()._save_bearer_token(token, request, *args, **kwargs)

    def _check_and_set_request_resource(self, request):
        """We are the one place where tokens open something: who names others (RFC 8707) gets what it would without."""
        request.resource = []

    def _create_authorization_code(self, request, code, expires=None):
        self._check_and_set_request_resource(request)
        with transaction.atomic():
            self._hold(request)
            made = super()._create_authorization_code(request, code, expires)
            AuthorizationCode.objects.filter(pk=made.pk).update(authenticated_at=getattr(request, "authenticated_at", None))
        return made

    def _hold(self, request):
        permissions.hold(request.user)
        if not self._stands(request):
            raise errors.InvalidGrantError(request=request)

    def _stands(self, request, client=None) -> bool:
        """Her permission to the partner, read once for all who need it in this call, or her yes to the one transfer that this is about.

        What must hold to the call's end is read again under the lock.
        """
        if request.user is None:
            return True
        client = client or request.client
        if scopes.IMPORT in (request.scopes or ()):
            return coming.readable_by(request.user, client) is not None
        request.grant = standing(request.user, client)
        return request.grant is not None

    def validate_silent_login(self, request):
        """The library knows no answer here (500); ours comes from `Backend.extract_headers`."""
        request.user = request.headers.get(SIGNED_IN_USER)
        return request.user is not None

    def validate_silent_authorization(self, request):
        """Only what she allowed this partner already, and no field that she was never asked; a transfer is asked each time."""
        if scopes.IMPORT in request.scopes:
            return False
        grant = standing(request.user, request.client)
        return grant is not None and not permissions.has_to_ask(grant, scopes.attributes_of(request.scopes, grant.partner))

    def validate_user_match(self, id_token_hint, scopes, claims, request):
        """True always in the library; a hint about somebody else must not be answered with this member (Core 3.1.2.1).

        Asked at every sign-in: who is asked anew is the same, under the same name, and has to see the page.
        """
        wanted = ({_sub_of(id_token_hint)} if id_token_hint else set()) | _subs_asked(claims)
        grant = _permission(PartnerGrant.objects.going_on(), request.headers.get(SIGNED_IN_USER), request.client)
        return not wanted or (grant is not None and wanted == {str(grant.sub)})

    def get_oidc_claims(self, token, token_handler, request):
        """An ID token says who, and nothing else: data goes out by userinfo alone, where it is noted."""
        grant = standing(request.user, request.client)
        if grant is None:
            raise errors.InvalidGrantError(request=request)
        return {"sub": str(grant.sub)}

    def get_id_token_dictionary(self, token, token_handler, request):
        """`auth_time` is this session's, not that of her last sign-in anywhere; a refresh knows none and says none."""
        claims, expires = super().get_id_token_dictionary(token, token_handler, request)
        del claims["auth_time"]
        at = (
            AuthorizationCode.objects.filter(code=request.code or "", application=request.client)
            .values_list("authenticated_at", flat=True)
            .first()
        )
        return claims | ({"auth_time": int(at.astimezone(UTC).timestamp())} if at else {}), expires

    def get_userinfo_claims(self, request):
        """Released and noted, each time (Art. 15(1)(c)); what she narrowed since is not in it."""
        partner = request.grant.partner
        try:
            released = releases.release(partner, request.user, scopes.attributes_of(request.access_token.scope.split(), partner))
        except PermissionEnded:
            raise errors.CustomOAuth2Error("invalid_token", status_code=401, request=request) from None
        sub = released.pop("sub")
        return {"sub": sub, **scopes.claims_of(released)}

    def get_oidc_issuer_endpoint(self, request):
        """Never from the Host header."""
        return signing_keys.issuer()

    def _get_key_for_token(self, token):
        return _key_that_signed(token)


def _is_unused(refresh_token) -> bool:
    """Read again, under `permissions.hold`."""
    return get_refresh_token_model().objects.filter(pk=refresh_token.pk, revoked__isnull=True).exists()


def _subs_asked(claims) -> set:
    """Whom the `claims` parameter wants (Core 5.5); what is spelled wrongly wants nobody."""
    asked = claims.get("id_token") if isinstance(claims, dict) else None
    sub = asked.get("sub") if isinstance(asked, dict) else None
    return {str(sub["value"])} if isinstance(sub, dict) and "value" in sub else set()


def _key_that_signed(token):
    """Also after a rotation; None where it was none of ours."""
    try:
        unread = JWT()
        unread.deserialize(token)
        return signing_keys.key_numbered(unread.token.jose_header.get("kid", ""))
    except (JWException, ValueError, TypeError):
        return None


def _sub_of(id_token_hint):
    """Of a token that we signed; expired or not. None never matches a member."""
    key = _key_that_signed(id_token_hint)
    if key is None:
        return None
    try:
        signed = JWT(jwt=id_token_hint, key=key, check_claims={}, algs=[signing_keys.ALGORITHM], expected_type="JWS")
    except (JWException, ValueError, TypeError):
        return None
    return json.loads(signed.claims).get("sub")


def _end_tokens(code):
    if scopes.IMPORT in code.scope.split():
        return coming.end_replayed(code.user, code.application)
    with transaction.atomic():
        permissions.hold(code.user)
        grant = PartnerGrant.including_hidden.filter(member=code.user, partner=code.application.partner_id).first()
        if grant is not None:
            tokens.end(grant)
