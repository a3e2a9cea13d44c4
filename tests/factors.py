"""Second factors in tests: an app that shows codes, a passkey made of a key pair, and who has them."""

import json
import time
from hashlib import sha256

from allauth.mfa import app_settings
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData


def give_app(member) -> str:
    """The key that her telephone holds."""
    key = generate_totp_secret()
    TOTP.activate(member, key)
    return key


def give_recovery_codes(member) -> list[str]:
    return RecoveryCodes.activate(member).generate_codes()


def code_of(key, *, steps=0) -> str:
    """What the app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(key, int(time.time()) // app_settings.TOTP_PERIOD + steps))


def wrong_code(key) -> str:
    right = {code_of(key, steps=steps) for steps in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777") if code not in right)


def forget_tries():
    """As if minutes had passed; also what was counted by network address."""
    cache.clear()


class Passkey:
    """A soft authenticator: it answers the challenges of a site as a device would, with its person's PIN typed."""

    origin, rp = "http://localhost", "localhost"

    def __init__(self, identity=b"passkey-1"):
        self.identity, self.private = identity, ec.generate_private_key(ec.SECP256R1())
        self.user = b""

    def register(self, options) -> str:
        options = options["publicKey"]
        self.user = options["user"]["id"]
        client = self._client("webauthn.create", options["challenge"])
        attested = AttestedCredentialData.create(bytes(16), self.identity, ES256.from_cryptography_key(self.private.public_key()))
        data = AuthenticatorData.create(sha256(self.rp.encode()).digest(), 0x45, 0, attested)
        statement = AttestationObject.create("none", data, {})
        return self._sent({"clientDataJSON": client, "attestationObject": bytes(statement)}, {"credProps": {"rk": True}})

    def answer(self, options) -> str:
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = bytes(AuthenticatorData.create(sha256(self.rp.encode()).digest(), 0x05, 1))
        signature = self.private.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._sent(response | ({"userHandle": self.user} if self.user else {}))

    def _client(self, kind, challenge) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _sent(self, response, extensions=None) -> str:
        told = {name: websafe_encode(value) if isinstance(value, bytes) else value for name, value in response.items()}
        return json.dumps(
            {
                "id": websafe_encode(self.identity),
                "rawId": websafe_encode(self.identity),
                "type": "public-key",
                "response": told,
                "clientExtensionResults": extensions or {},
            }
        )
