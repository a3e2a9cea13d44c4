"""One line of the queue: what waits for one of us, or a request; it names nobody but the colleague who has it in hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from ..casework import remaining
from ..casework.agenda import AgendaItem, Kind
from ..casework.requests import DataSubjectRequest
from ..days import today
from . import urgency
from .urgency import Urgent

# Kind -> kind of chip, icon; any other waits, with a pen.
CHIPS = {
    Kind.SECOND_PERSON: ("wait", "user"),
    Kind.IDENTIFY: ("info", "key"),
    Kind.COMPELLING_GROUNDS: ("wait", "hand"),
    Kind.VERIFY_ACCURACY: ("wait", "search"),
    Kind.BOUNCED: ("bad", "mail"),
    Kind.NOT_REACHED: ("bad", "alert"),
    Kind.LIFT: ("info", "pause"),
    Kind.BREACH: ("bad", "alert"),
    Kind.REVIEW_SETTING: ("info", "clock"),
    Kind.POST: ("wait", "mail"),
    Kind.MESSAGE: ("wait", "mail"),
}
# Kind of what belongs to no request -> the page on which it is done.
DONE_AT: dict[str, str] = {Kind.REVIEW_SETTING: "privacy:settings", Kind.LIFT: "privacy:restrictions"}
# The same, where the page is about this one.
ONE_DONE_AT = {Kind.BREACH: "privacy:breach", Kind.NOT_REACHED: "privacy:breach"}


@dataclass(frozen=True)
class Line:
    """`item` is what waits, `urgent` the request that it belongs to; one of them may be missing."""

    today: date
    item: AgendaItem | None = None
    urgent: Urgent | None = None
    holder: str = ""

    @property
    def number(self) -> str:
        return self.item.request_ref if self.item else self.urgent.asked.ref

    @property
    def title(self) -> str:
        return self.urgent.right if self.urgent else self.item.get_kind_display()

    @property
    def due_on(self) -> date:
        return self.item.due_on if self.item else self.urgent.asked.due_on

    @property
    def days_left(self) -> int:
        return (self.due_on - self.today).days

    @property
    def tone(self) -> str:
        return remaining.tone_of(self.days_left) if self.item else self.urgent.tone

    @property
    def in_words(self) -> str:
        return remaining.in_words(self.days_left) if self.item else self.urgent.in_words

    @property
    def chip(self) -> dict:
        """What one of us has to do, else what happens by itself."""
        if self.item is None or self._stands_still:
            return self.urgent.now
        kind, icon = CHIPS.get(self.item.kind, ("wait", "pen"))
        return {"kind": kind, "icon": icon, "text": self.item.get_kind_display()}

    @property
    def _stands_still(self) -> bool:
        """There is nothing to decide while the clock does (T-05)."""
        return self.urgent is not None and self.urgent.pause is not None and self.item.kind in {Kind.DECIDE, Kind.SECOND_PERSON}

    @property
    def url(self) -> str:
        """Empty where no page of ours does it."""
        if self.urgent:
            return reverse("privacy:case", args=[self.urgent.asked.ref])
        if self.item.kind in ONE_DONE_AT:
            return reverse(ONE_DONE_AT[self.item.kind], args=[self.item.request_ref])
        return reverse(DONE_AT[self.item.kind]) if self.item.kind in DONE_AT else ""


def of_items(items: Iterable[AgendaItem], names: dict[UUID, str]) -> list[Line]:
    """With their requests: four statements, however many there are."""
    items, on = list(items), today()
    asked = DataSubjectRequest.objects.select_related("run").filter(ref__in=[item.request_ref for item in items])
    found = {urgent.asked.ref: urgent for urgent in urgency.urgent(asked)}
    return [Line(on, item, found.get(item.request_ref), holder_of(item, names)) for item in items]


def of_requests(requests: Iterable[DataSubjectRequest]) -> list[Line]:
    return [Line(urgent.today, urgent=urgent) for urgent in urgency.urgent(requests)]


def holder_of(item: AgendaItem, names: dict[UUID, str]) -> str:
    """Who left the desk has nothing in hand."""
    assignment = getattr(item, "assignment", None)
    return names.get(assignment.colleague_ref, "") if assignment else ""
