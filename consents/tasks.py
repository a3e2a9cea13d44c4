"""What the worker does for partners: shells that take a number at most, wake up and look in the database; and what goes by the clock."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from privacy.casework.letters import GIVE_UP_AFTER
from privacy.tasks import EXPIRES_SECONDS, on_current_database

from . import ending, fetch_letters
from .models import IncomingTransfer, OutgoingTransfer, Signal, Stream
from .registration import forgetting
from .signals import logout, pushing, settling, waking
from .transfer import coming, going, sending, taking
from .transfer import waking as transfers

# How long it can be seen what a program was told, by now without the person.
KEPT = timedelta(days=30)
# Transfers that one sweep wakes, each way, those that had the fewest turns first: the next takes the rest.
TRANSFERS = 50


@shared_task(name="consents.clear_tokens")
def clear_tokens():
    """A rotated refresh token stays until it would have expired: who shows it again ends its family."""
    clear_expired()


@shared_task(name="consents.bring")
@on_current_database
def bring(stream_id: str) -> None:
    """One stream, and again where a round was too short."""
    stream = Stream.objects.filter(pk=stream_id).first()
    if stream is not None and pushing.push(stream):
        waking.bring(stream_id)


@shared_task(name="consents.sign_out")
@on_current_database
def sign_out() -> None:
    logout.send_due()


@shared_task(name="consents.tell_of_fetches")
@on_current_database
def tell_of_fetches() -> None:
    fetch_letters.send_due()


@shared_task(name="consents.bring_all")
@on_current_database
def bring_all() -> None:
    """Find what a lost message or a killed worker left behind."""
    for stream_id in _with_something(Stream.objects.filter(method=Stream.Method.PUSH).free()):
        bring.apply_async([str(stream_id)], expires=EXPIRES_SECONDS)
    fetch_letters.send_due()
    logout.send_due()


def _with_something(streams):
    return streams.filter(application__in=Signal.objects.queued().values("application")).values_list("pk", flat=True)


@shared_task(name="consents.forget_old")
def forget_old() -> None:
    """What arrived long ago, what nobody took (an account that was hidden is no news after a week), letters that have gone, what former
    partners proposed."""
    now = timezone.now()
    settling.drop(Signal.objects.filter(notice__isnull=True, created_at__lt=now - GIVE_UP_AFTER), "given_up")
    Signal.objects.filter(settled_at__lt=now - KEPT).delete()
    fetch_letters.forget(now)
    forgetting.forget(now)


@shared_task(name="consents.end_partners")
@on_current_database
def end_partners() -> None:
    """Go on where an ended partner still has permissions that are open; a worker that was killed left them."""
    for unfinished in ending.unfinished():
        ending.carry_on(unfinished)


@shared_task(name="consents.send_transfer")
@on_current_database
def send_transfer(ref: str) -> None:
    """One round of one transfer, and again where it was too short."""
    found = OutgoingTransfer.including_hidden.with_work().filter(ref=ref)
    transfer = found.select_related("member__subject", "receiver__recipient").first()
    if transfer is not None and sending.carry_on(transfer):
        transfers.bring(transfer)


@shared_task(name="consents.take_transfer")
@on_current_database
def take_transfer(ref: str) -> None:
    found = IncomingTransfer.objects.under_way().free().filter(ref=ref, state=IncomingTransfer.State.TAKING_IN)
    transfer = found.select_related("member__subject", "application").first()
    if transfer is not None:
        taking.take(transfer)


@shared_task(name="consents.carry_on_transfers")
@on_current_database
def carry_on_transfers() -> None:
    """Find what a lost message or a killed worker left behind, and destroy what came and never ended."""
    for ref in OutgoingTransfer.including_hidden.with_work().order_by("attempts", "pk").values_list("ref", flat=True)[:TRANSFERS]:
        send_transfer.apply_async([str(ref)], expires=EXPIRES_SECONDS)
    being_taken = IncomingTransfer.objects.under_way().free().filter(state=IncomingTransfer.State.TAKING_IN)
    for ref in being_taken.order_by("attempts", "pk").values_list("ref", flat=True)[:TRANSFERS]:
        take_transfer.apply_async([str(ref)], expires=EXPIRES_SECONDS)
    coming.expire(timezone.now())
    going.forget_asked(timezone.now())
