"""A part of her data: which one, how much that is, and asking for it. Looking changes nothing, so it goes by GET."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..casework.earlier import earlier_archives
from ..errors import RequestNotFound
from ..rights import estimate
from .download import Choice
from .part_form import PartForm
from .people import open_to_hidden, person_page


@open_to_hidden
@person_page
@require_safe
def page(request):
    categories, earlier = PartForm.categories(), _earlier(request)
    form = PartForm(estimate.of_each(request.subject, categories), None if earlier else request.GET or None)
    scope = _scope(form, earlier)
    choice = scope and Choice(scope, estimate.of_each(request.subject, [scope])[scope])
    return render(request, "privacy/download_part.html", {"form": form, "choice": choice, "earlier": earlier})


def _earlier(request):
    """The archive that this one goes on from. RequestNotFound where she has none of that number, or a newer one of its kind."""
    after = request.GET.get("after", "")
    found = next((earlier for earlier in earlier_archives(request.subject) if earlier.request.ref == after), None) if after else None
    if after and found is None:
        raise RequestNotFound
    return found


def _scope(form, earlier):
    if earlier:
        return earlier.next()
    return form.scope if form.is_valid() else None
