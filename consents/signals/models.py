"""The stream of a partner's program, and what goes out to it."""

import uuid

from django.db import models
from django.db.models import Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy import keys
from privacy.outbox import Outgoing, OutgoingQuerySet

from ..oidc import signing_keys
from ..outgoing import address_of_a_partner
from .events import OF_A_STREAM, Kind, address_of, supported

# Of privacy.keys: what partners gave us to show them lies under a key outside the database.
KEYS = "streams"
# Events looked at in one round; the next takes the rest.
ROUND = 200


class Stream(Outgoing):
    """How one program wants to hear of events (SSF 1.0, 8.1.1).

    `attempts` and `held_until` are of the stream as a whole: it goes in order, and rests when the first event does not arrive.
    """

    class Method(models.TextChoices):
        PUSH = "urn:ietf:rfc:8935", _("we bring them")
        POLL = "urn:ietf:rfc:8936", _("it fetches them")

    class State(models.TextChoices):
        ENABLED = "enabled", _("enabled")
        PAUSED = "paused", _("paused")
        DISABLED = "disabled", _("disabled")

    id = models.UUIDField(_("number"), primary_key=True, default=uuid.uuid4, help_text=_("As the program knows it."))
    application = models.OneToOneField(
        "consents.PartnerApplication",
        on_delete=models.CASCADE,
        related_name="stream",
        verbose_name=_("program of a partner"),
        help_text=_("Whose stream it is."),
    )
    method = models.CharField(_("delivery"), max_length=30, choices=Method.choices, default=Method.POLL, help_text=_("How events arrive."))
    endpoint_url = models.URLField(
        _("address"), max_length=2000, blank=True, validators=[address_of_a_partner], help_text=_("Where we bring them.")
    )
    sealed_authorization = models.BinaryField(
        _("authorisation"), blank=True, help_text=_("What we show there, under a key outside the database.")
    )
    events_requested = models.JSONField(_("events requested"), default=list, blank=True, help_text=_("Addresses of events it asked for."))
    description = models.CharField(_("description"), max_length=300, blank=True, help_text=_("In the program's own words."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ENABLED, help_text=_("Whether events go out."))
    reason = models.CharField(_("reason"), max_length=300, blank=True, help_text=_("Why it does not."))
    paused_by_us = models.BooleanField(_("paused by us"), default=False, help_text=_("Since it refused what we brought."))
    created_at = models.DateTimeField(_("made"), default=timezone.now, help_text=_("When it was set up."))
    verified_at = models.DateTimeField(_("tested"), null=True, blank=True, help_text=_("When a test was last asked."))

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("event stream")
        verbose_name_plural = _("event streams")

    def __str__(self):
        return f"stream {self.pk}"

    @property
    def is_open(self) -> bool:
        """What is put in arrives, or will once the program goes on; one of an ended partner can neither fetch it nor go on."""
        if not self.application.partner.takes_part:
            return self.is_brought
        return self.state != self.State.DISABLED and not self.paused_by_us

    @property
    def is_brought(self) -> bool:
        """Without anything that the program would have to do."""
        return self.method == self.Method.PUSH and self.state == self.State.ENABLED

    @property
    def authorization(self) -> str:
        """KeyDestroyed where the key is gone, as after a move that forgot it."""
        return keys.unseal(str(self.pk), self.sealed_authorization, KEYS) if self.sealed_authorization else ""

    @authorization.setter
    def authorization(self, header: str):
        if header:
            keys.make(str(self.pk), KEYS)
        self.sealed_authorization = keys.seal(str(self.pk), header, KEYS) if header else b""

    @property
    def events_delivered(self) -> list[str]:
        return [address for address in supported() if address in self.events_requested]

    def takes(self, kind: str) -> bool:
        return kind in OF_A_STREAM or address_of(kind) in self.events_requested

    def waiting(self, at_most: int = ROUND) -> list:
        """What may go out now, in order: that the stream itself changed goes before all else, and alone while it rests."""
        queued = Signal.objects.queued().filter(application=self.application_id).exclude(kind=Kind.LOGOUT).order_by("pk")
        first = list(queued.filter(kind=Kind.STREAM_UPDATED)[:at_most])
        if self.state != self.State.ENABLED:
            return first
        return [*first, *queued.exclude(kind=Kind.STREAM_UPDATED)[: at_most - len(first)]]


class SignalQuerySet(OutgoingQuerySet):
    def queued(self):
        return self.filter(state=Signal.State.QUEUED)

    def in_turn(self, at_most: int):
        """Those that may go out now, one of each program after the other: who is slow, or is told a great deal, keeps no other waiting."""
        turn = Window(RowNumber(), partition_by="application", order_by="pk")
        return self.queued().free().select_related("application").annotate(turn=turn).order_by("turn", "pk")[:at_most]


class Signal(Outgoing):
    """One signed message to one program, written in the transaction of the act or made from its notice; signed when it goes out.

    Who the person is, is forgotten once it is settled.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("on its way")
        ACKNOWLEDGED = "acknowledged", _("confirmed by the program")
        FAILED = "failed", _("refused by the program")
        DROPPED = "dropped", _("not sent any more")

    application = models.ForeignKey(
        "consents.PartnerApplication",
        on_delete=models.CASCADE,
        related_name="signals",
        verbose_name=_("program of a partner"),
        help_text=_("Who is told."),
    )
    jti = models.UUIDField(_("number"), unique=True, default=uuid.uuid4, help_text=_("By which the program knows a repetition."))
    txn = models.UUIDField(_("cause"), default=uuid.uuid4, help_text=_("The same for all that one act causes at one partner."))
    kind = models.CharField(_("event"), max_length=30, choices=Kind.choices, help_text=_("What happened."))
    payload = models.JSONField(_("particulars"), default=dict, blank=True, help_text=_("Names and moments, never a value."))
    notice = models.ForeignKey(
        "privacy.Notice",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="signals",
        verbose_name=_("notice"),
        help_text=_("Which of our notices it carries."),
    )
    subject_ref = models.UUIDField(
        _("person"), null=True, blank=True, db_index=True, help_text=_("Reference of the person concerned; emptied once settled.")
    )
    sub = models.CharField(
        _("known as"), max_length=100, blank=True, help_text=_("The name under which the partner knows the person; emptied once settled.")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.QUEUED, help_text=_("How far it is."))
    created_at = models.DateTimeField(_("made"), default=timezone.now, help_text=_("When it was made."))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, help_text=_("When it arrived, or was given up."))
    answer = models.CharField(_("answer"), max_length=60, blank=True, help_text=_("What the program answered last, as a code."))

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to a program")
        verbose_name_plural = _("messages to programs")
        indexes = [models.Index(fields=["application", "id"], condition=Q(state="queued"), name="consents_signal_queued")]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def claims(self) -> dict:
        """Of the token (RFC 8417, SSF 1.0): without `sub` and `exp`, so that no other sort of token can be made of it (T-22)."""
        return {
            "iss": signing_keys.issuer(),
            "iat": int(self.created_at.timestamp()),
            "jti": str(self.jti),
            "aud": self.application.client_id,
            "txn": str(self.txn),
            "sub_id": self._sub_id(),
            "events": {address_of(self.kind): self.payload},
        }

    def _sub_id(self):
        if self.kind in OF_A_STREAM:
            return {"format": "opaque", "id": str(self.application.stream.pk)}
        return {"format": "iss_sub", "iss": signing_keys.issuer(), "sub": self.sub}

    def signed(self) -> str:
        return signing_keys.sign(self.claims, kind="secevent+jwt")
