"""What is done in the act itself: received and answered together, and never open (Art. 12(3))."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from ..datamap import Right
from ..rights import rectification, statements
from . import letters
from .receiving import receive, record, refuse_second, register
from .requests import DataSubjectRequest
from .states import be_done_at_once

Channel = DataSubjectRequest.Channel


def correct(subject, changes, *, actor_ref="", channel=Channel.SELF_SERVICE, identified_by=""):
    """A rectification, done at once: all of it or nothing (Art. 16). `changes` as in rights.rectification.correct."""
    request = receive(Right.RECTIFICATION, subject, channel=channel, identified_by=identified_by, actor_ref=actor_ref)
    with _done_at_once(request, subject):
        rectification.correct(subject, changes, actor_ref=request.actor_ref, request_ref=request.ref)
    return request


def state(subject, place, text, *, actor_ref="", channel=Channel.SELF_SERVICE, identified_by=""):
    """Her words beside a value that stays as it is, done at once (Art. 16). `place` and `text` as in rights.statements.state."""
    request = receive(Right.RECTIFICATION, subject, channel=channel, identified_by=identified_by, actor_ref=actor_ref)
    with _done_at_once(request, subject):
        statements.state(subject, place, text, request_ref=request.ref)
    return request


def withdrawn(subject, *, actor_ref="", channel=Channel.SELF_SERVICE, identified_by=""):
    """The record of a withdrawal that the host carries out in the same transaction (Art. 7(3))."""
    request = receive(Right.WITHDRAWAL, subject, channel=channel, identified_by=identified_by, actor_ref=actor_ref)
    with _done_at_once(request, subject):
        return request


def objected(subject, *, actor_ref="", channel=Channel.SELF_SERVICE, identified_by=""):
    """The record of an objection to offers, which the host carries out in the same transaction: it is never weighed (Art. 21(3))."""
    request = receive(Right.OBJECTION, subject, channel=channel, identified_by=identified_by, actor_ref=actor_ref)
    with _done_at_once(request, subject):
        return request


def nothing_held(right, *, subject, received_at, language, channel=Channel.FORM, identified_by=""):
    """At an address that is nobody's account we hold nothing, and say so at once (Art. 15(1)): it is never open."""
    how = {"channel": channel, "identified_by": identified_by, "received_at": received_at, "language": language}
    request = receive(right, subject, **how)
    with _done_at_once(request, subject, letters.Kind.NOTHING_HELD):
        return request


def handed_over(right, *, subject, actor_ref, received_at, scope=""):
    """The record of an archive that an operator made, done at once (manage.py export_subject). RequestAlreadyOpen as in `submit`."""
    request = receive(right, subject, channel=Channel.COMMAND, actor_ref=actor_ref, received_at=received_at, scope=scope)
    refuse_second(request)
    with _done_at_once(request, subject):
        return request


@contextmanager
def _done_at_once(request, subject, letter=letters.Kind.ANSWER):
    """Received and answered in the act itself, which never leaves it open: one that waits for us stands in nobody's way."""
    be_done_at_once(request, timezone.now())
    with transaction.atomic():
        register(request, subject)
        yield
        letters.write(request, letter)
        record("fulfilled", request, request.actor_ref)
