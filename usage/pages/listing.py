"""Material that is on offer: newest first, narrowed, or found by words that stay out of the address (docs/decisions.md 51)."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from privacy.pages.paging import nearest_page

from .. import listing
from .. import search as searching
from ..curriculum import SUBJECTS
from ..forms import subjects
from ..models import Level
from .visitors import open_page

SESSION_KEY = "usage.sought"


@require_safe
@open_page
def resources(request):
    narrowed = _narrowed(request.GET)
    sought = request.session.get(SESSION_KEY, "")
    page = nearest_page(listing.on_offer(**narrowed, words=sought), request.GET.get("page", ""), size=listing.AT_ONCE)
    context = {"page": page, "sought": sought, "narrowed": narrowed, "subjects": subjects(""), "levels": Level.choices}
    return render(request, "usage/resources.html", context | {"key": f"{urlencode(narrowed)}&page" if narrowed else "page"})


@require_POST
@open_page
def search(request):
    """Empty words end the search; what she sought before is no new search."""
    words = searching.normal(request.POST.get("words", ""))
    is_new = words and words != request.session.get(SESSION_KEY)
    if words:
        request.session[SESSION_KEY] = words
    else:
        request.session.pop(SESSION_KEY, None)
    if is_new and request.subject:
        searching.note(request.user, words)
    narrowed = urlencode(_narrowed(request.POST))
    return redirect(reverse("usage:resources") + (f"?{narrowed}" if narrowed else ""))


def _narrowed(asked) -> dict:
    """What is no subject or level of ours narrows nothing."""
    known = {"subject": SUBJECTS, "level": Level.values}
    return {name: asked[name] for name, values in known.items() if asked.get(name) in values}
