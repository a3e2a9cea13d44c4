"""The lists of the desk: what waits for us, what is open, what was closed; narrowed, and never longer than anybody reads."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from ..days import ZONE
from .agenda import AgendaItem
from .cases import PLANS
from .remaining import SOON_DAYS
from .requests import DataSubjectRequest
from .states import Status

# Rows of one list: who looks for an older one narrows it, or asks for its number.
LISTED = 1_000
# Where counting stops: nobody needs to know by how many a pile is too high.
COUNTED = 10_000
# Days over which the desk looks back.
PAST_DAYS = 30
# What workers carry out and may yet be answered in time, if somebody looks.
WORKERS_DAYS = 3
# Lists of the agenda, and of requests.
OF_AGENDA, OF_REQUESTS = ("soon", "late", "today", "waiting"), ("open", "closed")


@dataclass(frozen=True)
class Narrowed:
    """What somebody wants to see; empty is all. `colleagues`: only what one of these has in hand."""

    right: str = ""
    channel: str = ""
    kind: str = ""
    colleagues: tuple[UUID, ...] = ()

    @property
    def of_request(self) -> dict[str, str]:
        return {name: value for name, value in {"right": self.right, "channel": self.channel}.items() if value}


def waiting(which: str, narrowed: Narrowed, on: date) -> QuerySet[AgendaItem]:
    """What one of us has to do, the first that is due first; `which` of OF_AGENDA."""
    items = AgendaItem.objects.open().select_related("assignment").order_by("due_on", "pk")
    if narrowed.kind:
        items = items.filter(kind=narrowed.kind)
    if narrowed.colleagues:
        items = items.filter(assignment__colleague_ref__in=narrowed.colleagues)
    return _of_requests(items, narrowed).filter(_due(which, on))[:LISTED]


def _of_requests(items, narrowed):
    """Item by item in their order, until there are enough: joined, the database would first look for all letters of five years."""
    asked = DataSubjectRequest.objects.filter(ref=OuterRef("request_ref"))
    known = {name: Subquery(asked.values(name)[:1]) for name in narrowed.of_request}
    return items.alias(**known).filter(**narrowed.of_request)


def _due(which, on) -> Q:
    if which == "late":
        return Q(due_on__lt=on)
    if which == "today":
        return Q(due_on=on)
    return Q(due_on__lte=on + timedelta(days=SOON_DAYS)) if which == "soon" else Q()


def requests(which: str, narrowed: Narrowed) -> QuerySet[DataSubjectRequest]:
    """What is open by the day it is due, also what workers carry out; what is closed from the last one on."""
    rows = DataSubjectRequest.objects.select_related("run").filter(**narrowed.of_request)
    if which == "closed":
        return rows.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")[:LISTED]
    return rows.open().order_by("due_on", "pk")[:LISTED]


def counts(on: date) -> dict[str, int]:
    """What waits and is late, due today and soon; and of what was closed lately, how much in time."""
    soon = Q(due_on__gt=on, due_on__lte=on + timedelta(days=SOON_DAYS))
    waits = AgendaItem.objects.open().filter(_due("soon", on)).order_by("due_on", "pk")[:COUNTED]
    rows = {"late": Count("pk", filter=Q(due_on__lt=on)), "today": Count("pk", filter=Q(due_on=on)), "soon": Count("pk", filter=soon)}
    return waits.aggregate(**rows) | {"stuck": _with_workers(on)} | _closed_lately()


def _with_workers(on) -> int:
    """Accepted, and nearly or already late, though nobody has anything to decide."""
    accepted = DataSubjectRequest.objects.open().filter(status__in=[Status.APPROVED, Status.RUNNING], right__in=PLANS)
    return accepted.filter(due_on__lte=on + timedelta(days=WORKERS_DAYS)).order_by("due_on", "pk")[:COUNTED].count()


def _closed_lately() -> dict[str, int]:
    since = timezone.now() - timedelta(days=PAST_DAYS)
    closed = DataSubjectRequest.objects.filter(closed_at__gte=since).order_by("-closed_at")[:COUNTED]
    in_time = closed.annotate(closed_on=TruncDate("closed_at", tzinfo=ZONE))
    return in_time.aggregate(closed=Count("pk"), in_time=Count("pk", filter=Q(closed_on__lte=F("due_on"))))
