"""Teaching material, and who published it."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.subjects import UsableManager

from ..members import is_visible
from ..names import NamedQuerySet, is_masked, name_of

# A resource is found by its words; more of them than this describe nothing.
MOST_TAGS, LONGEST_TAG = 10, 30


class Level(models.TextChoices):
    """Of Flemish education, as teachers call it."""

    NURSERY = "nursery", _("nursery school")
    PRIMARY = "primary", _("primary school")
    FIRST = "first", _("secondary, first stage")
    SECOND = "second", _("secondary, second stage")
    THIRD = "third", _("secondary, third stage")
    SPECIAL = "special", _("special education")
    ADULT = "adult", _("adult education")


def random_number() -> int:
    """Tells nobody when a resource was published, nor what was published with it. A whole number in every language that reads JSON."""
    return secrets.randbits(52) + 1


class ResourceQuerySet(models.QuerySet):
    def on_offer(self):
        """Not removed by who published it."""
        return self.filter(removed_at__isnull=True)


class Resource(models.Model):
    """Teaching material that members share. The row stays when its publication goes: others scored and kept it."""

    id = models.BigIntegerField(
        _("number"), primary_key=True, default=random_number, editable=False, help_text=_("Random, so that neighbours say nothing.")
    )
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("What it is called; empty once it is removed."))
    subject_taught = models.CharField(_("subject"), max_length=100, help_text=_("The school subject."))
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True, help_text=_("For which part of education."))
    tags = models.JSONField(_("key words"), default=list, blank=True, help_text=_("Words by which others find it."))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, help_text=_("When who published it took it back."))

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning resource")
        verbose_name_plural = _("learning resources")

    def __str__(self):
        return self.title or str(_("removed resource"))

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None


def random_path(publication, name) -> str:
    """Where a file lies says nothing about who brought it, nor what it is called."""
    return f"resources/{uuid.uuid4().hex}"


class Publication(models.Model):
    """That a member published a resource: her words about it, her file, and the name shown with it (K-4)."""

    people = ["author"]

    id = models.UUIDField(
        _("number"), primary_key=True, default=uuid.uuid4, editable=False, help_text=_("Random, so that neighbours say nothing.")
    )
    resource = models.OneToOneField(
        Resource, on_delete=models.PROTECT, related_name="publication", verbose_name=_("learning resource"), help_text=_("What it is.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("author"),
        help_text=_("Who published it."),
    )
    shown_name = models.CharField(_("name shown"), max_length=200, blank=True, help_text=_("As others read it; empty: no name."))
    description = models.TextField(_("description"), max_length=5_000, blank=True, help_text=_("What it is for and how to use it."))
    town = models.CharField(_("town of origin"), max_length=100, blank=True, help_text=_("Where it was made: postal code and name."))
    file = models.FileField(_("file"), upload_to=random_path, max_length=200, blank=True, help_text=_("What others download."))
    file_name = models.CharField(_("name of the file"), max_length=150, blank=True, help_text=_("As it was called when it was brought."))
    file_type = models.CharField(_("kind of file"), max_length=20, blank=True, help_text=_("What we found it to be."))
    file_size = models.PositiveIntegerField(_("size of the file"), default=0, help_text=_("In bytes."))
    published_at = models.DateTimeField(_("published"), default=timezone.now, help_text=_("When."))

    objects = UsableManager.from_queryset(NamedQuerySet)()

    class Meta:
        verbose_name = _("published resource")
        verbose_name_plural = _("published resources")
        indexes = [models.Index(fields=["-published_at"], name="usage_publication_moment")]

    def __str__(self):
        return f"publication {self.pk}"

    @property
    def author_name(self) -> str:
        return name_of(self.author, self.shown_name) if self.shown_name or self.author is None else ""

    @property
    def is_left_behind(self) -> bool:
        """Its author is hidden, or gone without leaving a name: of when it was published only the year is left."""
        return is_masked(self.author) or (self.author is None and not self.shown_name)

    @property
    def is_masked(self) -> bool:
        """While its author is hidden; then neither the town nor the name of the file is shown."""
        return is_masked(self.author)

    @property
    def is_signed(self) -> bool:
        """Under a name, by somebody who has a page here."""
        return bool(self.shown_name) and is_visible(self.author)
