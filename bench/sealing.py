"""python -m bench.sealing: how fast the trail is sealed beside one who writes it, and what the writer notices of that."""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from . import document, results, server

FILE = Path(__file__).parent / "sealing.json"
# Times what it takes to write as many entries: a fifth, so that a backlog shrinks five times as fast as it can grow.
GOAL = 0.2
# Times what a writer takes alone.
BESIDE_GOAL = 1.1
BACKLOG = 200_000
SECONDS, ROUNDS = 10, 5
# How many entries the lines speak of.
ENTRIES = 10_000
# Of the sealer beside the writer: twenty times as often as in production.
EVERY_SECONDS = 1
# One process: an act after the other, each an entry in a transaction of its own, as acts write them.
WRITER = """
import django, json, sys, time
django.setup()
from privacy.evidence import trail
trail.record("bench.begun")
ends, count = time.perf_counter() + float(sys.argv[1]), 0
begin = time.perf_counter()
while time.perf_counter() < ends:
    trail.record("bench.written", request_ref="ABCDEFGHJK", reason="x")
    count += 1
print(json.dumps({"count": count, "seconds": time.perf_counter() - begin}))
"""
# Another: what the sweep does, until it is told to stop.
SEALER = """
import django, sys, time
from datetime import timedelta
django.setup()
from django.utils import timezone
from privacy.evidence import seals
seals.seal(now=timezone.now() + seals.SETTLED)
print("ready", flush=True)
while True:
    time.sleep(float(sys.argv[1]))
    seals.seal(now=timezone.now() + seals.SETTLED)
"""
BACKLOG_SQL = """
INSERT INTO privacy_trailentry (event, at, subject_ref, actor_ref, request_ref, reason)
SELECT 'bench.filled', now() - interval '1 day', gen_random_uuid(), 'system', 'ABCDEFGHJK', '' FROM generate_series(1, %s)
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.sealing", description=__doc__)
    parser.add_argument("--backlog", type=int, default=BACKLOG, help=f"entries that wait for a seal ({BACKLOG})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"of which the median counts ({ROUNDS})")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"that each writer writes ({SECONDS})")
    parser.add_argument("--to", type=Path, default=FILE, help="the file of the results (bench/sealing.json)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen))


def _measure(chosen):
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    alone, beside, sealed, read = [], [], [], []
    for _nth in range(chosen.rounds):
        alone.append(_written(chosen.seconds))
        beside.append(_written_beside_a_sealer(chosen.seconds))
        sealed.append(_sealed(chosen.backlog))
        read.append(_verified())
    measured = [
        results.result(f"seal {ENTRIES} entries, beside writing them", ENTRIES, sealed, alone, goal=GOAL),
        results.result(f"write {ENTRIES} entries while they are sealed", ENTRIES, beside, alone, goal=BESIDE_GOAL),
        results.result(f"verify {ENTRIES} entries, beside writing them", ENTRIES, read, alone),
    ]
    results.write(measured, chosen.to)
    print(results.table(measured))
    if chosen.to == FILE:
        document.write()


def _written(seconds) -> float:
    """Seconds for so many entries."""
    done = subprocess.run([sys.executable, "-c", WRITER, str(seconds)], check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    return said["seconds"] / said["count"] * ENTRIES


def _written_beside_a_sealer(seconds) -> float:
    sealer = subprocess.Popen([sys.executable, "-c", SEALER, str(EVERY_SECONDS)], stdout=subprocess.PIPE)
    try:
        sealer.stdout.readline()
        return _written(seconds)
    finally:
        sealer.terminate()
        sealer.wait()


def _sealed(backlog) -> float:
    """A backlog, without anybody beside it; all that waits is sealed before."""
    from django.db import connection
    from django.utils import timezone

    from privacy.evidence import seals

    from .states import Differs

    seals.seal(now=timezone.now() + seals.SETTLED)
    with connection.cursor() as cursor:
        cursor.execute(BACKLOG_SQL, [backlog])
    begin = time.perf_counter()
    seals.seal(now=timezone.now() + seals.SETTLED)
    seconds = time.perf_counter() - begin
    if seals.unsealed(everywhere=True):
        raise Differs("entries are left without a seal")
    return seconds / backlog * ENTRIES


def _verified() -> float:
    from privacy.evidence import verifying

    from .states import Differs

    begin = time.perf_counter()
    verdict = verifying.verify()
    if not verdict.holds:
        raise Differs(verdict.faults[0])
    return (time.perf_counter() - begin) / verdict.entries * ENTRIES


if __name__ == "__main__":
    sys.exit(main())
