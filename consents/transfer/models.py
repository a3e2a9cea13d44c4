"""Where members can take their data, what is on its way there, and what is on its way here."""

import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy import keys
from privacy.outbox import Outgoing, OutgoingQuerySet
from privacy.subjects import UsableManager

from ..outgoing import address_of_a_partner

# Of privacy.keys: the secrets with which we sign in at receivers, and the tokens of transfers under way.
SECRETS, TOKENS = "receivers", "transfers"
# From her yes at the receiver; what has not ended then never will (docs/transfer.md).
LASTS = timedelta(hours=72)


class Receiver(models.Model):
    """Another controller that takes in archives, registered by staff (manage.py add_receiver)."""

    recipient = models.ForeignKey(
        "privacy.Recipient", on_delete=models.PROTECT, verbose_name=_("recipient"), help_text=_("Name, contact and privacy statement.")
    )
    slug = models.SlugField(_("short name"), unique=True, help_text=_("In addresses."))
    issuer = models.URLField(
        _("address"), max_length=200, unique=True, validators=[address_of_a_partner], help_text=_("Scheme and host, by which it signs.")
    )
    client_id = models.CharField(_("client"), max_length=100, help_text=_("The name under which it knows our program."))
    sealed_secret = models.BinaryField(_("secret"), blank=True, help_text=_("What we show there, under a key outside the database."))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, help_text=_("Since when nothing new goes there."))

    class Meta:
        verbose_name = _("receiver")
        verbose_name_plural = _("receivers")

    def __str__(self):
        return str(self.recipient)

    @property
    def secret(self) -> str:
        """KeyDestroyed where the key is gone, as after a move that forgot it."""
        return keys.unseal(self.slug, self.sealed_secret, SECRETS)

    @secret.setter
    def secret(self, shown: str):
        keys.make(self.slug, SECRETS)
        self.sealed_secret = keys.seal(self.slug, shown, SECRETS)


class Receipt(models.Model):
    """What the receiver signed, kept by both sides: counts per record type, and nobody's name."""

    receipt = models.TextField(_("receipt"), blank=True, help_text=_("What was taken in, exactly as it was signed."))
    receipt_signature = models.TextField(_("signature"), blank=True, help_text=_("Of the receiver, over the receipt."))

    class Meta:
        abstract = True

    @property
    def said(self) -> dict:
        """Empty where there is none, or it is none."""
        try:
            said = json.loads(self.receipt or "{}")
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}


class OutgoingTransferQuerySet(OutgoingQuerySet):
    def under_way(self):
        return self.filter(state__in=OutgoingTransfer.OPEN)

    def with_work(self):
        """Something to send, or a token to give back."""
        return self.free().filter(Q(state=OutgoingTransfer.State.SENDING) | (~Q(state__in=OutgoingTransfer.OPEN) & ~Q(sealed_token=b"")))


