"""Who receives personal data, what they got, and what we told them afterwards (Art. 15(1)(c), 19, 30(1)(d))."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..outbox import Outgoing, OutgoingQuerySet
from .growing import GrowingModel


class Recipient(models.Model):
    """An organisation that receives personal data; processors included (Art. 4(9))."""

    class Kind(models.TextChoices):
        PROCESSOR = "processor", _("processor, works for us under contract")
        CONTROLLER = "controller", _("independent controller")
        AUTHORITY = "authority", _("court or public authority")

    class Category(models.TextChoices):
        """What a processor does for us (K-8)."""

        SUPPORT = "support", _("support with software and computers")
        HOSTING = "hosting", _("hosting")
        SECURITY = "security", _("security and backups")
        LOGISTICS = "logistics", _("logistics")
        ANALYTICS = "analytics", _("analytics")

    name = models.CharField(_("name"), max_length=200, unique=True, help_text=_("As the person knows it."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, help_text=_("What it is to us."))
    contact_email = models.EmailField(_("contact"), help_text=_("Where we write about erasure and correction."))
    privacy_url = models.URLField(_("privacy statement"), help_text=_("Its own statement."))
    dpo_email = models.EmailField(
        _("data protection officer"), blank=True, help_text=_("Where we report a breach; empty: where we write about everything else.")
    )
    category = models.CharField(
        _("work"), max_length=20, choices=Category.choices, blank=True, help_text=_("What a processor does for us.")
    )
    contract_on = models.DateField(
        _("contract"), null=True, blank=True, help_text=_("The day of the written contract with a processor (Art. 28(3)).")
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")

    def __str__(self):
        return self.name

    @property
    def statement(self) -> str:
        """Its privacy statement, where that is an address a browser may open."""
        return address_to_open(self.privacy_url)


def address_to_open(address: str) -> str:
    """An address that a browser may open; empty where it is none."""
    return address if address.partition(":")[0].lower() in {"http", "https"} else ""


# Among the names of what was released: no column, but all that the person may take along (Art. 20).
PORTABLE = "data.portable"


class Disclosure(GrowingModel):
    """One release: which attributes of whom went to which recipient, when and on which basis; names of attributes, never values."""

    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="disclosures", verbose_name=_("recipient"), help_text=_("Who received it.")
    )
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    attributes = models.JSONField(_("attributes"), help_text=_("Names of what was released."))
    basis = models.CharField(_("lawful basis"), max_length=30, help_text=_("Why it was allowed."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment of release."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")

    def __str__(self):
        return f"{self.recipient} {self.at:%Y-%m-%d}"


@dataclass(kw_only=True)
class Span:
    """How often something was released, and from when to when."""

    times: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def widen(self, times, first_at, last_at) -> None:
        self.times += times
        self.first_at = min(self.first_at or first_at, first_at)
        self.last_at = max(self.last_at or last_at, last_at)


@dataclass
class Received(Span):
    """What one recipient got of a person, all releases together."""

    attributes: set[str] = field(default_factory=set)
    bases: set[str] = field(default_factory=set)

    def add(self, attributes, basis, times, first_at, last_at) -> None:
        self.attributes.update(attributes)
        self.bases.add(basis)
        self.widen(times, first_at, last_at)


def received(subject_ref) -> defaultdict[int, Received]:
    """Recipient's key -> what it got. Releases are many, so the database groups them; what differs is few."""
    by_recipient = defaultdict(Received)
    alike = Disclosure.objects.filter(subject_ref=subject_ref).order_by().values_list("recipient_id", "attributes", "basis")
    for recipient, *release in alike.annotate(Count("pk"), Min("at"), Max("at")):
        by_recipient[recipient].add(*release)
    return by_recipient


def went_to(subject_ref, at) -> Recipient | None:
    """Who got, at this very moment, all that she may take along; None where nobody did."""
    releases = Disclosure.objects.filter(subject_ref=subject_ref, at=at, attributes=[PORTABLE])
    release = releases.select_related("recipient").first()
    return release and release.recipient


# Sent with `notice` and its `state` in the transaction that settles one: what else carried it has nothing left to do.
settled = Signal()


