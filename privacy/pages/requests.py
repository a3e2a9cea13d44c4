"""What she asked, and how far we are: all requests with the timeline, one request, and taking one back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..casework import cases
from ..casework.requests import DataSubjectRequest
from ..datamap import Right
from ..errors import RequestNotApproved
from . import said
from .following import Following
from .holding import held_until
from .paging import nearest_page
from .people import open_to_hidden, person_page
from .timeline import Timeline

ON_A_PAGE = 20


@open_to_hidden
@person_page
def page(request):
    asked = nearest_page(_hers(request).order_by("-received_at", "-pk"), request.GET.get("asked", ""), size=ON_A_PAGE)
    context = {
        "asked": asked,
        "followed": [Following(each) for each in asked],
        "happened": nearest_page(Timeline(request.subject), request.GET.get("page", ""), size=ON_A_PAGE),
    }
    return render(request, "privacy/requests.html", context)


@open_to_hidden
@person_page
def one(request, ref):
    """While a worker is at it, the page asks for itself again; then it gets the part that changes."""
    following = Following(_hers(request).numbered(ref))
    template = "privacy/request/state.html" if getattr(request, "htmx", False) else "privacy/request.html"
    context = {"following": following, "asked": following.asked, "said": said.with_request(following.asked)}
    return render(request, template, context | {"held_until": held_until(request) if following.archive else None})


@open_to_hidden
@person_page
@require_POST
def cancel(request, ref):
    asked = _hers(request).numbered(ref)
    try:
        cases.cancel(asked, actor_ref=request.subject.ref)
        messages.success(request, _done(asked))
    except RequestNotApproved:
        asked.refresh_from_db()
        messages.warning(request, _too_late(asked))
    return redirect("privacy:request", ref=asked.ref)


def _done(asked):
    return (
        _("Everything is visible again. Nothing was erased.")
        if asked.right == Right.ERASURE
        else _("We stopped. Nothing was done with it.")
    )


def _too_late(asked):
    if asked.status == asked.Status.CANCELLED:
        return _("You had taken this back already.")
    return _("It is too late to take this back. Below you see how far we are.")


def _hers(request):
    return DataSubjectRequest.objects.about(request.subject).select_related("run", "archive")
