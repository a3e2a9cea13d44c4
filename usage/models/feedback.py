"""What people write to us with the feedback form (K-5)."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    """One message, from a member or a visitor: known by the address to answer to."""

    email = models.EmailField(_("e-mail address"), help_text=_("Where we answer."))
    text = models.TextField(_("text"), max_length=5_000, help_text=_("What was written."))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, help_text=_("When."))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, help_text=_("When we answered."))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [models.Index(Lower("email"), name="usage_feedback_address")]

    def __str__(self):
        return f"feedback {self.pk}"
