"""Opening a request on the desk: first somebody says why, and the person reads it in her timeline (T-18)."""

from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ..casework import looks
from ..casework.requests import DataSubjectRequest
from .desk_forms import LookForm
from .forms import form_page
from .people import desk_page, local_path, page_of

# Opening the same request again within an hour, in the same session, is the same look.
ONE_LOOK = timedelta(hours=1)
SESSION_KEY = "privacy.desk.opened"


def opened(view):
    """Innermost on each page of the desk that shows words, names or addresses: the view gets the request instead of its number."""

    @wraps(view)
    def page(request, ref, *args, **kwargs):
        asked = DataSubjectRequest.objects.select_related("run").numbered(ref)
        return view(request, asked, *args, **kwargs) if asked.ref in _looks(request) else _ask(request, asked)

    return page


@form_page
@desk_page
def ask(request, ref):
    """The question before a request is opened; what is seen here stands in the queue too."""
    asked = DataSubjectRequest.objects.numbered(ref)
    back = _way_back(request, asked)
    if asked.ref in _looks(request):
        return redirect(back)
    form = LookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        looks.note_opened(asked, **form.cleaned_data, actor_ref=request.subject.ref)
        request.session[SESSION_KEY] = _looks(request) | {asked.ref: timezone.now().timestamp()}
        return redirect(back)
    return render(request, "privacy/open.html", {"asked": asked, "form": form, "back": back}, status=400 if form.is_bound else 200)


def _looks(request) -> dict[str, float]:
    """Number -> when it was opened in this session, within the hour."""
    since = timezone.now().timestamp() - ONE_LOOK.total_seconds()
    return {ref: at for ref, at in request.session.get(SESSION_KEY, {}).items() if at > since}


def _ask(request, asked):
    """By GET, and back: what a form held is not sent again by itself."""
    if request.method not in {"GET", "HEAD"}:
        messages.info(request, _("Nothing was sent yet. Say first why you open this request, then send it again."))
    asking = f"{reverse('privacy:open', args=[asked.ref])}?{urlencode({'next': page_of(request)})}"
    return HttpResponseClientRedirect(asking) if getattr(request, "htmx", False) else redirect(asking)


def _way_back(request, asked) -> str:
    """A page of the desk, else the request itself."""
    back = local_path(request, request.POST.get("next") or request.GET.get("next", ""))
    return back if back.startswith(reverse("privacy:desk")) else reverse("privacy:case", args=[asked.ref])
