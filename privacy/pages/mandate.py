"""Somebody asks for another: one of us saw the mandate, and notes that; nothing of it is kept (Art. 12(6), T-04)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..casework import mandates
from ..casework.mandates import Mandate
from ..errors import OwnDecision
from .forms import form_page
from .opening import opened
from .people import desk_hand
from .step_up import recently_identified


@form_page
@desk_hand
@recently_identified
@opened
def see(request, asked):
    mandate = Mandate.objects.filter(request=asked).first()
    if mandate is None:
        raise Http404
    if request.method != "POST":
        return render(request, "privacy/mandate.html", {"asked": asked, "mandate": mandate})
    if request.subject.ref == asked.subject_ref:
        raise OwnDecision
    if mandates.see(asked, actor_ref=request.subject.ref):
        messages.success(request, _("Noted that you saw it. The person can read that too."))
    return redirect("privacy:case", asked.ref)
