"""How far a request is, and where it may go from there; this file alone writes a status (docs/requests.md draws it)."""

from copy import copy

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..errors import RequestNotApproved


class Status(TextChoices):
    RECEIVED = "received", _("received")
    APPROVED = "approved", _("accepted")
    RUNNING = "running", _("being carried out")
    FULFILLED = "fulfilled", _("done")
    PARTLY = "partly", _("done in part")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")
    OVERTAKEN = "overtaken", _("overtaken by an erasure")


OPEN = (Status.RECEIVED, Status.APPROVED, Status.RUNNING)
# Done, all of it or some.
DONE = (Status.FULFILLED, Status.PARTLY)
# A no, to all of it or to some: ground and reasons are compulsory (Art. 12(4)).
SAYS_NO = (Status.REFUSED, Status.PARTLY)
TRANSITIONS = {
    Status.RECEIVED: {Status.APPROVED, Status.REFUSED, Status.CANCELLED, Status.OVERTAKEN},
    Status.APPROVED: {Status.RUNNING, Status.REFUSED, Status.CANCELLED, Status.OVERTAKEN},
    Status.RUNNING: {Status.FULFILLED, Status.PARTLY, Status.CANCELLED, Status.OVERTAKEN},
}


def move(request, status: Status, **fields) -> None:
    """One step of the state machine, lost by whoever comes second (RequestNotApproved)."""
    if status not in TRANSITIONS.get(request.status, ()):
        raise RequestNotApproved
    if not type(request).objects.filter(pk=request.pk, status=request.status).update(status=status, **fields):
        raise RequestNotApproved
    request.refresh_from_db()


def as_if(request, status: Status, **fields):
    """A copy that is never saved, as the request would be then: a letter about it can be read beforehand."""
    later = copy(request)
    for name, value in {"status": status, **fields}.items():
        setattr(later, name, value)
    return later


def be_done_at_once(request, now) -> None:
    """Before it has a row: answered in the act that receives it, and never open."""
    request.status, request.approved_at, request.closed_at = Status.FULFILLED, now, now
