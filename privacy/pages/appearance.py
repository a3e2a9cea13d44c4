"""Light or dark, as the person chooses: a cookie that says nothing about her."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from .people import open_to_hidden, page_of

THEMES = {"light", "dark"}
YEAR = 365 * 24 * 60 * 60


@open_to_hidden
@require_POST
def choose(request):
    """Back to the page she was on; anything but light and dark means: as the device says."""
    response = HttpResponseRedirect(page_of(request))
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True)
    else:
        response.delete_cookie("theme")
    return response
