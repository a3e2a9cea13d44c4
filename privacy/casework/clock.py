"""The clock of a request: its last day, from receipt, an extension and pauses together (Art. 12(3))."""

from datetime import date

from ..days import day_of
from ..errors import RequestNotApproved
from . import agenda, deadlines
from .requests import DataSubjectRequest


def hold_open(request: DataSubjectRequest) -> None:
    """Under its lock and as it is now, in the caller's transaction; RequestNotApproved where it was closed meanwhile."""
    DataSubjectRequest.objects.select_for_update().filter(pk=request.pk).first()
    request.refresh_from_db()
    if not request.is_open:
        raise RequestNotApproved


def paused_days(request, on: date) -> int:
    """So many days it stood still until then."""
    return sum(pause.days(on) for pause in request.pauses.filter(moves_deadline=True))


def due_on(request, on: date) -> date:
    """Its last day as it is known then: each day that the clock stands still comes after it."""
    received = day_of(request.received_at)
    return deadlines.due_on(received, extended=request.is_extended, paused_days=paused_days(request, on))


def set_due(request, on: date) -> None:
    """What queue and agenda sort by follows the rows beside the request."""
    request.paused_days, request.due_on = paused_days(request, on), due_on(request, on)
    request.save(update_fields=["paused_days", "due_on"])
    agenda.note_due(request)
