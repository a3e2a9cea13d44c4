"""Who asked for erasure reaches only what she may still use: status, taking it back, her download, signing out (DESIGN: hidden at once)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from .casework.requests import DataSubjectRequest
from .conf import setting
from .datamap import Right
from .pages.people import subject_of


class HiddenPersonMiddleware:
    """After the middleware of sessions, sign-in and messages. Open are views marked `open_to_hidden` and PRIVACY["OPEN_TO_HIDDEN"]."""

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
