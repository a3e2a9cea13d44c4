"""What is set aside under a hold, sealed with a key of its own: destroying it makes the copy unreadable (privacy/keys.py)."""

import os
from collections.abc import Iterator
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .. import keys
from ..errors import HeldUnreadable

KIND = "held"


def make(ref) -> None:
    """A key that exists is kept."""
    keys.make(ref, KIND)


def seal(ref, plain: bytes, *, name: str) -> bytes:
    """`name` is what the copy is of: another's copy under the same key does not open in its place."""
    nonce = os.urandom(keys.NONCE_BYTES)
    return nonce + AESGCM(keys.key_of(ref, KIND)).encrypt(nonce, plain, _bound_to(ref, name))


def unseal(ref, sealed, *, name: str) -> bytes:
    """KeyDestroyed once it was; HeldUnreadable where copy and key do not belong together."""
    sealed = bytes(sealed)
    try:
        return AESGCM(keys.key_of(ref, KIND)).decrypt(sealed[: keys.NONCE_BYTES], sealed[keys.NONCE_BYTES :], _bound_to(ref, name))
    except (InvalidTag, ValueError):
        raise HeldUnreadable from None


def _bound_to(ref, name) -> bytes:
    return f"inzage-held-1 {ref} {name}".encode()


def exists(ref) -> bool:
    return keys.exists(ref, KIND)


def destroy(ref) -> None:
    keys.destroy(ref, KIND)


def made_before(moment: datetime) -> Iterator[str]:
    """The holds whose key is older than this."""
    return keys.made_before(moment, KIND)
