"""The address of a ban, sealed to the custodian: whoever serves the site can close it, only her key opens it (HPKE, RFC 9180)."""

import hashlib
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ..addresses import MOST_CHARACTERS
from ..errors import CustodianKeyWrong

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
# A passphrase that somebody guesses opens every address.
PASSPHRASE_CHARACTERS = 12
# A key file as we make it has about 400.
KEY_BYTES_AT_MOST = 4000


def make_pair(passphrase: str) -> tuple[str, str]:
    """Private key as a PEM file under this passphrase, and what the setting CUSTODIAN_KEY holds."""
    private = X25519PrivateKey.generate()
    closed = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    return closed.decode(), b64encode(private.public_key().public_bytes_raw()).decode()


def read_private(file: bytes, passphrase: str) -> X25519PrivateKey:
    """CustodianKeyWrong where file and passphrase do not go together, or it is another kind of key."""
    try:
        private = load_pem_private_key(file, passphrase.encode())
    except (ValueError, TypeError):
        raise CustodianKeyWrong from None
    if not isinstance(private, X25519PrivateKey):
        raise CustodianKeyWrong
    return private


def public() -> X25519PublicKey | None:
    """ImproperlyConfigured where CUSTODIAN_KEY is no key."""
    if not settings.CUSTODIAN_KEY:
        return None
    try:
        return X25519PublicKey.from_public_bytes(b64decode(settings.CUSTODIAN_KEY, validate=True))
    except ValueError:
        raise ImproperlyConfigured("CUSTODIAN_KEY is no public key as `manage.py custodian_key` prints it.") from None


def number_of(key: X25519PublicKey) -> str:
    """By which a row says what opens it."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def current() -> str:
    """Number of the key that addresses are sealed to today; empty where there is none."""
    key = public()
    return number_of(key) if key else ""


def seal(address: str, digest: str) -> tuple[bytes, str]:
    """Sealed address, which opens beside this digest alone, and the number of the key; both empty where no custodian has one.

    Padded, so that its length says nothing.
    """
    key = public()
    if key is None:
        return b"", ""
    return SUITE.encrypt(address.encode().ljust(MOST_CHARACTERS, b"\0"), key, info=_bound_to(digest)), number_of(key)


def unseal(sealed: bytes, digest: str, private: X25519PrivateKey) -> str:
    """CustodianKeyWrong where this key does not open it."""
    try:
        return SUITE.decrypt(bytes(sealed), private, info=_bound_to(digest)).rstrip(b"\0").decode()
    except (InvalidTag, ValueError):
        raise CustodianKeyWrong from None


def _bound_to(digest):
    return b"accounts.Ban " + digest.encode()
