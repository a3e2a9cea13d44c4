"""Partners, what members allowed them, and the record of each consent."""

import hashlib
import json
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.evidence.growing import GrowingModel
from privacy.evidence.recipients import Disclosure
from privacy.subjects import UsableManager, usable

from .attributes import names_of_account_fields, title_of, title_of_record
from .fetch_letters import FetchLetter
from .joint_control import Arrangement
from .oidc.models import AuthorizationCode, PartnerApplication
from .registration.models import PartnerContact, PartnerEnding, Proposal, ProposalApproval, Wording
from .signals.models import Signal, Stream
from .transfer.models import IncomingTransfer, OutgoingTransfer, Receiver

__all__ = [
    "Arrangement",
    "AuthorizationCode",
    "ConsentEvent",
    "FetchLetter",
    "IncomingTransfer",
    "OutgoingTransfer",
    "Partner",
    "PartnerApplication",
    "PartnerContact",
    "PartnerEnding",
    "PartnerGrant",
    "Proposal",
    "ProposalApproval",
    "Receiver",
    "Signal",
    "Stream",
    "WantsNoOffers",
    "Wording",
]


class PartnerQuerySet(models.QuerySet):
    def taking_part(self):
        """Published, and we still work with it."""
        return self.filter(published_at__isnull=False, ended_at__isnull=True)

    def seen_by(self, subject):
        """Those that take part, and any other that this person ever allowed something."""
        hers = PartnerGrant.including_hidden.filter(partner=OuterRef("pk"), member__subject=subject)
        return self.filter(Q(published_at__isnull=False, ended_at__isnull=True) | Exists(hers))


class Partner(models.Model):
    """An organisation whose tool members use with their account; K-10 asks these particulars before it is listed."""

    recipient = models.OneToOneField(
        "privacy.Recipient", on_delete=models.PROTECT, verbose_name=_("recipient"), help_text=_("Name, contact and privacy statement.")
    )
    slug = models.SlugField(_("short name"), unique=True, help_text=_("In addresses."))
    purpose = models.CharField(_("purpose"), max_length=300, help_text=_("What it uses the data for, in one sentence."))
    attributes = models.JSONField(
        _("attributes"), validators=[names_of_account_fields], help_text=_("Names of the account fields it may ask.")
    )
    reasons = models.JSONField(
        _("reasons"), default=dict, blank=True, help_text=_("For each account field, in one sentence, why it asks: name, reason.")
    )
    needed = models.JSONField(
        _("needed"),
        default=list,
        blank=True,
        validators=[names_of_account_fields],
        help_text=_("Those of them without which its tool does not work."),
    )
    offers = models.CharField(
        _("offers"),
        max_length=300,
        blank=True,
        help_text=_("What it would like to offer members who let it contact them, in one sentence; empty: it contacts nobody."),
    )
    published_at = models.DateTimeField(
        _("published"), null=True, blank=True, help_text=_("Since when members see it; before, its programs get nothing.")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text=_("Since when we no longer work with it."))

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [models.CheckConstraint(condition=Q(published_at=None) | ~Q(purpose=""), name="consents_published_partner_says_why")]

    def __str__(self):
        return str(self.recipient)

    @property
    def takes_part(self) -> bool:
        """Whether members see it, and its programs get anything."""
        return self.published_at is not None and self.ended_at is None

    @property
    def asked(self) -> list[dict]:
        """What it asks, as people read it: field, why, and whether its tool does without."""
        return [
            {"title": title_of(name), "reason": self.reasons.get(name, ""), "is_needed": name in self.needed} for name in self.attributes
        ]

    @property
    def reading(self) -> str:
        """Short for what the record of a yes prints of it: what was shown tells by this that it is not what stands now."""
        says = [self.purpose, self.attributes, self.reasons, self.needed, self.offers, self.recipient.privacy_url]
        return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()


class GrantQuerySet(models.QuerySet):
    def live(self):
        """Grants that count now: those that go on, given to what the partner says today."""
        return self.going_on().filter(asks_anew_since__isnull=True)

    def going_on(self):
        """Not withdrawn, the member is neither hidden nor restricted, and the partner takes part.

        A program's call asks it of `including_hidden`: what the default manager says besides stands here too.
        """
        partner_takes_part = {"partner__published_at__isnull": False, "partner__ended_at__isnull": True}
        return self.not_withdrawn().filter(usable("member__subject__", "account", "permissions"), **partner_takes_part)

    def not_withdrawn(self):
        """Hidden members' too: what they end has ended."""
        return self.filter(revoked_at__isnull=True)

    def allowing(self, names):
        """Those to which one of these account fields belongs; the text that both databases make of a list has each name in quotes."""
        any_of_them = Q(pk__in=[])
        for name in names:
            any_of_them |= Q(allowed_names__contains=json.dumps(name))
        return self.alias(allowed_names=Cast("attributes", models.TextField())).filter(any_of_them)

    def who_may_hold_data(self):
        """Grants whose partner has to be told of a correction or an erasure: not withdrawn, or it received something (Art. 19)."""
        received = Disclosure.objects.filter(recipient=OuterRef("partner__recipient"), subject_ref=OuterRef("member__subject"))
        return self.filter(Q(revoked_at__isnull=True) | Exists(received))


