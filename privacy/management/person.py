"""What commands about one person share: finding her, saying no in one line, showing progress."""

import sys
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from ..errors import PrivacyError, UnknownPerson
from ..subjects import Subject


class PersonCommand(BaseCommand):
    """Refusals become one line on stderr and exit code 1; wrong usage is 2."""

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL", help="the address with which the person signs in")

    def handle(self, *args, **options):
        try:
            self.act(subject_with(options["email"]), **options)
        except PrivacyError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        except DatabaseError as error:  # its own words may hold values
            raise CommandError(f"the database refused ({type(error).__name__}); nothing is half done, try again", returncode=1) from None

    def act(self, subject, **options):
        raise NotImplementedError

    @contextmanager
    def progress(self, what: str, total: int):
        """A bar on a terminal, silence in a pipe; yields a function of (what, rows)."""
        with tqdm(total=total, desc=what, unit="row", file=sys.stderr, disable=None, leave=False) as bar:
            yield lambda _what, rows: bar.update(rows)


def subject_with(email: str) -> Subject:
    """The person who signs in with this address, in any case; UnknownPerson where there is none."""
    member = get_user_model()
    address = email.strip().lower()
    if not address.isprintable():  # a NUL or half a character, which no database takes
        raise UnknownPerson
    found = member._base_manager.filter(**{member.get_email_field_name(): address}).select_related("subject").first()
    if found is None:
        raise UnknownPerson
    return found.subject
