"""What waits for a person of ours: the only list of it, written in the transaction of the act (Art. 12(3))."""

from datetime import date

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..datamap import Right
from ..evidence import trail
from . import four_eyes

# Rights of which a person says that they are done; the others go by the steps of casework.cases.PLANS.
ANSWERED_BY_US = set(Right) - {Right.ACCESS, Right.PORTABILITY, Right.ERASURE}


class Kind(models.TextChoices):
    DECIDE = "decide", _("decide on a request")
    SECOND_PERSON = "second_person", _("look at what a colleague entered")
    IDENTIFY = "identify", _("find out who asks")
    COMPELLING_GROUNDS = "compelling_grounds", _("weigh an objection")
    VERIFY_ACCURACY = "verify_accuracy", _("look whether data are right")
    BOUNCED = "bounced", _("an answer of ours came back")
    NOT_REACHED = "not_reached", _("somebody was not reached")
    LIFT = "lift", _("end a restriction")
    BREACH = "breach", _("a breach to report")
    REVIEW_SETTING = "review_setting", _("look at a setting again")
    POST = "post", _("put a letter in the post")
    MESSAGE = "message", _("answer a message")


# What has nothing left to wait for once the request is closed.
ENDS_WITH_REQUEST = (Kind.DECIDE, Kind.SECOND_PERSON, Kind.IDENTIFY, Kind.COMPELLING_GROUNDS, Kind.VERIFY_ACCURACY, Kind.MESSAGE)

# Done once somebody saw to it; whatever else waits ends by an act of its own.
SETTLED_BY_HAND = (Kind.BOUNCED, Kind.NOT_REACHED)


class AgendaItemQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at__isnull=True)

    def end(self, request_ref: str, *kinds: Kind) -> int:
        """How many were open until now."""
        return self.open().filter(request_ref=request_ref, kind__in=kinds).update(done_at=timezone.now())


class AgendaItem(models.Model):
    """One thing to do. Names nobody: for whom it is done stands in the request, who did it in the trail."""

    request_ref = models.CharField(_("number"), max_length=20, help_text=_("Of the request or the breach; of a setting its name."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, help_text=_("What has to be done."))
    due_on = models.DateField(_("due"), help_text=_("Last day to do it."))
    opened_at = models.DateTimeField(_("waits since"), default=timezone.now, help_text=_("Since when it waits."))
    done_at = models.DateTimeField(_("done"), null=True, blank=True, help_text=_("When it was done, or had no more to wait for."))

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("items of the agenda")
        indexes = [models.Index(fields=["due_on", "id"], condition=models.Q(done_at__isnull=True), name="privacy_agenda_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["request_ref", "kind"], condition=models.Q(done_at__isnull=True), name="privacy_one_open_agenda_item"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="privacy_agenda_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.kind} {self.request_ref}"


def note(kind: Kind, request_ref: str, due_on: date) -> None:
    """Once, however often it is noted; the last day is the one that was said last."""
    waiting = AgendaItem.objects.open().filter(kind=kind, request_ref=request_ref)
    if not waiting.update(due_on=due_on):
        AgendaItem.objects.bulk_create([AgendaItem(kind=kind, request_ref=request_ref, due_on=due_on)], ignore_conflicts=True)


@transaction.atomic
def settle(kind: Kind, request_ref: str, actor_ref) -> bool:
    """Somebody did it, and the trail says who; False where nothing waited, so that of two who settle it one is on record."""
    if not AgendaItem.objects.end(request_ref, kind):
        return False
    trail.record("desk.settled", actor_ref=actor_ref, request_ref=request_ref, reason=kind)
    return True


def note_received(request) -> None:
    """What it asks of us first; nothing, where it was done at once."""
    if not request.is_open:
        return
    if four_eyes.needs_second(request):
        note(Kind.SECOND_PERSON, request.ref, request.due_on)
    elif request.right in ANSWERED_BY_US:
        _note_decision(request)


def note_accepted(request) -> None:
    """The second person was there; what has no steps still waits for an answer."""
    if AgendaItem.objects.end(request.ref, Kind.SECOND_PERSON) and request.right in ANSWERED_BY_US:
        _note_decision(request)


def _note_decision(request) -> None:
    """An objection is weighed first, however it came."""
    note(Kind.DECIDE, request.ref, request.due_on)
    if request.right == Right.OBJECTION:
        note(Kind.COMPELLING_GROUNDS, request.ref, request.due_on)


def note_due(request) -> None:
    """Its last day moved, and what it asks of us with it; a message has a day of its own."""
    moved = AgendaItem.objects.open().filter(request_ref=request.ref, kind__in=ENDS_WITH_REQUEST).exclude(kind=Kind.MESSAGE)
    moved.update(due_on=request.due_on)


def note_closed(request) -> None:
    """The entry that says how it was closed says who did."""
    AgendaItem.objects.end(request.ref, *ENDS_WITH_REQUEST)
