"""Saying no to a use of data (Art. 21) and having it paused (Art. 18): both wait for the data protection officer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..casework import asking
from ..casework.requests import DataSubjectRequest
from ..errors import RequestAlreadyOpen
from .forms import AskingForm, PauseForm
from .moments import day
from .people import person_page
from .step_up import evidence


@person_page
def objection(request):
    return _ask(request, AskingForm, "privacy/asking_objection.html")


@person_page
def restriction(request):
    return _ask(request, PauseForm, "privacy/asking_restriction.html")


def _ask(request, form_class, template):
    """What she wrote stays on the page where a request of this kind is open already."""
    form = form_class(request.POST if request.method == "POST" else None, initial={"uses": request.GET.getlist("use")})
    older = DataSubjectRequest.objects.about(request.subject).open_one(form.right)
    if form.is_bound and form.is_valid() and older is None:
        try:
            return _asked(request, form)
        except RequestAlreadyOpen as refusal:
            older = refusal.request
    context = {"form": form, "older": older, "answer_by": older and day(older.answer_by)}
    return render(request, template, context, status=409 if older and form.is_bound else 200)


def _asked(request, form):
    said = form.cleaned_data
    ground = said.get("ground", "")
    asked = asking.ask(
        form.right, subject=request.subject, activities=said["uses"], text=said["text"], ground=ground, identified_by=evidence(request)
    )
    messages.success(request, _("We received it. You will hear from us by %(day)s.") % {"day": day(asked.answer_by)})
    return redirect("privacy:request", ref=asked.ref)