class PartnerGrant(models.Model):
    """The present state of one member's consent to one partner; its history is the consent events."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Who allowed it."))
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, verbose_name=_("partner"), help_text=_("Who may receive."))
    sub = models.UUIDField(
        _("known as"), default=uuid.uuid4, unique=True, help_text=_("Under which this partner, and no other, knows the member.")
    )
    attributes = models.JSONField(_("attributes"), help_text=_("Names of the account fields that were allowed."))
    granted_at = models.DateTimeField(_("allowed"), default=timezone.now, help_text=_("When it was last allowed."))
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text=_("When it was withdrawn."))
    contact_allowed_at = models.DateTimeField(
        _("may contact since"), null=True, blank=True, help_text=_("When she let it contact her with offers; empty: it may not.")
    )
    asks_anew_since = models.DateTimeField(
        _("asked anew since"),
        null=True,
        blank=True,
        help_text=_("Since when the partner says something else than what she agreed to: it gets nothing before she answers."),
    )

    objects = UsableManager.from_queryset(GrantQuerySet)()
    including_hidden = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("external permission")
        verbose_name_plural = _("external permissions")
        constraints = [models.UniqueConstraint(fields=["member", "partner"], name="consents_grant_once_per_partner")]
        # Ending a partner goes from one to the next; sweeps ask whether one was left.
        indexes = [models.Index(fields=["partner", "id"], condition=Q(revoked_at=None), name="consents_open_grants")]

    def __str__(self):
        return f"grant {self.pk}"

    @property
    def is_withdrawn(self) -> bool:
        return self.revoked_at is not None

    @property
    def may_begin_contact(self) -> bool:
        """Its partner makes offers, and is not allowed to yet."""
        stands = self.partner.takes_part and not self.is_withdrawn and self.asks_anew_since is None
        return stands and bool(self.partner.offers) and self.contact_allowed_at is None


class ConsentEvent(GrowingModel):
    """That consent was given or withdrawn: which text, which language, how (Art. 7(1))."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("given")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Purpose(models.TextChoices):
        USE = "use", _("use of its tool")
        CONTACT = "contact", _("being contacted with offers")
        BRING = "bring", _("bringing an archive here")

    class Method(models.TextChoices):
        PAGE = "page", _("on a page")
        SIGN_IN = "sign_in", _("when signing in at the partner")
        ERASURE = "erasure", _("by erasing the account")
        ENDED = "ended", _("since we ended the work with the partner")
        DEMO = "demo", _("demonstration data")

    subject_ref = models.UUIDField(_("person"), help_text=_("Reference of the person concerned."))
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, verbose_name=_("partner"), help_text=_("To whom."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, help_text=_("Given or withdrawn."))
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.USE, help_text=_("For what; each is a consent of its own.")
    )
    attributes = models.JSONField(
        _("attributes"), help_text=_("Names of the account fields concerned; of an archive, of the kinds of data that may come.")
    )
    asked = models.JSONField(_("asked"), default=list, blank=True, help_text=_("Names of those that were offered to choose from."))
    text_version = models.CharField(_("version of the text"), max_length=20, help_text=_("Which text was shown."))
    language = models.CharField(_("language"), max_length=2, help_text=_("In which it was shown."))
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, help_text=_("How."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        # Of one person to one partner: a planner that knows no better reads all events of the partner for each of its members.
        indexes = [models.Index(fields=["subject_ref", "partner"], name="consents_events_of_one")]

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d}"

    @property
    def ref(self) -> uuid.UUID:
        """Its name outside this database: tells neither how many there are nor whose it is."""
        return uuid.uuid5(self.subject_ref, f"consent/{self.pk}")

    @property
    def titles(self) -> list[str]:
        """The fields, or the kinds of data, in words."""
        in_words = title_of_record if self.purpose == self.Purpose.BRING else title_of
        return [in_words(name) for name in self.attributes]


class WantsNoOffers(models.Model):
    """That a member objected to offers of any partner (Art. 21(2)): nobody may contact her, and nobody asks. Taken back, it goes."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Who objected.")
    )
    objected_at = models.DateTimeField(_("since"), default=timezone.now, help_text=_("When she objected."))
    request_ref = models.CharField(_("request"), max_length=20, help_text=_("Number of the request."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("objection to offers")
        verbose_name_plural = _("objections to offers")

    def __str__(self):
        return f"since {self.objected_at:%Y-%m-%d}"
