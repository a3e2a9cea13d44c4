"""What a member does with material: stars, comments, keeping it. What she typed comes back where it could not be saved."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from privacy.errors import PrivacyError
from privacy.pages.people import person_page

from .. import keeping, opinions
from ..forms import CommentForm, KeepForm, ScoreForm
from ..models import Comment
from .resource import resource_or_404, show


@require_POST
@person_page
def score(request, key):
    form = ScoreForm(request.POST)
    return _act(
        request, key, form, "score", _("Your stars are counted."), lambda resource, sent: opinions.score(request.user, resource, **sent)
    )


@require_POST
@person_page
def comment(request, key):
    form = CommentForm(request.POST)
    return _act(
        request,
        key,
        form,
        "comment",
        _("Your comment stands below."),
        lambda resource, sent: opinions.comment(request.user, resource, **sent),
    )


@require_POST
@person_page
def keep(request, key):
    form = KeepForm(request.POST, folders=keeping.folders_of(request.user))

    def act(resource, sent):
        keeping.keep(request.user, resource, folder_key=sent.get("folder"), new_folder=sent["new_folder"], note=sent["note"])

    return _act(request, key, form, "keep", _("Kept in your folder."), act)


def _act(request, key, form, name, said, act):
    """A refusal stands in the form, beside what was typed."""
    resource = resource_or_404(key)
    if form.is_valid():
        try:
            act(resource, form.cleaned_data)
        except PrivacyError as refusal:
            form.add_error(None, refusal.sentence)
            _answer_nobody(form)
        else:
            messages.success(request, said)
            return redirect(f"{reverse('usage:resource', args=[key])}#{name}")
    return show(request, resource_or_404(key), status=400, **{name: form})


def _answer_nobody(form):
    """What could not be an answer may be sent again as a comment of its own."""
    form.data = form.data.copy()
    form.data.pop("reply_to", None)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def remove_comment(request, key):
    own = get_object_or_404(Comment.objects.select_related("resource"), author=request.user, pk=key)
    if request.method != "POST":
        return render(request, "usage/remove_comment.html", {"comment": own})
    opinions.remove_comment(own)
    messages.success(request, _("Your comment is removed."))
    return redirect("usage:resource", own.resource_id)
