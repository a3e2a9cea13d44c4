"""Asking the worker to go on with a transfer; a lost message costs a sweep's wait (consents.tasks.carry_on_transfers)."""

from functools import partial

from django.db import transaction

from privacy.waking import wake_worker


def wake_outgoing(transfer) -> None:
    """Once what asked for it is committed."""
    transaction.on_commit(partial(bring, transfer))


def bring(transfer) -> None:
    wake_worker("consents.send_transfer", str(transfer.ref))


def wake_incoming(transfer) -> None:
    transaction.on_commit(partial(wake_worker, "consents.take_transfer", str(transfer.ref)))
