"""What members do on the platform: one model of each shape."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.evidence.statistics import MonthlyStatistic
from privacy.subjects import UsableManager

from .names import NamedQuerySet, name_of


class Resource(models.Model):
    """Teaching material that members share."""

    title = models.CharField(_("title"), max_length=200, help_text=_("What it is called."))
    subject_taught = models.CharField(_("subject"), max_length=100, help_text=_("The school subject."))

    class Meta:
        verbose_name = _("learning resource")
        verbose_name_plural = _("learning resources")

    def __str__(self):
        return self.title


class ResourceView(models.Model):
    """That a member opened a resource."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Who looked."))
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, verbose_name=_("learning resource"), help_text=_("What was opened."))
    viewed_at = models.DateTimeField(_("viewed"), default=timezone.now, help_text=_("When."))
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True, help_text=_("From where; emptied after 90 days."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("viewed resource")
        verbose_name_plural = _("viewed resources")
        # A month's statistics and the expiry of IP addresses read a range of moments.
        indexes = [models.Index(fields=["viewed_at"], name="usage_resourceview_moment")]

    def __str__(self):
        return f"view {self.pk}"


class ResourceReads(MonthlyStatistic):
    """How often each resource was opened, by at least 10 people."""

    counts, person, moment, dimensions = "usage.ResourceView", "member", "viewed_at", ["resource"]

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, verbose_name=_("learning resource"), help_text=_("What was opened."))

    class Meta(MonthlyStatistic.Meta):
        verbose_name = _("reads of a resource")
        verbose_name_plural = _("reads of resources")
        constraints = [
            *MonthlyStatistic.Meta.constraints,
            models.UniqueConstraint(fields=["resource", "span", "begins_on"], name="usage_resourcereads_once"),
        ]


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

    def __str__(self):
        return f"favourite {self.pk}"


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
    text = models.TextField(_("text"), max_length=10_000, help_text=_("The message."))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, help_text=_("When."))
    read_at = models.DateTimeField(_("read"), null=True, blank=True, help_text=_("When the recipient opened it."))

    objects = UsableManager.from_queryset(NamedQuerySet)()

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
