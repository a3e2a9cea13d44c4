"""Who answers for what between the platform and a partner: the essence of their arrangement, for people to read (Art. 26)."""

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    PLATFORM = "platform", _("we")
    PARTNER = "partner", _("the partner")
    EACH = "each", _("each for its own part")


# Columns of an arrangement that say who has a duty.
DUTIES = ("informs", "hands_over", "answers", "reports")


class Arrangement(models.Model):
    """Of one partner. By its terms a partner has the standard one, which stands in the defaults; a row is kept for who agreed otherwise."""

    partner = models.OneToOneField(
        "consents.Partner",
        on_delete=models.CASCADE,
        related_name="arrangement",
        verbose_name=_("partner"),
        help_text=_("With whom it was agreed."),
    )
    informs = models.CharField(
        _("tells people what happens with their data"),
        max_length=10,
        choices=Party.choices,
        default=Party.EACH,
        help_text=_("Art. 13 and 14."),
    )
    hands_over = models.CharField(
        _("keeps the handing over safe"), max_length=10, choices=Party.choices, default=Party.PLATFORM, help_text=_("Art. 32.")
    )
    answers = models.CharField(
        _("answers people who use their rights"),
        max_length=10,
        choices=Party.choices,
        default=Party.EACH,
        help_text=_("Art. 15 to 22; people may turn to either all the same."),
    )
    reports = models.CharField(
        _("tells people when something went wrong"),
        max_length=10,
        choices=Party.choices,
        default=Party.EACH,
        help_text=_("A breach, Art. 33 and 34."),
    )
    contact = models.EmailField(_("contact point"), blank=True, help_text=_("For questions about both; empty: each has its own."))
    agreed_on = models.DateField(_("agreed"), null=True, blank=True, help_text=_("The day of the arrangement."))

    class Meta:
        verbose_name = _("joint control arrangement")
        verbose_name_plural = _("joint control arrangements")

    def __str__(self):
        return f"arrangement with {self.partner}"

    @property
    def essence(self) -> list[tuple[str, str]]:
        """Each duty, and who has it, in words (Art. 26(2))."""
        return [(self._meta.get_field(duty).verbose_name, Party(getattr(self, duty)).label) for duty in DUTIES]


def joint_controllers(slug: str) -> list[tuple[str, str]]:
    """For the handing over, each partner that takes part decides together with us: its name, and where people reach both (Art. 26)."""
    if slug != "permissions":
        return []
    partners = apps.get_model("consents.Partner").objects.taking_part().select_related("recipient", "arrangement")
    known = [(partner.recipient, arrangement_with(partner)) for partner in partners.order_by("recipient__name")]
    return [(recipient.name, arrangement.contact or recipient.contact_email) for recipient, arrangement in known]


def arrangement_with(partner) -> Arrangement:
    """The one that was agreed, or the standard one, which is in no table."""
    return getattr(partner, "arrangement", None) or Arrangement(partner=partner)
