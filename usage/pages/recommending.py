"""What might be of use to a member, with the reasons, and the switch that turns it off."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privacy.casework import at_once
from privacy.errors import NothingToCorrect
from privacy.pages.people import person_page
from privacy.pages.step_up import evidence

from .. import recommending


@require_safe
@person_page
def for_you(request):
    return render(request, "usage/for_you.html", {"suggested": recommending.suggest(request.user)})


@require_POST
@person_page
def switch(request):
    """A correction of her own data like any other, so that it is on record; a second click changes nothing."""
    wanted = request.POST.get("recommendations") == "on"
    own_row = (get_user_model()._meta.label, request.user.pk)
    with suppress(NothingToCorrect):
        at_once.correct(request.subject, {own_row: {"recommendations": wanted}}, identified_by=evidence(request))
    messages.success(request, _("We suggest material again.") if wanted else _("We suggest nothing any more, and work nothing out."))
    return redirect("usage:for_you")
