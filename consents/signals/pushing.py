"""Bringing events to a program that wants them brought (RFC 8935)."""

from functools import partial
from time import monotonic

from .. import outgoing
from . import answers, settling, streams
from .events import Kind
from .models import Signal, Stream

# Of one round, well within what a worker holds a stream for (privacy.outbox.HOLD).
ROUND_SECONDS = 60
PUSH = "push"


def push(stream: Stream) -> bool:
    """What waits, in order, up to the first that does not arrive; then the stream rests. True where more is left.

    One worker at a time: events about one person arrive in the order in which they happened.
    Who changes, pauses or ends the stream takes it from this worker, and has waked another.
    """
    if stream.method != Stream.Method.PUSH or not stream.waiting(at_most=1) or not stream.take():
        return False
    ends = monotonic() + ROUND_SECONDS
    for signal in stream.waiting():
        if not stream.is_still_held():
            return False
        if _is_queued(signal) and not _brought(stream, signal):
            return False
        if monotonic() > ends:
            break
    if not stream.is_still_held():
        return False
    streams.go_on(stream)
    return bool(stream.waiting(at_most=1))


def _is_queued(signal) -> bool:
    """Not told another way since this round began."""
    return Signal.objects.queued().filter(pk=signal.pk).exists()


def _brought(stream, signal) -> bool:
    """Whether the next may follow: this one arrived, or never will."""
    code = answers.of_call(partial(_bring, stream, signal))
    if code == "202":
        _noted(signal, code)
        settling.settle(signal, Signal.State.ACKNOWLEDGED, code)
        return True
    if code in answers.SHUT_OUT and signal.kind != Kind.STREAM_UPDATED:
        _noted(signal, code)
        streams.pause(stream, "We were refused there. Set the status to enabled once it takes our events again.")
        return False
    if code.startswith("400") or code in answers.SHUT_OUT:
        _noted(signal, code)
        settling.settle(signal, Signal.State.FAILED, code)
        return True
    _failed(stream, signal, code)
    return False


def _bring(stream, signal) -> outgoing.Answer:
    headers = {"Content-Type": "application/secevent+jwt", "Accept": "application/json"}
    if shown := stream.authorization:
        headers["Authorization"] = shown
    return outgoing.post(stream.endpoint_url, signal.signed().encode(), headers)


def _noted(signal, code):
    Signal.objects.filter(pk=signal.pk).update(attempts=signal.attempts + 1, answer=code)
    if signal.notice_id:
        signal.notice.note_attempt(PUSH, code)


def _failed(stream, signal, code):
    """The whole stream rests, longer each time; the notice says when we try again."""
    stream.rest()
    stream.refresh_from_db()
    Signal.objects.filter(pk=signal.pk).update(attempts=signal.attempts + 1, answer=code)
    if signal.notice_id:
        signal.notice.note_failure(PUSH, code, again_at=stream.held_until)
