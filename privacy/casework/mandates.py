"""Somebody asks for another: that we saw the mandate stands on record before anything is done (EDPB Guidelines 01/2022, 80-81)."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import MandateMissing
from ..evidence import replay
from .receiving import record
from .requests import DataSubjectRequest


class MandateKind(models.TextChoices):
    """On what the other relies; a closed list, and no place for a document (T-04)."""

    PARENT = "parent", _("parent or guardian of a minor")
    APPOINTED = "appointed", _("appointed by a judge")
    LAWYER = "lawyer", _("lawyer")
    WRITTEN = "written", _("authorised in writing")


class Mandate(models.Model):
    """Of one request: on what who asks relies, and who of ours saw it and when. What she showed is kept nowhere (G-15)."""

    request = models.OneToOneField(
        DataSubjectRequest,
        on_delete=models.CASCADE,
        related_name="mandate",
        verbose_name=_("request"),
        help_text=_("What is asked for another."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MandateKind.choices, help_text=_("On what who asks relies, as a code."))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, help_text=_("When we noted that somebody asks for another."))
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True, help_text=_("When one of us saw it; until then nothing is done."))
    by = models.CharField(_("seen by"), max_length=60, blank=True, help_text=_("Reference or role of who saw it."))

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=MandateKind.values), name="privacy_mandate_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(seen_at__isnull=True, by="") | (models.Q(seen_at__isnull=False) & ~models.Q(by="")),
                name="privacy_mandate_seen_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.request}"


def note(request, kind: MandateKind) -> Mandate:
    """From now on the request waits for it."""
    return Mandate.objects.create(request=request, kind=MandateKind(kind))


@transaction.atomic
def see(request, *, actor_ref) -> bool:
    """One of us saw it; False where another did before."""
    seen = Mandate.objects.filter(request=request, seen_at=None).update(seen_at=timezone.now(), by=str(actor_ref))
    if seen:
        record("mandate_seen", request, actor_ref)
    return bool(seen)


def need(request) -> None:
    """MandateMissing while nobody saw it; after a restore it was seen then."""
    if not replay.under_way() and Mandate.objects.filter(request=request, seen_at=None).exists():
        raise MandateMissing
