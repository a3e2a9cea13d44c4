"""Writing back and forth about a request, while it is open: plain text, read signed in; a mail says that something waits, and not what."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..days import day_of
from ..errors import ConversationClosed, TooManyMessages
from ..evidence import trail
from . import agenda, four_eyes, letters
from .requests import DataSubjectRequest

MESSAGE_AT_MOST = 5_000
# Of one request, by its person: enough to explain anything, too few to keep us from our work (T-24).
MOST_A_DAY = 20
A_DAY = timedelta(days=1)
# The same words within this time are a second click.
SECOND_CLICK = timedelta(minutes=1)
DAYS_TO_ANSWER = timedelta(days=5)


class Message(models.Model):
    """What one side wrote to the other; the words go some time after the request was closed (casework.housekeeping)."""

    request = models.ForeignKey(
        "privacy.DataSubjectRequest",
        on_delete=models.CASCADE,
        related_name="messages",
        verbose_name=_("request"),
        help_text=_("What it is about."),
    )
    from_us = models.BooleanField(_("from us"), help_text=_("Whether we wrote it, or the person."))
    text = models.TextField(
        _("message"), max_length=MESSAGE_AT_MOST, blank=True, help_text=_("In words; empty once its time after the answer has passed.")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When it was written."))
    by = models.CharField(_("written by"), max_length=60, blank=True, help_text=_("Reference or role of who wrote it."))

    class Meta:
        verbose_name = _("message about a request")
        verbose_name_plural = _("messages about requests")
        ordering = ["pk"]

    def __str__(self):
        return f"message {self.pk}"


@transaction.atomic
def write_to_us(request, text: str) -> Message:
    """By the person; somebody of ours has to answer. ConversationClosed once it is answered, TooManyMessages after 20 in a day."""
    _hold_open(request)
    hers = request.messages.filter(from_us=False)
    again = _second_click(hers, text)
    if again:
        return again
    if hers.filter(written_at__gt=timezone.now() - A_DAY).count() >= MOST_A_DAY:
        raise TooManyMessages
    message = _add(request, text, from_us=False, by=str(request.subject_ref))
    due = day_of(timezone.now() + DAYS_TO_ANSWER)
    agenda.note(agenda.Kind.MESSAGE, request.ref, min(due, request.due_on))
    return message


@transaction.atomic
def write_to_her(request, text: str, *, actor_ref) -> Message:
    """By one of ours. The mail that something waits goes out once, however much waits. OwnDecision about oneself."""
    four_eyes.refuse_own(request, str(actor_ref))
    _hold_open(request)
    again = _second_click(request.messages.filter(from_us=True), text)
    if again:
        return again
    message = _add(request, text, from_us=True, by=str(actor_ref))
    agenda.AgendaItem.objects.end(request.ref, agenda.Kind.MESSAGE)
    if request.sealed_address and not request.letters.due().filter(kind=letters.Kind.MESSAGE).exists():
        letters.write_again(request, letters.Kind.MESSAGE)
    return message


def _hold_open(request) -> None:
    """Whoever closes it waits for us, or we find it closed; of two who write at once one comes first."""
    held = DataSubjectRequest.objects.select_for_update().open().filter(pk=request.pk).first()
    if held is None:
        raise ConversationClosed


def _second_click(written, text) -> Message | None:
    return written.filter(text=text, written_at__gt=timezone.now() - SECOND_CLICK).first()


def _add(request, text, *, from_us, by) -> Message:
    message = Message.objects.create(request=request, text=text, from_us=from_us, by=by)
    what = "answered" if from_us else "written"
    trail.record(f"message.{what}", subject_ref=request.subject_ref, actor_ref=by, request_ref=request.ref)
    return message
