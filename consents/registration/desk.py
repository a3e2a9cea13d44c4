"""The pages of those of ours who decide about partners: what waits, old beside new, yes or no, publish, end."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privacy.pages.forms import form_page
from privacy.pages.paging import nearest_page
from privacy.pages.step_up import recently_identified

from .. import ending, wording
from ..errors import PartnerHasEnded
from ..models import Partner, Proposal
from . import proposing, publishing
from .differences import differences
from .forms import AnswerForm, EndForm
from .roles import desk_page

ON_A_PAGE = 50
State = Proposal.State


@require_safe
@desk_page
def desk(request):
    """The oldest that waits first."""
    waiting = Proposal.objects.filter(state=State.WAITING).select_related("partner__recipient", "application").order_by("pk")
    partners = Partner.objects.select_related("recipient", "ending").order_by("recipient__name")
    counted = partners.annotate(waiting=Count("proposals", filter=Q(proposals__state=State.WAITING)))
    context = {"waiting": waiting, "page": nearest_page(counted, request.GET.get("page", ""), size=ON_A_PAGE)}
    return render(request, "portal/desk.html", context)


@form_page
@desk_page
def proposal(request, key):
    """Refused here; agreeing is a button of its own."""
    found = get_object_or_404(Proposal.objects.select_related("partner__recipient", "application"), pk=key)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        proposing.refuse(found, form.cleaned_data["answer"], by=request.subject)
        messages.success(request, _("Refused. The contacts of the partner read why."))
        return redirect("portal:desk")
    context = {
        "proposal": found,
        "differences": differences(found),
        "form": form,
        "needed": proposing.needed_approvals(found),
        "agreed": found.approvals.count(),
        "agreed_by_me": found.approvals.filter(approved_by=request.subject.ref).exists(),
        "is_own": proposing.is_interested(found, request.subject),
        "asked_anew": _asked_anew(found),
    }
    return render(request, "portal/proposal.html", context, status=400 if form.is_bound else 200)


@require_POST
@desk_page
@recently_identified
def approve(request, key):
    keeps_meaning = "keeps_meaning" in request.POST
    decided = proposing.approve(get_object_or_404(Proposal, pk=key), by=request.subject, keeps_meaning=keeps_meaning)
    said = _("It waits for a second one of us.") if decided.is_waiting else _("Agreed. It stands from now on.")
    messages.success(request, said)
    return redirect("portal:desk")


@require_safe
@desk_page
def of_partner(request, partner):
    found = _found(partner)
    context = {"partner": found, "lacks": publishing.lacks(found), "ending": getattr(found, "ending", None)}
    return render(request, "portal/of_partner.html", context)


@require_POST
@desk_page
@recently_identified
def publish(request, partner):
    publishing.publish(_found(partner), by=request.subject)
    messages.success(request, _("Members see this partner from now on."))
    return redirect("portal:of_partner", partner)


@form_page
@desk_page
@recently_identified
def end(request, partner):
    found = _found(partner)
    if found.ended_at:
        raise PartnerHasEnded
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        ending.end(found, form.cleaned_data["reason"], by=request.subject)
        messages.success(request, _("Ended. Its programs get nothing from now on; each permission is closed now, one after the other."))
        return redirect("portal:of_partner", partner)
    return render(request, "portal/end.html", {"partner": found, "form": form}, status=400 if form.is_bound else 200)


def _asked_anew(proposal) -> int | None:
    """How many members agreed to other words than it would say; None where it changes nothing to which they agree."""
    if proposal.partner is None or not proposal.is_waiting or not set(wording.AGREED_TO) & set(proposal.changes):
        return None
    partner = proposal.partner
    return wording.agreed_to_else(wording.as_it_stands(partner), wording.proposed(partner, proposal.changes)).count()


def _found(slug) -> Partner:
    return get_object_or_404(Partner.objects.select_related("recipient", "ending"), slug=slug)
