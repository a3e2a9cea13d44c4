"""Which members a member follows."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.subjects import UsableManager


class Follow(models.Model):
    """That one member wants to see what another publishes; both may follow each other."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="follows",
        verbose_name=_("follower"),
        help_text=_("Who wants to see it."),
    )
    followed = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="followed_by",
        verbose_name=_("followed member"),
        help_text=_("Whose publications."),
    )
    since = models.DateTimeField(_("since"), default=timezone.now, help_text=_("When it began."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("followed member")
        verbose_name_plural = _("followed members")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="usage_follow_once"),
            models.CheckConstraint(condition=~models.Q(follower=models.F("followed")), name="usage_follow_not_oneself"),
        ]

    def __str__(self):
        return f"follow {self.pk}"
