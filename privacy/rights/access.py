"""Handing a person everything we hold about her (Art. 15)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..steps import Plan

plan = Plan()


class Archive(models.Model):
    """A file of a person's data, ready to be fetched until it expires."""

    request = models.OneToOneField("privacy.DataSubjectRequest", on_delete=models.CASCADE, verbose_name=_("request"), help_text=_("What it answers."))
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Of the file."))
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    ready_at = models.DateTimeField(_("ready"), default=timezone.now, help_text=_("When it could first be fetched."))
    expires_at = models.DateTimeField(_("expires"), help_text=_("When it is destroyed."))

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")

    def __str__(self):
        return f"archive {self.pk}"
