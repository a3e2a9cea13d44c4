"""That a partner's program fetched all that a member may take along: she gets a letter, once a day per partner at most (T-07)."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.casework import letters, mailing
from privacy.conf import setting
from privacy.outbox import Outgoing, OutgoingQuerySet
from privacy.subjects import UsableManager
from privacy.waking import wake_worker

# Who fetches more often is told of with the first.
A_DAY = timedelta(days=1)


class FetchLetterQuerySet(OutgoingQuerySet):
    def due(self):
        return self.free().filter(sent_at__isnull=True)


class FetchLetter(Outgoing):
    """One letter: written with the disclosure, sent by the worker. It holds no text; that is made when it goes out."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("member"), help_text=_("Whose data."))
    partner = models.ForeignKey(
        "consents.Partner", on_delete=models.PROTECT, verbose_name=_("partner"), help_text=_("Whose program fetched them.")
    )
    fetched_at = models.DateTimeField(_("fetched"), default=timezone.now, help_text=_("When it did."))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, help_text=_("When it went out."))

    objects = UsableManager.from_queryset(FetchLetterQuerySet)()
    including_hidden = FetchLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter about a partner's fetch")
        verbose_name_plural = _("letters about partners' fetches")

    def __str__(self):
        return f"letter of {self.fetched_at:%Y-%m-%d}"


def write(member, partner, at) -> None:
    """In the transaction of the disclosure, under `permissions.hold`; none where one was written in the day before."""
    if not FetchLetter.including_hidden.filter(member=member, partner=partner, fetched_at__gt=at - A_DAY).exists():
        FetchLetter.objects.create(member=member, partner=partner, fetched_at=at)
        transaction.on_commit(partial(wake_worker, "consents.tell_of_fetches"))


def send_due() -> None:
    """Also to who is hidden since: it is about what happened before."""
    due = FetchLetter.including_hidden.due().order_by("pk").select_related("member__subject", "partner__recipient")
    for letter in due[: mailing.ROUND]:
        if letter.take():
            _send(letter)


def _send(letter):
    words = {"letter": letter, "recipient": letter.partner.recipient, "page": _page_of(letter.partner)}
    if mailing.write_to(letter, letter.member.subject, "consents/letters/fetched", f"portable.{letter.pk}", **words):
        FetchLetter.including_hidden.filter(pk=letter.pk).update(sent_at=timezone.now())


def _page_of(partner) -> str:
    return setting("SITE").rstrip("/") + reverse("consents:partner", args=[partner.slug])


def forget(now) -> None:
    """What was sent is of use for a day; what could not be sent is given up as any letter."""
    told = Q(sent_at__isnull=False, fetched_at__lte=now - A_DAY)
    FetchLetter.including_hidden.filter(told | Q(fetched_at__lte=now - letters.GIVE_UP_AFTER)).delete()
