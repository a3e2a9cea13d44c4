"""The RSA keys under which partners check what we say: ID tokens, logout tokens and security events (RS256, RFC 7517).

The key that signs lies in `current.pem`; a rotation moves it to a file under its number, where it verifies until nothing that it signed is
of use. Archives and certificates are signed with another key (privacy.evidence.signing).
"""

import fcntl
import json
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.utils import timezone
from jwcrypto import jwk, jwt

from privacy.conf import store
from privacy.evidence.signing import issuer
from privacy.files import create, rename

__all__ = ["ALGORITHM", "current", "issuer", "key_numbered", "public_keys", "rotate", "sign"]

ALGORITHM = "RS256"
BITS = 2048  # the least that SSF's interoperability profile takes
# A security event may wait this long at a partner that polls; until then its key is listed.
LISTED_FOR = timedelta(days=30)


def current() -> jwk.JWK:
    """The key that signs; the first call makes it."""
    if not _current().exists():
        _make_first()
    return _read(_current())


def public_keys() -> dict:
    """A JWKS: the key that signs now, then those that signed in the last 30 days."""
    oldest = (timezone.now() - LISTED_FOR).timestamp()
    retired = [file for file in sorted(_folder().glob("retired-*.pem")) if file.stat().st_mtime >= oldest]
    return {"keys": [_public(key) for key in (current(), *map(_read, retired))]}


def key_numbered(kid: str) -> jwk.JWK | None:
    """The key that signs or signed under this number."""
    return next((key for key in (current(), *map(_read, _folder().glob("retired-*.pem"))) if key.thumbprint() == kid), None)


def sign(claims: dict, *, kind: str) -> str:
    """A JWT of these claims; `kind` is its `typ`, so that one sort is never taken for another (T-22)."""
    key = current()
    token = jwt.JWT(header={"typ": kind, "alg": ALGORITHM, "kid": key.thumbprint()}, claims=claims)
    token.make_signed_token(key)
    return token.serialize()


def rotate() -> str:
    """Sign with a new key from now on; its number."""
    with _one_at_a_time():
        if _current().exists():
            retired = _folder() / f"retired-{_read(_current()).thumbprint()}.pem"
            rename(_written(_read(_current())), retired)
        key = jwk.JWK.generate(kty="RSA", size=BITS)
        rename(_written(key), _current())
    return key.thumbprint()


def _make_first():
    with _one_at_a_time():
        if not _current().exists():
            rename(_written(jwk.JWK.generate(kty="RSA", size=BITS)), _current())


def _folder() -> Path:
    return store("keys", "partners")


def _current() -> Path:
    return _folder() / "current.pem"


@contextmanager
def _one_at_a_time():
    with (store("locks") / "partner-keys").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _written(key) -> Path:
    part = _folder() / "new.part"
    part.unlink(missing_ok=True)
    with create(part) as file:
        file.write(key.export_to_pem(private_key=True, password=None))
    return part


def _read(file) -> jwk.JWK:
    return _key_in(file.read_bytes())


@lru_cache(maxsize=16)
def _key_in(pem: bytes) -> jwk.JWK:
    """Once for each file: the numbers of an RSA key are checked as it is read, for each token that would be."""
    return jwk.JWK.from_pem(pem)


def _public(key) -> dict:
    return {**json.loads(key.export_public()), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
