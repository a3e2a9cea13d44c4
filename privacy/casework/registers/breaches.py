"""The log of breaches: what happened, what we knew when, and who was told of it; rows that only grow (Art. 33(5))."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ...errors import BreachNotFound
from ...evidence.growing import GrowingModel
from ..requests import new_reference

# Of a text that somebody writes here.
WORDS_AT_MOST = 5000


class Kind(models.TextChoices):
    """What was harmed; one breach may be all three."""

    CONFIDENTIALITY = "confidentiality", _("somebody saw data who may not")
    INTEGRITY = "integrity", _("data were changed")
    AVAILABILITY = "availability", _("data were lost, or out of reach")


class Risk(models.TextChoices):
    """For the people concerned: the authority is told unless there is none, they are told where it is high (Art. 33(1), 34(1))."""

    NONE = "none", _("unlikely")
    SOME = "some", _("there is a risk")
    HIGH = "high", _("there is a high risk")


class Breach(GrowingModel):
    """One breach, also one of which nobody has to be told (G-62). Names nobody; who noted it stands in the trail."""

    ref = models.CharField(_("number"), max_length=20, unique=True, default=new_reference, editable=False, help_text=_("To speak of it."))
    title = models.CharField(_("title"), max_length=100, help_text=_("What happened, in a few words that name nobody."))
    began_at = models.DateTimeField(_("began"), null=True, blank=True, help_text=_("When it began, as far as we know."))
    aware_at = models.DateTimeField(_("known to us"), help_text=_("When we knew that there was a breach: the 72 hours run from then."))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, help_text=_("When it was written down."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        constraints = [models.CheckConstraint(condition=Q(aware_at__lte=F("noted_at")), name="privacy_breach_noted_once_known")]

    def __str__(self):
        return f"breach {self.ref}"


class BreachPhase(GrowingModel):
    """What we knew at one moment, in the four blocks of Art. 33(3); what is found out later is a phase of its own (Art. 33(4))."""

    breach = models.ForeignKey(
        Breach, on_delete=models.PROTECT, related_name="phases", verbose_name=_("breach"), help_text=_("Which one it is about.")
    )
    number = models.PositiveSmallIntegerField(_("phase"), help_text=_("The first is 1."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("When we knew this."))
    kinds = models.JSONField(_("what was harmed"), help_text=_("Codes: confidentiality, integrity, availability."))
    activities = models.JSONField(_("uses"), help_text=_("The uses of data that it reached, by their short names."))
    persons = models.PositiveIntegerField(_("persons"), help_text=_("How many it concerns, about: counted in these uses."))
    records = models.PositiveBigIntegerField(_("records"), help_text=_("How many rows of theirs, about: counted in these uses."))
    facts = models.TextField(_("facts"), max_length=WORDS_AT_MOST, help_text=_("What happened (Art. 33(3)(a))."))
    contact = models.CharField(_("contact"), max_length=300, help_text=_("Who of us says more (Art. 33(3)(b))."))
    effects = models.TextField(_("effects"), max_length=WORDS_AT_MOST, help_text=_("What may follow for people (Art. 33(3)(c))."))
    measures = models.TextField(
        _("measures"), max_length=WORDS_AT_MOST, help_text=_("What was done or will be, also against what may follow (Art. 33(3)(d)).")
    )
    risk = models.CharField(_("risk"), max_length=10, choices=Risk.choices, help_text=_("For the people concerned."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("phase of a breach")
        verbose_name_plural = _("phases of breaches")
        constraints = [
            models.UniqueConstraint(fields=["breach", "number"], name="privacy_breach_phase_once"),
            models.CheckConstraint(
                condition=~Q(facts="") & ~Q(contact="") & ~Q(effects="") & ~Q(measures=""), name="privacy_breach_has_its_four_blocks"
            ),
            models.CheckConstraint(condition=Q(risk__in=Risk.values), name="privacy_breach_risk_is_known"),
        ]

    def __str__(self):
        return f"{self.breach} phase {self.number}"

    @property
    def kinds_in_words(self) -> list[str]:
        return [str(Kind(kind).label) for kind in self.kinds]


class AffectedPerson(GrowingModel):
    """One of the few whom a breach concerns, where it is not everybody of a use."""

    phase = models.ForeignKey(
        BreachPhase, on_delete=models.PROTECT, related_name="named", verbose_name=_("phase"), help_text=_("Since when we know it.")
    )
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("person concerned by a breach")
        verbose_name_plural = _("persons concerned by a breach")
        constraints = [models.UniqueConstraint(fields=["phase", "subject_ref"], name="privacy_affected_once")]

    def __str__(self):
        return f"affected {self.pk}"


class BreachNotice(GrowingModel):
    """Who was told of what we knew, or why nobody has to be (Art. 33, 34)."""

    class To(models.TextChoices):
        AUTHORITY = "authority", _("the supervisory authority")
        PERSONS = "persons", _("the people concerned")
        PARTNER = "partner", _("a partner")
        PUBLIC = "public", _("everybody, in public")

    class Outcome(models.TextChoices):
        TOLD = "told", _("told")
        NO_RISK = "no_risk", _("the risk does not ask for it")
        ENCRYPTED = "encrypted", _("nobody can read the data (Art. 34(3)(a))")
        NEUTRALISED = "neutralised", _("the high risk is gone (Art. 34(3)(b))")
        DISPROPORTIONATE = "disproportionate", _("too much effort: told in public instead (Art. 34(3)(c))")

    class Way(models.TextChoices):
        FORM = "form", _("by the form on its site")
        MAIL = "mail", _("by mail")
        LETTER = "letter", _("by letter")
        PHONE = "phone", _("by telephone, confirmed in writing")
        SITE = "site", _("on our site")

    breach = models.ForeignKey(
        Breach, on_delete=models.PROTECT, related_name="notices", verbose_name=_("breach"), help_text=_("Which one it is about.")
    )
    phase = models.ForeignKey(
        BreachPhase, on_delete=models.PROTECT, related_name="notices", verbose_name=_("phase"), help_text=_("What was known and told.")
    )
    to = models.CharField(_("to whom"), max_length=10, choices=To.choices, help_text=_("Who was told, or not."))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, help_text=_("Told, or the exception."))
    recipient = models.ForeignKey(
        "privacy.Recipient",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="breach_notices",
        verbose_name=_("recipient"),
        help_text=_("Which partner."),
    )
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("When it was told, or decided."))
    way = models.CharField(_("way"), max_length=10, choices=Way.choices, blank=True, help_text=_("How it was told."))
    reference = models.CharField(_("reference"), max_length=60, blank=True, help_text=_("The number that the authority gave it."))
    is_late = models.BooleanField(_("late"), default=False, help_text=_("More than 72 hours after we knew."))
    words = models.TextField(
        _("words"),
        max_length=WORDS_AT_MOST,
        blank=True,
        help_text=_("Why it was late, why nobody has to be told, or what people were told."),
    )
    effects = models.TextField(_("effects"), max_length=WORDS_AT_MOST, blank=True, help_text=_("What may follow, as people were told."))
    measures = models.TextField(_("measures"), max_length=WORDS_AT_MOST, blank=True, help_text=_("What was done, as people were told."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("notice of a breach")
        verbose_name_plural = _("notices of breaches")
        constraints = [
            models.CheckConstraint(condition=~Q(words="") | Q(outcome="told", is_late=False), name="privacy_breach_silence_has_words"),
            models.CheckConstraint(
                condition=Q(to="partner", recipient__isnull=False) | ~Q(to="partner") & Q(recipient__isnull=True),
                name="privacy_breach_partner_is_named",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["told", "no_risk"]) | Q(to="persons"), name="privacy_breach_exception_is_of_persons"
            ),
            models.UniqueConstraint(fields=["phase", "to"], condition=Q(to__in=["authority", "persons"]), name="privacy_breach_told_once"),
            models.UniqueConstraint(fields=["phase", "recipient"], condition=Q(to="partner"), name="privacy_breach_partner_told_once"),
        ]

    def __str__(self):
        return f"{self.breach} -> {self.to}"


def numbered(ref: str, *, beside=False) -> Breach:
    """BreachNotFound, also for what no number looks like; `beside`: with its phases and notices."""
    rows = Breach.objects.prefetch_related("phases__named", "notices__recipient") if beside else Breach.objects
    found = rows.filter(ref=ref).first() if ref.isalnum() else None
    if found is None:
        raise BreachNotFound
    return found


def last_phase(breach: Breach) -> BreachPhase:
    return breach.phases.order_by("number").last()
