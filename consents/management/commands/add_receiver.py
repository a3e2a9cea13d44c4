"""manage.py add_receiver: another controller to which members can take their data."""

import getpass
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from privacy.evidence.recipients import Recipient

from ...models import Partner
from ...transfer.models import OutgoingTransfer, Receiver


class Command(BaseCommand):
    help = "Register, or change, a platform to which members can take their data. The secret is asked, or read from standard input."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="short name, in addresses")
        parser.add_argument("--name", required=True, help="as members know it")
        parser.add_argument("--address", required=True, help="scheme and host, by which it signs: https://www.example.org")
        parser.add_argument("--client", required=True, help="the name under which it knows our program")
        parser.add_argument("--contact", required=True, help="e-mail address for questions about personal data")
        parser.add_argument("--privacy-url", required=True, help="its privacy statement")

    def handle(self, *args, slug, address, **options):
        secret = _secret()
        with transaction.atomic():
            receiver = Receiver.objects.select_for_update().filter(slug=slug).first() or Receiver(slug=slug)
            _refuse_to_move(receiver, address.rstrip("/"))
            receiver.recipient = _kept(_recipient_of(receiver, options))
            receiver.client_id, receiver.issuer, receiver.closed_at = options["client"], address.rstrip("/"), None
            _checked(receiver).secret = secret
            receiver.save()
        self.stdout.write(f"Members can take their data to {receiver}.")


def _refuse_to_move(receiver, address):
    """A token is shown to the platform that gave it, and to no other."""
    hers = OutgoingTransfer.including_hidden.filter(receiver=receiver.pk)
    under_way = hers.filter(Q(state__in=OutgoingTransfer.OPEN) | ~Q(sealed_token=b"")).count()
    if receiver.issuer not in {"", address} and under_way:
        raise CommandError(
            f"Not changed: {under_way} under way to {receiver.issuer}. End them with manage.py close_receiver {receiver.slug}, and try "
            "again in a few minutes; or register the new address under another short name."
        )


def _recipient_of(receiver, said) -> Recipient:
    """Its own row; one by which others are known too is taken as it is, and changed by nobody from here."""
    own = receiver.recipient if receiver.pk and _is_its_own(receiver) else None
    found = Recipient.objects.filter(name=said["name"]).first() or own or Recipient()
    given = {"name": said["name"], "contact_email": said["contact"], "privacy_url": said["privacy_url"], "kind": Recipient.Kind.CONTROLLER}
    differs = [name for name, value in given.items() if getattr(found, name) != value]
    if differs and found.pk and found != own:
        raise CommandError(
            f"Not registered: {found} is known already, with another {' and '.join(differs)}. Say the same, or change it there."
        )
    for name, value in given.items():
        setattr(found, name, value)
    return found


def _is_its_own(receiver) -> bool:
    """No partner and no other receiver is known by the same row."""
    others = Receiver.objects.filter(recipient=receiver.recipient).exclude(pk=receiver.pk)
    return not others.exists() and not Partner.objects.filter(recipient=receiver.recipient).exists()


def _kept(row):
    _checked(row).save()
    return row


def _checked(row):
    try:
        row.full_clean()
    except ValidationError as refusal:
        raise CommandError(f"Not registered: {'; '.join(refusal.messages)}") from None
    return row


def _secret() -> str:
    """Never an argument: those stand in the list of processes."""
    secret = getpass.getpass("Secret of our program there: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not secret:
        raise CommandError("Without a secret the receiver does not know us.")
    return secret
