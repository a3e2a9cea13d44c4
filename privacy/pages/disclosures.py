"""Requests of courts and authorities on the desk: one enters it, another decides what is handed over (K-9, T-18)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..casework.registers import authorities
from ..casework.registers.authorities import AuthorityRequest
from ..errors import PrivacyError
from .attributes import titles_of
from .forms import form_page
from .paging import nearest_page
from .people import audit_page, desk_act
from .register_forms import AuthorityAnswerForm, AuthorityRequestForm
from .step_up import recently_identified

ON_A_PAGE = 50


@require_safe
@audit_page
def page(request):
    """Says nothing of whom it is about, and leaves out what the reader may not know of herself."""
    found = AuthorityRequest.objects.shown_to(request.subject.ref).select_related("authority").order_by("-received_on", "-pk")
    return render(request, "privacy/registers/disclosures.html", {"page": nearest_page(found, request.GET.get("page", ""), size=ON_A_PAGE)})


@form_page
@desk_act
@recently_identified
def note(request):
    form = AuthorityRequestForm(request.POST if request.method == "POST" else None, actor_ref=request.subject.ref)
    if form.is_valid():
        said = form.cleaned_data
        try:
            noted = authorities.note(said.pop("person"), **said, actor_ref=request.subject.ref)
        except PrivacyError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Noted. Nothing is handed over before a colleague decides."))
            return redirect("privacy:disclosure", noted.ref)
    return render(request, "privacy/registers/note_disclosure.html", {"form": form}, status=400 if form.is_bound else 200)


@form_page
@desk_act
@recently_identified
def one(request, ref):
    """Whom it is about reads only who may decide."""
    asked = authorities.numbered(ref, reader_ref=request.subject.ref)
    form = AuthorityAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            authorities.answer(ref, **form.cleaned_data, actor_ref=request.subject.ref)
        except PrivacyError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("On record. The person reads it as soon as the law allows."))
            return redirect("privacy:disclosure", ref)
    may = str(request.subject.ref) != asked.noted_by
    context = {"asked": asked, "form": form, "may": may, "what": titles_of(asked.attributes)}
    return render(request, "privacy/registers/disclosure.html", context, status=400 if form.is_bound else 200)
