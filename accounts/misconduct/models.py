"""What is on record about who broke the rules: notices while she is a member, and the list of addresses that may not come back."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.outbox import Outgoing, OutgoingQuerySet
from privacy.subjects import UsableManager

# What a moderator or custodian writes down, in one go.
WORDS = 2000


def in_a_year() -> date:
    """A ban has no end date, so each is looked at again (Art. 5(1)(e))."""
    return timezone.localdate() + relativedelta(years=1)


class FormalNoticeQuerySet(OutgoingQuerySet):
    def told(self):
        """Those that count: who never got it was not asked to stop."""
        return self.filter(told_at__isnull=False)

    def untold(self):
        return self.filter(told_at__isnull=True)


class FormalNotice(Outgoing):
    """A member is asked to follow the rules: in writing, by mail and on her own page."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="formal_notices",
        verbose_name=_("member"),
        help_text=_("Who got the notice."),
    )
    text = models.TextField(_("what it says"), max_length=WORDS, help_text=_("What happened, and what has to change."))
    given_at = models.DateTimeField(_("given"), default=timezone.now, help_text=_("When a moderator wrote it."))
    given_by = models.CharField(_("given by"), max_length=60, help_text=_("Reference of the moderator."))
    told_at = models.DateTimeField(_("mailed"), null=True, blank=True, help_text=_("When our mail about it went out."))

    objects = UsableManager.from_queryset(FormalNoticeQuerySet)()
    including_hidden = FormalNoticeQuerySet.as_manager()  # who asked for erasure can still be banned, until she is erased

    class Meta:
        verbose_name = _("notice of a moderator")
        verbose_name_plural = _("notices of moderators")
        ordering = ["given_at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="accounts_formal_notice_says_something")]

    def __str__(self):
        return f"notice {self.pk}"


class BanQuerySet(OutgoingQuerySet):
    def untold(self):
        return self.filter(told_at__isnull=True, subject_ref__isnull=False)

    def to_review(self, on):
        return self.filter(review_on__lte=on)


class Ban(Outgoing):
    """An address that may not come back: kept as a keyed digest, so that the list itself names nobody (K-7).

    The address stands in it once more, sealed to the custodian's public key: what serves the site can write it and never read it.
    """

    class Withheld(models.TextChoices):
        NO = "", _("no")
        OTHERS = "others", _("it would harm somebody else (Art. 15(4))")
        INVESTIGATION = "investigation", _("an authority investigates and asked us (Art. 23)")

    digest = models.CharField(_("digest"), max_length=64, unique=True, help_text=_("HMAC-SHA-256 of the canonical address."))
    key_id = models.CharField(_("key"), max_length=10, help_text=_("Which key made the digest, so that keys can change."))
    sealed_address = models.BinaryField(
        _("address, sealed"),
        max_length=1000,
        default=b"",
        blank=True,
        help_text=_("Only the custodian can open it, with a key that we do not have."),
    )
    sealed_to = models.CharField(
        _("sealed to"), max_length=16, blank=True, help_text=_("Which key of the custodian opens it; empty where there was none.")
    )
    subject_ref = models.UUIDField(
        _("person"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Reference of the member it was; leads to nobody once she is erased."),
    )
    breach = models.TextField(_("serious breach"), max_length=WORDS, help_text=_("What happened."))
    notices = models.TextField(
        _("repeated notices"), max_length=20_000, help_text=_("When the person was told to follow the rules, and did not.")
    )
    banned_at = models.DateTimeField(_("banned"), default=timezone.now, help_text=_("When the address was listed."))
    told_at = models.DateTimeField(_("mailed"), null=True, blank=True, help_text=_("When our mail about it went out."))
    review_on = models.DateField(
        _("to review on"), default=in_a_year, db_index=True, help_text=_("When we look again whether it may stay.")
    )
    kept_because = models.TextField(_("kept because"), max_length=WORDS, blank=True, help_text=_("Why the last review left it standing."))
    objection_ref = models.CharField(_("objection"), max_length=20, blank=True, help_text=_("Number of the request that objects to it."))
    withheld = models.CharField(
        _("withheld"),
        max_length=20,
        choices=Withheld.choices,
        blank=True,
        help_text=_("On which ground the copy of the person's data leaves this out; empty: it does not."),
    )

    objects = BanQuerySet.as_manager()

    class Meta:
        verbose_name = _("banned address")
        verbose_name_plural = _("banned addresses")
        constraints = [
            models.CheckConstraint(condition=~models.Q(breach="") & ~models.Q(notices=""), name="accounts_ban_needs_breach_and_notices"),
        ]

    def __str__(self):
        return f"ban {self.pk}"

    def of_same_person(self):
        """The bans of one person are put, objected to, reviewed and lifted together; who is nobody any more has this one."""
        return Ban.objects.filter(subject_ref=self.subject_ref) if self.subject_ref else Ban.objects.filter(pk=self.pk)

    def change(self, **terms) -> list["Ban"]:
        """The bans of this person, each with these terms from now on; none where they were lifted."""
        self.of_same_person().update(**terms)
        return list(self.of_same_person())
