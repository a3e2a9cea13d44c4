"""What is set aside under a hold, sealed with a key of its own: destroying it makes the copy unreadable (privacy/keys.py)."""

from functools import partial

from cryptography.exceptions import InvalidTag

from .. import keys
from ..errors import HeldUnreadable

KIND = "held"
# Of a hold what privacy.keys does of a request.
make, exists, destroy, made_before = (partial(act, of=KIND) for act in (keys.make, keys.exists, keys.destroy, keys.made_before))


def seal(ref, plain: bytes, *, name: str) -> bytes:
    """`name` is what the copy is of: another's copy under the same key does not open in its place."""
    return keys.encrypt(ref, plain, _bound_to(ref, name), KIND)


def unseal(ref, sealed, *, name: str) -> bytes:
    """KeyDestroyed once it was; HeldUnreadable where copy and key do not belong together."""
    try:
        return keys.decrypt(ref, sealed, _bound_to(ref, name), KIND)
    except (InvalidTag, ValueError):
        raise HeldUnreadable from None


def _bound_to(ref, name) -> bytes:
    return f"inzage-held-1 {ref} {name}".encode()
