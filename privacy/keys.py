"""A key per request, in a file outside the database and its dumps: destroying it makes what it sealed unreadable.

`of` says what the key seals where that is not the address to answer to: "identifiers", "findings".
"""

import os
from collections.abc import Iterator
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .conf import store
from .errors import KeyDestroyed

NONCE_BYTES = 12  # as NIST SP 800-38D advises for GCM


def _path(ref: str, of: str):
    return store("keys", of) / f"{ref}.key"


def _bound(ref: str, of: str) -> bytes:
    return f"{of} {ref}".strip().encode()


def _key(ref: str, of: str) -> bytes:
    try:
        return _path(ref, of).read_bytes()
    except FileNotFoundError:
        raise KeyDestroyed from None


def make(ref: str, of: str = "") -> None:
    """A new key for this request (256 bit, mode 0600); a key that exists is kept."""
    try:
        file = os.open(_path(ref, of), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "wb") as writer:
        writer.write(AESGCM.generate_key(bit_length=256))
        writer.flush()
        os.fsync(writer.fileno())


def seal(ref: str, text: str, of: str = "") -> bytes:
    """`text` under the request's key; the reference is authenticated with it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(ref, of)).encrypt(nonce, text.encode(), _bound(ref, of))


def unseal(ref: str, sealed: bytes, of: str = "") -> str:
    sealed = bytes(sealed)
    return AESGCM(_key(ref, of)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(ref, of)).decode()


def made_before(moment: datetime, of: str = "") -> Iterator[str]:
    """The requests whose key is older than this."""
    for file in store("keys", of).glob("*.key"):
        if file.stat().st_mtime < moment.timestamp():
            yield file.stem


def destroy(ref: str, of: str = "") -> None:
    _path(ref, of).unlink(missing_ok=True)
