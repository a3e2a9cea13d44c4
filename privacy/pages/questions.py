"""Asking for an explanation (Art. 12(1)), and complaining to us (Art. 77): a person of ours answers."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..casework import asking
from ..casework.requests import DataSubjectRequest
from ..datamap import Right
from ..errors import RequestAlreadyOpen
from .forms import form_page, words
from .moments import day
from .people import person_page
from .step_up import evidence


class QuestionForm(forms.Form):
    use_required_attribute = False

    right = Right.INFORMATION

    text = words(
        label=gettext_lazy("What do you want to know?"), help_text=gettext_lazy("Text only, at most 2000 characters. One of us reads it.")
    )


class ComplaintForm(forms.Form):
    use_required_attribute = False

    right = Right.COMPLAINT

    text = words(label=gettext_lazy("What went wrong?"), help_text=gettext_lazy("Text only, at most 2000 characters. One of us reads it."))


@form_page
@person_page
def question(request):
    return _tell(request, QuestionForm, "privacy/question.html")


@form_page
@person_page
def complaint(request):
    return _tell(request, ComplaintForm, "privacy/complaint.html")


def _tell(request, form_class, template):
    """What she wrote stays on the page where one of this kind is open already."""
    form = form_class(request.POST if request.method == "POST" else None)
    older = DataSubjectRequest.objects.about(request.subject).open_one(form.right)
    if form.is_valid() and older is None:
        try:
            return _told(request, form)
        except RequestAlreadyOpen as refusal:
            older = refusal.request
    context = {"form": form, "older": older, "answer_by": older and day(older.answer_by)}
    return render(request, template, context, status=409 if older and form.is_bound else 400 if form.is_bound else 200)


def _told(request, form):
    asked = asking.tell(form.right, subject=request.subject, text=form.cleaned_data["text"], identified_by=evidence(request))
    messages.success(request, _("We received it. You will hear from us by %(day)s.") % {"day": day(asked.answer_by)})
    return redirect("privacy:request", ref=asked.ref)
