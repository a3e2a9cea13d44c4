"""The processes of the demonstration, worker and web server: started apart from Ctrl-C, and stopped together at the end."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

from django.conf import settings

# Seconds that a process may take to finish what it is doing.
PATIENCE = 10


class Ended(Exception):
    """A process that has to run does not; the message names it."""


class Children:
    """Use as a context: whatever happens inside, no process stays behind."""

    def __init__(self):
        self.processes = {}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for process in self.processes.values():
            _tell(process, signal.SIGTERM)
        for process in self.processes.values():
            _wait(process)

    def start(self, name, *arguments, folder=settings.BASE_DIR, **environment: str):
        """`python -m ...` with our settings and these; what it prints goes to a log file beside the database. Its group is its own."""
        log = log_of(name)
        with log.open("ab") as output:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - our own programs
                [sys.executable, "-m", *arguments],
                cwd=folder,
                env=os.environ | environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self.processes[name]

    def refuse_ended(self) -> None:
        """Ended where one stopped by itself, with the last line it wrote."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise Ended(f"the {name} stopped by itself: {last_line_of(name)}")


def log_of(name):
    return settings.VAR / f"{name}.log"


def last_line_of(name) -> str:
    lines = log_of(name).read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _tell(process, number):
    """The whole group: a worker's timetable and a server's workers too."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _wait(process):
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        _tell(process, signal.SIGKILL)
        process.wait()


def start_worker(children):
    """One task at a time is enough for one teacher; it also keeps the timetable, by which it sweeps and cleans up."""
    quietly = ("--loglevel", "ERROR", "--without-gossip", "--without-mingle")
    return children.start("worker", "celery", "--app", "config", "worker", "--pool", "solo", *quietly, "--beat")


def start_server(children, port: int):
    return children.start(
        "server",
        "gunicorn",
        "config.wsgi",
        *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2", "--log-level", "warning", "--no-control-socket"),
    )
