"""What the engine needs of its host: one settings dict, PRIVACY; some of it the data protection officer changes on the desk."""

import json
import os
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

# How an erasure may go (privacy.rights.pace).
ERASURE_PACES = ("gentle", "fast")
# docs/settings.md explains each; a host sets only what differs.
DEFAULTS = {
    # The organisation that decides why and how (Art. 4(7)) and its data protection officer (Art. 37).
    "CONTROLLER": {"name": "", "address": "", "email": ""},
    "DPO": {"name": "", "email": ""},
    # Where a person complains (Art. 77).
    "AUTHORITY": {
        "name": "Gegevensbeschermingsautoriteit (GBA)",
        "address": "Drukpersstraat 35, 1000 Brussel",
        "email": "contact@apd-gba.be",
    },
    # Dotted paths of functions that take a Subject.
    "ADDRESSES": "privacy.conf.no_addresses",
    "LANGUAGE": "privacy.conf.default_language",
    "SESSIONS": "privacy.conf.no_sessions",
    # Takes an address, and gives the Subject who confirmed it, or None; without one, who signs in with it.
    "PERSON_AT": "privacy.casework.finding.signs_in_with",
    # Takes an address, and says whether any account has it, confirmed or not: there we do not say that we hold nothing.
    "IS_OF_ACCOUNT": "privacy.casework.finding.somebody_signs_in_with",
    # Takes a queryset of subjects of one kind, and gives those whose account may go when nobody uses it, each with `last_seen_at`.
    "LAST_SEEN": "privacy.conf.never_seen",
    # Takes a web request and gives its session a new key, once the person showed that it is she.
    "RENEW_SESSION": "privacy.conf.renew_session",
    # Takes a web request and says until when its person gets no archive, as after a recovery of her account; None if she may (T-08).
    "DELIVERY_HELD_UNTIL": "privacy.conf.never_held",
    # Takes a web request and a user, and gives what that user has beside password and mailed code, or None; docs/settings.md has its shape.
    "SECOND_FACTOR": "privacy.conf.no_second_factor",
    # Takes a user and a request, and gives what the host has beside it for this user of the desk: pairs of words and address.
    "BESIDE_REQUEST": "privacy.conf.nothing_beside",
    # Takes the slug of an activity, and gives who decides about it together with us (Art. 26): pairs of name and contact.
    "JOINT_CONTROLLERS": "privacy.conf.nobody_else_decides",
    # Permission -> what people call the task that goes with it: its last holder cannot be erased before somebody else has it.
    "ROLES": {"privacy.change_datasubjectrequest": _("data protection officer")},
    # Scheme and host of the site, for the links in letters: "https://www.example.org".
    "SITE": "",
    # URL name of the host's page on which a person ends what she consented to; without one, the menu leaves it out.
    "PERMISSIONS_PAGE": "",
    # URL name of the host's page on which a person sends her data straight to another platform; without one, nothing leads there.
    "TRANSFER_PAGE": "",
    # URL names of the host that a person who asked for erasure may still use, such as signing out.
    "OPEN_TO_HIDDEN": (),
    # Whose archives we take in besides our own: issuer -> its public keys (a JWKS dict), or the path of a file that holds them.
    "TRUSTED_ISSUERS": {},
    # Takes a function of a record type ("app.Model") that gives its rows in an archive, and gives the addresses that the person confirmed.
    "ADDRESSES_IN_ARCHIVE": "privacy.conf.no_addresses",
    # Of an archive that somebody brings: bytes once unpacked, and rows.
    "TAKE_IN_BYTES": 500_000_000,
    "TAKE_IN_ROWS": 100_000,
    # Seconds after which we ask again whether it is you, before a download or an erasure.
    "STEP_UP_SECONDS": 300,
    # The language of notices to recipients.
    "RECIPIENT_LANGUAGE": "nl",
    # Takes a Notice, and says how far a way of the host's own is with it, or None: then we write to the recipient.
    "DELIVER": "privacy.conf.no_other_way",
    # Takes a django.core.mail.EmailMessage and sends it.
    "MAILER": "privacy.conf.send_message",
    # A folder outside the database and its dumps: keys and archives. Without it nothing starts (E019).
    "STORE": None,
    # The file of the replay ledger, on another disk than the database; None for STORE/ledger/replay.jsonl (docs/restoring.md).
    "REPLAY_LEDGER": None,
    # The class that reads and appends it, for a ledger that is no file.
    "LEDGER": "privacy.evidence.ledger.LedgerFile",
    # Days between "hidden" and "erased", in which a person can go back.
    "ERASURE_GRACE_DAYS": 14,
    # Days between our letter that a restriction ends and its end (Art. 18(3)).
    "LIFT_NOTICE_DAYS": 7,
    # "gentle": small batches with a rest after each, so that the site beside an erasure stays quick; "fast": as fast as the database can.
    "ERASURE_PACE": "gentle",
    # Hours that an archive stays after it is ready.
    "ARCHIVE_HOURS": 72,
    # Archives that a person may ask for herself in 24 hours.
    "ARCHIVES_PER_DAY": 5,
    # The largest archive that anybody may send us to check, in megabytes.
    "VERIFY_MEGABYTES": 200,
    # Requests that a person may make in 24 hours, signed in; ending a permission and leaving are never refused.
    "REQUESTS_PER_DAY": 50,
    # Days after receipt within which we have to ask for what we miss, so that the time to answer stands still (casework.pausing).
    "PAUSE_WITHIN_DAYS": 3,
    # Requests that may come in one hour from one network without signing in; who confirms none costs us a mail each.
    "OUTSIDE_PER_NETWORK": 30,
    # Days between our letters to everybody we know her by and a weaker way to see who asks (privacy.casework.identity_changes).
    "IDENTITY_WAIT_DAYS": 7,
    # Days after a month's end before its statistics are made, once.
    "STATISTICS_DELAY_DAYS": 5,
    # Values whose time has passed that go in one night; the rest goes the next.
    "RETENTION_PER_NIGHT": 1_000_000,
    # Kind of person -> months after which an account that nobody uses goes; nothing happens before somebody approved it at the desk.
    "INACTIVE_MONTHS": {},
    # How many days before that the person is warned, each time by mail; the last at least 7.
    "INACTIVE_WARN_DAYS": (60, 30, 7),
    # Accounts of a kind that get a first warning in one night, and that go in one night.
    "INACTIVE_PER_NIGHT": 500,
    # Seconds after which a worker that went silent in the middle of an act is replaced: longer than any one batch takes, and than an
    # export waits before it renews (privacy.rights.archive.RENEW_SECONDS). Shorter costs work done twice, never a wrong result.
    "LEASE_SECONDS": 60,
    # Days after which the last backup made before an erasure is gone; answers and certificates name the day. Keep to it.
    "BACKUP_DAYS": 30,
    # After an erasure everything is searched for what is left of the person (privacy.evidence.residue). Minutes that an erasure waits for
    # others to share one pass with; 0: each is searched for by itself, at once.
    "RESIDUE_PASS_MINUTES": 60,
    # Seconds of rest after each second of reading; 0: as fast as it goes.
    "RESIDUE_PAUSE": 1,
    # Days after which what to look for is destroyed, whether or not a pass could be made.
    "RESIDUE_SEALED_DAYS": 7,
    # Days that the data protection officer can see in which rows something was found.
    "RESIDUE_KEYS_DAYS": 90,
    # What the host writes outside the database, the file storage and STORE: name -> folder, or pattern of files ("/var/log/site/*.log").
    "RESIDUE_PLACES": {},
    # Those of them whose hits are listed and stop nothing: copies of what went out to the person herself.
    "RESIDUE_LISTED": (),
    # A demonstration: erase_subject may then make its own request.
    "DEMO": False,
    # On a machine for tests alone: the name of the database there that is a copy of the real one, and may be made safe (docs/staging.md).
    "COPY": "",
    # Days after closing a request, after which what people wrote in it goes; its facts stay ACCOUNTABILITY_YEARS.
    "FREE_TEXT_DAYS": 365,
    # Years that the facts of a procedure are kept for accountability (Art. 5(2)).
    "ACCOUNTABILITY_YEARS": 5,
    # A paragraph of the organisation's own in a letter: "refusal.nl" (kind and language) -> text.
    "LETTERS": {},
    # What of the host's own has to be looked at again each year: a code of at most 20 characters -> in words.
    "REVIEWS": {},
}
# In STORE: what is changed on the desk (privacy.casework.settings). A file, so that to ask for a setting asks no database.
CHANGED = "settings.json"


