"""A key per request, in a file outside the database and its dumps: destroying it makes what it sealed unreadable.

`of` says what the key seals where that is not the address to answer to: "identifiers", "findings", "held".
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .conf import store
from .errors import KeyDestroyed
from .files import create, rename

NONCE_BYTES = 12  # as NIST SP 800-38D advises for GCM


def _path(ref: str, of: str):
    return store("keys", of) / f"{ref}.key"


def _bound(ref: str, of: str) -> bytes:
    return f"{of} {ref}".strip().encode()


def key_of(ref: str, of: str = "") -> bytes:
    """KeyDestroyed once it was."""
    try:
        return _path(ref, of).read_bytes()
    except FileNotFoundError:
        raise KeyDestroyed from None


def make(ref: str, of: str = "") -> None:
    """A new key for this request (256 bit, mode 0600), whole or not at all; a key that exists is kept."""
    with (store("locks") / "keys").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not _is_whole(_path(ref, of)):
            _part(ref, of).unlink(missing_ok=True)
            with create(_part(ref, of)) as file:
                file.write(AESGCM.generate_key(bit_length=256))
            rename(_part(ref, of), _path(ref, of))


def exists(ref: str, of: str = "") -> bool:
    return _is_whole(_path(ref, of))


def _part(ref: str, of: str):
    return _path(ref, of).with_suffix(".part")


def _is_whole(path) -> bool:
    """An empty file sealed nothing: it was left by a worker that was killed before it wrote."""
    return path.exists() and path.stat().st_size > 0


def seal(ref: str, text: str, of: str = "") -> bytes:
    """`text` under the request's key; the reference is authenticated with it."""
    return encrypt(ref, text.encode(), _bound(ref, of), of)


def unseal(ref: str, sealed: bytes, of: str = "") -> str:
    return decrypt(ref, sealed, _bound(ref, of), of).decode()


def encrypt(ref: str, plain: bytes, bound: bytes, of: str = "") -> bytes:
    """`plain` under the key of `ref`; `bound` is authenticated with it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key_of(ref, of)).encrypt(nonce, plain, bound)


def decrypt(ref: str, sealed: bytes, bound: bytes, of: str = "") -> bytes:
    """InvalidTag or ValueError where key, `sealed` and `bound` do not belong together."""
    sealed = bytes(sealed)
    return AESGCM(key_of(ref, of)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)


def made_before(moment: datetime, of: str = "") -> Iterator[str]:
    """The requests whose key is older than this."""
    for file in store("keys", of).glob("*.key"):
        with suppress(FileNotFoundError):  # destroyed meanwhile
            if file.stat().st_mtime < moment.timestamp():
                yield file.stem


def destroy(ref: str, of: str = "") -> None:
    for path in (_path(ref, of), _part(ref, of)):
        path.unlink(missing_ok=True)
