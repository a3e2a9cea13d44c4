"""The few parts of JOSE that archives and certificates need.

Keys as JWK (RFC 7517, 8037), a detached signature as JWS (RFC 7515, appendix F).
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "EdDSA"
TYPE = "inzage-manifest"
# Where an issuer's public keys stand (RFC 8615).
WELL_KNOWN = "/.well-known/inzage-keys.json"

Keys = dict[str, Ed25519PublicKey]


class KeysUnreadable(ValueError):
    """One sentence that says why."""


class NotASignature(ValueError):
    pass


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """ValueError for any other spelling than the one there is: two texts never mean the same signature."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    if base64url(raw) != text:
        raise ValueError("not base64url")
    return raw


def jwk_of(key: Ed25519PublicKey) -> dict:
    x = base64url(key.public_bytes_raw())
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": _thumbprint(x), "use": "sig", "alg": ALGORITHM}


def _thumbprint(x):
    """RFC 7638: the digest of what the key is, in one spelling."""
    spelled = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"))
    return base64url(hashlib.sha256(spelled.encode("ascii")).digest())


def keys_of(jwks: dict | bytes) -> Keys:
    """The keys of a JWKS that can sign archives, each under the number that follows from it and not the one it claims. KeysUnreadable."""
    try:
        listed = (json.loads(jwks) if isinstance(jwks, bytes) else jwks)["keys"]
        usable = [key["x"] for key in listed if (key["kty"], key.get("crv")) == ("OKP", "Ed25519")]
        keys = {_thumbprint(x): Ed25519PublicKey.from_public_bytes(from_base64url(x)) for x in usable}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise KeysUnreadable("This is no list of public keys (a JWK set).") from None
    if not keys:
        raise KeysUnreadable("This list holds no key that signs archives (Ed25519).")
    return keys


def sign(payload: bytes, key: Ed25519PrivateKey, issuer: str, *, kind: str = TYPE) -> str:
    """A compact JWS without its payload, which lies beside it; `kind` is what was signed, so that nothing passes for another thing."""
    header = {"alg": ALGORITHM, "kid": jwk_of(key.public_key())["kid"], "typ": kind, "iss": issuer}
    head = base64url(json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode("ascii"))
    return f"{head}..{base64url(key.sign(_signed(head, payload)))}"


def _signed(head, payload):
    return head.encode("ascii") + b"." + base64.urlsafe_b64encode(payload).rstrip(b"=")


@dataclass(frozen=True)
class Signature:
    """As it stands beside what was signed; nothing of it is to be believed before `fits`."""

    kid: str
    issuer: str
    head: str
    raw: bytes

    @classmethod
    def read(cls, line: bytes, *, kind: str = TYPE) -> "Signature":
        """NotASignature for all but our own kind: no other algorithm, no extension that one must understand (RFC 7515, 4.1.11)."""
        try:
            head, payload, raw = line.decode("ascii").removesuffix("\n").split(".")
            header = json.loads(from_base64url(head))
            kid, issuer = header["kid"], header["iss"]
            is_ours = (header["alg"], header["typ"], payload) == (ALGORITHM, kind, "") and not {"crit", "b64"} & set(header)
            signature = cls(kid, issuer, head, from_base64url(raw))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NotASignature from None
        if not is_ours or not isinstance(kid, str) or not isinstance(issuer, str):
            raise NotASignature
        return signature

    def fits(self, payload: bytes, key: Ed25519PublicKey) -> bool:
        try:
            key.verify(self.raw, _signed(self.head, payload))
        except InvalidSignature:
            return False
        return True
