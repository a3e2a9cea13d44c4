"""What commands about one person share: finding her, saying no in one line, showing progress."""

import argparse
import sys
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFault
from tqdm import tqdm

from ..casework.finding import subject_with
from ..errors import PrivacyError, UnknownPerson
from ..evidence.remarks import WORDS_AT_MOST

# Whoever is at the shell, where no account says who that is.
OPERATOR = "operator"


def words(text: str) -> str:
    """An argument of 1 to 60 characters on one line."""
    if not 0 < len(text.strip()) <= WORDS_AT_MOST or not text.isprintable():
        raise argparse.ArgumentTypeError(f"give 1 to {WORDS_AT_MOST} characters on one line")
    return text.strip()


def actor_of(said: str) -> str:
    """For trail and requests: the reference of a person by her address; a role where it is none, since words may name somebody."""
    try:
        return str(subject_with(said).ref)
    except UnknownPerson:
        return OPERATOR


@contextmanager
def said_in_one_line():
    """What the engine or the database refuses, as one line on stderr and exit code 1."""
    try:
        yield
    except PrivacyError as refusal:
        raise CommandError(str(refusal), returncode=1) from None
    except DatabaseFault as fault:  # its own words may hold values
        raise CommandError(f"the database refused ({type(fault).__name__})", returncode=1) from None


class PersonCommand(BaseCommand):
    """Refusals become one line on stderr and exit code 1; wrong usage is 2."""

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL", help="the address with which the person signs in")

    def handle(self, *args, **options):
        with said_in_one_line():
            self.act(subject_with(options["email"]), **options)

    def act(self, subject, **options):
        raise NotImplementedError

    @contextmanager
    def progress(self, what: str, total: int):
        """A bar on a terminal, silence in a pipe; yields a function of (what, rows)."""
        with tqdm(total=total, desc=what, unit="row", file=sys.stderr, disable=None, leave=False) as bar:
            yield lambda _what, rows: bar.update(rows)
