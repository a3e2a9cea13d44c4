"""What a provider says of a person, once signature, issuer, audience, time and nonce are right (OpenID Connect Core 1.0, 3.1.3.7)."""

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.crypto import constant_time_compare

# Only those that a published key verifies: with a shared secret, whoever knows it could write such a token.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")
# Seconds that two clocks may differ.
LEEWAY = 60


def claims_of(id_token, *, published: dict, issuer: str, client_id: str, nonce: str) -> dict:
    """OAuth2Error where anything is not as it has to be; its words hold nothing of the token."""
    try:
        key = _signed_with(id_token, jwt.PyJWKSet.from_dict(published))
        options = {"require": list(REQUIRED)}
        claims = jwt.decode(id_token, key, algorithms=ALGORITHMS, audience=client_id, issuer=issuer, leeway=LEEWAY, options=options)
    except (jwt.PyJWTError, AttributeError, TypeError, ValueError, OverflowError) as error:  # of a token or a key that is none
        raise OAuth2Error(f"The ID token is not to be believed: {type(error).__name__}") from None
    if claims.get("azp", client_id) != client_id:
        raise OAuth2Error("The ID token was made for another application.")
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise OAuth2Error("The ID token answers another question than ours.")
    return claims


def _signed_with(id_token, published: jwt.PyJWKSet) -> jwt.PyJWK:
    """The key that the token names; one that names none has to be signed with the only one."""
    name = jwt.get_unverified_header(id_token).get("kid")
    keys = [key for key in published.keys if name in (None, key.key_id)]
    if len(keys) != 1:
        raise jwt.InvalidKeyError
    return keys[0]
