"""A member's conversations: with whom, how many she did not read, what was said."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from .members import is_visible
from .models import Message
from .names import name_of


@dataclass(frozen=True)
class Conversation:
    """As one of its two members has it in front of her; `latest` is the newest message, `unread` how many she did not open."""

    number: uuid.UUID
    latest: Message
    other: object | None
    unread: int = 0

    @property
    def name(self) -> str:
        return name_of(self.other)

    @property
    def can_be_answered(self) -> bool:
        return is_visible(self.other)


def numbers(member):
    """Number, newest message and unread count of each, the latest first. Only within one do numbers tell what was sent first."""
    unread = Count("pk", filter=Q(recipient=member, read_at__isnull=True))
    return (
        Message.objects.of(member)
        .values("conversation")
        .annotate(latest=Max("pk"), said=Max("sent_at"), unread=unread)
        .order_by("-said", "-latest")
    )


def told(member, rows) -> list[Conversation]:
    """`rows` of `numbers`, with what the newest messages say; in one query."""
    newest = Message.objects.with_names().in_bulk([row["latest"] for row in rows])
    return [_conversation(member, newest[row["latest"]], row["unread"]) for row in rows]


def one(member, number) -> tuple[Conversation, object] | None:
    """The conversation with its messages, the newest first; None where she is none of the two."""
    said = Message.objects.of(member).filter(conversation=number).with_names().order_by("-pk")
    latest = said.first()
    return (_conversation(member, latest), said) if latest else None


def _conversation(member, latest, unread=0):
    return Conversation(latest.conversation, latest, latest.other(member), unread)
