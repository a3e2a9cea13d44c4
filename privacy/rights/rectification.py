"""Correcting what is inaccurate (Art. 16)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rectification(models.Model):
    """That a field was corrected, when and by whom; neither the old value nor a hash of it (G-32)."""

    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    request_ref = models.CharField(_("request"), max_length=20, help_text=_("Number of the request."))
    field = models.CharField(_("field"), max_length=120, help_text=_("Which field, as app.Model.column."))
    actor_ref = models.CharField(_("done by"), max_length=60, help_text=_("Reference or role of who did it."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment of the correction."))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self):
        return self.field
