"""How often something may come from one address, counted in the cache under a keyed digest."""

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac


def is_one_too_many(what: str, value: str, *, most: int, seconds: int) -> bool:
    """Counts this time. Two at the same instant may count as one: this keeps floods out, it does not keep books."""
    key = _key(what, value, int(time.time() // seconds))
    times = cache.get(key, 0) + 1
    cache.set(key, times, seconds)
    return times > most


def _key(what, value, span):
    """Nobody who reads the cache learns an address from it."""
    digest = salted_hmac("usage.limits", f"{what} {span} {value}", algorithm="sha256").hexdigest()
    return f"usage.{what}.{digest}"
