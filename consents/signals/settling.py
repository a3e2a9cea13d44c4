"""How a message to a program ended, and what that means for the notice that it carries."""

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from privacy.casework import telling
from privacy.evidence.recipients import Notice, settled

from . import events
from .models import Signal

State = Signal.State


def settle(signal: Signal, state: str, answer: str) -> None:
    """The end of a message: who the person was is forgotten. The notice learns of it in the same transaction."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=signal.notice_id).first()  # of two that end at once, one sees both ends
        if _end(Signal.objects.filter(pk=signal.pk), state, answer) and notice is not None:
            _settle(notice)


def drop(signals, answer: str) -> None:
    """Messages that will not go out; the notices that they carry go another way, at once."""
    with transaction.atomic():
        free(signals)
        _end(signals, State.DROPPED, answer)


def _end(signals, state, answer) -> int:
    ended = {"state": state, "answer": answer, "settled_at": timezone.now(), "sub": "", "subject_ref": None}
    return signals.queued().update(**ended)


def state_of(notice, signals) -> str | None:
    """As PRIVACY["DELIVER"] says it: acknowledged, once a program confirmed the event that says it all; None where none will."""
    main = events.OF_NOTICE[notice.event][0]
    states = {signal.state for signal in signals if signal.kind == main}
    if any(signal.state == State.QUEUED for signal in signals):
        return Notice.State.QUEUED
    return Notice.State.ACKNOWLEDGED if State.ACKNOWLEDGED in states else None


def _settle(notice):
    state = state_of(notice, Signal.objects.filter(notice=notice))
    if state is None:
        _free([notice.pk])
    elif state != Notice.State.QUEUED:
        notice.settle(state)
        telling.go_on(notice.request_ref)


def free(signals) -> None:
    """The notices that these carry go another way while they rest."""
    _free(list(signals.queued().filter(notice__isnull=False).values_list("notice", flat=True)))


def _free(notices):
    """Looked at at once where a request waits for it, and in the next round; not when its time would come."""
    freed = Notice.objects.undelivered().filter(pk__in=notices)
    freed.update(held_until=None)
    for request_ref in freed.values_list("request_ref", flat=True).distinct():
        telling.go_on(request_ref)


@receiver(settled, dispatch_uid="consents.signals")
def _told_otherwise(sender, notice, **kwargs):
    """By mail, or given up: nothing of the person stays behind in what else would have told it."""
    _end(Signal.objects.filter(notice=notice), State.DROPPED, "told_otherwise")
