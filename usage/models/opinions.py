"""What members think of resources: stars, and words for all to read."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.subjects import UsableManager

from ..members import is_visible
from ..names import NamedQuerySet, is_masked, name_of
from .resources import Resource


class Score(models.Model):
    """What a member thought of a resource, in stars."""

    id = models.UUIDField(
        _("number"), primary_key=True, default=uuid.uuid4, editable=False, help_text=_("Random, so that neighbours say nothing.")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("member"), help_text=_("Who scored.")
    )
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, verbose_name=_("learning resource"), help_text=_("What was scored."))
    value = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)], help_text=_("From 1 to 5.")
    )
    given_at = models.DateTimeField(_("given"), default=timezone.now, help_text=_("When."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["member", "resource"], name="usage_score_once_per_member"),
            models.CheckConstraint(condition=models.Q(value__range=(1, 5)), name="usage_score_from_1_to_5"),
        ]

    def __str__(self):
        return f"{self.value}"


class Comment(models.Model):
    """What a member wrote under a resource, for all to read."""

    people = ["author"]

    id = models.UUIDField(
        _("number"), primary_key=True, default=uuid.uuid4, editable=False, help_text=_("Random, so that neighbours say nothing.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("author"), help_text=_("Who wrote it.")
    )
    shown_name = models.CharField(_("name shown"), max_length=200, blank=True, help_text=_("As others read it; empty: former member."))
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="comments", verbose_name=_("learning resource"), help_text=_("What it is about.")
    )
    # Without a constraint: the answer stays when what it answers is removed.
    reply_to = models.UUIDField(_("answers"), null=True, blank=True, db_index=True, help_text=_("Number of the comment that it answers."))
    text = models.TextField(_("text"), max_length=10_000, help_text=_("The comment."))
    published_at = models.DateTimeField(_("published"), default=timezone.now, help_text=_("When."))

    objects = UsableManager.from_queryset(NamedQuerySet)()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self):
        return f"comment {self.pk}"

    @property
    def author_name(self) -> str:
        return name_of(self.author, self.shown_name)

    @property
    def is_left_behind(self) -> bool:
        """Its author is hidden, or gone without leaving a name: of when it was published only the year is left."""
        return is_masked(self.author) or (self.author is None and not self.shown_name)

    @property
    def is_signed(self) -> bool:
        """By somebody who has a page here."""
        return is_visible(self.author)
