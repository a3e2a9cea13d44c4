"""What stands before every page: a database that forgot what people asked serves nobody, and who asked for erasure reaches little."""

import logging

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from .casework.requests import DataSubjectRequest
from .conf import setting
from .datamap import Right
from .errors import PrivacyError
from .evidence import replay
from .pages.people import subject_of

log = logging.getLogger("privacy")

# Seconds after which a machine may ask again.
RETRY_AFTER = 600


class RestoredDatabaseMiddleware:
    """503 for everybody while the database is older than the replay ledger; before the middleware of sessions, which reads it.

    Pages too: they would show who was erased, and take from people what the replay is about to undo.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not (replay.is_behind() and _stays_behind()):
            return self.get_response(request)
        log.error("nothing is served: the database is older than the replay ledger; run manage.py replay_ledger")
        answer = _problem() if request.get_preferred_type(["text/html", "application/json"]) == "application/json" else _page(request)
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _stays_behind() -> bool:
    """A single line is an act whose process died: it is done now, since the worker may be down as well."""
    try:
        replay.settle()
    except PrivacyError as refusal:
        log.error("the replay ledger: %s", refusal)
    return replay.is_behind()


def _problem():
    """RFC 9457."""
    told = {"title": "The database is being restored", "status": 503, "detail": "Nothing is disclosed until it knows all withdrawals."}
    return JsonResponse(told, status=503, content_type="application/problem+json")


def _page(request):
    """Without request and person, who may be one that was erased."""
    with translation.override(translation.get_language_from_request(request)):
        return HttpResponse(render_to_string("privacy/restored.html"), status=503)


class HiddenPersonMiddleware:
    """She reaches the status of her request, taking it back, her download, and signing out (DESIGN: hidden at once).

    After the middleware of sessions, sign-in and messages. Open are views marked `open_to_hidden` and PRIVACY["OPEN_TO_HIDDEN"].
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "open_to_hidden", False) or request.resolver_match.view_name in setting("OPEN_TO_HIDDEN"):
            return None
        subject = subject_of(request.user)
        return _to_her_request(request, subject) if subject and subject.hidden_at else None


def _to_her_request(request, subject):
    if request.method not in {"GET", "HEAD"}:
        messages.info(request, _("This was not done: you asked us to erase your data. Take that back first."))
    erasure = DataSubjectRequest.objects.about(subject).open_one(Right.ERASURE)
    page = redirect("privacy:request", erasure.ref) if erasure else redirect("privacy:requests")
    return HttpResponseClientRedirect(page.url) if "HX-Request" in request.headers else page
