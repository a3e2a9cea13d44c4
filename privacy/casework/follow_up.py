"""How somebody without an account follows her request: its number and a code, of which we keep a digest (T-13)."""

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from .. import keys
from ..errors import KeyDestroyed, NotFollowed, TooManyTries
from ..outbox import Outgoing, OutgoingQuerySet
from . import hourly, mailing
from .hourly import HourlyCount
from .requests import ALPHABET, DataSubjectRequest

# 31 letters and figures, eight times: 40 bits.
CODE_LENGTH = 8
# In one hour: tries from one network, for one number, and of all; codes that are mailed for one number, and wanted from one network.
TRIES_OF_NETWORK, TRIES_OF_NUMBER, TRIES_OF_ALL = 20, 5, 20_000
CODES_OF_NUMBER, CODES_OF_NETWORK = 3, 10
# After its end she can still look for so long.
KEPT_AFTER_CLOSING = timedelta(days=30)
ROUND = 200
What = HourlyCount.What


class FollowUp(Outgoing):
    """Of one request: the digest of its code, and of the address that confirmed it, so that a second request of the same kind finds it."""

    request = models.OneToOneField(
        DataSubjectRequest,
        on_delete=models.CASCADE,
        related_name="follow_up",
        verbose_name=_("request"),
        help_text=_("Which one is followed."),
    )
    code_digest = models.CharField(_("digest of the code"), max_length=64, blank=True, help_text=_("HMAC-SHA-256 of the last code."))
    address_digest = models.CharField(_("digest of the address"), max_length=64, db_index=True, help_text=_("HMAC-SHA-256 of the address."))
    wanted_at = models.DateTimeField(
        _("code wanted"), null=True, blank=True, help_text=_("When another code was asked for; then we mail one.")
    )

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("code to follow a request")
        verbose_name_plural = _("codes to follow requests")
        indexes = [models.Index(fields=["wanted_at"], condition=Q(wanted_at__isnull=False), name="privacy_follow_up_wanted")]

    def __str__(self):
        return f"code of {self.request}"


def begin(request, address: str) -> str:
    """A new code, shown to her once; the one before it is dead."""
    code = _new_code()
    given = {"code_digest": _digest(request.ref, code), "address_digest": address_digest(address)}
    FollowUp.objects.update_or_create(request=request, defaults=given)
    return shown(code)


def shown(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def open_requests_at(address: str):
    """What was confirmed from this address and has no answer yet."""
    return DataSubjectRequest.objects.open().filter(follow_up__address_digest=address_digest(address))


def follow(number: str, typed: str, *, network: str, now: datetime) -> DataSubjectRequest:
    """Counted before we look, for a number that does not exist too. TooManyTries; NotFollowed for a wrong number as for a wrong code."""
    number = number.strip().upper()
    counts = (What.FOLLOWED, network, TRIES_OF_NETWORK), (What.NUMBER, number, TRIES_OF_NUMBER), (What.ANY_NUMBER, "", TRIES_OF_ALL)
    for what, value, most in counts:
        if not hourly.take(what, value, most=most, now=now):
            raise TooManyTries(hourly.hour_of(now) + timedelta(hours=1))
    found = FollowUp.objects.select_related("request").filter(request__ref=number).first() if number.isalnum() else None
    if not constant_time_compare(found.code_digest if found else "", _digest(number, typed)):
        raise NotFollowed
    return found.request


def want_code(number: str, *, network: str, now: datetime) -> None:
    """Mailed by the worker, to the address that confirmed the request; who asks reads the same whether there is one. TooManyTries."""
    number = number.strip().upper()
    if not hourly.take(What.CODES, network, most=CODES_OF_NETWORK, now=now):
        raise TooManyTries(hourly.hour_of(now) + timedelta(hours=1))
    if hourly.take(What.CODE, number, most=CODES_OF_NUMBER, now=now) and number.isalnum():
        FollowUp.objects.filter(request__ref=number).update(wanted_at=now, attempts=0, held_until=None)


def send_due() -> int:
    wanted = FollowUp.objects.exclude(wanted_at=None).free().select_related("request").order_by("wanted_at")[:ROUND]
    return sum(_send(row) for row in wanted)


def _send(row) -> bool:
    if not row.take():
        return False
    asked, code, rows = row.request, _new_code(), FollowUp.objects.filter(pk=row.pk)
    try:
        address = keys.unseal(asked.ref, asked.sealed_address)
    except KeyDestroyed:  # it was answered, and where to is forgotten
        rows.update(wanted_at=None)
        return False
    rows.update(code_digest=_digest(asked.ref, code))
    name = f"follow.{row.pk}.{int(row.wanted_at.timestamp())}.{row.attempts}"
    sent = mailing.write_to_address(row, address, asked.language, "privacy/letters/follow_code", name, asked=asked, code=shown(code))
    return bool(sent and rows.update(wanted_at=None))


def forget(now: datetime) -> None:
    FollowUp.objects.filter(request__closed_at__lt=now - KEPT_AFTER_CLOSING).delete()


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _digest(number: str, typed: str) -> str:
    """Keyed; blanks, hyphens and capitals do not matter. Never that of an empty code."""
    plain = "".join(letter for letter in typed.upper() if letter in ALPHABET)
    return salted_hmac("privacy.follow_up", f"{number}:{plain}", algorithm="sha256").hexdigest()


def address_digest(address: str) -> str:
    return salted_hmac("privacy.follow_up.address", address.strip().casefold(), algorithm="sha256").hexdigest()
