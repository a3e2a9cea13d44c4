"""How far is what I asked? For who has no account: a number and a code, counted before we look (T-13)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ..casework import follow_up
from ..casework.states import Status
from ..errors import NotFollowed, TooManyTries
from . import wording
from .ask_forms import CodeForm, FollowForm
from .forms import form_page
from .moments import day
from .network import network_of
from .people import visitor_page

# What is said of an end: never what we hold or found, which stands in our letter.
ENDED = {
    Status.FULFILLED: gettext_lazy("We mailed you our answer."),
    Status.PARTLY: gettext_lazy("We mailed you what we did not do and why, and what you can do about it."),
    Status.REFUSED: gettext_lazy("We mailed you why, and what you can do about it."),
}


@form_page
@visitor_page
def page(request):
    form = FollowForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        given = form.cleaned_data
        try:
            asked = follow_up.follow(given["number"], given["code"], network=network_of(request), now=timezone.now())
        except (NotFollowed, TooManyTries) as refusal:
            form.add_error(None, refusal.sentence)
            status = 429 if isinstance(refusal, TooManyTries) else 400
        else:
            return render(request, "privacy/ask_state.html", _state(asked))
    return render(request, "privacy/ask_follow.html", {"form": form, "code_form": CodeForm(auto_id="for_%s")}, status=status)


def _state(asked) -> dict:
    heading, sentence = wording.ANY_RIGHT[asked.status]
    words = ENDED.get(asked.status, sentence) % {"answer_by": day(asked.answer_by)}
    return {"asked": asked, "heading": heading, "sentence": words, "chip": wording.chip(asked)}


@require_POST
@visitor_page
def another_code(request):
    """The same answer whether or not there is such a number."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            follow_up.want_code(form.cleaned_data["number"], network=network_of(request), now=timezone.now())
        except TooManyTries as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("If we know this number, a code is on its way to the address that it was asked from."))
    return redirect("privacy:ask_follow")