class OutgoingTransfer(Outgoing, Receipt):
    """What one member takes to one receiver. The row is the truth; a worker that dies is followed by another that asks how far it is."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for your yes there")
        SENDING = "sending", _("on its way")
        DONE = "done", _("arrived")
        UNCONFIRMED = "unconfirmed", _("sent, not confirmed")
        FAILED = "failed", _("did not work")
        STOPPED = "stopped", _("stopped")

    OPEN = (State.ASKED, State.SENDING)

    ref = models.UUIDField(_("number"), unique=True, default=uuid.uuid4, help_text=_("In addresses."))
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Whose data."))
    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, verbose_name=_("receiver"), help_text=_("Where they go."))
    request_ref = models.CharField(_("request"), max_length=20, blank=True, help_text=_("Number of the request that makes the archive."))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.ASKED, help_text=_("How far it is."))
    sealed_token = models.BinaryField(
        _("token"), blank=True, help_text=_("What opens the receiver for this transfer, under a key outside the database; gone at its end.")
    )
    remote_ref = models.CharField(_("number there"), max_length=36, blank=True, help_text=_("By which the receiver knows it."))
    manifest_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, help_text=_("Of the manifest that was sent."))
    bytes_expected = models.PositiveBigIntegerField(_("bytes to send"), default=0, help_text=_("Of all files that the receiver wants."))
    bytes_sent = models.PositiveBigIntegerField(_("bytes sent"), default=0, help_text=_("How many of them are there."))
    failures = models.PositiveIntegerField(_("failures"), default=0, help_text=_("How often in a row something did not work."))
    problem = models.CharField(_("problem"), max_length=60, blank=True, help_text=_("What did not work last, as a code."))
    created_at = models.DateTimeField(_("asked"), default=timezone.now, help_text=_("When she chose the receiver."))
    started_at = models.DateTimeField(_("allowed"), null=True, blank=True, help_text=_("When she said yes there."))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text=_("When nothing more went there."))

    objects = UsableManager.from_queryset(OutgoingTransferQuerySet)()
    including_hidden = OutgoingTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer to elsewhere")
        verbose_name_plural = _("transfers to elsewhere")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(state__in=["asked", "sending"]), name="consents_one_transfer_out")
        ]

    def __str__(self):
        return f"transfer {self.ref}"

    def get_absolute_url(self):
        return reverse("transfer:outgoing", args=[self.ref])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def token(self) -> str:
        """KeyDestroyed once it ended."""
        return keys.unseal(str(self.ref), self.sealed_token, TOKENS)

    @token.setter
    def token(self, shown: str):
        keys.make(str(self.ref), TOKENS)
        self.sealed_token = keys.seal(str(self.ref), shown, TOKENS)

    @property
    def gives_up_at(self):
        return self.started_at + LASTS if self.started_at else None


class IncomingTransferQuerySet(OutgoingQuerySet):
    def open(self):
        """Not ended, whether or not anything may still come."""
        return self.filter(state__in=IncomingTransfer.OPEN)

    def waiting(self):
        """What can still be stopped: nothing of it is being taken in."""
        return self.filter(state__in=IncomingTransfer.WAITING)

    def under_way(self):
        """What may still come or is being taken in; a hidden member's rests."""
        standing = {"state__in": IncomingTransfer.OPEN, "expires_at__gt": timezone.now()}
        return self.filter(**standing, member__subject__hidden_at__isnull=True)

    def readable(self):
        """Those that its program may ask about: also what ended by itself, for the receipt, until the token would have expired."""
        known = [*IncomingTransfer.OPEN, IncomingTransfer.State.DONE, IncomingTransfer.State.REFUSED]
        return self.filter(state__in=known, expires_at__gt=timezone.now(), member__subject__hidden_at__isnull=True)


class IncomingTransfer(Outgoing, Receipt):
    """What one member lets one program of another controller bring; made by her yes, ended by what came of it."""

    class State(models.TextChoices):
        ALLOWED = "allowed", _("allowed, nothing came yet")
        BEGUN = "begun", _("coming")
        TAKING_IN = "taking_in", _("being taken in")
        DONE = "done", _("taken in")
        REFUSED = "refused", _("refused")
        STOPPED = "stopped", _("stopped")
        EXPIRED = "expired", _("its time has passed")

    WAITING = (State.ALLOWED, State.BEGUN)
    OPEN = (*WAITING, State.TAKING_IN)

    ref = models.UUIDField(_("number"), unique=True, default=uuid.uuid4, help_text=_("As the sender knows it."))
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Whose data."))
    application = models.ForeignKey(
        "consents.PartnerApplication", on_delete=models.CASCADE, verbose_name=_("program of a partner"), help_text=_("Which brings them.")
    )
    issuer = models.URLField(_("comes from"), max_length=200, help_text=_("Who signed what comes."))
    ticked = models.JSONField(_("wanted"), default=list, help_text=_("Record types that she wants to have here."))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.ALLOWED, help_text=_("How far it is."))
    manifest_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, help_text=_("Of the manifest that came."))
    problem = models.CharField(_("problem"), max_length=60, blank=True, help_text=_("Why it was refused, as a code."))
    allowed_at = models.DateTimeField(_("allowed"), default=timezone.now, help_text=_("When she said yes."))
    expires_at = models.DateTimeField(_("until"), help_text=_("What has not ended then is destroyed."))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text=_("When what came was taken in or destroyed."))

    objects = UsableManager.from_queryset(IncomingTransferQuerySet)()
    including_hidden = IncomingTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer from elsewhere")
        verbose_name_plural = _("transfers from elsewhere")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state__in=["allowed", "begun", "taking_in"]), name="consents_one_transfer_in"
            )
        ]

    def __str__(self):
        return f"transfer {self.ref}"

    def get_absolute_url(self):
        return reverse("transfer:incoming", args=[self.ref])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
