"""What the worker does for the platform: shells that take a number."""

from functools import partial

from celery import shared_task

from . import letters
from .models import Message

# A mail server that is away is tried again for about half an hour.
mailing = partial(shared_task, autoretry_for=(OSError,), retry_backoff=60, max_retries=5)


@mailing(name="usage.tell_of_message")
def tell_of_message(message_id: int) -> None:
    """Nothing where the message went meanwhile, with its sender or its recipient."""
    people = {"sender__isnull": False, "recipient__isnull": False}
    message = Message.objects.with_names().filter(pk=message_id, **people).first()
    if message:
        letters.tell_of_message(message)
