"""Settings on the desk: what is in force and since when, one with its history, and changing it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..casework import changeable, settings
from ..casework.agenda import AgendaItem, Kind
from ..casework.changeable import Changeable
from ..casework.settings import SettingChange, Step
from ..errors import SettingChangedMeanwhile
from ..evidence import remarks
from ..evidence.trail import TrailEntry
from .paging import nearest_page
from .people import desk_act, desk_page
from .settings_forms import DecisionForm, SettingForm
from .step_up import recently_identified

ON_A_PAGE = 20
CHIPS = {Step.PROPOSED: ("wait", "clock"), Step.SET: ("ok", "check"), Step.REFUSED: ("bad", "cross")}


@dataclass(frozen=True)
class Row:
    """One setting of the list."""

    each: Changeable
    since: datetime | None
    waits: bool

    @property
    def value(self) -> str:
        return self.each.now


@require_safe
@desk_page
def page(request):
    """Since when, in one question for all of them."""
    steps = {}
    for name, step, made_at in SettingChange.objects.order_by("number").values_list("name", "step", "made_at"):
        set_at = made_at if step == Step.SET else steps.get(name, (None, False))[0]
        steps[name] = (set_at, step == Step.PROPOSED)
    groups = {"numbers": changeable.NUMBERS, "contacts": changeable.CONTACTS, "paragraphs": changeable.paragraphs()}
    rows = {name: [Row(each, *steps.get(each.name, (None, False))) for each in group] for name, group in groups.items()}
    return render(request, "privacy/settings.html", rows | {"reviews": _reviews()})


def _reviews() -> list[dict]:
    """What is to be looked at again, the first day first."""
    words, codes = changeable.to_review(), {each.code for each in changeable.NUMBERS}
    waiting = AgendaItem.objects.open().filter(kind=Kind.REVIEW_SETTING, request_ref__in=words).order_by("due_on", "pk")
    return [
        {"item": item, "words": words[item.request_ref], "url": _address(item.request_ref) if item.request_ref in codes else ""}
        for item in waiting
    ]


def _address(code):
    return reverse("privacy:setting", args=[code])


@require_safe
@desk_page
@recently_identified
def one(request, code):
    return _page(request, changeable.named(code))


@require_POST
@desk_act
@recently_identified
def change(request, code):
    each = changeable.named(code)
    form = SettingForm(request.POST, each=each)
    if not form.is_valid():
        return _page(request, each, form=form)
    said = form.cleaned_data
    try:
        made = settings.change(each, said["value"], reason=said["reason"], seen=said["seen"], actor_ref=request.subject.ref)
    except SettingChangedMeanwhile as refusal:
        return _page(request, each, form=_as_it_is_now(form, refusal))
    waits = made.step == Step.PROPOSED
    messages.success(request, _("Proposed. A colleague of the desk accepts it.") if waits else _("Changed. It is in force from now on."))
    return redirect("privacy:setting", code)


def _as_it_is_now(form, refusal):
    """What was typed stays; sent again, it counts for what stands there now."""
    form.add_error(None, refusal.sentence)
    form.data = form.data.copy()
    form.data["seen"] = settings.last_number(form.each)
    return form


@require_POST
@desk_act
@recently_identified
def decide(request, code):
    """Accepted only where that button was pressed."""
    each = changeable.named(code)
    form = DecisionForm(request.POST, prefix="decide")
    if not form.is_valid():
        return _page(request, each, decision=form)
    made = settings.decide(each, accept="accept" in request.POST, **form.cleaned_data, actor_ref=request.subject.ref)
    messages.success(request, _("Accepted. It is in force from now on.") if made.step == Step.SET else _("Refused. Nothing changed."))
    return redirect("privacy:setting", code)


@require_POST
@desk_act
def keep(request, code):
    """Looked at again, and right as it is; said twice, it is on record once."""
    if settings.keep(code, actor_ref=request.subject.ref):
        messages.success(request, _("Noted. We ask again in a year."))
    return redirect("privacy:settings")


def _page(request, each, **posted):
    history = nearest_page(settings.history(each), request.GET.get("page", ""), size=ON_A_PAGE)
    waits, seen = settings.waiting(each), {"seen": settings.last_number(each)}
    context = {
        "each": each,
        "page": history,
        "history": _told(history),
        "waits": waits,
        "falls_away": settings.falls_away(each, waits.value, timezone.now()) if waits and each.keeps_for else None,
        "is_mine": bool(waits) and settings.actor_of(waits) == str(request.subject.ref),
        "form": SettingForm(initial=seen | {"value": each.now}, each=each),
        "decision": DecisionForm(initial=seen, prefix="decide"),
    }
    return render(request, "privacy/setting.html", context | posted, status=400 if posted else 200)


def _told(made) -> list[dict]:
    """Who by the reference alone: what a colleague is called stands in no history."""
    entries = TrailEntry.objects.in_bulk([each.entry_id for each in made])
    why = remarks.beside(entries.values())
    return [
        {"made": each, "chip": CHIPS[each.step], "by": entries[each.entry_id].actor_ref, "why": why.get(each.entry_id)} for each in made
    ]
