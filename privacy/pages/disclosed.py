"""Where a person's data went: each recipient by name, what it got, how often, and what we told it since (Art. 15(1)(c), 19)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ..datamap import LawfulBasis, registry
from ..evidence.recipients import Notice, Received, Recipient, received
from . import notices
from .attributes import in_words

# What a notice was about.
TOLD_OF = {
    "rectification": _("that your data were corrected"),
    "erasure": _("to erase your data"),
    "withdrawal": _("that you stopped the access"),
    "ended": _("that we no longer work with it"),
    "narrowed": _("that it gets less"),
    "objection": _("that you want no offers"),
    "restriction": _("to put the use of your data on hold"),
    "restriction-lifted": _("that the use of your data is no longer on hold"),
}


@dataclass(frozen=True)
class Told:
    """The last notice of one kind to one recipient."""

    event: str
    state: str
    at: datetime

    @property
    def text(self) -> str:
        return TOLD_OF.get(self.event, self.event)

    @property
    def chip(self) -> dict:
        return notices.chip(self.state)


@dataclass(frozen=True)
class DisclosedTo:
    """One recipient of one person."""

    recipient: Recipient
    received: Received
    what: str
    told: list[Told] = field(default_factory=list)

    @property
    def bases(self) -> list[str]:
        """Why it was allowed, in words."""
        return [str(LawfulBasis(basis).label) if basis in LawfulBasis.values else basis for basis in sorted(self.received.bases)]

    @property
    def stopped_at(self) -> datetime | None:
        """When she stopped it, where nothing went out since."""
        ends = [told.at for told in self.told if told.event in {"withdrawal", "ended", "erasure"}]
        return max(ends) if ends and (self.received.last_at is None or max(ends) >= self.received.last_at) else None


def to_whom(subject) -> list[DisclosedTo]:
    """Most often first; who was only told something comes last. Three statements, however much was released."""
    got, told = received(subject.ref), _told(subject)
    recipients = Recipient.objects.in_bulk({*got, *told})
    disclosed = [
        DisclosedTo(recipient, got[key], in_words(subject, got[key].attributes), told[key]) for key, recipient in recipients.items()
    ]
    return sorted(disclosed, key=lambda each: (-each.received.times, each.recipient.name))


def _told(subject) -> defaultdict[int, list[Told]]:
    """Recipient's key -> the last notice of each kind, the newest first."""
    last = Notice.objects.filter(subject_ref=subject.ref).order_by().values("recipient", "event").annotate(last=Max("pk")).values("last")
    told = defaultdict(list)
    for notice in Notice.objects.filter(pk__in=last).order_by("-pk"):
        told[notice.recipient_id].append(Told(notice.event, notice.state, notice.settled_at or notice.created_at))
    return told


def categories() -> Iterator[tuple[str, str]]:
    """What each purpose says of its recipients, where no name can be given: heading and text."""
    for activity in registry.activities():
        for text in activity.recipients:
            yield activity.heading, text
