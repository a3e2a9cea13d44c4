"""manage.py add_receiver: another controller to which members can take their data."""

import getpass
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from privacy.evidence.recipients import Recipient

from ...transfer.models import Receiver


class Command(BaseCommand):
    help = "Register, or change, a platform to which members can take their data. The secret is asked, or read from standard input."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="short name, in addresses")
        parser.add_argument("--name", required=True, help="as members know it")
        parser.add_argument("--address", required=True, help="scheme and host, by which it signs: https://www.example.org")
        parser.add_argument("--client", required=True, help="the name under which it knows our program")
        parser.add_argument("--contact", required=True, help="e-mail address for questions about personal data")
        parser.add_argument("--privacy-url", required=True, help="its privacy statement")

    @transaction.atomic
    def handle(self, *args, **options):
        contact = {"contact_email": options["contact"], "privacy_url": options["privacy_url"], "kind": Recipient.Kind.CONTROLLER}
        recipient, _is_new = Recipient.objects.update_or_create(name=options["name"], defaults=contact)
        receiver = Receiver.objects.filter(slug=options["slug"]).first() or Receiver(slug=options["slug"])
        receiver.recipient, receiver.client_id = recipient, options["client"]
        receiver.issuer, receiver.closed_at = options["address"].rstrip("/"), None
        receiver.secret = _secret()
        try:
            recipient.full_clean()
            receiver.full_clean()
        except ValidationError as refusal:
            raise CommandError(f"Not registered: {'; '.join(refusal.messages)}") from None
        receiver.save()
        self.stdout.write(f"Members can take their data to {recipient.name}.")


def _secret() -> str:
    """Never an argument: those stand in the list of processes."""
    secret = getpass.getpass("Secret of our program there: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not secret:
        raise CommandError("Without a secret the receiver does not know us.")
    return secret
