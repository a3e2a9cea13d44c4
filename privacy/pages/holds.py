"""Holds on the desk: which there are, placing one, and looking at one again (Art. 17(3))."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..casework import cases
from ..errors import AlreadyHeld, HoldNotFound, RowNotFound, UnknownPerson
from ..rights import holds, setting_aside
from ..rights.holds import HeldRecord
from .desk_forms import HoldForm, LiftForm, OpenForm, ProlongForm
from .forms import form_page
from .moments import day
from .opening import opened
from .paging import nearest_page
from .people import desk_act, desk_page
from .standing import Standing, standing
from .step_up import recently_identified

ON_A_PAGE = 50


@require_safe
@desk_page
def page(request):
    found = standing()
    context = {"page": nearest_page(found, request.GET.get("page", ""), size=ON_A_PAGE), "due": sum(hold.is_due for hold in found)}
    return render(request, "privacy/holds.html", context)


@form_page
@desk_act
@recently_identified
@opened
def place(request, asked):
    """From a request of the person whom it is about."""
    subject = cases.subject_of(asked)
    if subject is None or not subject.has_root:
        raise UnknownPerson(_("This person was erased. There is nothing left to hold."))
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            hold = holds.place(subject, **form.cleaned_data, actor_ref=request.subject.ref)
        except (RowNotFound, AlreadyHeld) as refusal:
            form.add_error("row_key", refusal.sentence)
        else:
            messages.success(request, _("Held until %(day)s. The person can read it.") % {"day": day(hold.until)})
            return redirect("privacy:hold", hold.ref)
    return render(request, "privacy/place_hold.html", {"form": form, "asked": asked}, status=400 if form.is_bound else 200)


@require_safe
@desk_page
@recently_identified
def one(request, ref):
    return _page(request, _found(ref))


@require_POST
@desk_act
@recently_identified
def prolong(request, ref):
    form = ProlongForm(request.POST, prefix="prolong")
    if not form.is_valid():
        return _page(request, _found(ref), prolong=form)
    holds.prolong(ref, **form.cleaned_data, actor_ref=request.subject.ref)
    messages.success(request, _("Prolonged. The person can read why."))
    return redirect("privacy:hold", ref)


@require_POST
@desk_act
@recently_identified
def lift(request, ref):
    form = LiftForm(request.POST, prefix="lift")
    if not form.is_valid():
        return _page(request, _found(ref), lift=form)
    holds.lift(ref, **form.cleaned_data, actor_ref=request.subject.ref)
    messages.success(request, _("Lifted. What was set aside is destroyed, with its key."))
    return redirect("privacy:holds")


@require_POST
@desk_act
@recently_identified
def open_copy(request, ref):
    """As a file, never shown: what a member wrote runs nowhere."""
    hold = _found(ref)
    form = OpenForm(request.POST, prefix="open", parts=hold.parts)
    if not form.is_valid():
        return _page(request, hold, open=form)
    held = HeldRecord.objects.filter(hold_ref=ref, part=form.cleaned_data["part"]).first()
    if held is None:
        raise HoldNotFound
    copy = setting_aside.open_held(held, actor_ref=request.subject.ref, reason=form.cleaned_data["reason"])
    name = setting_aside.file_name(held)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(copy, content_type="application/zip", headers=headers)


def _found(ref) -> Standing:
    found = standing(ref=ref)
    if not found:
        raise HoldNotFound
    return found[0]


def _page(request, hold, **posted):
    terms = {"until": hold.until, "review_on": hold.review_on}
    forms = {
        "prolong": ProlongForm(initial=terms, prefix="prolong"),
        "lift": LiftForm(prefix="lift"),
        "open": OpenForm(prefix="open", parts=hold.parts),
    }
    return render(request, "privacy/hold.html", {"hold": hold, "forms": forms | posted}, status=400 if posted else 200)
