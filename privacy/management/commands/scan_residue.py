"""manage.py scan_residue: search everything, now, for what is left of the people whose erasure waits for it."""

from django.core.management.base import BaseCommand, CommandError

from ...evidence import residue


class Command(BaseCommand):
    help = "Search every table and file for what is left of erased people, for all requests that wait. Prints places and counts."

    def add_arguments(self, parser):
        parser.add_argument(
            "--settle", metavar="REF", help="what was left is gone, and what to look for was destroyed: let the request go on"
        )

    def handle(self, *args, settle, **options):
        if settle:
            return self._settle(settle.strip().upper())
        reading = residue.look()
        if reading is None:
            return self.stdout.write("no erasure waits for it, or another process is searching")
        self.stdout.write(f"{reading.places} places, {reading.rows} rows read")
        for ref, found in sorted(reading.found.items()):
            for (place, kind), hits in sorted(found.hits.items()):
                self.stdout.write(f"{ref} {hits:>9} {kind}: {place}")
        left = sum(found.times(residue.REMAINS) for found in reading.found.values())
        if left:
            raise CommandError(f"left behind: {left}; take it away where it stands, then run this again", returncode=1)

    def _settle(self, ref):
        if not residue.settle(ref):
            raise CommandError(f"{ref}: nothing was left, or it can still be searched for again", returncode=1)
        self.stdout.write(f"{ref}: settled; the worker goes on with it")
