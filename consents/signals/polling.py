"""Handing events to a program that fetches them (RFC 8936)."""

import uuid

from django.db.models import F

from . import answers, settling
from .models import ROUND, Signal, Stream

POLL = "poll"


def poll(stream: Stream, *, at_most: int | None, acknowledged: list[str], refused: dict) -> tuple[dict[str, str], bool]:
    """First what it says about earlier ones, then jti -> token of those that wait, and whether there are more.

    What is not acknowledged comes again.
    """
    _end(stream, acknowledged, lambda jti: (Signal.State.ACKNOWLEDGED, "acknowledged"))
    _end(stream, refused, lambda jti: (Signal.State.FAILED, f"refused {answers.error_in(refused[jti])}".strip()))
    most = ROUND if at_most is None else min(at_most, ROUND)
    waiting = stream.waiting(at_most=most + 1)
    handed = waiting[:most]
    _note_fetched(handed)
    return {str(signal.jti): signal.signed() for signal in handed}, len(waiting) > most


def _end(stream, numbers, outcome):
    """Its own alone; a number that we do not know, or settled before, says nothing new."""
    known = {str(number): said for said in numbers if (number := _number(said))}
    of_stream = Signal.objects.queued().filter(application=stream.application_id, attempts__gt=0, jti__in=known)
    for signal in of_stream.select_related("notice"):
        state, answer = outcome(known[str(signal.jti)])
        if signal.notice_id:
            signal.notice.note_attempt(POLL, answer)
        settling.settle(signal, state, answer)


def _number(said):
    try:
        return uuid.UUID(said)
    except ValueError:
        return None


def _note_fetched(signals):
    """Once for each: who fetches every second and never acknowledges fills no table."""
    for signal in signals:
        if not signal.attempts and signal.notice_id:
            signal.notice.note_attempt(POLL, "fetched")
    Signal.objects.filter(pk__in=[signal.pk for signal in signals]).update(attempts=F("attempts") + 1)
