"""Whom we still have to tell of a breach: worked out from what is on record, so that it cannot say otherwise (Art. 33, 34)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ...days import day_of
from . import clock
from .breaches import Breach, BreachNotice, BreachPhase, Risk

To, Outcome = BreachNotice.To, BreachNotice.Outcome


@dataclass(frozen=True)
class Duties:
    """`authority`: of the last phase; `persons`: where the risk was high in any, and some were not told; `public`: instead of letters."""

    authority: bool
    persons: bool
    public: bool
    due_on: date

    @property
    def any(self) -> bool:
        return self.authority or self.persons or self.public


def of(breach: Breach) -> Duties:
    """A few statements; none where phases, whom they name, and notices were fetched beforehand."""
    phases = {phase.pk: phase for phase in sorted(breach.phases.all(), key=lambda phase: phase.number)}
    last = list(phases.values())[-1]
    notices = list(breach.notices.all())
    to_authority = [notice for notice in notices if notice.to == To.AUTHORITY]
    to_persons = [notice for notice in notices if notice.to == To.PERSONS]
    decided = [phases[notice.phase_id] for notice in to_persons]
    instead = [phases[notice.phase_id].number for notice in to_persons if notice.outcome == Outcome.DISPROPORTIONATE]
    in_public = [phases[notice.phase_id].number for notice in notices if notice.to == To.PUBLIC]
    high = [phase for phase in phases.values() if phase.risk == Risk.HIGH]
    return Duties(
        authority=all(notice.phase_id != last.pk for notice in to_authority),
        persons=any(not any(_covers(known, phase) for known in decided) for phase in high),
        public=max(instead, default=0) > max(in_public, default=0),
        due_on=day_of(last.at) if to_authority else clock.last_day(breach.aware_at, breach.noted_at),
    )


def _covers(known: BreachPhase, phase: BreachPhase) -> bool:
    """What was decided on what we knew in one phase is enough for another: a later one knows it better, an earlier one if nobody is new.

    Of people who were named that is exact; else as far as uses and counts tell.
    """
    if known.number >= phase.number:
        return True
    if not set(known.activities) >= set(phase.activities):
        return False
    if then := _named(known):
        return bool(now := _named(phase)) and then >= now
    return known.persons >= phase.persons


def _named(phase: BreachPhase) -> set[UUID]:
    """Also who was erased since: a count would let another take that place."""
    return {person.subject_ref for person in phase.named.all()}
