"""What no request may carry: a null character outside its body, which PostgreSQL refuses to look up (forms refuse it by themselves)."""

from django.core.exceptions import BadRequest

NULL = "\0"


class NullCharacterMiddleware:
    """Stands before the session middleware: a session cookie is looked up as it came."""

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
