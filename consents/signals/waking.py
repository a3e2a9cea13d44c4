"""Asking the worker to bring what was made; a lost message costs a sweep's wait (consents.tasks.bring_all)."""

from functools import partial

from django.db import transaction

from privacy.waking import wake_worker

from .events import Kind
from .models import Signal, Stream


def wake(signals: list[Signal]) -> None:
    """Once the transaction that made them is committed. Not where a worker is at it already, the stream rests, or the program fetches."""
    if any(signal.kind == Kind.LOGOUT for signal in signals):
        transaction.on_commit(partial(wake_worker, "consents.sign_out"))
    applications = {signal.application_id for signal in signals if signal.kind != Kind.LOGOUT}
    for pk in Stream.objects.free().filter(application__in=applications, method=Stream.Method.PUSH).values_list("pk", flat=True):
        transaction.on_commit(partial(bring, pk))


def bring(stream_id) -> None:
    wake_worker("consents.bring", str(stream_id))
