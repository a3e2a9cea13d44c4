"""manage.py mark_as_copy: say that this database is a copy of the real one, which anonymise_database may then make safe."""

from django.core.management.base import BaseCommand, CommandError

from ...rights import copy_mark
from ..person import said_in_one_line


class Command(BaseCommand):
    help = (
        "Mark this database as a copy of the real one (docs/staging.md). Works only where PRIVACY['COPY'] names it, asks for its name "
        "once more, and refuses while anybody else is connected to it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--name", metavar="NAME", help="the name of the database, instead of typing it")
        parser.add_argument("--files", action="store_true", help="uploads and archives here are copies too, and may be destroyed")

    def handle(self, *, name, files, **options):
        known = copy_mark.name_of_database()
        if (name if name is not None else input(f"Type the name of the database that is a copy ({known}): ")).strip() != known:
            raise CommandError("that is not its name; nothing was marked", returncode=1)
        with said_in_one_line():
            copy_mark.mark(files=files)
        self.stdout.write(f"{known} is marked as a copy{', with its files' if files else ''}")
