"""Asking the worker for something that may be late, or be lost: what it is about stands in the database, where a sweep finds it."""

import logging

from celery import current_app

log = logging.getLogger("privacy")


def wake_worker(task: str, *arguments) -> None:
    """`task` by its name, with numbers and codes alone (T-26). A dead broker keeps nobody from what she does."""
    try:
        current_app.send_task(task, arguments, retry=False)
    except Exception as error:  # each broker fails in its own way
        log.warning("the broker did not take %s: %s", task, type(error).__name__)
