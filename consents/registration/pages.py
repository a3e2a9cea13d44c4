"""The pages of who speaks for a partner: the organisation, its programs and their secrets, what went out, and how much it is used."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from privacy.errors import PrivacyError, TooManyRequests
from privacy.pages.forms import form_page
from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page
from privacy.pages.step_up import ask, is_recent, recently_identified

from ..models import Proposal
from . import deliveries, differences, fields, programs, proposing
from .figures import figures
from .forms import AddressesForm, OrganisationForm, ProgramForm
from .roles import contact_page, decides, program_page, spoken_for

ON_A_PAGE = 50
# Code of a refusal that tomorrow is none.
OFTEN = "often"


@require_safe
@person_page
def mine(request):
    """For whom she speaks, and what she asked for organisations that are new."""
    asked = Proposal.objects.filter(partner=None, made_by=request.subject.ref).exclude(state=Proposal.State.REPLACED).order_by("-pk")
    context = {"partners": spoken_for(request.user), "asked": asked, "decides": decides(request.user)}
    return render(request, "portal/mine.html", context)


@form_page
@person_page
@recently_identified
def register(request):
    return _propose_organisation(request, None, "portal/register.html", back="portal:mine")


@require_safe
@contact_page
def partner(request, partner):
    waiting = partner.proposals.filter(state=Proposal.State.WAITING).select_related("application", "partner__recipient")
    context = {
        "partner": partner,
        "programs": partner.applications.order_by("pk"),
        "waiting": [(proposal, differences.differences(proposal)) for proposal in waiting],
        "refused": partner.proposals.filter(state=Proposal.State.REFUSED).order_by("-pk").first(),
        "figures": figures(partner),
    }
    return render(request, "portal/partner.html", context)


@form_page
@contact_page
@recently_identified
def change(request, partner):
    return _propose_organisation(request, partner, "portal/change.html", back="portal:partner")


@form_page
@contact_page
def add_program(request, partner):
    """Its secret stands on the answer to this, and nowhere after."""
    return _add_program(request, partner) if request.method == "POST" else recently_identified(_add_program)(request, partner)


@sensitive_variables("secret")
def _add_program(request, partner):
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and not is_recent(request):
        return ask(request)
    made = form.is_bound and _accepted(form, partial(_added, form, partner, request.subject))
    if made:
        program, secret = made
        return _program(request, partner, program, secret=secret)
    return render(request, "portal/add_program.html", {"partner": partner, "form": form}, status=_status(form))


@sensitive_variables()
def _added(form, partner, subject):
    sent = form.cleaned_data
    return programs.add(partner, sent["name"], keeps_secrets=sent["keeps_secrets"] == "yes", by=subject)


@form_page
@program_page
def program(request, partner, program):
    """Its addresses are proposed here too: they decide where codes go."""
    if request.method == "POST" and not is_recent(request):
        return ask(request)
    form = AddressesForm(request.POST) if request.method == "POST" else None
    if form and _accepted(form, lambda: proposing.propose(form.cleaned_data, partner=partner, application=program, by=request.subject)):
        messages.success(request, _("Sent to us. Until we agreed, the present addresses count."))
        return redirect("portal:program", partner.slug, program.pk)
    return _program(request, partner, program, form=form)


@sensitive_variables("secret", "context")
def _program(request, partner, program, *, secret="", form=None):
    waiting = program.proposals.filter(state=Proposal.State.WAITING).first()
    form = form or AddressesForm(initial=fields.of_program(program))
    context = {
        "partner": partner,
        "program": program,
        "secret": secret,
        "form": form,
        "waiting": waiting and differences.differences(waiting),
        "has_stream": hasattr(program, "stream"),
        "days": programs.BOTH_COUNT.days,
    }
    return render(request, "portal/program.html", context, status=_status(form))


@require_POST
@program_page
@recently_identified
@sensitive_variables("secret")
def rotate(request, partner, program):
    """Whoever sends the answer again is refused: two secrets count already."""
    secret = programs.rotate(program, by=request.subject)
    program.refresh_from_db()
    return _program(request, partner, program, secret=secret)


@require_POST
@program_page
@recently_identified
def end_secret(request, partner, program):
    programs.end_earlier(program, by=request.subject)
    messages.success(request, _("The earlier secret no longer counts."))
    return redirect("portal:program", partner.slug, program.pk)


@require_safe
@contact_page
def log(request, partner):
    """Of all its programs; of whom, stands nowhere."""
    page = nearest_page(deliveries.notices(partner), request.GET.get("page", ""), size=ON_A_PAGE)
    return render(request, "portal/log.html", {"partner": partner, "page": page, "entries": deliveries.in_words(page)})


@require_safe
@program_page
def signals(request, partner, program):
    page = nearest_page(deliveries.signals(program), request.GET.get("page", ""), size=ON_A_PAGE)
    return render(request, "portal/signals.html", {"partner": partner, "program": program, "page": page})


@require_POST
@program_page
def test_event(request, partner, program):
    if deliveries.send_test(program):
        messages.success(request, _("A test event is on its way. The log of this program shows what was answered."))
    else:
        messages.info(request, _("This program has no event stream yet, so nothing was sent. The quick start shows how to make one."))
    return redirect("portal:program", partner.slug, program.pk)


def _propose_organisation(request, partner, template, *, back):
    form = OrganisationForm(request.POST if request.method == "POST" else None, partner=partner)
    if form.is_bound and _accepted(form, lambda: proposing.propose(form.wanted(), partner=partner, by=request.subject)):
        messages.success(request, _("Sent to us. You read here what we decide."))
        return redirect(back, *([partner.slug] if partner else []))
    return render(request, template, {"partner": partner, "form": form}, status=_status(form))


def _accepted(form, act):
    """What `act` gave once the form is in order, else None; whatever we refuse stands beside what was typed."""
    if not form.is_valid():
        return None
    try:
        return act()
    except PrivacyError as refusal:
        form.add_error(None, ValidationError(str(refusal), code=OFTEN if isinstance(refusal, TooManyRequests) else "refused"))
        return None


def _status(form) -> int:
    if not form.is_bound:
        return 200
    return 429 if form.has_error(NON_FIELD_ERRORS, OFTEN) else 400
