"""The log of breaches on the desk: which there were, one of them, and what we do about it (Art. 33, 34)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ..casework.registers import breach_letters, breaching, reach
from ..casework.registers.breaches import Breach, BreachNotice, BreachPhase, last_phase, numbered
from ..errors import BreachMovedOn, PrivacyError
from . import register_forms as forms
from .forms import form_page
from .logged import all_logged
from .paging import nearest_page
from .people import audit_page, desk_act
from .step_up import recently_identified

ON_A_PAGE = 50
To = BreachNotice.To
SILENT_TO = {"authority": gettext_lazy("Why does the authority not have to know?"), "persons": gettext_lazy("Why no letters?")}


@require_safe
@audit_page
def page(request):
    """Names nobody: the whole log, the newest first (G-62)."""
    found = Breach.objects.prefetch_related("phases__named", "notices").order_by("-aware_at", "-pk")
    shown = nearest_page(found, request.GET.get("page", ""), size=ON_A_PAGE)
    return render(request, "privacy/registers/breaches.html", {"page": shown, "log": all_logged(shown, timezone.now())})


@require_safe
@audit_page
def one(request, ref):
    [logged] = all_logged([numbered(ref, beside=True)], timezone.now())
    return render(request, "privacy/registers/breach.html", {"logged": logged, "told": list(logged.told()), "partners": logged.partners()})


@form_page
@desk_act
@recently_identified
def note(request):
    form = forms.BreachForm(request.POST if request.method == "POST" else None, actor_ref=request.subject.ref)
    if form.is_valid():
        try:
            said = {name: form.cleaned_data[name] for name in ("title", "aware_at", "began_at")}
            breach = breaching.note(**said, known=form.known(), refs=form.refs(), actor_ref=request.subject.ref)
        except PrivacyError as refusal:
            form.add_error("aware_at", refusal.sentence)
        else:
            messages.success(request, _("Noted. Nobody can take it out of the log."))
            return redirect("privacy:breach", breach.ref)
    return _form(request, form, _("Something went wrong with data"), _("Note it"), "pen")


@form_page
@desk_act
@recently_identified
def more(request, ref):
    phase = last_phase(numbered(ref))
    before = reach.of(phase).refs
    known = {name: getattr(phase, name) for name in ("kinds", "activities", "facts", "effects", "measures", "contact", "risk")}
    people = {"before": before, "actor_ref": request.subject.ref}
    form = _filled(request, forms.PhaseForm, phase, **people, initial=known | {"whom": "named" if before else "everybody"})

    def act():
        breaching.know_more(ref, seen=form.cleaned_data["seen"], known=form.known(), refs=form.refs(), actor_ref=request.subject.ref)
        return _("Added. The authority has to know it too.")

    return _done(request, ref, form, act) or _form(request, form, _("What do you know now?"), _("Add it"), "plus", phase)


@form_page
@desk_act
@recently_identified
def tell_authority(request, ref):
    phase = last_phase(numbered(ref))
    form = _filled(request, forms.TellAuthorityForm, phase, initial={"at": timezone.now()})

    def act():
        breaching.tell_authority(ref, seen=form.cleaned_data["seen"], **form.said(), actor_ref=request.subject.ref)
        return _("On record: the authority knows it.")

    title = _("When did the authority hear of it?")
    return _done(request, ref, form, act) or _form(request, form, title, _("Put it on record"), "pen", phase)


@form_page
@desk_act
@recently_identified
def be_silent(request, ref, to):
    if to not in SILENT_TO:
        raise Http404
    phase = last_phase(numbered(ref))
    form = _filled(request, forms.SilenceForm, phase, to=to)

    def act():
        breaching.spare(ref, to, seen=form.cleaned_data["seen"], **form.said(), actor_ref=request.subject.ref)
        return _("On record, with your reasons.")

    return _done(request, ref, form, act) or _form(request, form, SILENT_TO[to], _("Put it on record"), "pen", phase)


@form_page
@desk_act
@recently_identified
def tell_persons(request, ref):
    """Shown as a letter first; sent only then."""
    phase = last_phase(numbered(ref))
    form = _filled(request, forms.TellPersonsForm, phase, initial={"effects": phase.effects, "measures": phase.measures})

    def act():
        breaching.tell_persons(ref, seen=form.cleaned_data["seen"], **form.said(), actor_ref=request.subject.ref)
        return _("The letters are on their way.")

    done = _done(request, ref, form, act) if "send" in request.POST else None
    preview = breach_letters.preview(phase, **form.said()) if form.is_bound and form.is_valid() else ""
    context = {"form": form, "phase": phase, "preview": preview}
    return done or render(request, "privacy/registers/tell_persons.html", context, status=400 if form.errors else 200)


@form_page
@desk_act
@recently_identified
def tell_public(request, ref):
    phase = last_phase(numbered(ref))
    form = _filled(request, forms.TellPublicForm, phase)

    def act():
        breaching.tell_public(ref, seen=form.cleaned_data["seen"], **form.said(), actor_ref=request.subject.ref)
        return _("On record: it stands in public.")

    return _done(request, ref, form, act) or _form(request, form, _("What can everybody read?"), _("Put it on record"), "voice", phase)


@form_page
@desk_act
@recently_identified
def tell_partners(request, ref):
    """Those that got data of these people, and do not know of this phase yet (G-66)."""
    phase = last_phase(numbered(ref))
    told = phase.notices.filter(to=To.PARTNER).values("recipient")
    form = _filled(request, forms.TellPartnersForm, phase, concerned=reach.of(phase).recipients().exclude(pk__in=told))

    def act():
        breaching.tell_partners(ref, form.cleaned_data["recipients"], seen=form.cleaned_data["seen"], actor_ref=request.subject.ref)
        return _("The messages are on their way.")

    title = _("Which partners have to know?")
    return _done(request, ref, form, act) or _form(request, form, title, _("Write to them"), "send", phase)


def _filled(request, form, phase: BreachPhase, *, initial=None, **options):
    return form(request.POST if request.method == "POST" else None, initial={"seen": phase.number} | (initial or {}), **options)


def _done(request, ref, form, act):
    """To the breach once it is done; None where the form is shown again, with what was written and why."""
    if not form.is_valid():
        return None
    try:
        said = act()
    except PrivacyError as refusal:
        form.add_error(None, refusal.sentence)
        if isinstance(refusal, BreachMovedOn):
            form.data = form.data.copy()
            form.data["seen"] = last_phase(numbered(ref)).number
        return None
    messages.success(request, said)
    return redirect("privacy:breach", ref)


def _form(request, form, title, button, icon, phase=None):
    context = {"form": form, "title": title, "button": button, "icon": icon, "phase": phase}
    return render(request, "privacy/registers/breach_form.html", context, status=400 if form.is_bound else 200)
