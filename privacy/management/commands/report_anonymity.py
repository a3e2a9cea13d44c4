"""manage.py report_anonymity: how anonymous it is what stays when people go."""

import json

from django.core.management.base import BaseCommand

from ...evidence import anonymity


class Command(BaseCommand):
    help = "Say per table what stays when people are erased, of how many people, and how large the smallest group is that looks the same."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json", "markdown"], default="text", help="markdown: the data map's part alone")

    def handle(self, *, format, **options):
        if format == "markdown":
            return "\n".join(anonymity.declared())
        found = anonymity.report()
        return anonymity.printed(found) if format == "text" else json.dumps([each.as_json() for each in found], indent=2)
