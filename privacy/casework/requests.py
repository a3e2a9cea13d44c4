"""What a person asked, and how far we are: the row of a request."""

import secrets
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..datamap import ErasureGround, RefusalGround, Right
from ..days import day_of
from ..errors import RequestNotFound
from . import deadlines, states

# Without 0/O and 1/I, so that a number survives being read aloud.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 10


def new_reference() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


class RequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=DataSubjectRequest.OPEN)

    def asked(self):
        """What somebody asked: to end an account that nobody uses is a rule of ours, and a demonstration is asked by nobody."""
        return self.exclude(channel__in=DataSubjectRequest.BY_NOBODY)

    def about(self, subject):
        return self.filter(subject_ref=subject.ref)

    def open_one(self, right, scope=""):
        """Of one person there is at most one of a kind; of an archive one per scope."""
        return self.open().filter(right=right, scope=scope).first()

    def numbered(self, ref: str):
        """RequestNotFound for a number of somebody else, as for one that does not exist or is none."""
        found = self.filter(ref=ref).first() if ref.isalnum() else None
        if found is None:
            raise RequestNotFound
        return found


class DataSubjectRequest(models.Model):
    """What a person asked, and how far we are. Names nobody: the answer's address is sealed under the request's own key."""

    Status, OPEN = states.Status, states.OPEN

    class Channel(models.TextChoices):
        SELF_SERVICE = "self_service", _("signed in")
        LETTER = "letter", _("by letter")
        MAIL = "mail", _("by e-mail")
        FORM = "form", _("by our form, without signing in")
        COMMAND = "command", _("by an operator")
        DEMO = "demo", _("demonstration")
        RETENTION = "retention", _("by our rule for accounts that nobody uses")

    # What somebody of ours entered for her; a second person accepts it (T-18).
    BY_HAND = (Channel.LETTER, Channel.MAIL)
    BY_NOBODY = (Channel.DEMO, Channel.RETENTION)

    ref = models.CharField(
        _("number"), max_length=20, unique=True, default=new_reference, editable=False, help_text=_("To quote when you write to us.")
    )
    right = models.CharField(_("right"), max_length=20, choices=Right.choices, help_text=_("What was asked."))
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.RECEIVED, help_text=_("How far it is."))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, help_text=_("How it reached us."))
    identified_by = models.CharField(_("identified by"), max_length=40, blank=True, help_text=_("How we knew who asks, as a code."))
    actor_ref = models.CharField(_("entered by"), max_length=60, blank=True, help_text=_("Reference or role of who entered it."))
    received_at = models.DateTimeField(_("received"), default=timezone.now, help_text=_("When it reached us."))
    due_on = models.DateField(_("answer due"), help_text=_("Last day to answer."))
    extended_at = models.DateTimeField(
        _("extended"), null=True, blank=True, help_text=_("When we took two more months, and told the person why.")
    )
    paused_days = models.PositiveSmallIntegerField(
        _("days on hold"), default=0, help_text=_("How many days the time to answer stood still so far.")
    )
    approved_at = models.DateTimeField(_("accepted"), null=True, blank=True, help_text=_("When it was accepted."))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, help_text=_("When it was answered."))
    refusal_ground = models.CharField(
        _("ground of refusal"), max_length=20, choices=RefusalGround.choices, blank=True, help_text=_("Why it was refused, as a code.")
    )
    refusal_reasons = models.TextField(
        _("reasons"), max_length=5000, blank=True, help_text=_("Why it was refused, in words; no personal data.")
    )
    refusal_evidence = models.TextField(
        _("what shows it"), max_length=2000, blank=True, help_text=_("What shows that it is excessive; no personal data.")
    )
    refused_about = models.JSONField(
        _("refused uses"), default=list, blank=True, help_text=_("Of a no in part: which uses of data it is about, as codes.")
    )
    choices = models.JSONField(
        _("choices"), default=dict, blank=True, help_text=_("Per group of publications: former_member, name_stays or remove.")
    )
    erasure_ground = models.CharField(
        _("ground of erasure"), max_length=20, choices=ErasureGround.choices, blank=True, help_text=_("Why data must be erased, as a code.")
    )
    scope = models.CharField(
        _("scope"), max_length=200, blank=True, help_text=_("Of an archive: which purpose and which time; empty for all.")
    )
    map_version = models.CharField(_("version of the data map"), max_length=64, help_text=_("Which declarations were in force."))
    language = models.CharField(_("language"), max_length=5, help_text=_("In which we answer."))
    sealed_address = models.BinaryField(
        _("answer to"), blank=True, help_text=_("Sealed under the request's own key, which is destroyed when it closes.")
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        # Closed requests, the last one first, and those whose time has passed; what is open, the most urgent first.
        indexes = [
            models.Index(fields=["closed_at"], name="privacy_request_closed_at"),
            models.Index(fields=["right", "closed_at"], name="privacy_request_closed_right"),
            models.Index(fields=["channel", "closed_at"], name="privacy_request_closed_way"),
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(status__in=[status.value for status in states.OPEN]),
                name="privacy_request_open_in_order",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_ref", "right", "scope"],
                condition=models.Q(status__in=[status.value for status in states.OPEN]),
                name="privacy_one_open_request_per_scope",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[status.value for status in states.SAYS_NO])
                | (~models.Q(refusal_ground="") & ~models.Q(refusal_reasons="")),
                name="privacy_refusal_has_ground_and_reasons",
            ),
        ]

    def __str__(self):
        return self.ref

    @property
    def answer_by(self) -> date:
        """The day that we name and work to; `due_on` is the last that the law allows."""
        return deadlines.raw_due_on(self._received_on, extended=self.is_extended, paused_days=self.paused_days)

    @property
    def unpaused_due_on(self) -> date:
        """The last day, had the clock never stood still (G-06)."""
        return deadlines.due_on(self._received_on, extended=self.is_extended)

    @property
    def is_extended(self) -> bool:
        return self.extended_at is not None

    @property
    def _received_on(self):
        return day_of(self.received_at)

    @property
    def is_by_hand(self) -> bool:
        return self.channel in self.BY_HAND

    @property
    def facts(self) -> dict:
        """What it takes to register the same request again (`receiving.register_again`); no values."""
        return {
            "request_ref": self.ref,
            "right": self.right,
            "channel": self.channel,
            "received_at": self.received_at,
            "choices": self.choices,
            "ground": self.erasure_ground,
        }

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN
