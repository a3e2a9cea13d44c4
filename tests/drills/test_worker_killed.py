"""A worker that is killed in the middle of an act: another one finishes it, and nothing is done twice."""

import random
import time
from contextlib import suppress
from itertools import count

import pytest
from django.db import connection

from privacy.datamap import Right

from . import acts
from .outcomes import archive_files, assert_erased_once, assert_handed_out_once, mails_repeated
from .site import wait_until

# More than two batches (privacy.rights.pace.GENTLE).
VIEWS = {"sqlite": 60_000, "postgresql": 250_000}[connection.vendor]
VIEWS_COUNTED = "usage.ResourceView counted"
BYTES_OF_A_BEGUN_FILE = 10_000
FIRST_STATEMENT = {"sqlite": 1, "postgresql": 2}[connection.vendor]
REQUESTS, KILLS = 12, 6
# Covers the two minutes for which a letter waits whose sender was killed (privacy.outbox.HOLD).
SECONDS_AT_MOST = 600
LAST_OF_A_LOG = 5_000


@pytest.mark.long
def test_an_erasure_whose_worker_is_killed_is_finished_by_another(site):
    """Some batches were committed, others not; Bo shares a message with her and keeps all that is his."""
    bo = site.do(acts.welcome, "Bo", views=20)
    an = site.do(acts.welcome, "An", views=VIEWS, writes_to=bo)
    promised, untouched = site.do(acts.promised, an), site.do(acts.rows_of, bo, but_of=an)

    with site.working() as worker:
        request = site.do(acts.ask, Right.ERASURE, an)
        wait_until(lambda: VIEWS_COUNTED in site.do(acts.ledger, request), what="the first batch")
        site.kill(worker)
        assert 0 < site.do(acts.ledger, request)[VIEWS_COUNTED] < VIEWS, "killed too late to be in the middle"
        site.start_worker()
        wait_until(lambda: site.do(acts.at_rest, request), what="another worker finishes")

    assert_erased_once(site, request, an, promised)
    assert mails_repeated(site, [request]) == 0
    assert untouched.items() <= site.do(acts.rows_of, bo).items()


@pytest.mark.worker
def test_an_export_whose_worker_is_killed_is_finished_by_another(site):
    """Half a file was written."""
    an = site.do(acts.welcome, "An", views=VIEWS)
    held = site.do(acts.held, an)

    with site.working() as worker:
        request = site.do(acts.ask, Right.ACCESS, an)
        ref = site.do(acts.ref, request)
        half = wait_until(lambda: begun_file(site, ref), what="the file is begun", every=0.002)
        site.kill(worker)
        assert half.exists()
        assert site.do(acts.archives, request) == [], "killed too late to be in the middle"
        site.start_worker()
        wait_until(lambda: site.do(acts.at_rest, request), what="another worker finishes")

    assert_handed_out_once(site, request, held)
    assert mails_repeated(site, [request]) == 0


def begun_file(site, ref):
    with suppress(FileNotFoundError):  # renamed between the two looks
        return next(
            (file for file in archive_files(site, ref) if file.suffix == ".part" and file.stat().st_size > BYTES_OF_A_BEGUN_FILE), None
        )


@pytest.mark.long
def test_an_erasure_killed_before_any_statement_is_finished(site):
    """Not some moments, but each that the database can tell apart; one kind of database is asked every other, the second the rest."""
    for statement in count(FIRST_STATEMENT, 2):
        an = site.do(acts.welcome, "An")
        promised, request = site.do(acts.promised, an), site.do(acts.ask, Right.ERASURE, an)
        if not site.do(acts.die_at, statement, request):
            break
        assert_carried_on(site, request, statement)
        assert_erased_once(site, request, an, promised)
    assert statement > 50


@pytest.mark.long
def test_an_export_killed_before_any_statement_is_finished(site):
    for statement in count(1):
        an = site.do(acts.welcome, "An")
        held, request = site.do(acts.held, an), site.do(acts.ask, Right.ACCESS, an)
        if not site.do(acts.die_at, statement, request):
            break
        assert_carried_on(site, request, statement)
        assert_handed_out_once(site, request, held)
    assert statement > 20


def assert_carried_on(site, request, statement):
    site.do(acts.carry_on, request)
    assert site.do(acts.at_rest, request), f"killed before statement {statement}"


@pytest.mark.long
def test_twelve_requests_survive_six_kills(site, record_property):
    """At random moments, two requests at a time; a third of them was never sent to the broker."""
    moments = random.Random(12)
    people = [site.do(acts.welcome, f"An {number}", views=VIEWS // 2) for number in range(REQUESTS)]
    promised, held = [site.do(acts.promised, an) for an in people], [site.do(acts.held, an) for an in people]
    begun = time.monotonic()

    with site.working(concurrency=2) as worker:
        rights = [Right.ERASURE, Right.ACCESS] * (REQUESTS // 2)
        requests = [site.do(acts.ask, right, an, unheard=not at % 3) for at, (right, an) in enumerate(zip(rights, people, strict=True))]
        for _kill in range(KILLS):
            before = site.do(acts.attempts, requests)
            wait_until(lambda before=before: site.do(acts.attempts, requests) > before, what="a request is taken up")
            time.sleep(moments.uniform(0, 1))
            site.kill(worker)
            worker = site.start_worker(concurrency=2)
        with suppress(AssertionError):  # said below, with what is wrong
            wait_until(lambda: site.do(acts.all_at_rest, requests), what="all is done", seconds=SECONDS_AT_MOST)
        assert site.do(acts.restless, requests) == [], site.log("worker")[-LAST_OF_A_LOG:]

    attempts = site.do(acts.attempts, requests)
    record_property("measured", f"{REQUESTS} requests, {KILLS} kills, {attempts} attempts, {time.monotonic() - begun:.0f} s")
    assert attempts > REQUESTS, "no request was interrupted"
    for at in range(0, REQUESTS, 2):
        assert_erased_once(site, requests[at], people[at], promised[at])
        assert_handed_out_once(site, requests[at + 1], held[at + 1])
    assert mails_repeated(site, requests) <= KILLS
