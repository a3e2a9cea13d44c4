"""Setting up the stream of a program, changing it, and its status (SSF 1.0, 8.1)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy import keys

from ..oidc.models import PartnerApplication
from . import settling, waking
from .errors import StreamExists, TooSoon
from .events import Kind
from .models import KEYS, Signal, Stream

State = Stream.State
# Between two tests of one stream.
VERIFY_SECONDS = 30


def make(application: PartnerApplication, **wishes) -> Stream:
    """StreamExists where it has one: there is one per program."""
    stream = Stream(application=application)
    _change(stream, wishes)
    try:
        with transaction.atomic():
            stream.save(force_insert=True)
    except IntegrityError:
        raise StreamExists from None
    return stream


def change(stream: Stream, **wishes) -> None:
    """What it wishes anew; what waited for the old address goes to the new one at once."""
    _change(stream, wishes)
    stream.save()
    go_on(stream)
    waking.wake(stream.waiting(at_most=1))


def _change(stream, wishes):
    for name, value in wishes.items():
        setattr(stream, name, value)


def end(stream: Stream) -> None:
    """What it was to bring goes another way."""
    with transaction.atomic():
        settling.drop(_of(stream), "stream_ended")
        number = str(stream.pk)
        stream.delete()
    keys.destroy(number, KEYS)


def shut(partner) -> None:
    """It takes no part any more: what is brought to its programs still is, what they would have to ask for goes another way."""
    of_partner = Stream.objects.filter(application__partner=partner).select_related("application__partner")
    for stream in of_partner:
        if not stream.is_open:
            settling.drop(_of(stream), "partner_ended")


def set_status(stream: Stream, status: str, reason: str = "") -> None:
    """As the program asks. Paused holds what comes, disabled holds nothing (SSF 1.0, 8.1.2)."""
    was_ours = stream.paused_by_us
    with transaction.atomic():
        go_on(stream, state=status, reason=reason, paused_by_us=False)
        if status == State.DISABLED:
            settling.drop(_of(stream), "stream_disabled")
        if status == State.ENABLED and was_ours:
            _tell(stream, status)
    waking.wake(stream.waiting(at_most=1))


def pause(stream: Stream, reason: str) -> None:
    """By us: the program is told first, then nothing else goes out until one of us goes on; notices go by mail meanwhile."""
    with transaction.atomic():
        _tell(stream, State.PAUSED, reason)
        go_on(stream, state=State.PAUSED, reason=reason, paused_by_us=True)
        settling.free(_of(stream))
    waking.wake(stream.waiting(at_most=1))


def resume(stream: Stream) -> None:
    """By us: the program is told first, then what was held goes out in order."""
    with transaction.atomic():
        _tell(stream, State.ENABLED)
        go_on(stream, state=State.ENABLED, reason="", paused_by_us=False)
    waking.wake(stream.waiting(at_most=1))


def go_on(stream: Stream, **changed) -> None:
    """It rests no longer; with these columns set too."""
    Stream.objects.filter(pk=stream.pk).update(attempts=0, held_until=None, **changed)
    stream.refresh_from_db()


def verify(stream: Stream, state: str | None = None) -> Signal:
    """A test that says the same words back. TooSoon within half a minute of the last."""
    now = timezone.now()
    free = Stream.objects.filter(pk=stream.pk).exclude(verified_at__gt=now - timedelta(seconds=VERIFY_SECONDS))
    if not free.update(verified_at=now):
        raise TooSoon
    signal = Signal.objects.create(
        application=stream.application, kind=Kind.VERIFICATION, payload={} if state is None else {"state": state}
    )
    waking.wake([signal])
    return signal


def _of(stream):
    return Signal.objects.filter(application=stream.application_id).exclude(kind=Kind.LOGOUT)


def _tell(stream, status, reason=""):
    payload = {"status": status} | ({"reason": reason} if reason else {})
    Signal.objects.create(application=stream.application, kind=Kind.STREAM_UPDATED, payload=payload)
