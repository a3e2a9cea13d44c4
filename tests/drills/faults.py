"""What goes wrong in a drill; each fault is over when its function returns, and somebody works again."""

import os
import resource
import signal
import time
from collections.abc import Callable
from random import Random

from . import acts
from .site import LEASE_SECONDS, Site

# More than any letter or small file takes, less than the sealed file of a person of thousands of rows.
BYTES_OF_A_FULL_DISK = 30_000
# A sweep comes every second: this long it finds no broker, or no room.
OUT_OF_ORDER_SECONDS = 3
HOURS = 5


class Shift:
    """The site, whoever works there at the moment, a server that can crash, and chance."""

    def __init__(self, site: Site, *, restart_database: Callable[[], None], chance: Random):
        self.site, self.restart_database, self.chance = site, restart_database, chance
        self.worker = site.start_worker(concurrency=2)

    def relieve(self, **options) -> None:
        """kill -9, and another begins."""
        self.site.kill(self.worker)
        self.worker = self.site.start_worker(concurrency=2, **options)


def worker_killed(shift: Shift) -> None:
    shift.relieve()


def worker_asleep(shift: Shift) -> None:
    """Stopped for longer than its lease, so that another takes over; then it wakes up beside the other, and goes on where it was."""
    os.killpg(shift.worker.pid, signal.SIGSTOP)
    sleeper, shift.worker = shift.worker, shift.site.start_worker(concurrency=2)
    time.sleep(LEASE_SECONDS + 1)
    os.killpg(sleeper.pid, signal.SIGCONT)
    time.sleep(1)
    shift.site.kill(sleeper)


def database_crashed(shift: Shift) -> None:
    """Without a goodbye: every connection is cut in the middle, and the server finds its way back by its log."""
    shift.site.do(acts.let_go)
    shift.restart_database()


def broker_gone(shift: Shift) -> None:
    """A file in the place of its folder."""
    queue = shift.site.folder / "var/broker"
    aside = queue.with_name("broker.aside")
    queue.rename(aside)
    queue.touch()
    time.sleep(OUT_OF_ORDER_SECONDS)
    queue.unlink()
    aside.rename(queue)
    shift.relieve()


def disk_full(shift: Shift) -> None:
    """The system refuses to let the worker's files grow, as a full disk would (RLIMIT_FSIZE stands in for it)."""
    shift.relieve(preexec_fn=_no_room)
    time.sleep(OUT_OF_ORDER_SECONDS)
    shift.relieve()


def _no_room():
    resource.setrlimit(resource.RLIMIT_FSIZE, (BYTES_OF_A_FULL_DISK, BYTES_OF_A_FULL_DISK))


def clock_jumped(shift: Shift) -> None:
    """What was written under the old clock lies hours ahead of the new one, or hours back: leases, and when to begin or try again."""
    shift.site.do(acts.shift_moments, hours=shift.chance.choice([-HOURS, HOURS]))


def deadlock(shift: Shift) -> None:
    """Somebody takes the rows of a person who is being erased in the opposite order."""
    shift.site.do(acts.lock_crosswise)


# How often each is drawn, of all.
FAULTS = {
    worker_killed: 12,
    worker_asleep: 1,
    database_crashed: 3,
    broker_gone: 1,
    disk_full: 1,
    clock_jumped: 2,
    deadlock: 2,
}


def draw(chance: Random) -> Callable[[Shift], None]:
    return chance.choices(list(FAULTS), list(FAULTS.values()))[0]
