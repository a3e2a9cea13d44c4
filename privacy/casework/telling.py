"""A request that waits until its recipients were told goes on once somebody else says how a notice ended."""

from functools import partial

from django.db import transaction

from ..evidence.recipients import Notice
from ..steps import Run, ready
from .requests import DataSubjectRequest

# Name of the step that waits (casework.cases); it has nothing to do where nobody else has to know.
TELLING = "tell recipients"


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
