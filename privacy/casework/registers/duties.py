"""Whom we still have to tell of a breach: worked out from what is on record, so that it cannot say otherwise (Art. 33, 34)."""

from dataclasses import dataclass
from datetime import date

from ...rights.days import day_of
from . import clock
from .breaches import Breach, BreachNotice, BreachPhase, Risk

To, Outcome = BreachNotice.To, BreachNotice.Outcome


@dataclass(frozen=True)
class Duties:
    """`authority`: of the last phase; `persons`: where the risk is high, and some of them were not told; `public`: instead of letters."""

    authority: bool
    persons: bool
    public: bool
    due_on: date

    @property
    def any(self) -> bool:
        return self.authority or self.persons or self.public


def of(breach: Breach) -> Duties:
    """Two statements; none where phases and notices were fetched beforehand."""
    phases = {phase.pk: phase for phase in sorted(breach.phases.all(), key=lambda phase: phase.number)}
    last = list(phases.values())[-1]
    notices = list(breach.notices.all())
    to_authority = [notice for notice in notices if notice.to == To.AUTHORITY]
    to_persons = [notice for notice in notices if notice.to == To.PERSONS]
    in_public = any(notice.to == To.PUBLIC for notice in notices)
    return Duties(
        authority=all(notice.phase_id != last.pk for notice in to_authority),
        persons=last.risk == Risk.HIGH and not any(_covers(phases[notice.phase_id], last) for notice in to_persons),
        public=any(notice.outcome == Outcome.DISPROPORTIONATE for notice in to_persons) and not in_public,
        due_on=day_of(last.at) if to_authority else clock.last_day(breach.aware_at, breach.noted_at),
    )


def _covers(told: BreachPhase, last: BreachPhase) -> bool:
    """Nobody is concerned now who was not then, as far as counts and uses tell."""
    return set(told.activities) >= set(last.activities) and told.persons >= last.persons
