"""What the worker does: shells that take a number, wake up and look in the database."""

import logging

from celery import shared_task
from django.dispatch import receiver
from django.utils import timezone

from .casework import cases, letters
from .casework.cases import DataSubjectRequest
from .evidence import statistics, trail
from .rights import access, retention
from .steps import Run, ready

log = logging.getLogger("privacy")


@shared_task(name="privacy.run")
def run(request_id: int) -> None:
    """Carry out one request. An error is named by its kind alone: its text may hold personal data; the sweep tries again."""
    request = DataSubjectRequest.objects.get(pk=request_id)
    try:
        if request.is_open and request.run.not_before <= timezone.now():
            cases.run(request)
    except Exception as error:
        log.error("request %s stopped at an error: %s", request.ref, type(error).__name__)
    letters.send_due()


@shared_task(name="privacy.sweep")
def sweep() -> None:
    """Find what a lost message or a killed worker left behind."""
    for request_id in Run.objects.due(timezone.now()).values_list("request_id", flat=True):
        run.delay(request_id)
    letters.deliver_notices()
    letters.send_due()
    access.expire(timezone.now())


@shared_task(name="privacy.nightly")
def nightly() -> None:
    """What time brings: expired values, closed months, a sealed trail."""
    now = timezone.now()
    retention.apply(now)
    statistics.close_due(now)
    trail.seal(now=now)


@receiver(ready)
def _wake(sender, request, **kwargs):
    """A dead broker loses nothing: the row is there, and the sweep finds it."""
    try:
        run.apply_async([request.pk], retry=False)
    except Exception as error:
        log.warning("the broker did not take request %s: %s", request.ref, type(error).__name__)
