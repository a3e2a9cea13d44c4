"""What we write: to the person about her request, to recipients about what they received (Art. 12, 19)."""

import logging
from datetime import timedelta
from functools import partial
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F, Q
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from .. import keys
from ..conf import hook, setting
from ..evidence.recipients import Notice
from ..outbox import Outgoing, OutgoingQuerySet
from ..rights.days import ZONE, day_of
from ..rights.erasure import erasure_step
from . import agenda, letter_text

log = logging.getLogger("privacy")

# After this long without delivery a recipient counts as not reached, and an address of the person is kept no longer.
GIVE_UP_AFTER = timedelta(days=7)
# A recipient that did not answer in the host's own way by then is written to.
WRITE_AFTER = timedelta(days=1)
# A key is made before its request is committed.
MAKING_A_REQUEST = timedelta(hours=1)
# Letters per round: the next round takes the rest.
ROUND = 200
# Notices go round after round for so long, and then make room for the rest of a sweep.
ROUND_SECONDS = 10
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
    PARTLY = "partly", _("done in part")
    MESSAGE = "message", _("a message waits for you")
    NOTHING_HELD = "nothing_held", _("we hold nothing")


# What may happen more than once, each time with a letter.
REPEATED = (Kind.FETCHED, Kind.PAUSED, Kind.MESSAGE)


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
        tried = Q(attempts__gt=0, created_at__lte=now - GIVE_UP_AFTER)
        return self.unsent().filter(tried, by_post=False, returned_at__isnull=True)

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
    return Q(sent_at__isnull=True, by_post=False) & (Q(attempts=0) | Q(created_at__gt=timezone.now() - GIVE_UP_AFTER))


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
    if is_new and letter.by_post:
        note_to_post(letter)
    return letter


def _has_paper_alone(request) -> bool:
    return request.is_by_hand and not request.sealed_address


def note_to_post(letter) -> None:
    agenda.note(agenda.Kind.POST, letter.request.ref, day_of(timezone.now() + DAYS_TO_POST))


def write_again(request, kind: Kind, at=None) -> Letter:
    """One letter for each time it happens: a kind that the constraint leaves out. What went elsewhere has the moment of its disclosure."""
    return Letter.objects.create(request=request, kind=kind, created_at=at or timezone.now())


def note_sent(request, kind: Kind) -> None:
    """She had it already: the request keeps its key for the letters to come."""
    Letter.objects.get_or_create(request=request, kind=kind, defaults={"sent_at": timezone.now()})


def send_due() -> int:
    """Send what is unsent, the oldest first; how many went out."""
    due = Letter.objects.due().free().select_related("request").order_by("pk")[:ROUND]
    return sum(send(letter) for letter in due)


def send(letter: Letter) -> bool:
    """After the last letter of a closed request its key is destroyed: the address can no longer be read."""
    if not letter.take() or not _posted(letter, lambda: _to_person(letter)):
        return False
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())
    forget_address(letter.request)
    return True


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


def deliver_notices(**only) -> None:
    """Tell recipients; `only` narrows to one request (`request_ref=`). Who is not reached in 7 days is recorded as such."""
    ends = monotonic() + ROUND_SECONDS
    while (waiting := Notice.objects.filter(**only).in_turn(ROUND)) and monotonic() < ends:
        for notice in waiting:
            if notice.take():
                _deliver(notice)


def _deliver(notice):
    """In the host's own way first; by mail where that is not open, or brought no answer in a day."""
    state, write_at = _by_the_host(notice), notice.created_at + WRITE_AFTER
    if state == Notice.State.QUEUED and timezone.now() < write_at:
        notice.wait(until=write_at)
    elif state in {None, Notice.State.QUEUED}:
        _deliver_by_mail(notice)
    else:
        notice.settle(state)


def _by_the_host(notice):
    """A way that breaks is closed, and stops no mail."""
    try:
        return hook("DELIVER")(notice)
    except Exception as error:
        log.error("notice %s: the host's way to tell recipients stopped at an error: %s", notice.pk, type(error).__name__)
        return None


def _deliver_by_mail(notice):
    if _posted(notice, lambda: _to_recipient(notice), note=partial(notice.note_attempt, "mail")):
        notice.settle(Notice.State.DELIVERED)
    elif timezone.now() - notice.created_at > GIVE_UP_AFTER:
        notice.settle(Notice.State.IMPOSSIBLE)


def _posted(row: Outgoing, post, note=lambda answer: None) -> bool:
    """False after a failure of the mail server, whatever it was; the row rests and is tried again. Nothing of the mail is logged."""
    try:
        post()
    except Exception as error:  # any mail backend may fail in its own way, and none may stop the others
        log.warning("%s %s was not sent: %s", row._meta.label, row.pk, type(error).__name__)
        row.rest()
        note(type(error).__name__)
        return False
    note("accepted")
    return True


def _to_person(letter):
    request = letter.request
    address = keys.unseal(request.ref, request.sealed_address)
    _send(letter_text.of(letter), address, f"{request.ref}.{letter.name}")


def text_of(letter, **beside) -> tuple[str, str]:
    """Title and text, as it would go out now, of a letter that needs no row yet; `beside` takes the place of what it would read."""
    said = letter_text.of(letter, **beside)
    return said.title, said.text


def write_to(row: Outgoing, subject, template: str, message_id: str, **words) -> bool:
    """A letter that answers no request; the row rests where the mail could not be sent, or where she confirmed no address."""

    def post():
        _to_address(hook("ADDRESSES")(subject)[0], hook("LANGUAGE")(subject), template, message_id, words)

    return _posted(row, post)


def write_to_address(row: Outgoing, address: str, language: str, template: str, message_id: str, **words) -> bool:
    """To who may be nobody we know: whose address it is does not matter. The row rests where the mail could not be sent."""
    return _posted(row, lambda: _to_address(address, language, template, message_id, words))


def write_to_partner(row: Outgoing, recipient, template: str, message_id: str, **words) -> bool:
    """To its data protection officer, where we know an address of one; the row rests where the mail could not be sent."""
    return write_to_address(
        row, recipient.dpo_email or recipient.contact_email, setting("RECIPIENT_LANGUAGE"), template, message_id, **words
    )


def _to_address(address, language, template, message_id, words):
    with translation.override(language), timezone.override(ZONE):
        _mail(template, address, words, message_id)


def warn(unused, subject) -> bool:
    """That her account goes unless she uses it."""
    words = {"unused": unused, "sign_in": _sign_in_page(), "grace_days": setting("ERASURE_GRACE_DAYS")}
    return write_to(unused, subject, "privacy/letters/unused", f"unused.{unused.pk}.{unused.days}", **words)


def _sign_in_page() -> str:
    """Empty where PRIVACY["SITE"] is not set."""
    return setting("SITE") and setting("SITE").rstrip("/") + resolve_url(settings.LOGIN_URL)


def _to_recipient(notice):
    with translation.override(setting("RECIPIENT_LANGUAGE")):
        _mail(f"privacy/notices/{notice.event}", notice.recipient.contact_email, {"notice": notice}, f"notice.{notice.pk}")


def _mail(template, address, context, message_id):
    _send(letter_text.said(template, context), address, message_id)


def _send(said: letter_text.Said, address, message_id):
    """The same letter sent twice carries the same Message-ID; a mail that comes back says which it was (casework.bounces)."""
    domain = setting("CONTROLLER")["email"].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{message_id}@{domain}>"}
    hook("MAILER")(EmailMessage(said.title, said.text, to=[address], attachments=said.files, headers=headers))
