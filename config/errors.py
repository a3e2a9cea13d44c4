"""What a visitor sees when a request goes wrong: what happened, what is safe, what to do; a fault of ours has a code, as in the log."""

import logging
import secrets
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token

from privacy.casework.requests import ALPHABET

log = logging.getLogger("inzage")

TOO_LARGE = RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent


@never_cache
def bad_request(request, exception):
    """Without the request in the template: what we could not read is not to be built upon."""
    is_too_large = isinstance(exception, TOO_LARGE)
    return _alone(request, "400.html", 413 if is_too_large else 400, is_too_large=is_too_large)


@never_cache
@requires_csrf_token
def permission_denied(request, exception):
    return render(request, "403.html", status=403)


@never_cache
@requires_csrf_token
def page_not_found(request, exception):
    """What is somebody else's is not found either."""
    return render(request, "404.html", status=404)


@never_cache
@requires_csrf_token
def csrf_failure(request, reason=""):
    """The session ended, or another window signed in or out; nothing was done with what was sent."""
    return render(request, "403_csrf.html", status=403)


@never_cache
def server_error(request):
    """Without request, person and database, which may be what is broken. The log has the code and the kind of error, no more."""
    code = new_code()
    log.error("error %s: %s", code, getattr(sys.exc_info()[0], "__name__", "unknown"))
    return _alone(request, "500.html", 500, code=code, at=now())


def new_code() -> str:
    """Two groups of four, to be read aloud."""
    letters = [secrets.choice(ALPHABET) for _each in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def _alone(request, template, status, **context):
    """The language is looked for again: where the middleware did not come so far, the thread has that of the visitor before."""
    with translation.override(translation.get_language_from_request(request)):
        return HttpResponse(render_to_string(template, context), status=status)
