"""Asking without an account: the form, the page after it, and the link in our mail. Opening the link changes nothing (T-01, T-02)."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..casework import by_hand, confirming, going_on, outside
from ..datamap import Right
from ..errors import LinkExpired, LinkUnknown, LinkUsed
from .ask_forms import AskForm
from .forms import form_page
from .network import network_of
from .people import STATUS, visitor_page


@form_page
@visitor_page
def page(request):
    """Whose address it is makes no difference, to what is done as to what is shown."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        how = {"language": said["language"], "words": said["words"], "network": network_of(request), "now": timezone.now()}
        outside.ask(Right(said["right"]), said["email"], **how)
        return redirect("privacy:ask_sent")
    return render(request, "privacy/ask.html", {"form": form}, status=400 if form.is_bound else 200)


@require_safe
@visitor_page
def sent(request):
    return render(request, "privacy/ask_sent.html", {"hours": int(outside.LINK.lives.total_seconds() // 3600)})


@form_page
@visitor_page
def confirm(request, token):
    try:
        asked = confirming.asked_by(token)
        if request.method != "POST":
            return render(request, "privacy/ask_confirm.html", {"asked": asked})
        confirmed = confirming.confirm(asked, now=timezone.now())
    except (LinkExpired, LinkUnknown, LinkUsed) as refusal:
        return _dead(request, refusal)
    return render(request, "privacy/ask_done.html", _after(confirmed))


def _after(confirmed) -> dict:
    """To who reads mail at this address we may say whether there is an account."""
    asked = confirmed.request
    return {"asked": asked, "code": confirmed.code, "is_new": confirmed.is_new, "waits": going_on.is_waiting(asked)}


@form_page
@visitor_page
def was_it_you(request, token):
    """A letter came in her name; who reads her mail says that it was she."""
    try:
        asked = by_hand.asked_by(token)
        if request.method == "POST":
            by_hand.it_was_me(asked)
    except (LinkExpired, LinkUnknown, LinkUsed) as refusal:
        return _dead(request, refusal)
    return render(request, "privacy/was_it_you.html", {"asked": asked, "is_done": request.method == "POST"})


def _dead(request, refusal):
    status = next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
    return render(request, "privacy/ask_dead.html", {"refusal": refusal, "is_used": isinstance(refusal, LinkUsed)}, status=status)
