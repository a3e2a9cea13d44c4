"""Moving down to a weaker way to see who asks: two of ours, a letter to every address that we know, and a wait (T-03)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import setting
from ..errors import OwnDecision, RequestNotApproved, SecondPersonNeeded
from ..evidence import trail
from ..outbox import Outgoing, OutgoingQuerySet
from ..subjects import Subject, addresses_of
from . import mailing, not_me
from .identity import USUAL, Method
from .receiving import record
from .requests import DataSubjectRequest

# What two may agree on.
WEAKER = [method for method in Method if method.is_weaker_than(USUAL)]
ROUND = 200


class Why(models.TextChoices):
    """Why the usual way does not do; no motive of the person's is asked."""

    NO_ADDRESS = "no_address", _("no longer reaches the address that we know")
    NO_ACCOUNT = "no_account", _("never had an address with us")
    CANNOT = "cannot", _("cannot use a computer")


class IdentityChange(Outgoing):
    """One move down. It counts once a second person agreed and every known address had our letter, `IDENTITY_WAIT_DAYS` later."""

    request = models.ForeignKey(
        DataSubjectRequest,
        on_delete=models.CASCADE,
        related_name="identity_changes",
        verbose_name=_("request"),
        help_text=_("For which request."),
    )
    method = models.CharField(
        _("way"), max_length=20, choices=[(way.value, way.label) for way in WEAKER], help_text=_("Down to which way, as a code.")
    )
    why = models.CharField(_("why"), max_length=20, choices=Why.choices, help_text=_("Why the usual way does not do, as a code."))
    asked_at = models.DateTimeField(_("proposed"), default=timezone.now, help_text=_("When one of us proposed it."))
    asked_by = models.CharField(_("proposed by"), max_length=60, help_text=_("Reference of who proposed it."))
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True, help_text=_("When a second person agreed."))
    agreed_by = models.CharField(_("agreed by"), max_length=60, blank=True, help_text=_("Reference of the second person."))
    told_at = models.DateTimeField(_("told"), null=True, blank=True, help_text=_("When every address that we know had our letter."))

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("move to a weaker way")
        verbose_name_plural = _("moves to a weaker way")
        constraints = [
            models.UniqueConstraint(fields=["request", "method"], name="privacy_identity_change_once"),
            models.CheckConstraint(condition=Q(method__in=[way.value for way in WEAKER]), name="privacy_identity_change_goes_down"),
            models.CheckConstraint(condition=~Q(agreed_by=F("asked_by")), name="privacy_identity_change_takes_two"),
        ]

    def __str__(self):
        return f"{self.method} {self.request}"

    @property
    def opens_at(self) -> datetime | None:
        """None while the second person or the letter is missing."""
        if self.agreed_at is None or self.told_at is None:
            return None
        return max(self.agreed_at, self.told_at) + timedelta(days=setting("IDENTITY_WAIT_DAYS"))

    def is_open(self, now: datetime) -> bool:
        return self.opens_at is not None and now >= self.opens_at


@transaction.atomic
def propose(request, method: Method, why: Why, *, actor_ref) -> IdentityChange:
    """One of the two, and the letters go out. RequestNotApproved where it is closed, or proposed already; OwnDecision about oneself."""
    _refuse_hand(request, actor_ref)
    given = {"request": request, "method": Method(method), "why": Why(why), "asked_by": str(actor_ref)}
    try:
        with transaction.atomic():
            change = IdentityChange.objects.create(**given)
    except IntegrityError:
        raise RequestNotApproved(_("This was proposed already.")) from None
    record("identity_lowered", request, actor_ref, reason=change.method)
    return change


@transaction.atomic
def agree(change: IdentityChange, *, actor_ref) -> None:
    """The second person. SecondPersonNeeded for who proposed it; of two who agree at once the first counts."""
    _refuse_hand(change.request, actor_ref)
    if str(actor_ref) == change.asked_by:
        raise SecondPersonNeeded(_("Somebody else than who proposed this agrees to it."))
    rows = IdentityChange.objects.filter(pk=change.pk, agreed_at=None)
    if rows.update(agreed_at=timezone.now(), agreed_by=str(actor_ref)):
        record("identity_agreed", change.request, actor_ref, reason=change.method)


def _refuse_hand(request, actor_ref):
    if not request.is_open:
        raise RequestNotApproved
    if not trail.is_reference(str(actor_ref)):
        raise SecondPersonNeeded
    if str(actor_ref) == str(request.subject_ref):
        raise OwnDecision


def send_due() -> int:
    """The letters of moves that were proposed; how many moves are told now."""
    waiting = IdentityChange.objects.filter(told_at=None, request__closed_at=None).free().select_related("request").order_by("pk")[:ROUND]
    return sum(_send(change) for change in waiting)


def _send(change) -> bool:
    """To each address, under a Message-ID of its own; where one fails, all are tried again. Who has none is only waited for."""
    subject = Subject.objects.filter(ref=change.request.subject_ref).first()
    if subject is None or not change.take():
        return False
    for number, address in enumerate(addresses_of(subject)):
        words = {"asked": change.request, "change": change, "days": setting("IDENTITY_WAIT_DAYS"), "not_me": not_me.link_to(change.request)}
        name = f"identity.{change.pk}.{number}"
        if not mailing.write_to_address(change, address, change.request.language, "privacy/letters/identity_change", name, **words):
            return False
    return bool(IdentityChange.objects.filter(pk=change.pk).update(told_at=timezone.now()))
