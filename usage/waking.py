"""Asking the worker for something that may be late, or be lost."""

import logging

from celery import current_app

log = logging.getLogger("usage")


def wake(task: str, *numbers) -> None:
    """A dead broker keeps nobody from writing; what is lost is the mail that says so."""
    try:
        current_app.send_task(task, numbers, retry=False)
    except Exception as error:  # each broker fails in its own way
        log.warning("the broker did not take %s: %s", task, type(error).__name__)
