"""The signed link in each letter by which a person says: this was not me (T-07, T-28). It names a request and nothing else."""

from datetime import timedelta
from enum import StrEnum

from django.urls import NoReverseMatch, reverse

from ..conf import setting
from ..datamap import Right
from .requests import DataSubjectRequest
from .signed_links import SignedLink
from .states import DONE, Status

LINK = SignedLink("privacy.not_me", lives=timedelta(days=30))


class Effect(StrEnum):
    """What saying so does to a request, or did."""

    STOPPED = "stopped"
    SHOWN_AGAIN = "shown_again"
    ARCHIVE_GONE = "archive_gone"
    TOO_LATE = "too_late"
    NOTHING_TO_STOP = "nothing_to_stop"


def effect_on(request) -> Effect:
    """The same before it was said and afterwards."""
    if request.right == Right.ERASURE and request.status in {Status.RUNNING, *DONE}:
        return Effect.TOO_LATE
    if request.is_open or request.status == Status.CANCELLED:
        return Effect.SHOWN_AGAIN if request.right == Right.ERASURE else Effect.STOPPED
    return Effect.ARCHIVE_GONE if hasattr(request, "archive") else Effect.NOTHING_TO_STOP


def link_to(request) -> str:
    """Empty where PRIVACY["SITE"] is not set or the pages are not included: the letter then says what to do instead."""
    if not setting("SITE"):
        return ""
    try:
        path = reverse("privacy:not_me", args=[LINK.token(request.ref)])
    except NoReverseMatch:
        return ""
    return setting("SITE").rstrip("/") + path


def request_of(token: str) -> DataSubjectRequest:
    """LinkExpired after 30 days; LinkUnknown where we never made it, or the request was forgotten."""
    return LINK.row(token, DataSubjectRequest.objects.all(), "ref")
