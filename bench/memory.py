"""How much memory an act takes over an idle worker, in a process of its own: `python -m bench.memory ACT PERSON WARM_UP`."""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

# /proc and getrusage count in KiB.
KIB_PER_MIB = 1024
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mib(act: str, person, warm_up, *, address: str) -> float:
    """Of "erase" or "export" on the database at this address, after the same act on another person."""
    described = [json.dumps({"rows": each.rows} | {name: str(key) for name, key in each.keys.items()}) for each in (person, warm_up)]
    command = [sys.executable, "-m", "bench.memory", act, *described]
    done = subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"{act} failed in a process of its own")
    return float(done.stdout)


def main(act, *described):
    import django

    django.setup()
    from . import erasing, exporting
    from .people import Person

    def export(person):
        with tempfile.TemporaryFile() as file:
            exporting.archive(person, file)

    do = {"erase": erasing.erase, "export": export}[act]
    person, warm_up = (Person(**json.loads(each)) for each in described)
    do(warm_up)
    idle = peak_from_now()
    do(person)
    print((peak() - idle) / KIB_PER_MIB)


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
