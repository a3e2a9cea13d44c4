"""Letters about a breach, to the people it concerns and to partners' data protection officers: listed at once, sent by the worker."""

from datetime import datetime, timedelta
from time import monotonic

from dateutil.relativedelta import relativedelta
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ...conf import setting
from ...days import today
from ...evidence import trail
from ...outbox import Outgoing, OutgoingQuerySet
from ...sql import selecting
from ...subjects import Subject
from .. import agenda, letter_text, letters, mailing
from ..telling import DAYS_TO_LOOK
from . import reach
from .breaches import BreachNotice

# Letters that are looked up at once; rounds follow each other for so long, and then make room for the rest of a sweep.
ROUND, ROUND_SECONDS = 200, 10


class BreachLetterQuerySet(OutgoingQuerySet):
    def queued(self):
        return self.filter(state=BreachLetter.State.QUEUED)


class BreachLetter(Outgoing):
    """One letter; it holds no text, which is made of the notice when it goes out."""

    class State(models.TextChoices):
        QUEUED = "queued", _("on its way")
        SENT = "sent", _("sent")
        NOT_REACHED = "not_reached", _("not reached")

    notice = models.ForeignKey(
        BreachNotice, on_delete=models.PROTECT, related_name="letters", verbose_name=_("notice"), help_text=_("What it says.")
    )
    subject_ref = models.UUIDField(
        _("person"), null=True, blank=True, db_index=True, help_text=_("Reference of the person concerned; empty for a partner.")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.QUEUED, help_text=_("How far it is."))
    written_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When it was decided to send it."))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, help_text=_("When it went out, or was given up."))

    objects = BreachLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter about a breach")
        verbose_name_plural = _("letters about breaches")
        constraints = [models.UniqueConstraint(fields=["notice", "subject_ref"], name="privacy_breach_letter_once")]
        indexes = [models.Index(fields=["id"], condition=Q(state="queued"), name="privacy_breach_letters_due")]

    def __str__(self):
        return f"letter {self.pk}"

    def settle(self, state) -> None:
        """Of two workers the first says how it ended."""
        with transaction.atomic():
            ended = {"state": state, "settled_at": timezone.now()}
            if BreachLetter.objects.queued().filter(pk=self.pk).update(**ended) and state == self.State.SENT and self.subject_ref:
                trail.record("breach.told", subject_ref=self.subject_ref, request_ref=self.notice.breach.ref)

    def give_up(self) -> None:
        """Nobody heard of it: one of us looks for another way, or sees that there is none."""
        with transaction.atomic():
            self.settle(self.State.NOT_REACHED)
            agenda.note(agenda.Kind.NOT_REACHED, self.notice.breach.ref, today() + timedelta(days=DAYS_TO_LOOK))


def list_people(notice: BreachNotice) -> int:
    """A letter for each person of the phase, in one statement: a million of them take seconds. How many."""
    names = ["notice_id", "state", "attempts", "written_at"]
    values = [notice.pk, BreachLetter.State.QUEUED, 0, timezone.now()]
    columns = [BreachLetter._meta.get_field(name) for name in names]
    given = [column.get_db_prep_save(value, connection) for column, value in zip(columns, values, strict=True)]
    try:
        people = selecting(reach.of(notice.phase).people().order_by().values_list("pk"))
    except EmptyResultSet:
        return 0
    into = ", ".join(connection.ops.quote_name(name) for name in ["subject_ref", *names])
    statement = f"INSERT INTO {BreachLetter._meta.db_table} ({into}) SELECT found.*, %s, %s, %s, %s FROM ({people.text}) AS found"  # noqa: S608 - names only
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *people.values])
        return cursor.rowcount


def list_partner(notice: BreachNotice) -> None:
    BreachLetter.objects.create(notice=notice)


def send_due() -> None:
    """The oldest first."""
    ends = monotonic() + ROUND_SECONDS
    while (due := _due()) and monotonic() < ends:
        for letter in due:
            if letter.take():
                _send(letter)


def _due() -> list[BreachLetter]:
    beside = "notice__breach", "notice__phase", "notice__recipient"
    return list(BreachLetter.objects.queued().free().select_related(*beside).order_by("pk")[:ROUND])


def _send(letter) -> None:
    """Who was erased meanwhile has no address any more."""
    if letter.notice.recipient_id is None:
        subject = Subject.objects.filter(pk=letter.subject_ref).first()
        sent = subject and mailing.write_to(letter, subject, "privacy/letters/breach", f"breach.{letter.pk}", notice=letter.notice)
    else:
        subject = letter.notice.recipient
        sent = mailing.write_to_partner(letter, subject, "privacy/notices/breach", f"breach.{letter.pk}", notice=letter.notice)
    if sent:
        letter.settle(BreachLetter.State.SENT)
    elif subject is None:
        letter.settle(BreachLetter.State.NOT_REACHED)
    elif timezone.now() - letter.written_at > letters.GIVE_UP_AFTER:
        letter.give_up()


def counts(notices) -> dict[int, dict[str, int]]:
    """Notice -> state -> letters."""
    told: dict[int, dict[str, int]] = {}
    rows = BreachLetter.objects.filter(notice__in=notices).order_by().values_list("notice_id", "state").annotate(models.Count("pk"))
    for notice, state, number in rows:
        told.setdefault(notice, {})[state] = number
    return told


def forget(now: datetime) -> None:
    """To whom we wrote goes PRIVACY["ACCOUNTABILITY_YEARS"] after it went out; the log of the breach stays."""
    BreachLetter.objects.filter(settled_at__lt=now - relativedelta(years=setting("ACCOUNTABILITY_YEARS"))).delete()


def preview(phase, **said) -> str:
    """As it would go out, in the language of who reads the preview; the first line is the subject."""
    notice = BreachNotice(breach=phase.breach, phase=phase, to=BreachNotice.To.PERSONS, outcome=BreachNotice.Outcome.TOLD, **said)
    said = letter_text.said("privacy/letters/breach", {"notice": notice})
    return f"{said.title}\n{said.text}".strip()
