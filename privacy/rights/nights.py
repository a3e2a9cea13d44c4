"""The ledger of what retention did: which night, which columns or accounts, and how many; never a value, never a person."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """One time that retention was applied. Without an end it was broken off, and the next one goes on."""

    class What(models.TextChoices):
        VALUES = "values", _("values whose time has passed")
        ACCOUNTS = "accounts", _("accounts that nobody uses")

    what = models.CharField(_("what"), max_length=10, choices=What.choices, help_text=_("What was looked for."))
    started_at = models.DateTimeField(_("started"), default=timezone.now, db_index=True, help_text=_("When it began."))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, help_text=_("When it ended; empty if it was broken off."))
    counts = models.JSONField(_("counts"), default=dict, help_text=_("How many of what; never a value."))
    left = models.PositiveBigIntegerField(_("left"), default=0, help_text=_("How many were left for the next night."))

    class Meta:
        verbose_name = _("night of retention")
        verbose_name_plural = _("nights of retention")

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d} {self.what}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def count(self, what: str, number: int) -> None:
        """`number` more, in the transaction of what is counted; one worker writes its own run."""
        if number:
            self.counts = self.counts | {what: self.counts.get(what, 0) + number}
            self.save(update_fields=["counts"])

    def finish(self, *, left: int = 0) -> None:
        self.finished_at, self.left = timezone.now(), left
        self.save(update_fields=["finished_at", "left"])
