"""New keys for the whole list: each address is opened once, and goes back under the newest of both keys."""

from collections import Counter
from collections.abc import Callable
from copy import copy

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction

from .. import bans
from ..errors import CustodianKeyWrong
from ..models import Ban
from ..replaying import in_one_line, note_ban, note_unban
from . import sealing


def behind():
    """Rows under an older key of ours, or sealed to another key than the custodian's of today."""
    return Ban.objects.exclude(key_id=newest(), sealed_to=sealing.current())


def newest() -> str:
    return list(settings.BAN_KEYS)[-1]


def rotate(private: X25519PrivateKey, *, progress: Callable[[int], None] = lambda rows: None) -> Counter:
    """How many were "renewed", hold "nothing sealed", are "sealed to another" key, or were listed "twice".

    Each row is a transaction of its own: broken off, it goes on where it was.
    """
    done = Counter()
    for key in list(behind().order_by("pk").values_list("pk", flat=True)):
        done[_renew(key, private)] += 1
        progress(1)
    return done


def _renew(key, private) -> str:
    try:
        with transaction.atomic():
            ban = behind().select_for_update().filter(pk=key).first()
            return _renewed(ban, private) if ban else "lifted"
    except CustodianKeyWrong:
        return "sealed to another"
    except IntegrityError:
        return "twice"


def _renewed(ban, private) -> str:
    if not ban.sealed_address:
        return "nothing sealed"
    before, address = copy(ban), sealing.unseal(ban.sealed_address, ban.digest, private)
    ban.key_id, ban.digest = newest(), bans.digests(address)[newest()]
    ban.sealed_address, ban.sealed_to = sealing.seal(address, ban.digest)
    ban.save(update_fields=["key_id", "digest", "sealed_address", "sealed_to"])
    if before.digest != ban.digest:  # a restore knows it by the new one
        with in_one_line():
            note_unban(before)
            note_ban(ban, bans.holders_of(address))
    return "renewed"
