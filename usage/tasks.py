"""What the worker does for the platform: shells that take a number, and what is cleared every night."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from . import feedback, files, letters
from .models import Feedback, Message

# A mail server that is away is tried again for about half an hour.
mailing = partial(shared_task, autoretry_for=(OSError,), retry_backoff=60, max_retries=5)


@mailing(name="usage.tell_of_message")
def tell_of_message(message_id: int) -> None:
    """Nothing where the message went meanwhile, with its sender or its recipient."""
    people = {"sender__isnull": False, "recipient__isnull": False}
    message = Message.objects.with_names().filter(pk=message_id, **people).first()
    if message:
        letters.tell_of_message(message)


@mailing(name="usage.acknowledge_feedback")
def acknowledge_feedback(feedback_id: int, language: str) -> None:
    received = Feedback.objects.filter(pk=feedback_id).first()
    if received:
        letters.mail("received", received.email, language=language)


@shared_task(name="usage.forget_feedback")
def forget_feedback() -> None:
    feedback.forget(timezone.now())


@shared_task(name="usage.collect_files")
def collect_files():
    files.collect()
