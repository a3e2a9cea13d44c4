"""Writing to another member, and having read what she wrote."""

import uuid
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from privacy.waking import wake_worker

from . import members
from .errors import TooManyMessages
from .models import Message

# Enough for a lively conversation, too few to advertise with.
MESSAGES_PER_HOUR = 50
HOUR = timedelta(hours=1)
# The same words to the same person within this time are a second click.
SECOND_CLICK = timedelta(minutes=1)


@transaction.atomic
def send(sender, key, text: str) -> Message:
    """To the member of this key. A second click gives the message of the first. Refuses as `members.meet`, and with TooManyMessages."""
    recipient = members.meet(sender, key)
    sent = Message.objects.filter(sender=sender)
    again = sent.filter(recipient=recipient, text=text, sent_at__gt=timezone.now() - SECOND_CLICK).first()
    if again:
        return again
    if sent.filter(sent_at__gt=timezone.now() - HOUR).count() >= MESSAGES_PER_HOUR:
        raise TooManyMessages
    message = Message.objects.create(sender=sender, recipient=recipient, text=text, conversation=_number(sender, recipient))
    transaction.on_commit(partial(wake_worker, "usage.tell_of_message", message.pk))
    return message


def number_of(member, other) -> uuid.UUID | None:
    """Of what these two wrote to each other; None where they never did."""
    return Message.objects.between(member, other).order_by("-pk").values_list("conversation", flat=True).first()


def _number(sender, recipient):
    """Under the lock on both, so that two first messages at once get one."""
    return number_of(sender, recipient) or uuid.uuid4()


def read(member, conversation) -> None:
    """She opened it. What she wrote herself is for the other to read; while her use is on hold nothing more is noted."""
    if not member.subject.restricts("usage"):
        Message.objects.unread_by(member).filter(conversation=conversation).update(read_at=timezone.now())
