"""The report of an archive on paper, with more rows than a person reads: seconds and peak of memory, `python -m bench.paper ROWS`."""

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

from . import memory
from .results import Result

# Rows -> seconds that will do; measured at first with embedded letters on the canvas (docs/benchmarks.md).
GOALS = {10_000: 1.5, 100_000: 11}
ROUNDS = 3
# Of ten rows two are read as blocks, the rest in tables.
VIEWS, MESSAGES = 8, 2
RESOURCES = 300


def results(*, most: int) -> list[Result]:
    """Up to `most` rows. The limit is the goal itself: no hand-written SQL writes a PDF."""
    return [_result(rows, seconds) for rows, seconds in GOALS.items() if rows <= most]


def _result(rows, goal) -> Result:
    measured = [_apart(rows) for _nth in range(ROUNDS)]
    seconds = sorted(each["seconds"] for each in measured)[ROUNDS // 2]
    peak = max(each["peak_mib"] for each in measured)
    return Result(f"export pdf {rows} rows", rows, seconds, float(goal), seconds / goal, goal=1, peak_mib=peak)


def _apart(rows) -> dict:
    """In a process of its own, so that no memory of others counts."""
    done = subprocess.run([sys.executable, "-m", "bench.paper", str(rows)], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def manifest(rows: int) -> dict:
    """Two kinds of data as `manifest.json` tells of them."""
    return {
        "language": "nl",
        "made_at": "2026-11-28T12:00:00.000000Z",
        "subject": "6f1c7a52-2f4e-4c1b-9a3f-1d2e3f4a5b6c",
        "scope": {"kind": "everything"},
        "rows": rows,
        "parts": [
            _part("usage.ResourceView", rows * VIEWS // 10, "viewed_at", ["ip_address"], resource="usage_resource"),
            _part("usage.Message", rows * MESSAGES // 10, "sent_at", ["sender", "recipient", "text", "read_at"]),
        ],
        "activities": [
            {
                "slug": "usage",
                "title": "Gebruik",
                "purpose": "",
                "bases": {},
                "recipients": [],
                **dict.fromkeys(("retention", "source", "transfers"), ""),
            }
        ],
        **{who: {"name": who, "address": "", "email": ""} for who in ("controller", "dpo", "authority")},
        **{empty: [] for empty in ("recipients", "held_elsewhere", "rights", "stored_files")},
    }


def _part(record, rows, moment, names, **references):
    columns = [_column(moment), *(_column(name, part) for name, part in references.items()), *map(_column, names)]
    facts = {"file": "data/x.json", "csv": None, "activity": "usage", "after_erasure": "", "left_out": [], "masked": []}
    return {"record": record, "title": record, "rows": rows, "moment": moment, "columns": columns, **facts}


def _column(name, references=None):
    role = "person" if name in ("sender", "recipient") else "observed"
    return {"name": name, "label": name, "role": role, "codes": None, "references": references}


def rows_of(parts: list[dict], chance: random.Random) -> dict[str, list[dict]]:
    views, messages = parts
    return {
        "usage_resourceview": [_view(nth, chance) for nth in range(views["rows"])],
        "usage_message": [_message(nth, chance) for nth in range(messages["rows"])],
    }


def _view(nth, chance):
    return {"viewed_at": _moment(nth), "resource": chance.randrange(RESOURCES), "ip_address": f"192.0.2.{nth % 256}"}


def _message(nth, chance):
    text = "Dag collega, hoeveel lesuren reken je voor de Eerste Wereldoorlog in Ieper? " * chance.randint(1, 3)
    return {"sent_at": _moment(nth), "sender": None, "recipient": "x", "text": text, "read_at": _moment(nth)}


def _moment(nth) -> str:
    return f"{datetime(2026, 11, 28, tzinfo=UTC) - timedelta(minutes=37 * nth):%Y-%m-%dT%H:%M:%S.%fZ}"


def main(rows: int) -> None:
    import django

    django.setup()
    from privacy.rights.report import write_report

    told = manifest(rows)
    latest, titles = rows_of(told["parts"], random.Random(1)), {"usage_resource": {nth: f"Les nummer {nth}" for nth in range(RESOURCES)}}
    with tempfile.TemporaryFile() as warm_up, tempfile.TemporaryFile() as file:
        write_report(manifest(10), {}, {}, warm_up)
        idle, begin = memory.peak_from_now(), time.perf_counter()
        write_report(told, latest, titles, file)
    print(json.dumps({"seconds": time.perf_counter() - begin, "peak_mib": (memory.peak() - idle) / memory.KIB_PER_MIB}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
