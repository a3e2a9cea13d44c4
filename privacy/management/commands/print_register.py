"""manage.py print_register: the register of processing activities, for the authority or for reading."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import to_language

from ...datamap.printing import FORMATS
from ...datamap.register import entries


def languages() -> list[str]:
    """English, and those that the engine has words in."""
    catalogues = (Path(apps.get_app_config("privacy").path) / "locale").glob("*/LC_MESSAGES")
    return ["en", *sorted(to_language(folder.parent.name) for folder in catalogues)]


class Command(BaseCommand):
    help = "Print the register of processing activities (Art. 30(1)) as the data map declares it: text to read, csv or json to hand over."

    def add_arguments(self, parser):
        offered, usual = languages(), settings.LANGUAGE_CODE.partition("-")[0]
        parser.add_argument("--format", choices=FORMATS, default="text", help="text (80 columns), csv or JSON-LD; default: text")
        parser.add_argument("--language", choices=offered, default=usual if usual in offered else "en", help="default: %(default)s")

    def handle(self, *, format, language, **options):
        with translation.override(language):
            printed = FORMATS[format](entries())
        if hasattr(self.stdout._out, "reconfigure"):
            self.stdout._out.reconfigure(encoding="utf-8")  # whatever the terminal's own encoding: the file is to be handed over
        self.stdout.write(printed)
