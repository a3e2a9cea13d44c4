"""One breach as the desk and the authority read it: how much time is left, what we knew when, and who was told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..casework.agenda import AgendaItem, Kind
from ..casework.registers import breach_letters, clock, duties, reach
from ..casework.registers.breaches import Breach, BreachNotice, BreachPhase
from ..datamap import registry
from ..evidence.recipients import Recipient

To, Outcome = BreachNotice.To, BreachNotice.Outcome


@dataclass
class Logged:
    """A few statements, or none where phases, whom they name, and notices were fetched beforehand.

    `unreached`: a letter was given up, and nobody of ours saw to it yet.
    """

    breach: Breach
    now: datetime
    unreached: AgendaItem | None = None

    @cached_property
    def phases(self) -> list[BreachPhase]:
        return sorted(self.breach.phases.all(), key=lambda phase: phase.number)

    @cached_property
    def notices(self) -> list[BreachNotice]:
        return sorted(self.breach.notices.all(), key=lambda notice: notice.pk)

    def told(self) -> Iterator[tuple[BreachNotice, list[tuple[str, int]]]]:
        """Each notice with how far its letters are."""
        counts = breach_letters.counts(self.notices)
        for notice in self.notices:
            states = counts.get(notice.pk, {})
            yield notice, [(state.label, states[state]) for state in breach_letters.BreachLetter.State if state in states]

    @property
    def last(self) -> BreachPhase:
        return self.phases[-1]

    @cached_property
    def duties(self) -> duties.Duties:
        return duties.of(self.breach)

    @property
    def ends_at(self) -> datetime:
        return clock.ends_at(self.breach.aware_at)

    @cached_property
    def to_authority(self) -> BreachNotice | None:
        """The first; the clock stops there."""
        return next((notice for notice in self.notices if notice.to == To.AUTHORITY), None)

    @property
    def chip(self) -> dict:
        """What there is to do first."""
        if self.to_authority is None:
            return self._clock()
        if self.duties.authority:
            return {"kind": "wait", "icon": "alert", "text": _("the authority does not know the last phase yet")}
        if self.duties.persons:
            return {"kind": "wait", "icon": "alert", "text": _("the people concerned have to be told")}
        if self.duties.public:
            return {"kind": "wait", "icon": "alert", "text": _("it has to stand in public")}
        if self.unreached:
            return {"kind": "wait", "icon": "alert", "text": _("somebody was not reached")}
        return {"kind": "ok", "icon": "check", "text": _("nobody has to be told any more")}

    @property
    def uses(self) -> list[str]:
        """By the names that people read; one that an update took away keeps its short one."""
        headings = {activity.slug: activity.heading for activity in registry.activities()}
        return [str(headings.get(slug, slug)) for slug in self.last.activities]

    def partners(self) -> list[tuple[Recipient, BreachNotice | None]]:
        """Who got data of these people, each with our last message about this breach."""
        told = {notice.recipient_id: notice for notice in self.notices if notice.to == To.PARTNER}
        return [(recipient, told.get(recipient.pk)) for recipient in reach.of(self.last).recipients()]

    def _clock(self) -> dict:
        if clock.is_late(self.breach.aware_at, self.now):
            hours = clock.hours_late(self.breach.aware_at, self.now)
            text = ngettext("%(hours)d hour too late", "%(hours)d hours too late", hours)
            return {"kind": "bad", "icon": "clock", "text": text % {"hours": hours}}
        hours = clock.hours_left(self.breach.aware_at, self.now)
        text = ngettext("%(hours)d hour left to tell the authority", "%(hours)d hours left to tell the authority", hours)
        return {"kind": "wait", "icon": "clock", "text": text % {"hours": hours}}


def all_logged(breaches: Iterable[Breach], now: datetime) -> list[Logged]:
    """One statement more, for all of them."""
    breaches = list(breaches)
    waiting = AgendaItem.objects.open().filter(kind=Kind.NOT_REACHED, request_ref__in=[breach.ref for breach in breaches])
    unreached = {item.request_ref: item for item in waiting}
    return [Logged(breach, now, unreached.get(breach.ref)) for breach in breaches]
