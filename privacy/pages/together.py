"""Several lines of the queue at once: to hand them to a colleague, and to say that they were seen to; never to decide."""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ..casework import agenda, assigning
from ..casework.agenda import SETTLED_BY_HAND, AgendaItem
from ..errors import NotAtDesk
from .people import desk_act, desk_page, local_path

# Of a page of the queue; no key is longer than this.
AT_MOST, DIGITS = 200, 18


@require_POST
@desk_page
def hand(request):
    """To a colleague, or to herself: who looks after it is no decision."""
    ticked = _ticked(request)
    if not ticked:
        return _back(request, nothing=True)
    to = request.subject.ref if "mine" in request.POST else _reference(request.POST.get("colleague", ""))
    count = assigning.hand(AgendaItem.objects.filter(pk__in=ticked), to)
    messages.success(request, ngettext("%(count)d handed over.", "%(count)d handed over.", count) % {"count": count})
    return _back(request, left=len(ticked) - count, why=_("%(count)d was done meanwhile, or is not there."))


@require_POST
@desk_act
def settle(request):
    """What ends by an act of its own stays: the act is on the page of the request."""
    ticked = _ticked(request)
    if not ticked:
        return _back(request, nothing=True)
    items = AgendaItem.objects.open().filter(pk__in=ticked, kind__in=SETTLED_BY_HAND)
    count = sum(agenda.settle(item.kind, item.request_ref, request.subject.ref) for item in items)
    messages.success(request, ngettext("%(count)d is done.", "%(count)d are done.", count) % {"count": count})
    return _back(request, left=len(ticked) - count, why=_("%(count)d left: open it, and do there what it asks."))


def _ticked(request) -> set[int]:
    """What is no key of ours is none."""
    given = request.POST.getlist("item")[:AT_MOST]
    return {int(key) for key in given if key.isascii() and key.isdigit() and len(key) <= DIGITS}


def _reference(words) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        raise NotAtDesk from None


def _back(request, *, nothing=False, left=0, why=""):
    """To the list as it was."""
    if nothing:
        messages.error(request, _("Nothing was changed. Tick at least one line first."))
    if left:
        messages.info(request, why % {"count": left})
    back = local_path(request, request.POST.get("back", ""))
    return redirect(back if back.startswith(reverse("privacy:desk")) else "privacy:desk")