def setting(name: str):
    """What was changed on the desk, else the host's value for PRIVACY[name], else the default."""
    given, changed = unchanged(name), _changed().get(name)
    return given if changed is None else {**given, **changed} if isinstance(changed, dict) else changed


def unchanged(name: str):
    """The host's value for PRIVACY[name], else the default."""
    return getattr(settings, "PRIVACY", {}).get(name, DEFAULTS[name])


def _changed() -> dict:
    """Read again in every process once the file is another. What cannot be read changes nothing; the next sweep writes it anew."""
    folder = unchanged("STORE")
    try:
        path = os.path.join(folder, CHANGED) if folder else ""
        facts = os.stat(path)
        return _read(path, facts.st_mtime_ns, facts.st_ino)
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=2)
def _read(path, *_version) -> dict:
    said = json.loads(Path(path).read_bytes())
    return said if isinstance(said, dict) else {}


def hook(name: str):
    """The host's function for PRIVACY[name]."""
    return import_string(setting(name))


def store(*parts: str) -> Path:
    """A folder under PRIVACY["STORE"], made on first use and closed to other users of the machine."""
    if not unchanged("STORE"):
        raise ImproperlyConfigured('PRIVACY["STORE"] names no folder for keys and archives.')
    for folder in accumulate(parts, Path.joinpath, initial=Path(unchanged("STORE"))):  # `parents` alone would leave those on the way open
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def no_addresses(subject) -> list[str]:
    return []


def default_language(subject) -> str:
    return settings.LANGUAGE_CODE


def no_sessions(subject) -> None:
    return None


def never_seen(subjects):
    return subjects.none()


def renew_session(request) -> None:
    request.session.cycle_key()


def never_held(request) -> None:
    return None


def no_second_factor(request, user) -> None:
    return None


def nothing_beside(user, asked) -> list[tuple[str, str]]:
    return []


def nobody_else_decides(slug) -> list[tuple[str, str]]:
    return []


def no_other_way(notice) -> None:
    return None


def send_message(message) -> None:
    message.send()
