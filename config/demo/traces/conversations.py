"""Conversations: two members, one number, a question about a lesson and what follows."""

from collections.abc import Iterator
from itertools import pairwise
from uuid import uuid4

from django.utils import timezone

from usage.models import Message

from .. import loading, words
from . import moments


def write(teachers, *, random, progress) -> None:
    """In the order in which they were sent, as their numbers tell it on a real platform."""
    said = (message for two in _pairs(teachers, random) for message in _conversation(*two, random))
    columns = ["conversation", "sender", "recipient", "text", "sent_at", "read_at"]
    in_order = sorted(said, key=lambda message: message[columns.index("sent_at")])
    loading.load(Message, columns, in_order, progress=progress)


def _pairs(teachers, random) -> Iterator[tuple]:
    """In a row, everybody and the next one; of every second one also the next but one. No two members meet twice."""
    row = random.sample(teachers, len(teachers))
    yield from pairwise(row)
    yield from pairwise(row[::2])


def _conversation(first, second, random) -> Iterator[tuple]:
    """Turn by turn; what was sent last may still be unread."""
    number, moment = uuid4(), moments.some_time_ago(random)
    sender, recipient = first, second
    for text in _texts(second, random):
        read_at = moments.later(moment, random, hours=15)
        yield number, sender.pk, recipient.pk, text, moment, read_at if read_at < timezone.now() else None
        moment = moments.later(read_at, random, hours=20)
        sender, recipient = recipient, sender


def _texts(second, random) -> list[str]:
    opening = random.choice(words.OPENINGS)
    replies = words.REPLIES[opening]
    return [opening.format(second.first_name, random.choice(words.TOPICS).title), *replies[: random.randint(1, len(replies))]]
