"""python -m tests.drills: erasures while workers die, the database crashes and more; docs/reliability.md gets what came of it."""

import argparse
import os
import sys
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- drill -->\n", "<!-- /drill -->"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="faults, most of them a kill -9 (200)")
    parser.add_argument("--seed", type=int, default=1, help="of chance: the same faults in the same order (1)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    drilled = _drill(chosen)
    print(table(drilled))
    if chosen.write:
        before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + table(drilled) + END + rest.partition(END)[2], encoding="utf-8")


def _drill(chosen):
    from tqdm import tqdm

    from .drill import drill

    with tqdm(total=chosen.kills, unit="fault", disable=None, leave=False) as bar:
        return drill(kills=chosen.kills, seed=chosen.seed, report=lambda fault: bar.update())


def table(drilled) -> str:
    """As Markdown: each fault with how often it came, then what became of the people."""
    from .faults import FAULTS

    said = {fault.__name__: fault.__doc__ or "kill -9 of the worker and its children" for fault in FAULTS}
    lines = [f"| {name.replace('_', ' ')} | {drilled.faults[name]} | {said[name].partition('.')[0].strip()} |" for name in said]
    result = (
        f"{drilled.people} people, {drilled.attempts} attempts by workers, {drilled.seconds / 60:.0f} minutes (seed {drilled.seed}): "
        f"{drilled.people} erased exactly once; {drilled.too_early} said to be done with a step open; "
        f"{drilled.mails_repeated} mails sent twice, each under the same Message-ID."
    )
    return "\n".join(["| fault | times | |", "| --- | --- | --- |", *lines, "", result, ""])


if __name__ == "__main__":
    sys.exit(main())
