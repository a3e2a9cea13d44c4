"""Who is looking at a page, and what she gets when she may not or when we refuse."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from ..errors import ArchiveUnavailable, PrivacyError, RequestNotFound, RowNotFound
from ..subjects import Subject

# Codename of the permission that opens the desk; a host gives it to its data protection officer.
DESK = "privacy.view_datasubjectrequest"
# What a refusal says about the page itself; any other is 400: nothing was changed.
STATUS = {RowNotFound: 404, RequestNotFound: 404, ArchiveUnavailable: 410}


def subject_of(user) -> Subject | None:
    """The data subject behind a signed-in user, or None."""
    return getattr(user, "subject", None) if user.is_authenticated else None


def may_see_desk(user) -> bool:
    return user.has_perm(DESK)


def person_page(view):
    """A page of the person herself: `request.subject` is who she is; never cached; a refusal of ours becomes a page that says why."""

    @never_cache
    @wraps(view)
    def page(request, *args, **kwargs):
        request.subject = subject_of(request.user)
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if request.subject is None:
            raise PermissionDenied
        return _answer(view, request, *args, **kwargs)

    return page


def desk_page(view):
    """A page of the data protection officer."""

    @person_page
    @wraps(view)
    def page(request, *args, **kwargs):
        if not may_see_desk(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return page


def open_to_hidden(view):
    """Who asked for erasure may still use this page (privacy.middleware)."""
    view.open_to_hidden = True
    return view


def sign_in_first(request):
    """To the sign-in page and back here; what htmx asked for in the middle of a page moves the whole page."""
    if not getattr(request, "htmx", False):
        return redirect_to_login(request.get_full_path() if request.method == "GET" else _page_of(request))
    return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)


def _page_of(request) -> str:
    """Where a form that was sent without a session stood, if that was here; else the page it was sent to."""
    return request.path


def _answer(view, request, *args, **kwargs):
    try:
        return view(request, *args, **kwargs)
    except PrivacyError as refusal:
        return refused(request, refusal)


def refused(request, refusal: PrivacyError):
    """The page of a refusal: what happened and what is safe, in one sentence of ours."""
    status = next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 400)
    return render(request, "privacy/refused.html", {"refusal": refusal}, status=status)
