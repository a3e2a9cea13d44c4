"""manage.py custodian_key: the pair of keys of who keeps the list of banned addresses. Run it on the custodian's own machine."""

import os
from getpass import getpass
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...misconduct import sealing


class Command(BaseCommand):
    help = (
        "Make the custodian's key file, protected by a passphrase, and print what INZAGE_CUSTODIAN_KEY has to hold. "
        "Run it where the custodian works, never on a server: who has file and passphrase reads every banned address."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where the key file goes; it must not exist yet")

    def handle(self, *, file, **options):
        private, public = sealing.make_pair(_passphrase())
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as fault:
            raise CommandError(f"the key file cannot be written ({fault.strerror}); give a name that does not exist yet") from None
        with os.fdopen(descriptor, "w") as writer:
            writer.write(private)
        self.stdout.write(f"INZAGE_CUSTODIAN_KEY={public}")
        self.stderr.write(f"Key file {file}: keep it with a copy in a safe; without it no banned address can be read, nor get a new key.")


def _passphrase() -> str:
    """CommandError where it is short, or typed in two ways."""
    typed = getpass("Passphrase of the key file: ")
    if len(typed) < sealing.PASSPHRASE_CHARACTERS:
        raise CommandError(f"give at least {sealing.PASSPHRASE_CHARACTERS} characters")
    if typed != getpass("Once more: "):
        raise CommandError("these are two passphrases; nothing was made")
    return typed
