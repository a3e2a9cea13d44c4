"""A key per request, in a file outside the database and its dumps: destroying it makes what it sealed unreadable."""

import os
from collections.abc import Iterator
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .conf import store
from .errors import KeyDestroyed

NONCE_BYTES = 12  # as NIST SP 800-38D advises for GCM


def _path(ref: str):
    """Of a request by its number; what is no request has a folder of its own ("bans/...")."""
    *folder, name = ref.split("/")
    return store("keys", *folder) / f"{name}.key"


def _key(ref: str) -> bytes:
    try:
        return _path(ref).read_bytes()
    except FileNotFoundError:
        raise KeyDestroyed from None


def make(ref: str) -> None:
    """A new key for this request (256 bit, mode 0600); a key that exists is kept."""
    try:
        file = os.open(_path(ref), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "wb") as writer:
        writer.write(AESGCM.generate_key(bit_length=256))
        writer.flush()
        os.fsync(writer.fileno())


def seal(ref: str, text: str) -> bytes:
    """`text` under the request's key; the reference is authenticated with it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(ref)).encrypt(nonce, text.encode(), ref.encode())


def unseal(ref: str, sealed: bytes) -> str:
    sealed = bytes(sealed)
    return AESGCM(_key(ref)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], ref.encode()).decode()


def made_before(moment: datetime) -> Iterator[str]:
    """The requests whose key is older than this."""
    for file in store("keys").glob("*.key"):
        if file.stat().st_mtime < moment.timestamp():
            yield file.stem


def destroy(ref: str) -> None:
    _path(ref).unlink(missing_ok=True)
