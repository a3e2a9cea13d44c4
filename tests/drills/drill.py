"""Many people are erased while much goes wrong; afterwards each is gone, once, and nobody else lost anything."""

import random
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from privacy.datamap import Right
from tests.postgres import binaries, folder_for_a_socket, started

from . import acts
from .faults import Shift, draw
from .outcomes import assert_erased_once, mails_repeated
from .site import running_site, wait_until

# Three batches (privacy.rights.pace.GENTLE).
VIEWS = 25_000
# So many are under way at any time.
AT_ONCE = 3
# Whose process died between the row and the message: the sweep has to find her.
UNHEARD_EACH = 4
LONGEST_PAUSE_SECONDS = 1.5
# A worker begins within so many.
SECONDS_TO_BEGIN = 6
SECONDS_TO_FINISH = 600


@dataclass
class Drilled:
    """`too_early`: how often a request was said to be done while a step was open."""

    seed: int
    faults: Counter = field(default_factory=Counter)
    people: int = 0
    attempts: int = 0
    mails_repeated: int = 0
    too_early: int = 0
    seconds: float = 0


@dataclass(frozen=True)
class Leaving:
    """A person who asked to be erased, and what the preview promised her."""

    subject: str
    request: int
    promised: dict


def drill(*, kills: int, seed: int, report=lambda fault: None) -> Drilled:
    """So many faults, on a server of its own that survives a power failure; AssertionError where somebody was not erased exactly once."""
    drilled, begun, chance = Drilled(seed), time.monotonic(), random.Random(seed)
    with _durable_server() as (address, restart), running_site(address) as site, site.working() as first:
        site.kill(first)
        shift = Shift(site, restart_database=restart, chance=chance)
        bo = site.do(acts.welcome, "Bo", views=20)
        untouched, leaving = site.do(acts.rows_of, bo), []
        for _fault in range(kills):
            while site.do(acts.open_requests) < AT_ONCE:
                leaving.append(_leave(site, len(leaving)))
            _await_work(site, [each.request for each in leaving])
            time.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
            fault = draw(chance)
            fault(shift)
            drilled.faults[fault.__name__] += 1
            drilled.too_early += site.do(acts.answered_too_early)
            report(fault.__name__)
        _settle(site, shift, [each.request for each in leaving])
        for each in leaving:
            assert_erased_once(site, each.request, each.subject, each.promised)
        assert site.do(acts.rows_of, bo) == untouched
        assert not drilled.too_early
        requests = [each.request for each in leaving]
        drilled.people, drilled.attempts = len(leaving), site.do(acts.attempts, requests)
        drilled.mails_repeated = mails_repeated(site, requests)
    drilled.seconds = time.monotonic() - begun
    return drilled


def _leave(site, number) -> Leaving:
    subject = site.do(acts.welcome, f"An {number}", views=VIEWS)
    promised = site.do(acts.promised, subject)
    return Leaving(subject, site.do(acts.ask, Right.ERASURE, subject, unheard=not number % UNHEARD_EACH), promised)


def _await_work(site, requests):
    """A fault that meets nobody proves nothing: a worker takes somebody up, or all are at work already."""
    before, end = site.do(acts.attempts, requests), time.monotonic() + SECONDS_TO_BEGIN
    while site.do(acts.attempts, requests) == before and time.monotonic() < end:
        site.do(acts.wake_stalled)
        time.sleep(0.1)


def _settle(site, shift, requests):
    """Nothing goes wrong any more; whoever waits for a lease or a letter need not wait its time out."""
    shift.relieve()

    def at_rest():
        site.do(acts.wake_stalled)
        return site.do(acts.all_at_rest, requests)

    wait_until(at_rest, what="all is done", seconds=SECONDS_TO_FINISH, every=2)


@contextmanager
def _durable_server():
    folder = folder_for_a_socket()
    with started(binaries(), folder, {}) as restart:
        yield f"postgresql://postgres@/postgres?host={folder}", restart
