"""manage.py anonymise_database: make a copy of the real database safe to work and test with."""

import sys
import time

from django.core.management.base import BaseCommand
from tqdm import tqdm

from ...rights import staging
from ..person import said_in_one_line


class Command(BaseCommand):
    help = (
        "Replace every personal value of a copy of the real database (docs/staging.md): as many rows and as believable, nobody's own. "
        "Works only on a database that mark_as_copy marked. Killed half-way, it goes on where it stopped when it is run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what each column would become, and change nothing")

    def handle(self, *, dry_run, **options):
        with said_in_one_line():
            tables = staging.plan()
            if dry_run:
                return self._say(tables)
            self._carry_out(tables)

    def _say(self, tables):
        for table in tables:
            self.stdout.write(f"{table.name}: {table.rows} rows{', emptied' if table.is_emptied else ''}")
            for column in table.columns or ():
                self.stdout.write(f"  {column.field.column}: {column.likeness.label}")

    def _carry_out(self, tables):
        begin = time.perf_counter()
        with tqdm(total=sum(table.rows for table in tables), desc="copy", unit="row", file=sys.stderr, disable=None, leave=False) as bar:
            rows = staging.anonymise(tables, progress=lambda _what, rows: bar.update(rows))
        seconds = max(time.perf_counter() - begin, 0.001)
        self.stdout.write(f"safe: {rows} rows made anew in {seconds:.1f} s, {rows / seconds:.0f} rows a second")
        self.stdout.write("nobody can sign in yet; manage.py changepassword gives one account a password")
