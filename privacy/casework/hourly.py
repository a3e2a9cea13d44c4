"""How often something is tried from outside in one hour: counted before we look, under keyed digests that say nothing later (T-13)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(hours=24)


class HourlyCount(models.Model):
    """One thing that is counted, in one hour of the clock. The digest differs from hour to hour, so that no two can be joined."""

    class What(models.TextChoices):
        NETWORK = "network", _("asked from one network")
        ADDRESS = "address", _("asked for one address")
        FOLLOWED = "followed", _("tried to follow, from one network")
        NUMBER = "number", _("tried for one number")
        ANY_NUMBER = "any_number", _("tried for any number")
        CODES = "codes", _("codes wanted from one network")
        CODE = "code", _("codes wanted for one number")

    what = models.CharField(_("what"), max_length=20, choices=What.choices, help_text=_("What is counted."))
    key = models.CharField(
        _("digest"), max_length=64, help_text=_("HMAC-SHA-256 of the network, the address or the number, and of the hour.")
    )
    hour = models.DateTimeField(_("hour"), db_index=True, help_text=_("Begin of the hour."))
    count = models.PositiveIntegerField(_("count"), default=0, help_text=_("How often."))

    class Meta:
        verbose_name = _("hourly count")
        verbose_name_plural = _("hourly counts")
        constraints = [models.UniqueConstraint(fields=["what", "key", "hour"], name="privacy_one_count_an_hour")]

    def __str__(self):
        return f"{self.what} {self.count}"


def take(what: HourlyCount.What, value: str, *, most: int, now: datetime) -> bool:
    """One more, unless there were so many in this hour: a conditional UPDATE, so that none of many at once slips past."""
    begins = hour_of(now)
    key = salted_hmac(f"privacy.hourly.{what}", f"{begins.isoformat()} {value}", algorithm="sha256").hexdigest()
    rows = HourlyCount.objects.filter(what=what, key=key, hour=begins)
    if rows.filter(count__lt=most).update(count=F("count") + 1):
        return True
    HourlyCount.objects.bulk_create([HourlyCount(what=what, key=key, hour=begins)], ignore_conflicts=True)
    return bool(rows.filter(count__lt=most).update(count=F("count") + 1))


def hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def forget(now: datetime) -> None:
    HourlyCount.objects.filter(hour__lt=now - KEPT).delete()
