"""What using the platform leaves behind: rows that go with the member, and counts of at least 10 people that stay."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.evidence.statistics import MonthlyStatistic
from privacy.subjects import UsableManager

from .resources import Resource


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


class Download(models.Model):
    """That a member downloaded a resource."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Who downloaded."))
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, verbose_name=_("learning resource"), help_text=_("What was downloaded.")
    )
    downloaded_at = models.DateTimeField(_("downloaded"), default=timezone.now, help_text=_("When."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        indexes = [models.Index(fields=["downloaded_at"], name="usage_download_moment")]

    def __str__(self):
        return f"download {self.pk}"


class ResourceDownloads(MonthlyStatistic):
    """How often each resource was downloaded, by at least 10 people."""

    counts, person, moment, dimensions = "usage.Download", "member", "downloaded_at", ["resource"]

    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, verbose_name=_("learning resource"), help_text=_("What was downloaded.")
    )

    class Meta(MonthlyStatistic.Meta):
        verbose_name = _("downloads of a resource")
        verbose_name_plural = _("downloads of resources")
        constraints = [
            *MonthlyStatistic.Meta.constraints,
            models.UniqueConstraint(fields=["resource", "span", "begins_on"], name="usage_resourcedownloads_once"),
        ]


class Search(models.Model):
    """What a member looked for."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Who searched."))
    words = models.CharField(_("words"), max_length=100, help_text=_("As we looked them up: in lower case."))
    searched_at = models.DateTimeField(_("searched"), default=timezone.now, help_text=_("When."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        indexes = [models.Index(fields=["searched_at"], name="usage_search_moment")]

    def __str__(self):
        return f"search {self.pk}"


class PopularSearch(MonthlyStatistic):
    """Words that at least 10 people looked for."""

    counts, person, moment, dimensions = "usage.Search", "member", "searched_at", ["words"]

    words = models.CharField(_("words"), max_length=100, help_text=_("What was looked for."))

    class Meta(MonthlyStatistic.Meta):
        verbose_name = _("popular search")
        verbose_name_plural = _("popular searches")
        constraints = [
            *MonthlyStatistic.Meta.constraints,
            models.UniqueConstraint(fields=["words", "span", "begins_on"], name="usage_popularsearch_once"),
        ]


class SignIn(models.Model):
    """That a member signed in."""

    class Way(models.TextChoices):
        PASSWORD = "password", _("password")
        CODE = "code", _("mailed code")
        PASSKEY = "passkey", _("passkey")
        PROVIDER = "provider", _("another account")
        OTHER = "other", _("another way")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Who signed in."))
    way = models.CharField(_("way"), max_length=10, choices=Way.choices, help_text=_("How."))
    signed_in_at = models.DateTimeField(_("signed in"), default=timezone.now, help_text=_("When."))
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True, help_text=_("From where; emptied after 90 days."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("login history")
        indexes = [models.Index(fields=["signed_in_at"], name="usage_signin_moment")]

    def __str__(self):
        return f"sign-in {self.pk}"


class SignInCounts(MonthlyStatistic):
    """How often members signed in, per way, by at least 10 people."""

    counts, person, moment, dimensions = "usage.SignIn", "member", "signed_in_at", ["way"]

    way = models.CharField(_("way"), max_length=10, choices=SignIn.Way.choices, help_text=_("How."))

    class Meta(MonthlyStatistic.Meta):
        verbose_name = _("number of sign-ins")
        verbose_name_plural = _("numbers of sign-ins")
        constraints = [
            *MonthlyStatistic.Meta.constraints,
            models.UniqueConstraint(fields=["way", "span", "begins_on"], name="usage_signincounts_once"),
        ]
