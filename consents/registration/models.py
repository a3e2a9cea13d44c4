"""Who speaks for a partner, what they propose, who of ours agreed, what it said since when, and the end of a partner."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.evidence.growing import GrowingModel
from privacy.outbox import Outgoing, OutgoingQuerySet
from privacy.subjects import UsableManager


class PartnerContact(models.Model):
    """A member who may use the portal for a partner."""

    partner = models.ForeignKey(
        "consents.Partner",
        on_delete=models.CASCADE,
        related_name="contacts",
        verbose_name=_("partner"),
        help_text=_("For whom."),
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Who speaks."))
    since = models.DateTimeField(_("since"), default=timezone.now, help_text=_("Since when."))

    objects = UsableManager()

    class Meta:
        verbose_name = _("contact of a partner")
        verbose_name_plural = _("contacts of partners")
        constraints = [models.UniqueConstraint(fields=["member", "partner"], name="consents_contact_once_per_partner")]

    def __str__(self):
        return f"contact {self.pk}"


class Proposal(models.Model):
    """What an organisation wants to be changed: nothing of it counts before ours agreed. Without a partner it asks to become one."""

    class State(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        REPLACED = "replaced", _("replaced by another")
        WAITING = "waiting", _("waits for us")

    partner = models.ForeignKey(
        "consents.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("partner"),
        help_text=_("Who asks; none yet for an organisation that is new."),
    )
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("program of a partner"),
        help_text=_("Whose addresses are to change; none where it is about the organisation."),
    )
    changes = models.JSONField(_("changes"), help_text=_("What is to change: name of a field, new value."))
    made_by = models.UUIDField(_("made by"), db_index=True, help_text=_("Reference of who proposed it."))
    made_at = models.DateTimeField(_("made"), default=timezone.now, help_text=_("When it was proposed."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING, help_text=_("How far it is."))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, help_text=_("When it was."))
    answer = models.TextField(_("answer"), max_length=2000, blank=True, help_text=_("What we wrote about it."))

    class Meta:
        verbose_name = _("proposal of a partner")
        verbose_name_plural = _("proposals of partners")
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(state="waiting", application=None), name="consents_one_proposal_per_partner"
            ),
            models.UniqueConstraint(fields=["application"], condition=Q(state="waiting"), name="consents_one_proposal_per_program"),
            models.UniqueConstraint(
                fields=["made_by"], condition=Q(state="waiting", partner=None), name="consents_one_registration_per_member"
            ),
        ]

    def __str__(self):
        return f"proposal {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_registration(self) -> bool:
        return self.partner_id is None

    @property
    def name(self) -> str:
        """Of the organisation."""
        return self.partner.recipient.name if self.partner else self.changes.get("name", "")

    @property
    def asks_more(self) -> bool:
        """Data that it does not get yet, or offers other than those that members agreed to: for these, two of ours agree."""
        return bool(self.new_attributes or self.changes.get("offers"))

    @property
    def new_attributes(self) -> list[str]:
        """Account fields that this partner may not ask today."""
        has = self.partner.attributes if self.partner else []
        return [name for name in self.changes.get("attributes", []) if name not in has]


class ProposalApproval(models.Model):
    """That one of ours agreed to a proposal; what a partner did not get yet takes two."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, related_name="approvals", verbose_name=_("proposal"), help_text=_("To what.")
    )
    approved_by = models.UUIDField(_("approved by"), db_index=True, help_text=_("Reference of who agreed."))
    keeps_meaning = models.BooleanField(
        _("changes no meaning"),
        default=False,
        help_text=_("That it corrects words and says nothing else, so that no member is asked again."),
    )
    approved_at = models.DateTimeField(_("approved"), default=timezone.now, help_text=_("When."))

    class Meta:
        verbose_name = _("approval of a proposal")
        verbose_name_plural = _("approvals of proposals")
        constraints = [models.UniqueConstraint(fields=["proposal", "approved_by"], name="consents_approval_once_per_person")]

    def __str__(self):
        return f"approval {self.pk}"


class Wording(GrowingModel):
    """What members read of a partner from a moment on, until the next row: what a yes was said to (Art. 7(1))."""

    partner = models.ForeignKey(
        "consents.Partner", on_delete=models.PROTECT, related_name="wordings", verbose_name=_("partner"), help_text=_("Who says it.")
    )
    purpose = models.CharField(_("purpose"), max_length=300, blank=True, help_text=_("What it uses the data for, in one sentence."))
    attributes = models.JSONField(_("attributes"), default=list, blank=True, help_text=_("Names of the account fields it may ask."))
    reasons = models.JSONField(
        _("reasons"), default=dict, blank=True, help_text=_("For each account field, in one sentence, why it asks: name, reason.")
    )
    needed = models.JSONField(_("needed"), default=list, blank=True, help_text=_("Those of them without which its tool does not work."))
    offers = models.CharField(_("offers"), max_length=300, blank=True, help_text=_("What it would like to offer members."))
    privacy_url = models.URLField(_("privacy statement"), blank=True, help_text=_("Its own statement."))
    keeps_meaning = models.BooleanField(
        _("changes no meaning"),
        default=False,
        help_text=_("That we judged it a correction of the words before, to which a yes still holds."),
    )
    since = models.DateTimeField(_("since"), default=timezone.now, help_text=_("Since when it says so."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("wording of a partner")
        verbose_name_plural = _("wordings of partners")

    def __str__(self):
        return f"since {self.since:%Y-%m-%d}"


class PartnerEnding(Outgoing):
    """That we ended the work with a partner, and how far its permissions are closed; one worker at a time carries it on."""

    partner = models.OneToOneField(
        "consents.Partner", on_delete=models.PROTECT, related_name="ending", verbose_name=_("partner"), help_text=_("Which.")
    )
    reason = models.TextField(_("reason"), max_length=2000, help_text=_("Why, as its contacts read it."))
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, help_text=_("From when on no program of it gets anything."))
    members = models.PositiveIntegerField(_("members"), default=0, help_text=_("Whose permission was closed so far."))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, help_text=_("When the last of them was."))

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of a partner")
        verbose_name_plural = _("ends of partners")

    def __str__(self):
        return f"end of {self.partner}"
