"""The start: what we know about her, who received it, and what she can do."""

from functools import partial

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..casework import unused
from ..casework.requests import DataSubjectRequest
from ..rights import restriction
from ..rights.holdings import known
from . import ribbons
from .bars import bar
from .cards import cards
from .disclosed import to_whom
from .following import Following
from .on_hold import on_hold
from .people import person_page
from .timeline import Timeline

# Of the figure and of the timeline; the rest is one click away.
RIBBONS = 6
LAST = 5


@person_page
def page(request):
    held, gone = known(request.subject), [each for each in to_whom(request.subject) if each.received.times]
    context = {
        "first_name": getattr(request.user, "first_name", ""),
        "held": held,
        "rows": sum(holding.rows for holding in held),
        "mostly": _mostly(held),
        "bars": _bars(held),
        "gone": gone,
        "last": max(gone, key=lambda each: each.received.last_at, default=None),
        "flow": _flow(gone[:RIBBONS]),
        "cards": cards(),
        "notes": [_note(Following(asked)) for asked in _worth_a_note(request.subject)],
        "unused": unused.notice_for(request.subject),
        "on_hold": on_hold(restriction.in_force_for(request.subject)) if request.subject.restricted_at else [],
        "happened": Timeline(request.subject)[:LAST],
    }
    return render(request, "privacy/overview.html", context)


def _mostly(held):
    """The largest category that is no record of our own, kept to show what we did."""
    categories = [category for holding in held for category in holding.categories]
    return max(categories, key=lambda category: (category.fate != "kept", category.rows), default=None)


def _bars(held) -> list[dict]:
    most = max((holding.rows for holding in held), default=1)
    address = partial(reverse, "privacy:group")
    return [bar(holding.activity.heading, address(args=[holding.activity.slug]), holding.rows, most) for holding in held]


def _flow(gone) -> dict:
    """Nothing to draw where nothing went out."""
    if not gone:
        return {}
    said = {"count": len(gone), "times": gone[0].received.times, "name": gone[0].recipient.name}
    return {
        "gone": gone,
        "ribbons": ribbons.drawn([each.received.times for each in gone], [bool(each.stopped_at) for each in gone]),
        "height": ribbons.height(len(gone)),
        "sentence": _("Number of lines from this platform to recipients: %(count)d. The thickest, %(times)d times, goes to %(name)s.")
        % said,
        "since": min(each.received.first_at for each in gone),
    }


def _worth_a_note(subject):
    """The last archive that can be fetched, and what is under way."""
    can_be_fetched = Q(archive__destroyed_at=None, archive__expires_at__gt=timezone.now())
    asked = DataSubjectRequest.objects.about(subject).select_related("run", "archive")
    found = asked.filter(Q(status__in=DataSubjectRequest.OPEN) | can_be_fetched).order_by("-pk")
    ready = next((each for each in found if not each.is_open), None)
    return [*([ready] if ready else []), *(each for each in found if each.is_open)]


def _note(following) -> dict:
    kind, icon = ("ok", "check") if following.archive else ("info", "turn") if following.is_moving else ("wait", "clock")
    return {"kind": kind, "icon": icon, "following": following, "url": reverse("privacy:request", args=[following.asked.ref])}
