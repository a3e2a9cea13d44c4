"""The broker only wakes the worker: a dead one loses nothing, a torn message stops nobody, and no message says who asked."""

import base64
import json
import time
from contextlib import suppress
from queue import Empty

import pytest
from kombu import Connection

from privacy.datamap import Right

from . import acts
from .site import wait_until

pytestmark = pytest.mark.worker

CLOSED_PORT = "amqp://127.0.0.1:1//"
# A page that waits longer has lost its reader.
SECONDS_AT_MOST = 5
MESSAGES = 1_000


def test_a_broker_that_refuses_connections_loses_nothing(site):
    with site.settled_otherwise(BROKER_URL=CLOSED_PORT):
        an = site.do(acts.welcome, "An")
        request = ask_quickly(site, an)

    assert_the_sweep_finds(site, request)


@pytest.mark.long
def test_a_broker_that_cannot_be_written_loses_nothing(site):
    """A file in the folder's place: permissions do not stop an administrator, under whom tests may run."""
    an, queue = site.do(acts.welcome, "An"), empty_queue(site)
    queue.rmdir()
    queue.touch()

    request = ask_quickly(site, an)

    queue.unlink()
    assert_the_sweep_finds(site, request)


def ask_quickly(site, subject):
    begun = time.monotonic()
    request = site.do(acts.ask, Right.ACCESS, subject)
    assert time.monotonic() - begun < SECONDS_AT_MOST
    return request


def assert_the_sweep_finds(site, request):
    with site.working():
        wait_until(lambda: site.do(acts.at_rest, request), what="the sweep finds the request")
    assert site.do(acts.status, request) == "fulfilled"
    assert len(site.do(acts.archives, request)) == 1


@pytest.mark.long
def test_a_torn_message_does_not_stop_the_worker(site):
    """kombu's own transport ends the worker here: "Unrecoverable error: JSONDecodeError"."""
    an, queue = site.do(acts.welcome, "An"), empty_queue(site)
    for number, torn in enumerate(["", '{"body": "W1']):
        (queue / f"{number}_torn.celery.msg").write_text(torn)
    request = site.do(acts.ask, Right.ACCESS, an)

    with site.working():
        wait_until(lambda: site.do(acts.at_rest, request), what="the worker goes on")


@pytest.mark.long
def test_a_message_that_is_being_written_is_not_read(site):
    """kombu's own transport loses about one message in a hundred here."""
    queue = empty_queue(site)
    options = {"data_folder_in": str(queue), "control_folder": str(queue.parent / "control")}
    channel = Connection(transport="config.broker:Transport", transport_options=options).channel()

    written, read = site.begin(acts.send, MESSAGES), 0
    while not written.done() or list(queue.glob("*.msg")):
        with suppress(Empty):
            channel._get("celery")
            read += 1

    assert read == MESSAGES


def empty_queue(site):
    queue = site.folder / "var/broker/queue"
    for message in queue.iterdir():
        message.unlink()
    return queue


def test_messages_name_nobody(site):
    """T-26."""
    empty_queue(site)
    subject = site.do(acts.welcome, "Xandrine")
    requests = [site.do(acts.ask, right, subject) for right in (Right.ACCESS, Right.PORTABILITY, Right.ERASURE)]
    marks = site.do(acts.marks, subject)

    waiting = texts_of(site.messages())
    with site.working():
        wait_until(lambda: site.do(acts.all_at_rest, requests), what="all is done")
    left = texts_of(site.messages())

    assert all(f"[[{request}]" in waiting for request in requests)
    assert [mark for mark in marks if mark in waiting + left] == []


def texts_of(messages) -> str:
    """All of it in lower case, and what each message carries as base64 as well."""
    texts = [path.read_text() for path in messages]
    bodies = [json.loads(text)["body"] for path, text in zip(messages, texts, strict=True) if path.suffix == ".msg"]
    return "\n".join([*texts, *(base64.b64decode(body).decode() for body in bodies)]).lower()
