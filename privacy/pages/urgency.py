"""How urgent a request is for the desk: days left in Brussels, and what happens now (Art. 12(3))."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..casework import by_hand, remaining
from ..casework.cases import PLANS
from ..casework.identity import Method
from ..casework.pausing import Pause
from ..casework.requests import DataSubjectRequest
from ..days import day_of, today
from ..evidence.recipients import Notice
from ..steps import Step
from . import wording
from .moments import day, moment

Status = DataSubjectRequest.Status
# The first word of `identified_by` -> how we knew who asks.
IDENTITY = {
    "sign_in": gettext_lazy("Just signed in"),
    "password": gettext_lazy("Signed in, with the password again"),
    "mailed_code": gettext_lazy("Signed in, with a code from our mail"),
    "mailed_link": gettext_lazy("By a link in our letter"),
    "session": gettext_lazy("Signed in"),
    **{shown.value: shown.label for shown in by_hand.Shown},
    Method.STORED_ADDRESS.value: Method.STORED_ADDRESS.label,
}


@dataclass(frozen=True)
class Urgent:
    """One request of the queue; `problems` are steps that failed, `unreached` its notices that did not arrive; `pause` while its clock
    stands still."""

    asked: DataSubjectRequest
    today: date
    problems: list[Step] = field(default_factory=list)
    unreached: list[Notice] = field(default_factory=list)
    pause: Pause | None = None

    @property
    def right(self) -> str:
        return self.asked.get_right_display()

    @cached_property
    def days_left(self) -> int:
        """Below zero: late."""
        return (self.asked.due_on - self.today).days

    @property
    def is_late(self) -> bool:
        return self.asked.is_open and self.days_left < 0

    @property
    def tone(self) -> str:
        return remaining.tone_of(self.days_left) if self.asked.is_open else ""

    @property
    def elapsed(self) -> int:
        """Percent of the time to answer that has passed."""
        received = day_of(self.asked.received_at)
        whole = max((self.asked.due_on - received).days, 1)
        return min(max((self.today - received).days * 100 // whole, 0), 100)

    @property
    def in_words(self) -> str:
        if not self.asked.is_open:
            return _("closed %(day)s") % {"day": day(self.asked.closed_at)}
        return remaining.in_words(self.days_left)

    @property
    def identity(self) -> str:
        return IDENTITY.get(self.asked.identified_by.partition(" ")[0]) or self.asked.get_channel_display()

    @property
    def now(self) -> dict:
        """The chip: what happens now, or what somebody has to do."""
        kind, icon, text = self._closed() if not self.asked.is_open else self._stuck() or self._under_way()
        return {"kind": kind, "icon": icon, "text": text}

    def _closed(self):
        if self.unreached:
            return "bad", "alert", _unreached(self.unreached)
        return *wording.CHIPS[self.asked.status], self.asked.get_status_display()

    def _stuck(self):
        if self.problems and self.problems[0].name != wording.TELLING:
            return "bad", "alert", _("A step does not succeed")
        return ("bad", "alert", _unreached(self.unreached)) if self.unreached else None

    def _under_way(self):
        if self.pause is not None:
            return "wait", "pause", _("The clock stands still: %(reason)s") % {"reason": self.pause.get_reason_display()}
        run = getattr(self.asked, "run", None)
        if self.asked.right not in PLANS or self.asked.status == Status.RECEIVED:
            return "wait", "pen", _("Waits for a decision")
        if run is not None and run.not_before > timezone.now():
            return "", "clock", _("Time to go back until %(moment)s") % {"moment": moment(run.not_before)}
        if self.asked.status == Status.APPROVED:
            return "info", "clock", _("A worker begins")
        return "info", "turn", _("A worker carries it out")


def _unreached(notices):
    count = len(notices)
    return ngettext("%(count)d recipient was not reached", "%(count)d recipients were not reached", count) % {"count": count}


def urgent(requests: Iterable[DataSubjectRequest]) -> list[Urgent]:
    """With what is stuck or stands still on each: three statements, however many there are."""
    requests, on = list(requests), today()
    problems, unreached = defaultdict(list), defaultdict(list)
    for step in Step.objects.filter(run__request__in=requests, finished_at=None).exclude(problem="").select_related("run"):
        problems[step.run.request_id].append(step)
    for notice in Notice.objects.filter(_is_stuck(), request_ref__in=[asked.ref for asked in requests]):
        unreached[notice.request_ref].append(notice)
    paused = {pause.request_id: pause for pause in Pause.objects.open().filter(request__in=requests)}
    return [Urgent(asked, on, problems[asked.pk], unreached[asked.ref], paused.get(asked.pk)) for asked in requests]


def _is_stuck() -> Q:
    """Tried more than once and still on its way, or given up."""
    return Q(state=Notice.State.IMPOSSIBLE) | Q(state=Notice.State.QUEUED, attempts__gt=1)
