"""python -m bench.peers: how long others take to export or erase such a person; what is beyond the largest is worked out, and marked."""

import argparse
import json
import os
import subprocess
import sys
import venv
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from statistics import median

from . import document, server

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "bench" / "peers.json"
ENVIRONMENT = ROOT / "build" / "peers"
ASSIST = "django-gdpr-assist"
ASSIST_VERSION = "1.4.2"
ASSIST_NAME = f"{ASSIST} {ASSIST_VERSION}"
OURS, ARCHIVE, ROWS, WHOLE_ACT, LIMIT = (
    "Inzage, JSON alone",
    "Inzage, whole archive",
    "Inzage, rows alone",
    "Inzage, whole act",
    "hand-written SQL",
)
EXPORT, ERASE = "export", "erase"
# Act -> name -> what bench.memory calls it; the first is what others are held against.
IN_DJANGO = {
    EXPORT: {OURS: "export", ARCHIVE: "archive", "list of dicts and json": "dicts", "Django's serializers": "serialized"},
    ERASE: {
        ROWS: "erase rows",
        WHOLE_ACT: "erase",
        LIMIT: "by hand",
        "`queryset.update()`": "update",
        "`bulk_update()`": "bulk_update",
        "loop of `save()` with Faker": "save",
    },
}
WAYS = {act: [*ways, ASSIST_NAME] for act, ways in IN_DJANGO.items()}
# Nobody should wait for the others at these.
BEYOND = [100_000, 1_000_000]
MEASURED_BEYOND = {OURS, ARCHIVE, ROWS, WHOLE_ACT, LIMIT}


@dataclass
class Peer:
    """`times`: as long as the first of its act for so many rows; None where it was not measured but worked out."""

    name: str
    rows: int
    seconds: float
    times: float | None = None
    peak_mib: float | None = None
    act: str = EXPORT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--rows", type=int, nargs=2, default=[50, 5_000], help="of the two kinds of persons (50 5000)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (5)")
    parser.add_argument("--to", type=Path, default=FILE, help="the file of results (bench/peers.json)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    from django.core.management import call_command
    from django.db import connection

    from . import people

    call_command("migrate", verbosity=0)
    sizes = [rows for rows in chosen.rows for _nth in range(1 + chosen.rounds * len(WAYS[ERASE]))]
    persons = people.fill(sizes, others=100_000)
    warm_ups = (people.person(nth, people.ROWS_EACH) for nth in count(len(sizes)))
    connection.close()
    python = _environment()
    groups = [[person for person in persons if person.rows == rows] for rows in chosen.rows]
    found = [peer for act in WAYS for group in groups for peer in _peers(act, address, group, warm_ups, chosen.rounds, python)]
    said = [asdict(peer) for peer in [*found, *worked_out(found)]]
    chosen.to.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    print(*(document.peers(said, act) for act in WAYS), sep="\n")
    if chosen.to == FILE:
        document.write()


def _peers(act, address, group, warm_ups, rounds, python) -> list[Peer]:
    """All take turns, each in a process of its own. Who is exported is the same each time; who is erased is another of the group."""
    exported, *others = group
    erased = iter(others)
    measured = [
        {name: _taken(act, name, address, exported if act == EXPORT else next(erased), next(warm_ups), python) for name in WAYS[act]}
        for _nth in range(rounds)
    ]
    seconds = {name: median(each[name]["seconds"] for each in measured) for name in WAYS[act]}
    peaks = {name: max(each[name]["peak_mib"] for each in measured) for name in WAYS[act]}
    first = seconds[WAYS[act][0]]
    return [Peer(name, exported.rows, round(took, 4), round(took / first, 2), round(peaks[name], 1), act) for name, took in seconds.items()]


def _taken(act, name, address, person, warm_up, python) -> dict[str, float]:
    from . import memory

    if name != ASSIST_NAME:
        return memory.measured(IN_DJANGO[act][name], person, warm_up, address=address)
    command = [python, "-m", "bench.assist", act, address, str(person.member), str(warm_up.member)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def worked_out(found: list[Peer]) -> list[Peer]:
    """In a straight line through what was measured; ours and the limit are measured at these sizes."""
    ways = dict.fromkeys((peer.act, peer.name) for peer in found if peer.name not in MEASURED_BEYOND)
    return [_on_line([peer for peer in found if (peer.act, peer.name) == way], rows) for rows in BEYOND for way in ways]


def _on_line(points, rows) -> Peer:
    few, many = points
    per_row = (many.seconds - few.seconds) / (many.rows - few.rows)
    return Peer(few.name, rows, round(many.seconds + per_row * (rows - many.rows), 1), act=few.act)


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
