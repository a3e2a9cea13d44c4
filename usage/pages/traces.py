"""A member's own traces: when she signed in, and what she viewed, downloaded and looked for."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page

from ..history import KINDS
from ..models import SignIn

PER_PAGE = 20


@require_safe
@person_page
def sign_ins(request):
    own = SignIn.objects.filter(member=request.user).order_by("-signed_in_at", "-pk")
    page = nearest_page(own, request.GET.get("page", "1"), size=PER_PAGE)
    return render(request, "usage/sign_ins.html", {"page": page})


@require_safe
@person_page
def history(request, word="viewed"):
    kind = _kind(word)
    page = nearest_page(kind.of(request.user), request.GET.get("page", "1"), size=PER_PAGE)
    tabs = [(each, each.of(request.user).count()) for each in KINDS.values()]
    return render(request, "usage/history.html", {"kind": kind, "page": page, "tabs": tabs})


@require_POST
@person_page
def forget(request, word, key):
    """A second click finds it gone, and says the same."""
    _kind(word).forget(request.user, key)
    messages.success(request, _("Forgotten."))
    return redirect("usage:history", word)


@require_POST
@person_page
def forget_all(request, word):
    number = _kind(word).forget_all(request.user)
    messages.success(request, ngettext("%(number)s entry is forgotten.", "%(number)s entries are forgotten.", number) % {"number": number})
    return redirect("usage:history", word)


def _kind(word):
    if word not in KINDS:
        raise Http404
    return KINDS[word]
