"""Restrictions on the desk: which there are, beginning one, and ending one once the person was told (Art. 18)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..casework import cases, restricting
from ..errors import AlreadyRestricted, NotTold, RestrictionNotFound, UnknownPerson
from ..rights import statements
from ..rights.restriction import Restriction
from .forms import form_page
from .moments import day
from .on_hold import OnHold, on_hold
from .opening import opened
from .paging import nearest_page
from .people import desk_act, desk_page
from .restriction_forms import BeginForm
from .step_up import recently_identified

ON_A_PAGE = 50


@require_safe
@desk_page
def page(request):
    """The oldest first, without names; the next thing to do stands in each line."""
    found = Restriction.objects.in_force().order_by("begun_at", "pk")
    shown = nearest_page(found, request.GET.get("page", ""), size=ON_A_PAGE)
    return render(request, "privacy/restrictions.html", {"page": shown, "rows": on_hold(shown)})


@form_page
@desk_act
@recently_identified
@opened
def place(request, asked):
    """From a request of the person whom it is about, filled with what she asked."""
    subject = cases.subject_of(asked)
    if subject is None:
        raise UnknownPerson(_("This person was erased. There is nothing left to keep."))
    form = BeginForm(request.POST if request.method == "POST" else None, right=asked.right, said=statements.words_with(asked))
    if form.is_valid():
        try:
            restricting.begin(asked, subject, **form.cleaned_data, actor_ref=request.subject.ref)
        except AlreadyRestricted as refusal:
            form.add_error("uses", refusal.sentence)
        else:
            messages.success(request, _("On hold from this moment on. The person reads it on her own page."))
            return redirect("privacy:case", asked.ref)
    return render(request, "privacy/place_restriction.html", {"form": form, "asked": asked}, status=400 if form.is_bound else 200)


@require_safe
@desk_page
def one(request, number):
    return _page(request, _found(number))


@require_POST
@desk_act
@recently_identified
def announce(request, number):
    """Sent twice, it is one letter."""
    restricting.announce([_found(number).row], actor_ref=request.subject.ref)
    messages.success(request, _("Our letter goes out. Nothing changes before the days in it have passed."))
    return redirect("privacy:restriction", number)


@require_POST
@desk_act
@recently_identified
def told_by_post(request, number):
    restricting.told_by_post(_found(number).row, actor_ref=request.subject.ref)
    messages.success(request, _("Noted: our letter went by post today."))
    return redirect("privacy:restriction", number)


@require_POST
@desk_act
@recently_identified
def lift(request, number):
    hold = _found(number)
    try:
        restricting.lift(hold.row, actor_ref=request.subject.ref)
    except NotTold as refusal:
        said = _("It may end from %(day)s on.") % {"day": day(refusal.from_on)} if refusal.from_on else ""
        return _page(request, hold, refusal=refusal, said=said)
    messages.success(request, _("Ended. These data are used again."))
    return redirect("privacy:restrictions")


def _found(number) -> OnHold:
    row = Restriction.objects.in_force().filter(pk=number).first()
    if row is None:
        raise RestrictionNotFound
    return on_hold([row])[0]


def _page(request, hold, **refused):
    return render(request, "privacy/restriction.html", {"hold": hold, **refused}, status=409 if refused else 200)
