"""manage.py print_register: the register of processing activities, for the authority or for reading."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from ...datamap.printing import FORMATS
from ...datamap.register import entries


class Command(BaseCommand):
    help = "Print the register of processing activities (Art. 30(1)) as the data map declares it: text to read, csv or json to hand over."

    def add_arguments(self, parser):
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--format", choices=FORMATS, default="text", help="text (80 columns), csv or JSON-LD; default: text")
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="default: %(default)s")

    def handle(self, *, format, language, **options):
        with translation.override(language):
            printed = FORMATS[format](entries())
        if hasattr(self.stdout._out, "reconfigure"):
            self.stdout._out.reconfigure(encoding="utf-8")  # whatever the terminal's own encoding: the file is to be handed over
        self.stdout.write(printed)
