"""What a member does with material: stars, comments, keeping it. What she typed comes back where it could not be saved."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.pages.forms import form_page
from privacy.pages.people import person_page

from .. import keeping, opinions
from ..errors import AnsweredCommentGone
from ..forms import CommentForm, KeepForm, ScoreForm
from ..models import Comment
from .resource import resource_or_404, show
from .writing import keeps_words, try_to, was_refused


@require_POST
@person_page
def score(request, key):
    return _act(request, key, "score", ScoreForm(request.POST), opinions.score, _("Your stars are counted."))


@require_POST
@keeps_words("text")
@person_page
def comment(request, key):
    return _act(request, key, "comment", CommentForm(request.POST), opinions.comment, _("Your comment stands below."))


@require_POST
@keeps_words("note")
@person_page
def keep(request, key):
    form = KeepForm(request.POST, folders=keeping.folders_of(request.user))
    return _act(request, key, "keep", form, keeping.keep, _("Kept in your folder."))


def _act(request, key, name, form, act, said):
    """`act` takes the member, the material and what was filled in; `name` is of the form and of its place on the page."""
    resource = resource_or_404(key)
    if try_to(form, lambda sent: act(request.user, resource, **sent)):
        messages.success(request, said)
        return redirect(f"{reverse('usage:resource', args=[key])}#{name}")
    if was_refused(form, AnsweredCommentGone):
        _answer_nobody(form)
    return show(request, resource_or_404(key), status=400, **{name: form})


def _answer_nobody(form):
    """What could not be an answer may be sent again as a comment of its own."""
    form.data = form.data.copy()
    form.data.pop("reply_to", None)


@form_page
@person_page
def remove_comment(request, key):
    own = get_object_or_404(Comment.objects.select_related("resource"), author=request.user, pk=key)
    if request.method != "POST":
        return render(request, "usage/remove_comment.html", {"comment": own})
    opinions.remove_comment(own)
    messages.success(request, _("Your comment is removed."))
    return redirect("usage:resource", own.resource_id)
