"""The key of each hold, in a file outside the database and its dumps: destroying it makes what was set aside unreadable."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .. import keys
from ..conf import store
from ..errors import HeldUnreadable, KeyDestroyed
from ..files import create, rename
from . import vault


def _folder() -> Path:
    return store("keys", "held")


def _path(ref) -> Path:
    return _folder() / f"{ref}.key"


def make(ref) -> None:
    """A key that exists is kept."""
    if _path(ref).exists():
        return
    part = _path(ref).with_suffix(".part")
    part.unlink(missing_ok=True)
    with create(part) as file:
        file.write(vault.new_key())
    rename(part, _path(ref))


def seal(ref, plain: bytes, *, name: str) -> bytes:
    """`name` is what the copy is of: another's copy under the same key does not open in its place."""
    nonce = os.urandom(keys.NONCE_BYTES)
    return nonce + AESGCM(_key(ref)).encrypt(nonce, plain, _bound_to(ref, name))


def unseal(ref, sealed, *, name: str) -> bytes:
    """KeyDestroyed once it was; HeldUnreadable where copy and key do not belong together."""
    sealed = bytes(sealed)
    try:
        return AESGCM(_key(ref)).decrypt(sealed[: keys.NONCE_BYTES], sealed[keys.NONCE_BYTES :], _bound_to(ref, name))
    except (InvalidTag, ValueError):
        raise HeldUnreadable from None


def _key(ref) -> bytes:
    try:
        return _path(ref).read_bytes()
    except FileNotFoundError:
        raise KeyDestroyed from None


def _bound_to(ref, name) -> bytes:
    return f"inzage-held-1 {ref} {name}".encode()


def destroy(ref) -> None:
    _path(ref).unlink(missing_ok=True)


def made_before(moment: datetime) -> Iterator[str]:
    """The holds whose key is older than this."""
    for file in _folder().glob("*.key"):
        with suppress(FileNotFoundError):  # destroyed meanwhile
            if file.stat().st_mtime < moment.timestamp():
                yield file.stem
