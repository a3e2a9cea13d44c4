"""Asking the worker to go on with a transfer; a lost message costs a sweep's wait (consents.tasks.carry_on_transfers)."""

from functools import partial

from django.db import transaction

from ..signals.waking import send


def wake_outgoing(transfer) -> None:
    """Once what asked for it is committed."""
    transaction.on_commit(partial(bring, transfer))


def bring(transfer) -> None:
    from .. import tasks

    send(tasks.send_transfer, [str(transfer.ref)])


def wake_incoming(transfer) -> None:
    transaction.on_commit(partial(_take, transfer))


def _take(transfer) -> None:
    from .. import tasks

    send(tasks.take_transfer, [str(transfer.ref)])
