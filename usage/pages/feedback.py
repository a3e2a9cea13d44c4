"""The feedback form, for everybody; and the list in which our colleagues answer (K-5)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privacy.pages.forms import form_page
from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page, subject_of

from .. import feedback, letters
from ..forms import AnswerForm, FeedbackForm
from ..models import Feedback
from ..networks import address_of
from .writing import keeps_words, sent_in, try_to

PER_PAGE = 20
# Who answers has this permission; a host gives it to its colleagues (docs/settings.md).
PERMISSION = "usage.view_feedback"
only_colleagues = permission_required(PERMISSION, raise_exception=True)


@form_page
def write(request):
    """The answer is the same whoever asks."""
    address = letters.address_of(request.user) if subject_of(request.user) else ""
    form = FeedbackForm(sent_in(request), address=address)
    if try_to(form, lambda written: _receive(request, form, **written)):
        messages.success(request, _("We received it. You get a mail that says so, and later our answer."))
        return redirect("usage:feedback")
    return render(request, "usage/feedback.html", {"form": form}, status=400 if form.is_bound else 200)


def _receive(request, form, email, text):
    member = request.user if form.address else None
    return feedback.receive(email, text, network=address_of(request), member=member)


@require_safe
@person_page
@only_colleagues
def desk(request):
    page = nearest_page(feedback.to_answer(), request.GET.get("page", "1"), size=PER_PAGE)
    return render(request, "usage/feedback_desk.html", {"page": page})


@form_page
@keeps_words("text")
@person_page
@only_colleagues
def answer(request, key):
    received = get_object_or_404(Feedback, pk=key)
    form = AnswerForm(sent_in(request))
    if try_to(form, lambda written: feedback.answer(received, **written)):
        messages.success(request, _("Your answer is on its way. The message goes in 90 days."))
        return redirect("usage:feedback_desk")
    return render(request, "usage/feedback_answer.html", {"form": form, "received": received}, status=400 if form.is_bound else 200)


@require_POST
@person_page
@only_colleagues
def settle(request, key):
    feedback.settle(get_object_or_404(Feedback, pk=key))
    messages.success(request, _("Marked as answered. The message goes in 90 days."))
    return redirect("usage:feedback_desk")
