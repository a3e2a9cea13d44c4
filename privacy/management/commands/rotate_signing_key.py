"""manage.py rotate_signing_key: archives are signed with a new key from now on."""

from django.core.management.base import BaseCommand, CommandError

from ...evidence import signing
from ..person import said_in_one_line


class Command(BaseCommand):
    help = (
        "Sign archives with a new key from now on. The private half of the old key is destroyed; "
        "its public half stays listed, so that what it signed can still be checked."
    )

    def handle(self, *args, **options):
        try:
            with said_in_one_line():
                self.stdout.write(f"signs from now on: {signing.rotate()}")
                for key in signing.public_keys()["keys"][1:]:
                    self.stdout.write(f"still listed: {key['kid']}")
        except OSError as fault:
            raise CommandError(f"the folder of keys cannot be written to ({fault.strerror})", returncode=1) from None
