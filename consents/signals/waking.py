"""Asking the worker to bring what was made; a lost message costs a sweep's wait (consents.tasks.bring_all)."""

import logging

from django.db import transaction

from .events import Kind
from .models import Signal, Stream

log = logging.getLogger("inzage")


def wake(signals: list[Signal]) -> None:
    """Once the transaction that made them is committed. Not where a worker is at it already, the stream rests, or the program fetches."""
    if any(signal.kind == Kind.LOGOUT for signal in signals):
        transaction.on_commit(_sign_out)
    applications = {signal.application_id for signal in signals if signal.kind != Kind.LOGOUT}
    for pk in Stream.objects.free().filter(application__in=applications, method=Stream.Method.PUSH).values_list("pk", flat=True):
        transaction.on_commit(lambda pk=pk: bring(pk))


def bring(stream_id) -> None:
    from .. import tasks

    send(tasks.bring, [str(stream_id)])


def _sign_out():
    from .. import tasks

    send(tasks.sign_out, [])


def send(task, arguments):
    """A dead broker loses nothing: the row is there."""
    try:
        task.apply_async(arguments, retry=False)
    except Exception as error:
        log.warning("the broker did not take %s: %s", task.name, type(error).__name__)
