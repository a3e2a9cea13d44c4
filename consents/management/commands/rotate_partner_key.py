"""manage.py rotate_partner_key: what we tell partners is signed by a new key from now on."""

from django.core.management.base import BaseCommand

from ...oidc import signing_keys


class Command(BaseCommand):
    help = "Sign ID tokens and events for partners with a new key. The old one verifies what it signed for another 30 days."

    def handle(self, *args, **options):
        self.stdout.write(f"Signed from now on by key {signing_keys.rotate()}.")
