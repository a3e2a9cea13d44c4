"""manage.py replay_ledger: do again what a database put back from a backup no longer knows."""

import sys
from collections import Counter

from django.core.management.base import BaseCommand
from tqdm import tqdm

from ...evidence import replay
from ..person import said_in_one_line


class Command(BaseCommand):
    help = (
        "After a restore: do again, in order, every erasure, withdrawal, objection, restriction and ban that the database no longer knows. "
        "Safe to run any number of times. Exit code 1 names the line that could not be done; those before it are."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")

    def handle(self, *args, **options):
        with said_in_one_line():
            waiting = replay.waiting()
            for event, lines in sorted(Counter(line.event for line in waiting).items()):
                self.stdout.write(f"{lines:>9} {event}")
            if options["dry_run"]:
                return self.stdout.write(f"the database knows line {replay.LedgerPosition.now().number}; {len(waiting)} to do")
            self._replay(len(waiting))

    def _replay(self, total):
        with tqdm(total=total, desc="replay", unit="line", file=sys.stderr, disable=None, leave=False) as bar:
            done = replay.replay(each=lambda line: bar.update(1))
        self.stdout.write(f"replayed: {done}")
