"""Global Privacy Control: a browser that says "do not share" is heard on each page that is about sharing (W3C draft, STANDARDS 2.12)."""

from functools import wraps

from django.http import JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from privacy.pages.people import open_to_hidden

HEADER = "Sec-GPC"
# When what is said below last changed.
LAST_UPDATE = "2026-11-29"
DAY_SECONDS = 86_400


def is_signalled(request) -> bool:
    """Exactly "1". Of a header that was sent twice the server made one, with a comma; one exact 1 is enough."""
    return "1" in (value.strip() for value in request.headers.get(HEADER, "").split(","))


def heard(view):
    """`request.gpc` on a page that is another for who sends the signal; caches keep the two apart."""

    @wraps(view)
    def page(request, *args, **kwargs):
        request.gpc = is_signalled(request)
        answer = view(request, *args, **kwargs)
        patch_vary_headers(answer, [HEADER])
        return answer

    return page


@open_to_hidden
@require_safe
@cache_control(public=True, max_age=DAY_SECONDS)
def well_known(request):
    """That this site heeds the signal."""
    return JsonResponse({"gpc": True, "lastUpdate": LAST_UPDATE})
