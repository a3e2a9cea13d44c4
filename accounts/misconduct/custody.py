"""The pages of the custodian: the list without names, one ban, and what can be done with it; our officer reads what is objected to."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from privacy.pages.forms import form_page
from privacy.pages.paging import nearest_page
from privacy.pages.people import DESK
from privacy.pages.step_up import recently_identified

from ..models import Ban
from . import keeping, objecting, rotating, sealing
from .acting import is_unproven, sent_in, try_to
from .beside import seen_by
from .forms import AddressForm, KeepForm, LiftForm, ReadForm, WithholdForm
from .roles import CUSTODIAN, has, only_for

ON_A_PAGE = 50
# What can be decided about a ban, and the form for it.
FORMS = {"keep": KeepForm, "lift": LiftForm, "withhold": WithholdForm}


@form_page
@only_for(CUSTODIAN, DESK)
@recently_identified
def bans(request):
    """Those that wait for a review first. Only the custodian looks an address up, and each time is noted."""
    form = AddressForm(sent_in(request)) if has(request.user, CUSTODIAN) else None
    if form and (found := try_to(form, lambda sent: keeping.look_up(sent["address"], by=request.subject))):
        if found is not True:
            return redirect("misconduct:one", found.pk)
        form.add_error("address", _("This address is not on the list."))
    context = {"form": form, "page": nearest_page(seen_by(request.user), request.GET.get("page", ""), size=ON_A_PAGE)}
    return render(request, "misconduct/bans.html", context | _of_the_list(), status=400 if form and form.is_bound else 200)


def _of_the_list():
    year = keeping.this_year()
    today = timezone.localdate()
    return {
        "today": today,
        "waiting": Ban.objects.to_review(today).count(),
        "year": str(year),
        "figures": keeping.figures(year),
        "has_key": bool(sealing.current()),
        "behind": rotating.behind().count(),
    }


@require_http_methods(["GET", "HEAD"])
@only_for(CUSTODIAN, DESK)
@recently_identified
def one(request, key):
    found = get_object_or_404(seen_by(request.user), pk=key)
    return _page(request, found)


@require_POST
@only_for(CUSTODIAN)
def decide(request, key, what):
    """Keep, lift or withhold; the slower of two custodians reads that it was lifted."""
    if what not in FORMS:
        raise Http404
    found = get_object_or_404(Ban, pk=key)
    form, act = FORMS[what](request.POST), {"keep": _keep, "lift": _lift, "withhold": _withhold}[what]
    if not is_unproven(request, form) and (done := try_to(form, lambda sent: act(request, found, sent))):
        return done
    return _page(request, found, status=400, **{what: form})


def _keep(request, found, sent):
    keeping.keep(found, sent["because"], by=request.subject)
    messages.success(request, _("It stays for another year. Then we look again."))
    return redirect("misconduct:one", found.pk)


def _lift(request, found, sent):
    keeping.lift(found, sent["reason"], by=request.subject)
    messages.success(request, _("Lifted and destroyed. The person can come back with this address."))
    return redirect("misconduct:bans")


def _withhold(request, found, sent):
    keeping.withhold(found, sent["ground"], by=request.subject)
    messages.success(request, _("Saved. The copy of the person's data follows it from now on."))
    return redirect("misconduct:one", found.pk)


@sensitive_post_parameters("passphrase")
@form_page
@only_for(CUSTODIAN)
@recently_identified
def read(request, key):
    """The address stands on this one answer, and nowhere else."""
    found = get_object_or_404(Ban, pk=key)
    form = ReadForm(sent_in(request), request.FILES if request.method == "POST" else None)
    address = try_to(form, lambda sent: keeping.read_address(found, by=request.subject, **sent))
    status = 400 if form.is_bound and not address else 200
    return render(request, "misconduct/read.html", {"ban": found, "form": form, "address": address}, status=status)


def _page(request, found, status=200, **forms):
    """Noted whenever it is shown, also beside a form that was not right."""
    keeping.note_look(found, by=request.subject)
    objection = objecting.objection_to(found)
    is_custodian = has(request.user, CUSTODIAN)
    forms = {name: forms.get(name) or kind() for name, kind in FORMS.items()} if is_custodian else {}
    if "withhold" in forms and not forms["withhold"].is_bound:
        forms["withhold"].initial = {"ground": found.withheld}
    said = {"ban": found, "is_custodian": is_custodian, "today": timezone.localdate(), "forms": forms}
    words = objection and objecting.words_of(objection)
    return render(request, "misconduct/one.html", said | {"objection": objection, "words": words}, status=status)
