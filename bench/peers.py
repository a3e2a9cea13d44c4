"""python -m bench.peers: how long others take for the export of the same person; what is beyond the largest is worked out, and marked."""

import argparse
import json
import os
import subprocess
import sys
import venv
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from . import document, server

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "bench" / "peers.json"
ENVIRONMENT = ROOT / "build" / "peers"
ASSIST = "django-gdpr-assist"
ASSIST_VERSION = "1.4.2"
OURS, ARCHIVE = "Inzage, JSON alone", "Inzage, whole archive"
# Name -> what bench.memory calls it.
IN_DJANGO = {OURS: "export", ARCHIVE: "archive", "list of dicts and json": "dicts", "Django's serializers": "serialized"}
# Nobody should wait for the others at these.
BEYOND = [100_000, 1_000_000]


@dataclass
class Peer:
    """`times`: as long as our JSON of so many rows; None where it was not measured but worked out."""

    name: str
    rows: int
    seconds: float
    times: float | None = None
    peak_mib: float | None = None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--rows", type=int, nargs=2, default=[50, 5_000], help="of the two persons that are exported (50 5000)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (5)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    from django.core.management import call_command
    from django.db import connection

    from . import people

    call_command("migrate", verbosity=0)
    warm_up, *persons = people.fill([people.WARM_UP_ROWS, *chosen.rows], others=100_000)
    connection.close()
    python = _environment()
    found = [peer for person in persons for peer in _peers(address, person, warm_up, chosen.rounds, python)]
    FILE.write_text(json.dumps([asdict(peer) for peer in [*found, *worked_out(found)]], indent=1) + "\n", encoding="utf-8")
    document.write()
    print(document.peers())


def _peers(address, person, warm_up, rounds, python) -> list[Peer]:
    """All take turns, each in a process of its own."""
    measured = [_round(address, person, warm_up, python) for _nth in range(rounds)]
    seconds = {name: median(each[name]["seconds"] for each in measured) for name in measured[0]}
    return [
        Peer(name, person.rows, round(took, 4), round(took / seconds[OURS], 2), round(max(each[name]["peak_mib"] for each in measured), 1))
        for name, took in seconds.items()
    ]


def _round(address, person, warm_up, python) -> dict[str, dict]:
    from . import memory

    measured = {name: memory.measured(act, person, warm_up, address=address) for name, act in IN_DJANGO.items()}
    command = [python, "-m", "bench.assist", address, str(person.member), str(warm_up.member)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return {**measured, f"{ASSIST} {ASSIST_VERSION}": json.loads(done.stdout)}


def worked_out(found: list[Peer]) -> list[Peer]:
    """In a straight line through what was measured; ours are measured at these sizes."""
    names = dict.fromkeys(peer.name for peer in found if peer.name not in {OURS, ARCHIVE})
    return [_on_line([peer for peer in found if peer.name == name], rows) for rows in BEYOND for name in names]


def _on_line(points, rows) -> Peer:
    few, many = points
    per_row = (many.seconds - few.seconds) / (many.rows - few.rows)
    return Peer(few.name, rows, round(many.seconds + per_row * (rows - many.rows), 1))


def _environment() -> Path:
    """The package in an environment of its own, with the Django and the driver that we have."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    wanted = [f"{ASSIST}=={ASSIST_VERSION}", f"Django=={version('Django')}", f"psycopg[binary]=={version('psycopg')}"]
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *wanted], check=True, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    )
    return python


if __name__ == "__main__":
    sys.exit(main())
