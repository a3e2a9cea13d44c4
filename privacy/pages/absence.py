"""Who of the desk is away, and who stands in: each notes it herself, and everybody of the desk sees it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..casework import absences
from ..casework.absences import Absence
from ..casework.colleagues import DECIDES, READS, name_of, who_may
from ..days import today
from ..errors import AwayAlready, DaysMixedUp, UnfitStandIn
from .desk_forms import AbsenceForm
from .forms import form_page
from .people import desk_page


@form_page
@desk_page
def page(request):
    me = request.subject.ref
    form = AbsenceForm(request.POST if request.method == "POST" else None, colleagues=who_may(DECIDES).exclude(subject=me))
    if form.is_valid() and _noted(request, form):
        messages.success(request, _("Noted. From that day on your stand-in gets the alerts too."))
        return redirect("privacy:absence")
    names = {user.subject.ref: name_of(user) for user in who_may(READS)}
    away = [_in_words(absence, me, names) for absence in Absence.objects.to_come(today())]
    return render(request, "privacy/absence.html", {"form": form, "away": away}, status=400 if form.is_bound else 200)


def _noted(request, form) -> bool:
    try:
        absences.note(request.subject.ref, **form.cleaned_data, on=today())
    except (AwayAlready, DaysMixedUp) as refusal:
        form.add_error("begins_on", refusal.sentence)
    except UnfitStandIn as refusal:
        form.add_error("stand_in_ref", refusal.sentence)
    return form.is_valid()


def _in_words(absence, me, names) -> dict:
    who, stand_in = (names.get(ref, _("somebody who left the desk")) for ref in (absence.subject_ref, absence.stand_in_ref))
    return {"absence": absence, "who": who, "stand_in": stand_in, "is_mine": absence.subject_ref == me}


@require_POST
@desk_page
def end(request, pk):
    """Her own alone; what is gone already is gone."""
    if absences.end(pk, request.subject.ref):
        messages.success(request, _("You are there again. The alerts go where they went before."))
    return redirect("privacy:absence")
