"""What stands at a fixed address for all the world (RFC 8615); a host has path("", include("privacy.well_known")) at its root."""

from django.http import JsonResponse
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .evidence.signing import public_keys
from .pages.people import open_to_hidden
from .verify.jose import WELL_KNOWN

HOUR_SECONDS = 3600


@open_to_hidden
@require_safe
@cache_control(public=True, max_age=HOUR_SECONDS)
def keys(request):
    """The same for everybody: neither session nor database is asked who this is."""
    return JsonResponse(public_keys(), content_type="application/jwk-set+json")


urlpatterns = [path(WELL_KNOWN.removeprefix("/"), keys, name="inzage_keys")]
