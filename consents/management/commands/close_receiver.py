"""manage.py close_receiver: nothing goes to this platform any more."""

from django.core.management.base import BaseCommand, CommandError

from ...transfer import going
from ...transfer.models import Receiver


class Command(BaseCommand):
    help = "Send nothing more to a platform, and end what is under way there. add_receiver opens it again."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="its short name")

    def handle(self, *args, slug, **options):
        receiver = Receiver.objects.filter(slug=slug).select_related("recipient").first()
        if receiver is None:
            raise CommandError(f"No platform is called {slug}.")
        self.stdout.write(f"Nothing goes to {receiver} any more. Transfers that this ended: {going.close(receiver)}.")
