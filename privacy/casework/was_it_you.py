"""The signed link in our acknowledgement of a letter of which nobody knows yet who wrote it: was it you? (T-01)"""

from datetime import timedelta

from django.urls import NoReverseMatch, reverse

from ..conf import setting
from .identity import NOT_YET
from .signed_links import SignedLink

LINK = SignedLink("privacy.was_it_you", lives=timedelta(days=30))


def link_to(request) -> str:
    """Empty for a request of which we know who asks, where PRIVACY["SITE"] is not set, or the pages are not included."""
    if request.identified_by != NOT_YET or not setting("SITE"):
        return ""
    try:
        path = reverse("privacy:was_it_you", args=[LINK.token(request.ref)])
    except NoReverseMatch:
        return ""
    return setting("SITE").rstrip("/") + path
