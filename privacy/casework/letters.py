"""What we write to the person of a request: each letter a row, written with the act that it tells of (Art. 12)."""

import logging
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import keys
from ..days import day_of
from ..outbox import Outgoing, OutgoingQuerySet
from ..rights.erasure import erasure_step
from . import agenda

log = logging.getLogger("privacy")

# After this long without delivery a recipient counts as not reached, and an address of the person is kept no longer.
GIVE_UP_AFTER = timedelta(days=7)
# A key is made before its request is committed.
MAKING_A_REQUEST = timedelta(hours=1)
# One that has to go into an envelope waits no longer.
DAYS_TO_POST = timedelta(days=2)


class Kind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement")
    ANSWER = "answer", _("answer")
    REFUSAL = "refusal", _("refusal")
    CANCELLED = "cancelled", _("taken back")
    OVERTAKEN = "overtaken", _("overtaken by an erasure")
    FETCHED = "fetched", _("your archive was fetched")
    DISOWNED = "disowned", _("it was not you")
    ACCEPTED = "accepted", _("accepted")
    EXTENSION = "extension", _("more time")
    PAUSED = "paused", _("we miss something")
    RESUMED = "resumed", _("we go on")
    PARTLY = "partly", _("done in part")
    MESSAGE = "message", _("a message waits for you")
    NOTHING_HELD = "nothing_held", _("we hold nothing")


# What may happen more than once, each time with a letter.
REPEATED = (Kind.FETCHED, Kind.PAUSED, Kind.RESUMED, Kind.MESSAGE)


class State(models.TextChoices):
    """How far a letter is."""

    WAITS = "waits", _("about to be mailed")
    TO_POST = "to_post", _("to be posted")
    SENT = "sent", _("mailed")
    POSTED = "posted", _("posted")
    RETURNED = "returned", _("came back")


class LetterQuerySet(OutgoingQuerySet):
    def unsent(self):
        return self.filter(sent_at__isnull=True)

    def due(self):
        """Still to be mailed: a letter that was tried for 7 days is given up."""
        return self.filter(_is_due())

    def given_up(self, now):
        """Mail that did not go out in 7 days, of which nobody of ours knows yet."""
        return self.unsent().filter(~_is_new(now), attempts__gt=0, by_post=False, returned_at__isnull=True)

    def returned(self):
        return self.filter(_came_back())

    def to_post(self):
        return self.filter(by_post=True, posted_at__isnull=True)

    def named(self, name: str):
        """By the name that it has in its Message-ID: number of the request, kind, and of a kind that has many its own number."""
        ref, _dot, rest = name.partition(".")
        kind, _dot, number = rest.partition(".")
        one = {"pk": int(number)} if number.isdecimal() and len(number) < 19 else {}
        found = self.filter(request__ref=ref, kind=kind, **one).select_related("request").first()
        return found if found is not None and f"{ref}.{found.name}" == name else None

    def needing_key(self):
        """Letters that are due, those of open requests, whose answer is to come, and those of archives that may still be fetched."""
        may_be_fetched = Q(request__archive__destroyed_at__isnull=True, request__archive__expires_at__gt=timezone.now())
        return self.filter(_is_due() | Q(request__closed_at__isnull=True) | may_be_fetched)


def _is_due() -> Q:
    return Q(sent_at__isnull=True, by_post=False) & (Q(attempts=0) | _is_new(timezone.now()))


def _is_new(now) -> Q:
    """Written, or mailed again, within the days in which it is tried."""
    return Q(created_at__gt=now - GIVE_UP_AFTER) | Q(mailed_again_at__isnull=False, mailed_again_at__gt=now - GIVE_UP_AFTER)


def _came_back() -> Q:
    """After it last went out."""
    return Q(returned_at__isnull=False) & (Q(posted_at__isnull=True) | Q(posted_at__lte=F("returned_at")))


class Letter(Outgoing):
    """One letter to the person of a request: written with the act, mailed by the worker or posted by one of ours.

    It holds no text; that is made when it goes out. Nor an address: of a letter by post the envelope alone has one.
    """

    request = models.ForeignKey(
        "privacy.DataSubjectRequest",
        on_delete=models.CASCADE,
        related_name="letters",
        verbose_name=_("request"),
        help_text=_("What it answers."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, help_text=_("What it says."))
    created_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When the act happened."))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, help_text=_("When it went out."))
    by_post = models.BooleanField(_("by post"), default=False, help_text=_("It goes on paper, and not by e-mail."))
    posted_at = models.DateTimeField(_("posted"), null=True, blank=True, help_text=_("When one of us put it in the post."))
    returned_at = models.DateTimeField(_("came back"), null=True, blank=True, help_text=_("When we learned that it did not arrive."))
    returned_because = models.CharField(_("why it came back"), max_length=20, blank=True, help_text=_("As a code, such as 5.1.1."))
    mailed_again_at = models.DateTimeField(
        _("mailed again"), null=True, blank=True, help_text=_("When one of us had it mailed once more; it is tried for 7 days from then.")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"], condition=~Q(kind__in=[kind.value for kind in REPEATED]), name="privacy_letter_once_per_kind"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.request}"

    @property
    def name(self) -> str:
        """Its own among the letters of a request."""
        return f"{self.kind}.{self.pk}" if self.kind in REPEATED else self.kind

    @property
    def state(self) -> State:
        if self.returned_at and not (self.posted_at and self.posted_at > self.returned_at):
            return State.RETURNED
        if self.posted_at:
            return State.POSTED
        if self.by_post:
            return State.TO_POST
        return State.SENT if self.sent_at else State.WAITS


def write(request, kind: Kind) -> Letter:
    """The letter as a row, in the caller's transaction: it cannot be lost. By post where whoever wrote to us gave no other way."""
    letter, is_new = Letter.objects.get_or_create(request=request, kind=kind, defaults={"by_post": _has_paper_alone(request)})
    return _noted(letter) if is_new else letter


def write_again(request, kind: Kind, at=None) -> Letter:
    """One letter for each time it happens: a kind that the constraint leaves out. What went elsewhere has the moment of its disclosure."""
    how = {"created_at": at or timezone.now(), "by_post": _has_paper_alone(request)}
    return _noted(Letter.objects.create(request=request, kind=kind, **how))


def _noted(letter) -> Letter:
    if letter.by_post:
        note_to_post(letter)
    return letter


def _has_paper_alone(request) -> bool:
    return request.is_by_hand and not request.sealed_address


def note_to_post(letter) -> None:
    agenda.note(agenda.Kind.POST, letter.request.ref, day_of(timezone.now() + DAYS_TO_POST))


def note_sent(request, kind: Kind) -> None:
    """She had it already: the request keeps its key for the letters to come."""
    Letter.objects.get_or_create(request=request, kind=kind, defaults={"sent_at": timezone.now()})


def forget_address(request) -> None:
    """Unless a letter has to go there still."""
    _forget_address_of(request.ref)


def _forget_address_of(ref):
    if not Letter.objects.needing_key().filter(request__ref=ref).exists():
        keys.destroy(ref)


def destroy_forgotten_keys(now) -> None:
    """Keys whose last letter was given up, or whose worker was killed at the wrong moment."""
    for ref in keys.made_before(now - MAKING_A_REQUEST):
        _forget_address_of(ref)


@erasure_step("forget addresses", order=660)
def _forget_addresses(work) -> None:
    """An archive kept its request's key, so that each fetch could be told; the archives went with step 650."""
    refs = type(work.request).objects.filter(subject_ref=work.request.subject_ref).values_list("ref", flat=True)
    for ref in refs:
        _forget_address_of(ref)
