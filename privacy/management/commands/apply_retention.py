"""manage.py apply_retention: take away what has had its time, or say what would go."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from ...casework import unused
from ...conf import setting
from ...rights import inactivity, retention
from ...rights.nights import RetentionRun
from ..person import said_in_one_line


class Command(BaseCommand):
    help = (
        "Take away every value whose time has passed, as the data map says, and go on with accounts that nobody uses, under rules that "
        "somebody approved. Prints per table and column how many values are due, and the oldest. Broken off, it goes on the next time."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would go; nothing changes, no mail is written")
        parser.add_argument("--limit", type=int, metavar="N", help="at most so many values, and so many accounts of a kind")

    def handle(self, *args, **options):
        limit, now = options["limit"], timezone.now()
        if limit is not None and limit < 1:
            raise CommandError("--limit takes a number from 1 on", returncode=2)
        with said_in_one_line():
            found = retention.due(now)
            self._say(found, now)
            if not options["dry_run"]:
                self._apply(sum(each.values for each in found), now, limit)

    def _say(self, found, now):
        for each in found:
            oldest = f", the oldest of {timezone.localtime(each.oldest):%Y-%m-%d}" if each.oldest else ""
            self.stdout.write(f"{each.values:>9} {each.column}: {each.line.expires.days} days{oldest}")
        for rule in inactivity.rules():
            self.stdout.write(f"{unused.proposals(rule, now).count():>9} {rule.kind}: unused for {rule.months} months, next to be warned")
            self.stdout.write(f"{unused.over(rule, now).count():>9} {rule.kind}: warned, and the last day has passed")
            if not inactivity.in_force(rule):
                self.stdout.write(f"          {rule.kind}: this rule is not approved, so nobody is warned or erased")

    def _apply(self, values, now, limit):
        with tqdm(
            total=min(values, limit or setting("RETENTION_PER_NIGHT")), unit="value", file=sys.stderr, disable=None, leave=False
        ) as bar:
            gone = retention.apply(now, at_most=limit, progress=bar.update)
        unused.carry_on(now, at_most=limit)
        self.stdout.write(f"{gone} values went")
        for night in RetentionRun.objects.filter(what=RetentionRun.What.ACCOUNTS, started_at=now):
            for what, count in night.counts.items():
                self.stdout.write(f"{count:>9} {what}")
