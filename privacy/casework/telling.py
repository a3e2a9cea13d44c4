"""A request that waits until its recipients were told goes on once a notice ended; who was not reached waits for one of us (Art. 19)."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.dispatch import receiver

from ..days import today
from ..evidence.recipients import Notice, settled
from ..steps import Run, ready
from . import agenda
from .requests import DataSubjectRequest

# Name of the step that waits (casework.cases); it has nothing to do where nobody else has to know.
TELLING = "tell recipients"
# To find another way to who was not reached, or to see that there is none.
DAYS_TO_LOOK = 7


def go_on(request_ref: str) -> None:
    """A notice of this request ended, or was given back to us: once that is committed, its run rests no longer.

    A worker that is at it this very moment is followed by the next, as after a lease that ran out.
    """
    if request_ref:
        transaction.on_commit(partial(_go_on, request_ref))


def _go_on(request_ref):
    """Not while all that is left of its notices rests."""
    left = Notice.objects.filter(request_ref=request_ref).undelivered()
    if left.exists() and not left.free().exists():
        return
    waits = {"steps__name": TELLING, "steps__attempts__gt": 0, "steps__finished_at": None}
    for run in Run.objects.filter(request__ref=request_ref, finished_at=None, **waits).select_related("request"):
        Run.objects.filter(pk=run.pk, fence=run.fence).update(lease_until=None)
        ready.send(sender=DataSubjectRequest, request=run.request)


@receiver(settled, dispatch_uid="privacy.not_reached")
def _note_not_reached(sender, notice, state, **kwargs):
    if state == Notice.State.IMPOSSIBLE and notice.request_ref:
        agenda.note(agenda.Kind.NOT_REACHED, notice.request_ref, today() + timedelta(days=DAYS_TO_LOOK))
