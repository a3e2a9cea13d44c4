"""manage.py note_bounce: a mail server wrote that a letter of ours did not arrive."""

import sys

from django.core.management.base import BaseCommand, CommandError

from ...casework import bounces
from ...errors import NotABounce
from ..person import said_in_one_line


class Command(BaseCommand):
    help = (
        "Read one report of a mail server (RFC 3464) and note on the desk that the letter did not arrive: from a file, or from standard "
        "input, so that the mail server can hand it over. Prints the number of the request, never an address. "
        "Exit code 0: noted; 1: none of our letters, or known already; 2: no such report, or the letter is only late."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="the report as it came; - for standard input")

    def handle(self, *args, **options):
        with said_in_one_line():
            letter = self._noted(self._report(options["file"]))
        if letter is None:
            raise CommandError("none of our letters, or known already", returncode=1)
        self.stdout.write(f"noted: {letter.kind} of request {letter.request.ref} came back")

    def _noted(self, report):
        try:
            return bounces.note_report(report)
        except NotABounce as refusal:
            raise CommandError(str(refusal), returncode=2) from None

    def _report(self, name) -> bytes:
        """One byte more than is read, so that a large one is refused and not cut."""
        if name == "-":
            return sys.stdin.buffer.read(bounces.LARGEST + 1)
        try:
            with open(name, "rb") as file:
                return file.read(bounces.LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{name} cannot be read ({type(error).__name__})", returncode=2) from None
