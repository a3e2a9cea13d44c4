"""What stands around one request: what waits for us in it, and what else this person asked; the person is named nowhere."""

from django.utils.functional import cached_property

from ..casework.agenda import SETTLED_BY_HAND, AgendaItem
from ..casework.colleagues import READS, name_of, who_may
from ..casework.requests import DataSubjectRequest
from ..days import today
from ..subjects import Subject
from . import lines, urgency

# The latest.
OTHERS = 10


class Context:
    """Of one request."""

    def __init__(self, asked: DataSubjectRequest):
        self.asked = asked

    @cached_property
    def waits(self) -> list[lines.Line]:
        """With who has it in hand."""
        items = AgendaItem.objects.open().filter(request_ref=self.asked.ref).select_related("assignment").order_by("due_on", "pk")
        return [lines.Line(today(), item, holder=lines.holder_of(item, self.colleagues)) for item in items]

    @property
    def can_settle(self) -> bool:
        return any(line.item.kind in SETTLED_BY_HAND for line in self.waits)

    @cached_property
    def colleagues(self) -> dict:
        return {user.subject.ref: name_of(user) for user in who_may(READS)}

    @cached_property
    def person(self) -> Subject | None:
        """Since when we know her, and whether she is hidden; None once she was erased."""
        return Subject.objects.filter(ref=self.asked.subject_ref).first()

    @cached_property
    def others(self) -> list[urgency.Urgent]:
        hers = DataSubjectRequest.objects.filter(subject_ref=self.asked.subject_ref).exclude(pk=self.asked.pk)
        return urgency.urgent(hers.select_related("run").order_by("-received_at", "-pk")[:OTHERS])
