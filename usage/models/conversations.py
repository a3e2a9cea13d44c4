"""What members write to each other."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.subjects import UsableManager

from ..names import NamedQuerySet, is_masked, name_of


class MessageQuerySet(NamedQuerySet):
    def of(self, member):
        """What she sent and what she received."""
        return self.filter(Q(sender=member) | Q(recipient=member))

    def between(self, one, other):
        return self.filter(Q(sender=one, recipient=other) | Q(sender=other, recipient=one))

    def unread_by(self, member):
        return self.filter(recipient=member, read_at__isnull=True)


class Message(models.Model):
    """What one member wrote to another."""

    people = ["sender", "recipient"]

    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sent",
        verbose_name=_("sender"),
        help_text=_("Who wrote it."),
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="received",
        verbose_name=_("recipient"),
        help_text=_("For whom."),
    )
    conversation = models.UUIDField(
        _("conversation"), default=uuid.uuid4, db_index=True, help_text=_("Random; what two members write to each other has the same.")
    )
    text = models.TextField(_("text"), max_length=10_000, help_text=_("The message."))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, help_text=_("When."))
    read_at = models.DateTimeField(_("read"), null=True, blank=True, help_text=_("When the recipient opened it."))

    objects = UsableManager.from_queryset(MessageQuerySet)()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self):
        return f"message {self.pk}"

    @property
    def sender_name(self) -> str:
        return name_of(self.sender)

    @property
    def recipient_name(self) -> str:
        return name_of(self.recipient)

    @property
    def is_left_behind(self) -> bool:
        """Its sender is hidden or gone: of when it was sent only the year is left."""
        return self.sender is None or is_masked(self.sender)

    def other(self, member):
        """Whom `member` has in front of her in this message; None where that one is gone."""
        return self.recipient if self.sender_id == member.pk else self.sender
