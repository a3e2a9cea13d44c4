"""Waiting for the worker: how far it is stands in the database, and a worker that is gone is an error."""

import time

from privacy import tasks
from privacy.models import Notice, Step

from . import terminal

# Far more than one teacher takes, on a slow machine too.
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.05


class Failed(Exception):
    """A right was not carried out; the message says what went otherwise."""


def carried_out(request, rows, what, children) -> None:
    """Until the request is closed; the bar shows what its ledger counts. Failed where it does not end well."""
    shown = 0
    with terminal.bar(rows, what) as progress:
        for _moment in moments(children, f"request {request.ref}"):
            counted = min(sum(sum(counts.values()) for counts in _counts(request)), rows)
            progress(counted - shown)
            shown = counted
            request.refresh_from_db()
            if not request.is_open:
                break
    if request.status != request.Status.FULFILLED:
        raise Failed(f"request {request.ref} ended as {request.status}")


def _counts(request):
    return Step.objects.filter(run__request=request).values_list("counts", flat=True)


def told(request, children) -> list[Notice]:
    """The notices of a request, once the worker's round has sent them."""
    notices = Notice.objects.filter(request_ref=request.ref)
    if notices.exists():
        tasks.sweep.delay()
        for _moment in moments(children, f"notices of {request.ref}"):
            if not notices.undelivered().exists():
                break
    return list(notices.select_related("recipient"))


def moments(children, what):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        yield
        children.refuse_ended()
        time.sleep(PAUSE_SECONDS)
    raise Failed(f"{what} took more than {PATIENCE_SECONDS} s")
