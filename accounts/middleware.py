"""What no request may carry, and what no answer may leave behind."""

from django.core.exceptions import BadRequest
from django.utils.cache import add_never_cache_headers

from . import browsers

NULL = "\0"


class NullCharacterMiddleware:
    """A null character outside the body, which PostgreSQL refuses to look up (forms refuse it by themselves).

    Stands before the session middleware: a session cookie is looked up as it came.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if any(NULL in text for text in texts_of(request)):
            raise BadRequest("The request holds a null character.")
        return self.get_response(request)


def texts_of(request):
    yield request.path_info
    yield from request.COOKIES.values()
    for name, values in request.GET.lists():
        yield from [name, *values]


class NotKeptMiddleware:
    """Every page names who is signed in: no browser keeps one, for whoever comes after her (T-09)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


class KnownBrowserMiddleware:
    """Whichever view signs her in, and whatever it answers, her browser learns its number."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if hasattr(request, "known_browser"):
            browsers.remember(request, response)
        return response
