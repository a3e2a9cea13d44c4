"""Who asks? What we saw so far, another look, and moving down to a weaker way, which takes two of us and a wait (T-03)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..casework import four_eyes, identity, identity_changes
from ..casework.identity import Method
from ..casework.identity_changes import IdentityChange
from ..errors import RequestNotApproved
from .forms import form_page
from .identity_forms import LookForm, LowerForm
from .opening import opened
from .people import DESK_ACTS, desk_act, desk_hand, may
from .step_up import recently_identified

# What somebody of ours sees; that she signed in the software sees.
SEEN_BY_US = [method for method in Method if method.is_weaker_than(Method.SIGNED_IN)]
# Two forms on one page have a field for the way.
LOWER_ID = "lower_%s"


@form_page
@desk_hand
@recently_identified
@opened
def page(request, asked):
    form = LookForm(request.POST if request.method == "POST" else None, ways=SEEN_BY_US)
    if form.is_valid():
        if not asked.is_open:
            raise RequestNotApproved
        four_eyes.refuse_own(asked, str(request.subject.ref))
        passed = form.cleaned_data["passed"] == "yes"
        identity.note(asked, Method(form.cleaned_data["method"]), passed=passed, actor_ref=request.subject.ref)
        messages.success(request, _("Noted. The person can read that you looked, and how."))
        return redirect("privacy:identity", asked.ref)
    return _page(request, asked, look=form)


@require_POST
@desk_act
@recently_identified
@opened
def lower(request, asked):
    """The data protection officer proposes it, and letters go to every address that we know."""
    form = LowerForm(request.POST, auto_id=LOWER_ID)
    if not form.is_valid():
        return _page(request, asked, lower=form)
    identity_changes.propose(asked, **form.cleaned_data, actor_ref=request.subject.ref)
    messages.success(request, _("Proposed. A colleague has to agree, and we write to every address that we know."))
    return redirect("privacy:identity", asked.ref)


@require_POST
@desk_hand
@recently_identified
@opened
def agree(request, asked, number):
    change = get_object_or_404(IdentityChange, pk=number, request=asked)
    identity_changes.agree(change, actor_ref=request.subject.ref)
    messages.success(request, _("Agreed. It counts once the wait is over."))
    return redirect("privacy:identity", asked.ref)


def _page(request, asked, look=None, lower=None):
    now, is_bound = timezone.now(), any(form is not None and form.is_bound for form in (look, lower))
    context = {
        "asked": asked,
        "checks": asked.identity_checks.order_by("-pk"),
        "changes": [{"change": change, "is_open": change.is_open(now)} for change in asked.identity_changes.order_by("pk")],
        "weakest": identity.weakest(asked, now),
        "look": look or LookForm(ways=SEEN_BY_US),
        "lower": lower or LowerForm(auto_id=LOWER_ID),
        "may_lower": may(request.user, DESK_ACTS) and asked.is_open,
        "me": str(request.subject.ref),
    }
    return render(request, "privacy/identity.html", context, status=400 if is_bound else 200)
