"""How much memory an act takes over an idle worker, in a process of its own: `python -m bench.memory ACT PERSON WARM_UP`."""

import importlib
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

# /proc and getrusage count in KiB.
KIB_PER_MIB = 1024
# Each by its module and function.
ACTS = {
    "erase": ("erasing", "erase"),
    "erase rows": ("erasing", "rows_alone"),
    "by hand": ("erasing", "by_hand"),
    "update": ("plain", "updated"),
    "bulk_update": ("plain", "updated_in_bulk"),
    "save": ("plain", "saved"),
    "export": ("exporting", "json_part"),
    "archive": ("exporting", "archive"),
    "dicts": ("plain", "dicts"),
    "serialized": ("plain", "serialized"),
}
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mib(act: str, person, warm_up, *, address: str) -> float:
    """Of one of ACTS on the database at this address, after the same act on another person."""
    return measured(act, person, warm_up, address=address)["peak_mib"]


def measured(act: str, person, warm_up, *, address: str) -> dict[str, float]:
    """Seconds, beside that peak. An act of which only a part counts says itself how long that took."""
    done = subprocess.run(command(act, person, warm_up), env=os.environ | {"DATABASE_URL": address}, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"{act} failed in a process of its own")
    return json.loads(done.stdout)


def command(act: str, person, warm_up) -> list[str]:
    """To begin it with, once DATABASE_URL says where; what it prints are those seconds and that peak."""
    described = [json.dumps({"rows": each.rows} | {name: str(key) for name, key in each.keys.items()}) for each in (person, warm_up)]
    return [sys.executable, "-m", "bench.memory", act, *described]


def main(act, *described):
    import django

    django.setup()
    from .people import Person

    do = _act(act)
    person, warm_up = (Person(**json.loads(each)) for each in described)
    do(warm_up)
    idle, begin = peak_from_now(), time.perf_counter()
    own = do(person)
    seconds = own if isinstance(own, float) else time.perf_counter() - begin
    print(json.dumps({"seconds": seconds, "peak_mib": (peak() - idle) / KIB_PER_MIB}))


def _act(name):
    """A function of a person; only now, since it takes Django."""
    module, function = ACTS[name]
    return getattr(importlib.import_module(f"bench.{module}"), function)


def peak_from_now() -> int:
    """What is in use; on Linux the peak before is forgotten."""
    if FORGET.exists():
        FORGET.write_text("5")
    return peak()


def peak() -> int:
    if STATUS.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", STATUS.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(*sys.argv[1:])
