"""Acts that happen at the same moment, each in a thread with a connection of its own."""

import threading
import time
from concurrent.futures import Future

import pytest
from django.db import connection, connections

# Longer than a healthy act takes; a deadlock fails the test instead of stopping the run.
SECONDS_AT_MOST = 30
# Long enough for an act to reach the lock that it has to wait for.
SECONDS_TO_REACH_A_LOCK = 0.5


def at_once(*acts):
    """What each act returned, or the exception that it raised, in their order."""
    barrier = threading.Barrier(len(acts))
    started = [start(act, after=barrier.wait) for act in acts]
    return [outcome(future) for future in started]


def start(act, *, after=lambda: None) -> Future:
    """Begin the act in a thread."""
    future = Future()
    threading.Thread(target=_run, args=(act, after, future), daemon=True).start()
    return future


def outcome(future):
    """What the act returned or raised, once it is done."""
    return future.exception(SECONDS_AT_MOST) or future.result()


def let_it_reach_the_lock():
    time.sleep(SECONDS_TO_REACH_A_LOCK)


def needs_threads():
    """SQLite in memory is one database behind one lock that nobody waits for; INZAGE_TEST_DB names a file instead."""
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads need a database on disk: set INZAGE_TEST_DB")


def _run(act, after, future):
    try:
        after()
        future.set_result(act())
    except Exception as error:
        future.set_exception(error)
    finally:
        connections.close_all()
