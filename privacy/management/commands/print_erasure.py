"""manage.py print_erasure: what an erasure does, when, and what it leaves, for the data protection officer."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from ...pages.explained import as_markdown
from .print_register import languages


class Command(BaseCommand):
    help = "Print what an erasure does as the data map and the steps of this installation say it, as Markdown."

    def add_arguments(self, parser):
        offered, usual = languages(), settings.LANGUAGE_CODE.partition("-")[0]
        parser.add_argument("--language", choices=offered, default=usual if usual in offered else "en", help="default: %(default)s")

    def handle(self, *, language, **options):
        with translation.override(language):
            self.stdout.write(as_markdown())
