"""How we knew who asks: the ways that we accept, the strongest first, and what came of each look (Art. 12(6))."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import setting
from ..errors import IdentityNotShown, MethodTooWeak
from ..evidence import replay
from . import agenda, pausing
from .receiving import record
from .requests import DataSubjectRequest


class Method(models.TextChoices):
    """A closed list, the strongest first; none of them takes in a document (T-03, T-04)."""

    FACTOR = "factor", _("signed in with a second step")
    SIGNED_IN = "signed_in", _("signed in")
    STORED_ADDRESS = "stored_address", _("answered to a confirmed address")
    IN_PERSON = "in_person", _("came to us, and is known")
    CALLED_BACK = "called_back", _("called back on a number that we knew")
    ID_SEEN = "id_seen", _("saw an identity card")

    def is_weaker_than(self, other) -> bool:
        return Method.values.index(self) > Method.values.index(other)


# Any person whom we know can do this; for what is weaker two of ours agree, and wait (casework.identity_changes).
USUAL = Method.STORED_ADDRESS
# The same look within this time is a second click.
SECOND_CLICK = timedelta(minutes=1)
# What `identified_by` says of a letter while nobody looked who wrote it.
NOT_YET = "not_yet"
# What an entered letter says of how we knew -> the way it is.
WAYS = {"id_card": Method.ID_SEEN, "in_person": Method.IN_PERSON, "called_back": Method.CALLED_BACK, "known_address": Method.STORED_ADDRESS}


class IdentityCheck(models.Model):
    """One look at who asks: the way as a code and what came of it, and nothing of what was shown."""

    request = models.ForeignKey(
        "privacy.DataSubjectRequest",
        on_delete=models.CASCADE,
        related_name="identity_checks",
        verbose_name=_("request"),
        help_text=_("Who asked this."),
    )
    method = models.CharField(_("way"), max_length=20, choices=Method.choices, help_text=_("How we looked who asks, as a code."))
    passed = models.BooleanField(_("shown"), help_text=_("Whether it was the person."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("When we looked."))
    by = models.CharField(_("done by"), max_length=60, blank=True, help_text=_("Reference or role of who looked."))

    class Meta:
        verbose_name = _("look at who asks")
        verbose_name_plural = _("looks at who asks")
        constraints = [models.CheckConstraint(condition=models.Q(method__in=Method.values), name="privacy_identity_method_is_known")]

    def __str__(self):
        return f"{self.method} {self.request}"


@transaction.atomic
def note(request, method: Method, *, passed: bool, actor_ref="", now: datetime | None = None) -> IdentityCheck:
    """Under the lock of the request: who accepts it, or begins, comes before or after. A no has to be followed by another look.

    MethodTooWeak for a yes by a way that is weaker than what this request may go by. A second click is no second look.
    """
    now = now or timezone.now()
    if passed and Method(method).is_weaker_than(weakest(request, now)):
        raise MethodTooWeak
    DataSubjectRequest.objects.select_for_update().get(pk=request.pk)
    request.refresh_from_db()
    look, last = {"method": Method(method), "passed": passed, "by": str(actor_ref)}, request.identity_checks.order_by("pk").last()
    if last and last.at > now - SECOND_CLICK and all(getattr(last, name) == value for name, value in look.items()):
        return last
    check = IdentityCheck.objects.create(request=request, at=now, **look)
    if passed:
        agenda.AgendaItem.objects.end(request.ref, agenda.Kind.IDENTIFY)
        record("identified", request, actor_ref, reason=check.method)
        pausing.note_identified(request, actor_ref)
    else:
        record("not_identified", request, actor_ref, reason=check.method)
        if request.is_open:
            agenda.note(agenda.Kind.IDENTIFY, request.ref, request.due_on)
    return check


def weakest(request, now: datetime) -> Method:
    """What this request may go by at least: the usual way, or one that two agreed on and whose wait has passed."""
    agreed = [Method(change.method) for change in request.identity_changes.all() if change.is_open(now)]
    return max([USUAL, *agreed], key=Method.values.index)


def need(request) -> None:
    """IdentityNotShown where the last look failed, or nobody looked yet; after a restore it was looked at then."""
    refuse_failed(request)
    if request.identified_by == NOT_YET and not request.identity_checks.exists() and not replay.under_way():
        raise IdentityNotShown


def refuse_failed(request) -> None:
    """IdentityNotShown where the last look failed, be it after the request was accepted; after a restore another succeeded then."""
    last = request.identity_checks.order_by("pk").last()
    if last and not last.passed and not replay.under_way():
        raise IdentityNotShown


def need_more_than_mail(request) -> None:
    """IdentityNotShown for an erasure of an account that came by our form: she signs in, or two agreed on another way (T-06)."""
    if request.channel != request.Channel.FORM or replay.under_way():
        return
    if not request.identity_checks.filter(passed=True).exclude(method=Method.STORED_ADDRESS).exists():
        raise IdentityNotShown(
            _("By our form alone nobody is erased: she signs in and goes on with it, or two of us agree on another way.")
        )


def days_to_object(request) -> int:
    """How long who is written about can still say that it was not she, where a letter was believed on less than the usual way; else 0."""
    way = WAYS.get(request.identified_by)
    return setting("IDENTITY_WAIT_DAYS") if way and way.is_weaker_than(USUAL) else 0
