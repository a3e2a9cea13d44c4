"""manage.py rotate_ban_key: the list of banned addresses under the newest keys, by the custodian."""

from getpass import getpass
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from privacy.evidence import trail

from ...errors import CustodianKeyWrong
from ...misconduct import rotating, sealing

SAYS = {
    "renewed": "now under key {newest}",
    "nothing sealed": "have no sealed address: their key has to stay",
    "sealed to another": "are sealed to another key file: run again with that one",
    "twice": "are listed twice; the older row has to be lifted",
    "lifted": "were lifted meanwhile",
}


class Command(BaseCommand):
    help = (
        "Open each banned address with the custodian's key file, and list it anew under the last key of BAN_KEYS and the "
        "CUSTODIAN_KEY of today. Broken off, it goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the custodian's key file")

    def handle(self, *, file, **options):
        private = _private(file)
        with tqdm(total=rotating.behind().count(), unit=" addresses", disable=None) as bar:
            done = rotating.rotate(private, progress=bar.update)
        trail.record("ban.rotated", actor_ref="custodian")
        for what, rows in done.items():
            self.stdout.write(f"{rows:>9} {SAYS[what].format(newest=rotating.newest())}")
        left = rotating.behind().count()
        self.stdout.write(f"{left} left under an older key" if left else "none left: older keys can go from BAN_KEYS")


def _private(file):
    try:
        return sealing.read_private(file.read_bytes(), getpass("Passphrase of the key file: "))
    except OSError as fault:
        raise CommandError(f"the key file cannot be read ({fault.strerror})") from None
    except CustodianKeyWrong:
        raise CommandError("this passphrase does not open this key file") from None
