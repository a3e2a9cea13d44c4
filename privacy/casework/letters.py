"""What we write: to the person about her request, to recipients about what they received (Art. 12, 19)."""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from .. import keys
from ..conf import hook, setting
from ..errors import KeyDestroyed
from ..evidence.recipients import Notice, Recipient

# After this long without delivery a recipient counts as not reached, with the attempts as evidence.
GIVE_UP_AFTER = timedelta(days=7)


class Kind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement")
    ANSWER = "answer", _("answer")
    REFUSAL = "refusal", _("refusal")
    CANCELLED = "cancelled", _("taken back")


class LetterQuerySet(models.QuerySet):
    def unsent(self):
        return self.filter(sent_at__isnull=True)


class Letter(models.Model):
    """One letter to the person of a request: written with the act, sent by the worker. It holds no text; that is made when it goes out."""

    request = models.ForeignKey("privacy.DataSubjectRequest", on_delete=models.CASCADE, related_name="letters", verbose_name=_("request"), help_text=_("What it answers."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, help_text=_("What it says."))
    created_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When the act happened."))
    attempts = models.PositiveIntegerField(_("attempts"), default=0, help_text=_("How often we tried to send it."))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, help_text=_("When it went out."))

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="privacy_letter_once_per_kind")]

    def __str__(self):
        return f"{self.kind} {self.request}"


def write(request, kind: Kind) -> Letter:
    """The letter as a row, in the caller's transaction: it cannot be lost."""
    return Letter.objects.get_or_create(request=request, kind=kind)[0]
