"""manage.py speak_for: let a member speak for a partner in the portal, or no longer."""

from django.core.management.base import CommandError

from consents.models import Partner
from consents.registration import contacts
from privacy.management.person import PersonCommand


class Command(PersonCommand):
    help = "Let a member use the pages of a partner; with --no-longer take that away."

    def add_arguments(self, parser):
        parser.add_argument("partner", metavar="PARTNER", help="the short name of the partner")
        super().add_arguments(parser)
        parser.add_argument("--no-longer", action="store_true", help="take it away")

    def act(self, subject, *, partner, no_longer, **options):
        found = Partner.objects.filter(slug=partner).first()
        if found is None:
            raise CommandError(f"no partner is called {partner}", returncode=1)
        (contacts.remove if no_longer else contacts.add)(found, subject.root)
        self.stdout.write(f"{'no longer' if no_longer else 'now'} speaks for {found}")
