"""Erasing a person: hidden at once, erased after the time to go back (Art. 17)."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..datamap import registry
from ..steps import Plan

plan = Plan()
# Host apps add steps of their own: `@erasure_step("withdraw permissions", order=200)`.
erasure_step = plan.step


class FileRemoval(models.Model):
    """A stored file that has to go: noted in the transaction that empties its column, removed by a step of its own."""

    request_ref = models.CharField(_("request"), max_length=20, db_index=True, help_text=_("Number of the request."))
    storage = models.CharField(_("storage"), max_length=50, help_text=_("Which storage holds it."))
    path = models.CharField(_("path"), max_length=500, help_text=_("Where it lies; this row goes with the file."))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, help_text=_("When its column was emptied."))

    class Meta:
        verbose_name = _("file to remove")
        verbose_name_plural = _("files to remove")
        constraints = [models.UniqueConstraint(fields=["request_ref", "storage", "path"], name="privacy_file_removal_once")]

    def __str__(self):
        return f"file {self.pk}"
