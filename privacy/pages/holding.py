"""Until when this session gets no archive: the host knows what happened to the account (T-08)."""

from datetime import datetime

from django.utils import timezone

from ..conf import hook


def held_until(request) -> datetime | None:
    """A moment to come, or None: what is past holds nothing."""
    until = hook("DELIVERY_HELD_UNTIL")(request)
    return until if until and until > timezone.now() else None
