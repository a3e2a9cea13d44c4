"""manage.py verify_trail: does the trail still say what it said?"""

from django.core.management.base import BaseCommand, CommandError

from ...evidence import heads, seals
from ..person import OPERATOR, said_in_one_line


class Command(BaseCommand):
    help = (
        "Check every sealed entry of the trail against its seal, every seal against the one before, and the heads of earlier days, kept "
        "outside the database, against the seals. Names what does not fit, and since when nothing is sealed, with exit code 1. "
        "Prints the head."
    )

    def add_arguments(self, parser):
        parser.add_argument("--head", metavar="HEAD", help="a root from a mail of ours, or its whole line: is it still among the seals?")
        parser.add_argument("--signature", default="", help="the line below that one: did we sign it?")
        parser.add_argument(
            "--set-aside",
            action="store_true",
            help="after a restore or a loss of files: put away heads that this database does not know, or that are gone; it is noted",
        )

    def handle(self, *args, **options):
        with said_in_one_line():
            if options["set_aside"]:
                self._set_aside()
            self._verify(options["head"], options["signature"])

    def _set_aside(self):
        days = heads.set_aside(actor_ref=OPERATOR)
        self.stdout.write(f"heads set aside: {', '.join(days) or 'none'}")

    def _verify(self, asked, signature):
        verdict = heads.compared()
        if asked and not heads.is_known(asked, signature):
            verdict.note(f"head {asked}")
        if not verdict.holds:
            raise CommandError(f"the trail does not hold: {', '.join(verdict.faults)}", returncode=1)
        self.stdout.write(f"the trail holds: {verdict.entries} sealed entries, {seals.unsealed(everywhere=True)} not sealed yet")
        self.stdout.write(f"heads kept: {len(heads.kept())}")
        self.stdout.write(f"head: {verdict.head or 'none yet'}")
