"""python -m bench.beside: how long visitors wait while a large erasure goes on, gently and fast, beside a quiet site."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count, cycle
from pathlib import Path
from statistics import quantiles

from . import document, memory, results, server

FILE = Path(__file__).parent / "beside.json"
# Visitors come whether the site answers or not; each meets the start page, the sign-in page and the material in turn.
PER_SECOND, QUIET_SECONDS, SECONDS_TO_ANSWER = 20, 20, 30
PATHS = ("/", "/account/login/", "/material/")
# Times the p95 of the quiet site.
GOAL = 3
OK = 200
THREADS = 4


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the person who is erased (1000000)")
    parser.add_argument("--table", type=int, default=5_000_000, help="rows of everybody together (5000000)")
    parser.add_argument("--to", type=Path, default=FILE, help="the file of results (bench/beside.json)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    from django.core.management import call_command

    from . import people
    from .copies import Copies

    call_command("migrate", verbosity=0)
    warm_up, person = people.fill([people.WARM_UP_ROWS, chosen.rows], others=chosen.table - chosen.rows)
    copies, measured, seconds = Copies(address), [], {}
    for pace in ("gentle", "fast"):
        with copies.one() as copy, _site(copy) as port:
            quiet = p95(_come(port, while_true=lambda: True, seconds=QUIET_SECONDS))
            seconds[pace], busy = _erase_beside(copy, port, memory.command("erase", person, warm_up), pace)
        goal = GOAL if pace == "gentle" else None
        measured.append(results.result(f"p95 beside an erasure of {chosen.rows} rows, {pace}", chosen.rows, [busy], [quiet], goal=goal))
    price = [seconds["gentle"]], [seconds["fast"]]
    measured.append(results.result(f"erasure of {chosen.rows} rows beside visitors, gentle against fast", chosen.rows, *price))
    results.write(measured, chosen.to)
    print(results.table(measured))
    if chosen.to == FILE:
        document.write()


@contextmanager
def _site(address):
    """The port of a web server of its own on this database."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, number = listening.getsockname()[1], listening.fileno()
        command = ["gunicorn", "config.wsgi", "--no-control-socket", "--threads", str(THREADS), "-b", f"fd://{number}"]
        environment = os.environ | {"DATABASE_URL": address}
        web = subprocess.Popen([sys.executable, "-m", *command], env=environment, pass_fds=[number], stderr=subprocess.DEVNULL)
    try:
        for path in PATHS:
            _visit(port, path, time.monotonic())
        yield port
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(SECONDS_TO_ANSWER)


def _erase_beside(address, port, command, pace) -> tuple[float, float]:
    """Seconds that the erasure took, in a process of its own, and the p95 of visitors meanwhile."""
    worker = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": address, "INZAGE_ERASURE_PACE": pace}, stdout=subprocess.PIPE)
    waited = _come(port, while_true=lambda: worker.poll() is None)
    said, _errors = worker.communicate()
    if worker.returncode:
        raise RuntimeError("the erasure failed in a process of its own")
    return json.loads(said)["seconds"], p95(waited)


def _come(port, *, while_true, seconds=3600.0) -> list[float]:
    """Seconds that each waited, from the moment she meant to come."""
    with ThreadPoolExecutor(64) as visitors:
        begin, left = time.monotonic(), []
        for number, path in zip(count(), cycle(PATHS), strict=False):
            due = begin + number / PER_SECOND
            time.sleep(max(0, due - time.monotonic()))
            if due - begin > seconds or not while_true():
                break
            left.append(visitors.submit(_visit, port, path, due))
    return [visit.result() for visit in left]


def _visit(port, path, due) -> float:
    door = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
    door.request("GET", path)
    answer = door.getresponse()
    answer.read()
    if answer.status != OK:
        raise RuntimeError(f"{path} answered {answer.status}")
    return time.monotonic() - due


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    sys.exit(main())
