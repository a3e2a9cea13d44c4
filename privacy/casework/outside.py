"""What somebody asks without signing in: it waits until the address answers our mail, and nothing is looked up before (T-01, T-02)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import keys
from ..conf import setting
from ..datamap import Right
from ..days import day_of
from ..errors import KeyDestroyed, TooManyFromOutside
from ..outbox import Outgoing, OutgoingQuerySet
from . import follow_up, hourly, mailing
from .hourly import HourlyCount
from .requests import new_reference
from .signed_links import SignedLink

# From the mail on; who is late asks again.
LINK = SignedLink("privacy.outside", lives=timedelta(hours=48))
# Mails to one address in one hour: who is written to in another's name is not buried.
MAILS_TO_ONE = 3
# Waiting for their mail; a flood beyond it waits outside, and the desk never sees any of it.
MOST_WAITING = 20_000
# Mails per round: the next round takes the rest.
ROUND = 200
# What was confirmed stays so long, so that a second click reads why; then, and once its time has passed, it goes (G-19).
KEPT_AFTER_USE = timedelta(hours=1)
# One key a day seals what is asked on it; it is destroyed when nothing of that day can still wait.
KEY, KEY_LIVES = "outside", timedelta(days=6)


@dataclass(frozen=True)
class Said:
    """What is sealed."""

    address: str
    words: str


class OutsideRequest(Outgoing):
    """Asked, and not confirmed. No request: it has no deadline, stands on nobody's list, and stops nobody (T-14)."""

    number = models.CharField(
        _("number"), max_length=20, unique=True, default=new_reference, help_text=_("In the link of our mail, signed.")
    )
    right = models.CharField(_("right"), max_length=20, choices=Right.choices, help_text=_("What was asked."))
    language = models.CharField(_("language"), max_length=10, help_text=_("In which we answer."))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, help_text=_("When it reached us; the time to answer runs from then."))
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True, help_text=_("When our mail with the link went out."))
    used_at = models.DateTimeField(_("confirmed"), null=True, blank=True, help_text=_("When the link was used."))
    key_day = models.CharField(_("key"), max_length=10, help_text=_("Under the key of which day it is sealed."))
    sealed = models.BinaryField(_("address and words"), blank=True, help_text=_("Sealed under a key outside the database."))

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("question from outside")
        verbose_name_plural = _("questions from outside")
        indexes = [models.Index(fields=["id"], condition=Q(mailed_at__isnull=True), name="privacy_outside_to_mail")]

    def __str__(self):
        return self.number

    def said(self) -> Said:
        """KeyDestroyed once its day has passed."""
        return Said(**json.loads(keys.decrypt(self.key_day, self.sealed, self._bound(), KEY)))

    def seal(self, address: str, words: str) -> None:
        keys.make(self.key_day, KEY)
        self.sealed = keys.encrypt(self.key_day, json.dumps({"address": address, "words": words}).encode(), self._bound(), KEY)

    def _bound(self) -> bytes:
        return f"outside {self.number}".encode()


def ask(right: Right, address: str, *, language: str, network: str, now: datetime, words: str = "") -> None:
    """The same for every address: whose it is, nobody looks before it is confirmed. TooManyFromOutside from one network, or in all.

    To an address that got several mails within the hour goes no other; who asked reads the same.
    """
    if not hourly.take(HourlyCount.What.NETWORK, network, most=setting("OUTSIDE_PER_NETWORK"), now=now):
        raise TooManyFromOutside
    if OutsideRequest.objects.filter(mailed_at=None, used_at=None).count() >= MOST_WAITING:
        raise TooManyFromOutside
    if hourly.take(HourlyCount.What.ADDRESS, address.casefold(), most=MAILS_TO_ONE, now=now):
        asked = OutsideRequest(right=Right(right), language=language, asked_at=now, key_day=f"{day_of(now):%Y%m%d}")
        asked.seal(address, words)
        asked.save(force_insert=True)


def send_due() -> int:
    """The mails with the link, the oldest first, and codes that were asked for; how many mails went out."""
    waiting = OutsideRequest.objects.filter(mailed_at=None, used_at=None).free().order_by("pk")[:ROUND]
    return sum(_send(asked) for asked in waiting) + follow_up.send_due()


def _send(asked) -> bool:
    if not asked.take():
        return False
    try:
        address = asked.said().address
    except KeyDestroyed:
        asked.delete()
        return False
    words = {"asked": asked, "link": link_to(asked), "hours": int(LINK.lives.total_seconds() // 3600)}
    sent = mailing.write_to_address(asked, address, asked.language, "privacy/letters/outside", f"outside.{asked.number}", **words)
    return bool(sent and OutsideRequest.objects.filter(pk=asked.pk).update(mailed_at=timezone.now()))


def link_to(asked) -> str:
    """Empty where PRIVACY["SITE"] is not set or the pages are not included."""
    try:
        path = reverse("privacy:ask_confirm", args=[LINK.token(asked.number)])
    except NoReverseMatch:
        return ""
    return setting("SITE") and setting("SITE").rstrip("/") + path


def forget(now: datetime) -> None:
    """What was confirmed or came too late, the keys of days that have passed, and counts (G-19)."""
    late = now - LINK.lives
    is_over = Q(used_at__lt=now - KEPT_AFTER_USE) | Q(mailed_at__lt=late) | Q(mailed_at=None, asked_at__lt=late)
    OutsideRequest.objects.filter(is_over).delete()
    for day in keys.made_before(now - KEY_LIVES, KEY):
        keys.destroy(day, KEY)
    hourly.forget(now)
    follow_up.forget(now)
