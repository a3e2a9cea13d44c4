"""The archives that a person got, and from when on the next one may go on without a gap."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..errors import UnknownScope
from ..evidence.trail import TrailEntry
from ..rights.portability import Scope
from ..subjects import Subject
from .quota import ARCHIVES
from .requests import DataSubjectRequest

# What was written down before we began to read may have become visible after it: longer than any act on the platform takes.
MARGIN = timedelta(minutes=10)
# Requests, the latest first.
LOOKED_AT = 100


@dataclass(frozen=True)
class Earlier:
    """An archive that was made for her, whether or not it has expired."""

    request: DataSubjectRequest
    scope: Scope

    @property
    def began_at(self) -> datetime:
        """No worker read anything before: a second attempt may hold what the first one read."""
        return self.request.approved_at or self.request.received_at

    @property
    def is_open_ended(self) -> bool:
        """It holds all there was until then."""
        return self.scope.until is None or self.scope.until > self.request.archive.ready_at

    def next(self) -> Scope:
        """What changed since, with a little that she has already."""
        return replace(self.scope, since=self.began_at - MARGIN, until=None)


def earlier_archives(subject: Subject) -> list[Earlier]:
    """The last one of each kind and category, the latest first; of a category only where it is newer than one of them all."""
    latest = {}
    for earlier in _made_for(subject):
        kind, activity = earlier.scope.kind, earlier.scope.activity
        if earlier.is_open_ended and (kind, "") not in latest:
            latest.setdefault((kind, activity), earlier)
    return list(latest.values())


def _made_for(subject):
    """Those that somebody else asked for were destroyed before she had them, if ever."""
    disowned = TrailEntry.objects.filter(subject_ref=subject.ref, event__in=[f"{right}.disowned" for right in ARCHIVES])
    made = DataSubjectRequest.objects.about(subject).filter(
        right__in=ARCHIVES, status=DataSubjectRequest.Status.FULFILLED, archive__isnull=False
    )
    theirs = made.exclude(ref__in=disowned.values("request_ref")).select_related("archive").order_by("-received_at", "-pk")
    for request in theirs[:LOOKED_AT]:
        scope = scope_of(request)
        if scope:
            yield Earlier(request, scope)


def scope_of(request) -> Scope | None:
    """None where it names a purpose that is declared no longer."""
    try:
        return Scope.of(request)
    except UnknownScope:
        return None
