"""Resources that members keep, in folders of their own."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.subjects import UsableManager

from .resources import Resource


class Folder(models.Model):
    """A member's own collection of favourites."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Whose folder."))
    name = models.CharField(_("name"), max_length=100, help_text=_("As the member calls it."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")

    def __str__(self):
        return self.name


class Favourite(models.Model):
    """A resource kept in a folder."""

    id = models.UUIDField(
        _("number"), primary_key=True, default=uuid.uuid4, editable=False, help_text=_("Random, so that neighbours say nothing.")
    )
    folder = models.ForeignKey(
        Folder,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="favourites",
        verbose_name=_("folder"),
        help_text=_("Where it is kept."),
    )
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, verbose_name=_("learning resource"), help_text=_("What is kept."))
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("The member's own words."))
    added_at = models.DateTimeField(_("added"), default=timezone.now, help_text=_("When."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["folder", "resource"], name="usage_favourite_once_per_folder")]

    def __str__(self):
        return f"favourite {self.pk}"
