"""The key with which this installation signs, and the public keys with which anybody checks what it signed (docs/verifying.md).

The private half has one name whichever key it is, so that of two processes that make the first key one wins, and a new key destroys the old
one by taking its place. Each public half has its number for a name.
"""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..conf import setting, store
from ..errors import SigningKeyUnreadable
from ..files import create, rename
from ..verify import jose

PUBLIC = ".jwk"


def sign(payload: bytes, *, kind: str = jose.TYPE) -> str:
    """A detached JWS of these bytes, on one line without its end; `kind` as in `jose.sign`.

    The first call makes the key; SigningKeyUnreadable.
    """
    return jose.sign(payload, _current(), issuer(), kind=kind)


def issuer() -> str:
    """As the manifest names it: scheme and host of this installation."""
    return setting("SITE").rstrip("/")


def public_keys() -> dict:
    """A JWKS: the key that signs now, then those that signed before."""
    now = jose.jwk_of(_current().public_key())
    listed = [_listed(file) for file in sorted(_folder().glob(f"*{PUBLIC}"))]
    return {"keys": [now, *(key for key in listed if key != now)]}


def checking_keys() -> jose.Keys:
    """Every public half that is listed and can be read: to check what we signed takes no private key, and makes none."""
    found = {}
    for file in _folder().glob(f"*{PUBLIC}"):
        with suppress(SigningKeyUnreadable, jose.KeysUnreadable):
            found |= jose.keys_of({"keys": [_listed(file)]})
    return found


def rotate() -> str:
    """Sign with a new key from now on; its number. What the old one signed can still be checked, but nothing be signed with it."""
    key, part = _new()
    rename(part, _private())
    return jose.jwk_of(key.public_key())["kid"]


def _folder() -> Path:
    return store("keys", "signing")


def _private() -> Path:
    return _folder() / "current.key"


def _public(key) -> Path:
    return _folder() / f"{jose.jwk_of(key.public_key())['kid']}{PUBLIC}"


def _current() -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(_private().read_bytes())
    except FileNotFoundError:
        return _first()
    except (OSError, ValueError):
        raise SigningKeyUnreadable(_private()) from None


def _first():
    """Who comes second takes the key of who came first, and leaves none of its own."""
    key, part = _new()
    try:
        os.link(part, _private())
    except FileExistsError:
        _public(key).unlink()
        return _current()
    finally:
        part.unlink()
    return key


def _new() -> tuple[Ed25519PrivateKey, Path]:
    """A key in a file that is nobody's yet; its public half is listed before anything is signed with it."""
    key, part = Ed25519PrivateKey.generate(), _folder() / f"{secrets.token_hex(8)}.part"
    rename(_written(part, json.dumps(jose.jwk_of(key.public_key())).encode()), _public(key))
    return key, _written(part, key.private_bytes_raw())


def _written(part, raw):
    with create(part) as file:
        file.write(raw)
    return part


def _listed(file):
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError):
        raise SigningKeyUnreadable(file) from None
