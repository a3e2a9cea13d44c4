"""manage.py print_register: the register of processing activities, for the authority or for reading."""

import gettext
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import to_language

from ...datamap.printing import FORMATS, as_text
from ...datamap.register import entries


def languages() -> list[str]:
    """English, and those that the engine has words for a register in; letters are written in more."""
    locale = Path(apps.get_app_config("privacy").path) / "locale"
    with translation.override("en"):
        title = as_text([]).partition("\n")[0]
    found = sorted(folder.parent.name for folder in locale.glob("*/LC_MESSAGES"))
    return ["en", *(to_language(name) for name in found if _has_words(locale, name, title))]


def _has_words(locale, name, sentence) -> bool:
    """Whether this catalogue itself says it, whatever others say in its place."""
    in_words = gettext.translation("django", locale, [name]).gettext
    return in_words(sentence) != sentence


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
