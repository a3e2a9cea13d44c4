"""Rows that have to go out: taken by one worker at a time, sent at least once, never inside a transaction."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Longer than a mail server takes; after it another worker may try.
HOLD = timedelta(minutes=2)
# Pause after a failure, doubled with each try up to an hour.
RETRY = timedelta(minutes=1)
RETRY_AT_MOST = timedelta(hours=1)


def pause_after(tries: int, first: timedelta) -> timedelta:
    """How long to rest after so many tries: twice as long each time, up to an hour."""
    return min(first * 2 ** min(tries - 1, 10), RETRY_AT_MOST)


class OutgoingQuerySet(models.QuerySet):
    def free(self):
        return self.filter(Q(held_until__isnull=True) | Q(held_until__lt=timezone.now()))


class Outgoing(models.Model):
    """A killed worker leaves the row held for a while; then it goes out again, under the same Message-ID."""

    attempts = models.PositiveIntegerField(_("attempts"), default=0, help_text=_("How often we tried to send it."))
    held_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("Until then one worker is sending it, or it rests after a failure.")
    )

    class Meta:
        abstract = True

    def take(self) -> bool:
        """True for the one worker that may send it now."""
        rows = (
            type(self)
            ._base_manager.filter(pk=self.pk, attempts=self.attempts)
            .filter(Q(held_until__isnull=True) | Q(held_until__lt=timezone.now()))
        )
        taken = rows.update(held_until=timezone.now() + HOLD, attempts=F("attempts") + 1)
        if taken:
            self.refresh_from_db()
        return bool(taken)

    def is_still_held(self) -> bool:
        """By who took it: nobody set it free, took it over or removed it since."""
        return type(self)._base_manager.filter(pk=self.pk, attempts=self.attempts, held_until=self.held_until).exists()

    def rest(self) -> None:
        pause = pause_after(self.attempts, RETRY)
        type(self)._base_manager.filter(pk=self.pk).update(held_until=timezone.now() + pause)
