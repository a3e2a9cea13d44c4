"""A small real site: a folder, a database, a worker, its clock and a web server of its own, and an end to all of them."""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from tests import migrated
from tests.postgres import throwaway

ROOT = Path(__file__).resolve().parents[2]
# Longer than anything here takes; whoever hangs fails.
SECONDS_AT_MOST = 120
# A worker that was killed is replaced after this; the sweep looks for it every second.
LEASE_SECONDS = 2
WORKER = ("-A", "config", "worker", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO")


class Site:
    """Processes that speak to each other through database, folders and messages, as in production."""

    def __init__(self, folder: Path, database: str, **environment: str):
        self.folder = folder
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database,
            "INZAGE_VAR": str(folder / "var"),
            "INZAGE_SWEEP_SECONDS": "1",
            "INZAGE_LEASE_SECONDS": str(LEASE_SECONDS),
            "INZAGE_RESIDUE_MINUTES": "0",
            "INZAGE_RESIDUE_PAUSE": "0",
            # kombu passes each message through here.
            "TMPDIR": str(folder / "tmp"),
            **environment,
        }
        (folder / "tmp").mkdir()
        self._processes: list[tuple[str, subprocess.Popen]] = []
        self._console = self._new_console()

    def _new_console(self):
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, mp_context=spawn, initializer=_settle, initargs=(self.environment,))

    def do(self, act, *arguments, **named):
        """What a function of tests.drills.acts returns in a process of this site."""
        return self.begin(act, *arguments, **named).result(SECONDS_AT_MOST)

    def begin(self, act, *arguments, **named) -> Future:
        return self._console.submit(act, *arguments, **named)

    @contextmanager
    def settled_otherwise(self, **environment: str):
        """What is done or started in this block has other settings."""
        before = self.environment, self._console
        self.environment = self.environment | environment
        self._console = self._new_console()
        try:
            yield
        finally:
            self._console.shutdown()
            self.environment, self._console = before

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, ROOT / "manage.py", *arguments]
        subprocess.run(command, env=os.environ | self.environment, check=True, capture_output=True, timeout=SECONDS_AT_MOST)

    def start(self, name: str, *command, **options) -> subprocess.Popen:
        """A process with a group of its own, so that its children can be killed with it; it writes to NAME.log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            environment = os.environ | self.environment
            process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True, **options
            )
        self._processes.append((name, process))
        return process

    @contextmanager
    def working(self, *, concurrency=1):
        """A worker and its clock; however many workers follow it, none is left."""
        self.start("beat", "celery", "-A", "config", "beat", "-l", "WARNING", "--pidfile=")
        try:
            yield self.start_worker(concurrency=concurrency)
        finally:
            self.stop("beat", "worker")

    def start_worker(self, *, concurrency=1, **options) -> subprocess.Popen:
        return self.start("worker", "celery", *WORKER, "-c", str(concurrency), **options)

    def start_web(self, door: socket.socket | None = None, *, threads=4) -> int:
        """The port; the socket is bound here, or was before, so that no other run can have it."""
        with door or socket.create_server(("127.0.0.1", 0)) as listening:
            port, number = listening.getsockname()[1], listening.fileno()
            options = ["--no-control-socket", "--threads", str(threads), "-b", f"fd://{number}"]
            self.start("web", "gunicorn", "config.wsgi", *options, pass_fds=[number])
        return port

    def kill(self, process: subprocess.Popen) -> None:
        """kill -9, the whole group: nobody is left to clean up."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(SECONDS_AT_MOST)

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def messages(self) -> list[Path]:
        """Every file of the broker, and what kombu left on the way."""
        return [path for place in ("var/broker", "tmp") for path in (self.folder / place).rglob("*") if path.is_file()]

    def mails(self) -> list[str]:
        """The Message-ID of every mail that went out, without its domain."""
        texts = [path.read_text() for path in (self.folder / "var/mail").glob("*")]
        return [name for text in texts for name in re.findall(r"^Message-ID: <(.+)@", text, re.MULTILINE)]

    def stop(self, *names: str) -> None:
        """Kill the processes of these names; without names all, and the console with them."""
        for name, process in self._processes:
            if process.poll() is None and (name in names or not names):
                self.kill(process)
        if not names:
            self._console.shutdown(cancel_futures=True)


def _settle(environment):
    os.environ.update(environment)
    django.setup()


@contextmanager
def running_site(address=None, **environment: str):
    """A migrated, empty site with these settings, on the kind of database that the tests run on, or on this one; nothing of it is left."""
    with ExitStack() as leaving:
        folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="inzage-drill-")))
        site = Site(folder, address or leaving.enter_context(new_database(folder)), **environment)
        leaving.callback(site.stop)
        if address:
            site.do(call_command, "migrate", verbosity=0)
            site.do(call_command, "createcachetable", verbosity=0)
        yield site


@contextmanager
def new_database(folder):
    """With every table, and nothing in them."""
    if connection.vendor == "postgresql":
        with throwaway(template=migrated.made()) as address:
            yield address
    else:
        file = folder / "site.sqlite3"
        migrated.copy_to(file)
        yield f"sqlite:///{file}"


def wait_until(true, *, what: str, seconds=60, every=0.02):
    """What `true` returns once it is true; fails with `what` and the last answer."""
    end = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < end, f"{what}: not within {seconds} seconds ({answer!r})"
        time.sleep(every)
    return answer
