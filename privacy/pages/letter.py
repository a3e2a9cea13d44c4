"""A request that came by letter or mail: one of the desk enters it, another looks at what would happen and decides (T-06, T-18)."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..casework import by_hand, cases
from ..conf import setting
from ..datamap import Right
from ..days import start_of
from ..errors import LastInRole, OwnRequest, RequestAlreadyOpen, RequestNotApproved
from ..evidence import remarks
from ..evidence.trail import TrailEntry
from . import consequences
from .answer_forms import RefusalForm
from .desk_forms import LetterForm
from .forms import form_page
from .opening import opened
from .people import desk_act, desk_hand
from .step_up import recently_identified
from .urgency import IDENTITY


@form_page
@desk_hand
@recently_identified
def enter(request):
    form = LetterForm(request.POST if request.method == "POST" else None, actor_ref=request.subject.ref)
    if form.is_valid():
        try:
            asked = _entered(request, form)
        except RequestAlreadyOpen as already:
            messages.info(request, _("This person has an open request of this kind already. Here it is."))
            return redirect("privacy:case", already.request.ref)
        except (OwnRequest, LastInRole) as refusal:
            form.add_error("person", refusal.sentence)
        else:
            messages.success(request, _("Entered. Nothing is done before a second person accepts it."))
            return redirect("privacy:case", asked.ref)
    return render(request, "privacy/letter.html", {"form": form}, status=400 if form.is_bound else 200)


def _entered(request, form):
    said = form.cleaned_data
    how = {name: said[name] for name in ("right", "channel", "identified_by", "reason", "mandate")}
    received_at = start_of(said["received_on"])
    return by_hand.enter(said["person"], **how, received_at=received_at, choices=form.choices, actor_ref=request.subject.ref)


@form_page
@desk_act
@recently_identified
@opened
def decide(request, asked):
    """The second person sees what the first did, and what would happen."""
    if not by_hand.waits_for_second(asked):
        raise RequestNotApproved
    return _decide_erasure(request, asked) if asked.right == Right.ERASURE else _decide(request, asked)


def _decide(request, asked):
    """What is no erasure hides nobody: the second person says yes to the letter, and the request goes on as if it was asked signed in."""
    subject, form = by_hand.subject_of(asked), RefusalForm(request.POST if "refuse" in request.POST else None, asked=asked)
    if "accept" in request.POST:
        cases.approve(asked, subject=subject, actor_ref=request.subject.ref)
        messages.success(request, _("Accepted. The person reads it in our letter."))
        return redirect("privacy:case", asked.ref)
    if form.is_valid():
        return _refuse(request, asked, form)
    context = {"asked": asked, "form": form, "may": _may(request, asked), **_entered_as(asked)}
    return render(request, "privacy/second.html", context, status=400 if form.is_bound else 200)


def _may(request, asked) -> bool:
    return str(request.subject.ref) not in {asked.actor_ref, str(asked.subject_ref)}


def _decide_erasure(request, asked):
    subject = by_hand.subject_of(asked)
    told = consequences.of(subject, asked.choices)
    form = RefusalForm(request.POST if "refuse" in request.POST else None, asked=asked)
    if "accept" in request.POST and request.POST.get("seen") == told.fingerprint:
        cases.approve(asked, subject=subject, actor_ref=request.subject.ref)
        messages.success(request, _("Accepted. The person is hidden, and reads it in our letter."))
        return redirect("privacy:case", asked.ref)
    if form.is_valid():
        return _refuse(request, asked, form)
    changed = "accept" in request.POST
    context = {
        "asked": asked,
        "told": told,
        "form": form,
        "changed": changed,
        "may": _may(request, asked),
        **_entered_as(asked),
        "sooner": _sooner(asked),
    }
    return render(request, "privacy/decide.html", context, status=409 if changed else 400 if form.is_bound else 200)


def _sooner(asked):
    """From when we would erase, where the letter is too old for the whole time to go back."""
    now = timezone.now()
    begins = cases.begins(asked, now)
    return begins if begins < now + timedelta(days=setting("ERASURE_GRACE_DAYS")) else None


def _entered_as(asked) -> dict:
    entries = TrailEntry.objects.filter(request_ref=asked.ref, event=f"{asked.right}.submitted")
    said = remarks.beside(entries)
    return {"identity": IDENTITY.get(asked.identified_by, asked.identified_by), "reason": next(iter(said.values()), "")}


def _refuse(request, asked, form):
    """By the second person too: who entered it may have erred, and then corrects it with somebody."""
    cases.refuse(asked, **form.no, actor_ref=str(request.subject.ref))
    messages.success(request, _("Refused. The person reads why in our letter."))
    return redirect("privacy:case", asked.ref)
