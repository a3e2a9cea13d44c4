"""Opening a request on the desk: the person sees in her timeline that somebody of ours looked (T-18)."""

from datetime import timedelta
from functools import wraps

from django.shortcuts import get_object_or_404
from django.utils import timezone

from ..casework.requests import DataSubjectRequest
from ..evidence import trail

# Opening the same request again within an hour, in the same session, is the same look.
ONE_LOOK = timedelta(hours=1)
SESSION_KEY = "privacy.desk.opened"


def opened(view):
    """Innermost on each page of the desk that shows words, names or addresses: the view gets the request instead of its number."""

    @wraps(view)
    def page(request, ref, *args, **kwargs):
        asked = get_object_or_404(DataSubjectRequest.objects.select_related("run"), ref=ref)
        _note_look(request, asked)
        return view(request, asked, *args, **kwargs)

    return page


def _note_look(request, asked):
    now = timezone.now().timestamp()
    looks = {ref: at for ref, at in request.session.get(SESSION_KEY, {}).items() if at > now - ONE_LOOK.total_seconds()}
    if asked.ref not in looks:
        trail.record("desk.opened", subject_ref=asked.subject_ref, actor_ref=request.subject.ref, request_ref=asked.ref)
        request.session[SESSION_KEY] = looks | {asked.ref: now}