class NoticeQuerySet(OutgoingQuerySet):
    def undelivered(self):
        return self.filter(state=Notice.State.QUEUED)

    def in_turn(self, at_most: int) -> list["Notice"]:
        """Those that may go out now, the room shared between recipients: who is told of a million people keeps no other waiting."""
        queued = self.undelivered().select_related("recipient").order_by("held_until", "pk")
        rested, fresh = queued.filter(held_until__lt=timezone.now()), queued.filter(held_until=None)
        waits = Exists(rested.filter(recipient=OuterRef("pk"))) | Exists(fresh.filter(recipient=OuterRef("pk")))
        recipients = list(Recipient.objects.filter(waits).order_by("pk").values_list("pk", flat=True)[:at_most])
        found = []
        for nth, recipient in enumerate(recipients):
            share = (at_most - len(found)) // (len(recipients) - nth)
            tried = list(rested.filter(recipient=recipient)[:share])
            found += [*tried, *fresh.filter(recipient=recipient)[: share - len(tried)]]
        return found


class Notice(Outgoing):
    """What a recipient is told of a correction, an erasure or a withdrawal (Art. 19). `known_as` is emptied once it is settled."""

    class State(models.TextChoices):
        QUEUED = "queued", _("on its way")
        DELIVERED = "delivered", _("delivered")
        ACKNOWLEDGED = "acknowledged", _("confirmed by the recipient")
        IMPOSSIBLE = "impossible", _("not reached")

    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="notices", verbose_name=_("recipient"), help_text=_("Who is told.")
    )
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    request_ref = models.CharField(
        _("request"), max_length=20, blank=True, db_index=True, help_text=_("Number of the request that caused it.")
    )
    event = models.CharField(_("event"), max_length=30, help_text=_("What happened: erasure, rectification, withdrawal."))
    known_as = models.CharField(
        _("known as"), max_length=100, blank=True, help_text=_("The name under which the recipient knows the person; emptied once told.")
    )
    attributes = models.JSONField(_("attributes"), default=list, help_text=_("Names of what changed."))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.QUEUED, help_text=_("How far it is."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, help_text=_("When the act happened."))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, help_text=_("When it was delivered, or given up."))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "request_ref", "event"], condition=~models.Q(request_ref=""), name="privacy_notice_once_per_request"
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "held_until", "id"], condition=models.Q(state="queued"), name="privacy_notices_in_turn")
        ]

    def __str__(self):
        return f"{self.event} -> {self.recipient}"

    def settle(self, state) -> None:
        """The end of a notice; who the person was to the recipient is forgotten here. Of two workers the first says how it ended."""
        with transaction.atomic():
            ended = {"state": state, "settled_at": timezone.now(), "known_as": ""}
            if Notice.objects.undelivered().filter(pk=self.pk).update(**ended):
                settled.send(sender=Notice, notice=self, state=state)
        self.refresh_from_db()

    def wait(self, until) -> None:
        """Somebody else has it in hand; to have looked was no attempt. What that one noted meanwhile stays."""
        Notice.objects.filter(pk=self.pk).update(attempts=F("attempts") - 1)
        Notice.objects.filter(pk=self.pk, held_until=self.held_until).update(held_until=until)

    def note_attempt(self, way: str, answer: str) -> None:
        """What was tried and answered: for who asks why somebody was not reached."""
        NoticeAttempt.objects.create(notice=self, way=way, answer=answer)

    def note_failure(self, way: str, answer: str, *, again_at) -> None:
        """Of a way of the host's own, which goes on by itself at that moment."""
        self.note_attempt(way, answer)
        Notice.objects.undelivered().filter(pk=self.pk).update(held_until=again_at, attempts=F("attempts") + 1)


class NoticeAttempt(models.Model):
    """One attempt to tell a recipient, with what was answered in a code: the proof, should it prove impossible (Art. 19)."""

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="tries", verbose_name=_("notice"), help_text=_("What it was to be told.")
    )
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment."))
    way = models.CharField(_("way"), max_length=20, help_text=_("By e-mail, or by a way of the platform's own."))
    answer = models.CharField(_("answer"), max_length=60, help_text=_("A code, in which no person occurs."))

    class Meta:
        verbose_name = _("attempt to tell a recipient")
        verbose_name_plural = _("attempts to tell recipients")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.way}: {self.answer}"


def tell(recipient: Recipient, event: str, *, subject_ref, known_as: str, request_ref="", attributes=()) -> Notice:
    """Queue a notice; the same one for the same request is queued once."""
    fields = {"subject_ref": subject_ref, "known_as": known_as, "attributes": list(attributes)}
    if not request_ref:
        return Notice.objects.create(recipient=recipient, event=event, **fields)
    return Notice.objects.get_or_create(recipient=recipient, event=event, request_ref=request_ref, defaults=fields)[0]
