"""The clock of a request at the desk: taking more time, stopping it to ask first, letting it go on (Art. 12(3))."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..casework import answering, deadlines, extending, pausing
from ..days import day_of
from ..errors import AlreadyExtended, AlreadyPaused, NotPaused, RequestNotApproved
from . import read_first
from .answer_forms import ExtendForm, StopForm
from .forms import form_page
from .moments import day
from .opening import opened
from .people import desk_act
from .step_up import recently_identified


@form_page
@desk_act
@recently_identified
@opened
def extend(request, asked):
    """On a page that says until when it would be; the letter is read first."""
    form = ExtendForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not read_first.is_to_change(request):
        if extending.may_extend(asked, timezone.now()):
            draft = answering.draft_of_more_time(asked, **form.cleaned_data)
            if page := read_first.unless_read(request, asked, form, draft, go=_("Take more time, and write why")):
                return page
        return _extend(request, asked, form)
    received, now = day_of(asked.received_at), timezone.now()
    days = {
        "until": deadlines.raw_due_on(received, extended=True, paused_days=asked.paused_days),
        "may": extending.may_extend(asked, now),
        "possible_until": asked.due_on,
    }
    return render(request, "privacy/extend.html", {"asked": asked, "form": form, **days}, status=400 if form.errors else 200)


def _extend(request, asked, form):
    try:
        extending.extend(asked, **form.cleaned_data, actor_ref=request.subject.ref)
    except (AlreadyExtended, RequestNotApproved) as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("We answer by %(day)s now. The person reads why in our letter.") % {"day": day(asked.answer_by)})
    return redirect("privacy:case", asked.ref)


@form_page
@desk_act
@recently_identified
@opened
def pause(request, asked):
    """Says beforehand whether the last day moves; the letter is read first."""
    form = StopForm(request.POST if request.method == "POST" else None, asked=asked)
    if form.is_valid() and not read_first.is_to_change(request):
        if pausing.may_pause(asked):
            draft = answering.draft_of_question(asked, **form.cleaned_data)
            if page := read_first.unless_read(request, asked, form, draft, go=_("Ask, and stop the clock")):
                return page
        return _pause(request, asked, form)
    context = {"asked": asked, "form": form, "in_time": pausing.in_time(asked, timezone.now()), "may": pausing.may_pause(asked)}
    return render(request, "privacy/pause.html", context, status=400 if form.errors else 200)


def _pause(request, asked, form):
    try:
        begun = pausing.pause(asked, **form.cleaned_data, actor_ref=request.subject.ref)
    except (AlreadyPaused, RequestNotApproved) as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _stopped(begun))
    return redirect("privacy:case", asked.ref)


def _stopped(begun):
    if begun.moves_deadline:
        return _("The clock stands still until we know. Our letter asks for it.")
    return _("Our letter asks for it. The last day stays as it is: we asked too late for it to move.")


@require_POST
@desk_act
@recently_identified
@opened
def resume(request, asked):
    try:
        pausing.resume(asked, actor_ref=request.subject.ref)
        messages.success(request, _("The clock goes on. The last day is %(day)s.") % {"day": day(asked.due_on)})
    except (NotPaused, RequestNotApproved) as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("privacy:case", asked.ref)
