"""Who is looking at a page, and what she gets when she may not or when we refuse."""

from functools import wraps
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from ..errors import (
    ArchiveUnavailable,
    AuthorityRequestNotFound,
    BreachNotFound,
    HoldNotFound,
    LinkExpired,
    LinkUnknown,
    LinkUsed,
    PrivacyError,
    RequestNotFound,
    RestrictionNotFound,
    RowNotFound,
    SettingNotFound,
    TakingInBusy,
    TooManyFromOutside,
    TooManyRequests,
    WhileRestricted,
)
from ..guard_postgresql import is_refusal
from ..subjects import Subject

# The permission that opens the desk, to read it; a host gives it to its data protection officer, with the next one.
DESK = "privacy.view_datasubjectrequest"
# To decide there: letters, holds, rules, and opening what was set aside.
DESK_ACTS = "privacy.change_datasubjectrequest"
# To enter there what came by letter or by telephone, and to write to people; an assistant has it without the one before.
DESK_ENTRY = "privacy.add_datasubjectrequest"
# To read what shows that we kept the rules: trail, registers (breaches and authorities too), figures; no request, and nobody's name.
AUDIT = "privacy.view_trailentry"
# What a refusal says about the page itself; any other is 400: nothing was changed.
ABSENT = dict.fromkeys(
    (
        RowNotFound,
        RequestNotFound,
        HoldNotFound,
        RestrictionNotFound,
        BreachNotFound,
        AuthorityRequestNotFound,
        SettingNotFound,
        LinkUnknown,
    ),
    404,
)
GONE = dict.fromkeys((ArchiveUnavailable, LinkExpired, LinkUsed), 410)
STATUS = ABSENT | GONE | {TooManyRequests: 429, TooManyFromOutside: 429, TakingInBusy: 503}


def subject_of(user) -> Subject | None:
    """The data subject behind a signed-in user, or None; that user is her root, and need not be read again."""
    subject = getattr(user, "subject", None) if user.is_authenticated else None
    if subject is not None:
        subject.root = user
    return subject


def may(user, *permissions) -> bool:
    """All of them; nobody, where the host's user model knows no permissions."""
    return hasattr(user, "has_perm") and all(user.has_perm(permission) for permission in permissions)


def may_see_desk(user) -> bool:
    return may(user, DESK)


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


def visitor_page(view):
    """A page of whoever comes, signed in or not; never cached; a refusal of ours becomes a page that says why."""

    @open_to_hidden
    @never_cache
    @wraps(view)
    def page(request, *args, **kwargs):
        return _answer(view, request, *args, **kwargs)

    return page


def _only_for(*permissions, or_else=()):
    """A page of who has all of these, or all of `or_else`."""

    def wrap(view):
        @person_page
        @wraps(view)
        def page(request, *args, **kwargs):
            if not may(request.user, *permissions) and not (or_else and may(request.user, *or_else)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return page

    return wrap


# A page of the desk to read; one on which something is decided; one on which something is entered, or where either will do;
# one of who looks at how we work.
desk_page = _only_for(DESK)
desk_act = _only_for(DESK, DESK_ACTS)
desk_entry = _only_for(DESK, DESK_ENTRY)
desk_hand = _only_for(DESK, DESK_ENTRY, or_else=[DESK, DESK_ACTS])
audit_page = _only_for(AUDIT)
# Figures, which show to both how we work.
records_page = _only_for(AUDIT, or_else=[DESK])


def open_to_hidden(view):
    """Who asked for erasure may still use this page (privacy.middleware)."""
    view.open_to_hidden = True
    return view


def sign_in_first(request):
    """To the sign-in page, and then to the page she was on; what htmx asked for in the middle of a page moves the whole page."""
    to_sign_in = redirect_to_login(page_of(request))
    return HttpResponseClientRedirect(to_sign_in.url) if getattr(request, "htmx", False) else to_sign_in


def page_of(request) -> str:
    """The page in the browser: this one, or the one whose form was sent here."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", False):
        return request.get_full_path()
    return local_path(request, request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))


def local_path(request, address: str) -> str:
    """The path of an address of this site; the overview for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return reverse("privacy:overview")
    parts = urlsplit(address)
    return escape_leading_slashes(urlunsplit(("", "", parts.path, parts.query, ""))) or reverse("privacy:overview")


def _answer(view, request, *args, **kwargs):
    try:
        return view(request, *args, **kwargs)
    except PrivacyError as refusal:
        return refused(request, refusal)
    except DatabaseError as error:
        if not is_refusal(error):
            raise
        return refused(request, WhileRestricted())


def refused(request, refusal: PrivacyError):
    """The page of a refusal: what happened and what is safe, in one sentence of ours."""
    status = next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 400)
    return render(request, "privacy/refused.html", {"refusal": refusal}, status=status)
