"""One piece of material: what it is, what others think of it, and what a member may do with it."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .. import keeping, opinions, threads, visits
from ..forms import CommentForm, KeepForm, ScoreForm
from ..models import Comment, Publication, Resource
from ..networks import address_of
from .visitors import open_page

GONE = 410


@require_safe
@open_page
def resource(request, key):
    found = resource_or_404(key)
    if request.subject and request.method == "GET" and not found.is_removed:
        publication = publication_of(found)
        author = publication.author_id if publication else None
        visits.note_view(request.user, found, author, ip_address=address_of(request))
    answered = _answered(found, request.GET.get("answer", ""))
    return show(request, found, answered=answered, **({"comment": CommentForm(initial={"reply_to": answered.pk})} if answered else {}))


def show(request, resource, *, status=None, **filled):
    """`filled` are the forms that come back with what was typed in them."""
    page, conversations = threads.page_of_threads(resource, request.GET.get("page", ""))
    context = {
        "resource": resource,
        "publication": publication_of(resource),
        "average": opinions.average(resource),
        "page": page,
        "threads": conversations,
        **(_forms(request.user, resource) if request.subject else {}),
        **filled,
    }
    return render(request, "usage/resource.html", context, status=status or (GONE if resource.is_removed else 200))


def resource_or_404(key) -> Resource:
    return get_object_or_404(Resource.objects.select_related("publication__author__subject"), pk=key)


def publication_of(resource) -> Publication | None:
    """None once it was taken back."""
    return getattr(resource, "publication", None)


def _answered(resource, asked) -> Comment | None:
    """The comment under this material that has the number asked for."""
    try:
        return resource.comments.with_names().filter(pk=asked).first()
    except ValidationError:  # no number at all
        return None


def _forms(member, resource):
    mine = opinions.score_of(member, resource)
    return {
        "mine": mine,
        "score": ScoreForm(initial={"value": mine}),
        "keep": KeepForm(folders=keeping.folders_of(member)),
        "comment": CommentForm(),
        "kept_in": keeping.folders_of(member).filter(favourites__resource=resource),
    }
