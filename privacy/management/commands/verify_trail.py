"""manage.py verify_trail: does the trail still say what it said?"""

from django.core.management.base import BaseCommand, CommandError

from ...evidence import trail
from ..person import said_in_one_line


class Command(BaseCommand):
    help = (
        "Check every sealed entry of the trail against its seal, and every seal against the one before. "
        "Names what does not fit, with exit code 1. Prints the head: kept elsewhere, it shows if the newest seals were taken away."
    )

    def handle(self, *args, **options):
        with said_in_one_line():
            self._verify()

    def _verify(self):
        faults = trail.faults()
        if faults:
            raise CommandError(f"the trail was changed: {', '.join(faults)}", returncode=1)
        self.stdout.write(f"the trail holds: {trail.SealedEntry.objects.count()} sealed entries, {trail.unsealed()} not sealed yet")
        self.stdout.write(f"head: {trail.head() or 'none yet'}")
