"""The auditor's page: what was done, by day and kind, and whether the trail still says so; numbers, and nobody's name (Art. 5(2))."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ..datamap import Right
from ..days import ZONE, start_of, today
from ..evidence import events, heads, seals
from ..evidence.heads import TrailCheck
from ..evidence.trail import SealedEntry, TrailEntry, TrailSeal
from .bars import bar
from .paging import nearest_page
from .people import audit_page

# Days that are shown where nobody says which; more than ten years are asked by nobody.
USUAL_DAYS, MOST_DAYS = 30, 3660
ON_A_PAGE = 50
SEALS = 10
# What stands before the dot of an event that is about no right -> in words.
KINDS = {
    "account": gettext_lazy("account"),
    "admin": gettext_lazy("administration"),
    "arrival": gettext_lazy("an archive that came"),
    "authority": gettext_lazy("request of an authority"),
    "ban": gettext_lazy("ban"),
    "breach": gettext_lazy("breach"),
    "consent": gettext_lazy("consent"),
    "contact": gettext_lazy("being contacted"),
    "desk": gettext_lazy("desk"),
    "hold": gettext_lazy("hold"),
    "ledger": gettext_lazy("replay ledger"),
    "letter": gettext_lazy("letter"),
    "message": gettext_lazy("message"),
    "moderation": gettext_lazy("moderation"),
    "notice": gettext_lazy("notice"),
    "partner": gettext_lazy("partner"),
    "profile": gettext_lazy("profile"),
    "program": gettext_lazy("program of a partner"),
    "recipient": gettext_lazy("recipient"),
    "register": gettext_lazy("register"),
    "retention": gettext_lazy("retention"),
    "role": gettext_lazy("role"),
    "setting": gettext_lazy("setting"),
    "subject": gettext_lazy("person"),
    "trail": gettext_lazy("trail"),
    "transfer": gettext_lazy("transfer"),
}


@dataclass(frozen=True)
class Asked:
    """Which days and which kind of act; what cannot be read is as if it was not said."""

    since: date
    until: date
    kind: str

    @classmethod
    def of(cls, said) -> "Asked":
        until = _day(said.get("until", "")) or today()
        since = _day(said.get("since", "")) or until - timedelta(days=USUAL_DAYS)
        kind = said.get("kind", "")
        since = max(min(since, until), until - timedelta(days=MOST_DAYS))
        return cls(since, until, kind if kind in kinds() else "")

    @property
    def key(self) -> str:
        """For the address of another page of the list."""
        return f"since={self.since}&until={self.until}&kind={self.kind}&page"

    def entries(self):
        found = TrailEntry.objects.filter(at__gte=start_of(self.since), at__lt=start_of(self.until + timedelta(days=1)))
        return (found.filter(event__startswith=f"{self.kind}.") if self.kind else found).order_by()


def kinds() -> list[str]:
    """What stands before the dot."""
    return sorted({event.partition(".")[0] for event in events.meanings()})


def in_words(kind: str) -> str:
    """A right by its name, anything else as KINDS has it."""
    return capfirst(str(Right(kind).label if kind in Right.values else KINDS.get(kind, kind)))


def _day(text) -> date | None:
    """None for what is no day, and for one at the edge of what a computer can count."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2100 else None


@require_safe
@audit_page
def page(request):
    asked = Asked.of(request.GET)
    by_day = asked.entries().annotate(day=TruncDate("at", tzinfo=ZONE)).values("day", "event").annotate(times=Count("pk"))
    shown, meanings = nearest_page(by_day.order_by("-day", "event"), request.GET.get("page", ""), size=ON_A_PAGE), events.meanings()
    context = {
        "asked": asked,
        "kinds": sorted(((kind, in_words(kind)) for kind in kinds()), key=lambda pair: pair[1]),
        "bars": _bars(asked),
        "page": shown,
        "days": [row | {"said": meanings.get(row["event"], "")} for row in shown],
        "check": TrailCheck.objects.order_by("pk").last(),
        "unsealed": seals.unsealed(),
        "seals": _seals(),
        "head": heads.last(),
    }
    return render(request, "privacy/audit.html", context)


def _seals() -> list[tuple[TrailSeal, int]]:
    """The last, each with how many entries it holds: counted of these alone."""
    last = list(TrailSeal.objects.order_by("-pk")[:SEALS])
    counts = dict(SealedEntry.objects.filter(seal__in=last).order_by().values_list("seal").annotate(Count("pk")))
    return [(seal, counts.get(seal.pk, 0)) for seal in last]


def _bars(asked) -> list[dict]:
    """How often each kind of act, the most often first."""
    counts = {}
    for event, times in asked.entries().values_list("event").annotate(Count("pk")):
        kind = event.partition(".")[0]
        counts[kind] = counts.get(kind, 0) + times
    most = max(counts.values(), default=1)
    return [bar(in_words(kind), "", times, most) for kind, times in sorted(counts.items(), key=lambda pair: -pair[1])]
