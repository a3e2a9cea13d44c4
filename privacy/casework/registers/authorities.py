"""Courts and authorities that ask for somebody's data: on which ground, what they got, and when the person reads it (K-9)."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ...conf import setting
from ...datamap import LawfulBasis
from ...days import day_of, today
from ...errors import (
    AuthorityRequestClosed,
    AuthorityRequestNotFound,
    DisclosureIncomplete,
    NotAnAuthority,
    ReceivedInFuture,
    SecondPersonForAuthority,
    SecrecyIncomplete,
)
from ...evidence import trail
from ...evidence.recipients import Disclosure, Recipient
from ...subjects import Subject, matcher
from ..requests import new_reference
from . import processors

ASKED_AT_MOST, GROUND_AT_MOST = 500, 200


class AuthorityRequestQuerySet(models.QuerySet):
    def shown_to(self, reader_ref):
        """To one of ours too nothing shows what is about herself before she may know it."""
        return self.exclude(subject_ref=reader_ref, told_at=None)


class AuthorityRequest(models.Model):
    """One request about one person. Until the law lets us tell her, nothing of hers shows it."""

    class Outcome(models.TextChoices):
        HANDED_OVER = "handed_over", _("handed over")
        REFUSED = "refused", _("refused")

    ref = models.CharField(_("number"), max_length=20, unique=True, default=new_reference, editable=False, help_text=_("To speak of it."))
    authority = models.ForeignKey(
        "privacy.Recipient",
        on_delete=models.PROTECT,
        related_name="authority_requests",
        verbose_name=_("authority"),
        help_text=_("Which court or authority."),
    )
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    legal_ground = models.CharField(
        _("legal ground"), max_length=GROUND_AT_MOST, help_text=_("The law on which it asks, with its article.")
    )
    asked = models.TextField(_("asked"), max_length=ASKED_AT_MOST, help_text=_("What it asked, in words that name nobody."))
    received_on = models.DateField(_("received"), help_text=_("The day on which it reached us."))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, help_text=_("When it was written down."))
    noted_by = models.CharField(_("noted by"), max_length=60, help_text=_("Reference of who wrote it down."))
    secret_until = models.DateField(_("secret until"), null=True, blank=True, help_text=_("The last day on which the law forbids to tell."))
    secrecy_ground = models.CharField(
        _("ground of secrecy"), max_length=GROUND_AT_MOST, blank=True, help_text=_("The law that forbids to tell, with its article.")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True, help_text=_("Handed over, or refused."))
    attributes = models.JSONField(_("data"), default=list, blank=True, help_text=_("Which kinds of data were handed over, never values."))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, help_text=_("When that was done."))
    answered_by = models.CharField(_("answered by"), max_length=60, blank=True, help_text=_("Reference of who decided it."))
    told_at = models.DateTimeField(_("told"), null=True, blank=True, help_text=_("Since when the person can read it."))

    objects = AuthorityRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of an authority")
        verbose_name_plural = _("requests of authorities")
        constraints = [
            models.CheckConstraint(
                condition=Q(secret_until__isnull=True) | ~Q(secrecy_ground=""), name="privacy_authority_secrecy_has_ground"
            ),
            models.CheckConstraint(condition=~Q(legal_ground=""), name="privacy_authority_has_ground"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="") | Q(answered_at__isnull=False) & ~Q(outcome=""),
                name="privacy_authority_answer_is_whole",
            ),
        ]

    def __str__(self):
        return f"authority {self.ref}"


@matcher("told_of_authority", for_anyone=True)
def _once_told(subject, column):
    """What the law still keeps secret from her is in none of her pages and copies (Art. 23)."""
    return Q(**{column: subject.ref, "told_at__isnull": False})


def numbered(ref: str, *, reader_ref=None) -> AuthorityRequest:
    """AuthorityRequestNotFound, also for what no number looks like, and for what this reader may not know of yet."""
    shown = AuthorityRequest.objects.shown_to(reader_ref).select_related("authority")
    found = shown.filter(ref=ref).first() if ref.isalnum() else None
    if found is None:
        raise AuthorityRequestNotFound
    return found


@transaction.atomic
def note(
    subject: Subject,
    *,
    authority: str,
    contact: str,
    legal_ground: str,
    asked: str,
    received_on: date,
    secret_until: date | None = None,
    secrecy_ground="",
    actor_ref,
) -> AuthorityRequest:
    """It came: nothing is handed over yet. ReceivedInFuture, SecrecyIncomplete, NotAnAuthority; SecondPersonForAuthority about oneself."""
    if received_on > today():
        raise ReceivedInFuture
    if bool(secret_until) != bool(secrecy_ground.strip()) or (secret_until and secret_until < today()):
        raise SecrecyIncomplete
    if str(actor_ref) == str(subject.ref):
        raise SecondPersonForAuthority
    found = _recipient(authority, contact, actor_ref)
    said = {
        "legal_ground": legal_ground.strip(),
        "asked": asked.strip(),
        "received_on": received_on,
        "secrecy_ground": secrecy_ground.strip(),
    }
    request = AuthorityRequest.objects.create(
        authority=found, subject_ref=subject.ref, noted_by=str(actor_ref), secret_until=secret_until, **said
    )
    trail.record("authority.noted", actor_ref=actor_ref, request_ref=request.ref)
    return request


def _recipient(name, contact, actor_ref) -> Recipient:
    """At the address that was given last; the trail says who changed it."""
    known = {"kind": Recipient.Kind.AUTHORITY, "contact_email": contact}
    found, _is_new = Recipient.objects.get_or_create(name=name.strip(), defaults=known)
    if found.kind != Recipient.Kind.AUTHORITY:
        raise NotAnAuthority
    if found.contact_email != contact:
        found.contact_email = contact
        processors.record(found, actor_ref=actor_ref)
    return found


@transaction.atomic
def answer(ref: str, *, outcome: str, attributes=(), actor_ref) -> AuthorityRequest:
    """By a second person; of two at once the second finds it answered. DisclosureIncomplete, AuthorityRequestClosed."""
    request = AuthorityRequest.objects.select_for_update().get(pk=numbered(ref).pk)
    if request.answered_at:
        raise AuthorityRequestClosed
    if not trail.is_reference(str(actor_ref)) or str(actor_ref) in {request.noted_by, str(request.subject_ref)}:
        raise SecondPersonForAuthority
    handed_over = outcome == AuthorityRequest.Outcome.HANDED_OVER
    if handed_over and not attributes:
        raise DisclosureIncomplete
    request.outcome, request.attributes = AuthorityRequest.Outcome(outcome), sorted(attributes) if handed_over else []
    request.answered_at, request.answered_by = timezone.now(), str(actor_ref)
    request.save()
    trail.record("authority.answered", actor_ref=actor_ref, request_ref=request.ref, reason=request.outcome)
    if request.secret_until is None:
        _tell(request, request.answered_at)
    return request


def tell_after_secrecy(now: datetime) -> None:
    """Every night: what the law no longer keeps secret, she reads from now on."""
    over = AuthorityRequest.objects.filter(answered_at__isnull=False, told_at__isnull=True)
    for pk in over.filter(Q(secret_until__lt=day_of(now)) | Q(secret_until__isnull=True)).values_list("pk", flat=True):
        with transaction.atomic():
            request = AuthorityRequest.objects.select_for_update().get(pk=pk)
            if request.told_at is None:
                _tell(request, now)


def _tell(request, now):
    """It stands among the recipients of her data with the moment at which it got them; a refusal stands in her timeline alone."""
    AuthorityRequest.objects.filter(pk=request.pk).update(told_at=now)
    if request.outcome == AuthorityRequest.Outcome.HANDED_OVER:
        Disclosure.objects.create(
            recipient=request.authority,
            subject_ref=request.subject_ref,
            attributes=request.attributes,
            basis=LawfulBasis.LEGAL_OBLIGATION,
            at=request.answered_at,
        )
        trail.record("authority.told", subject_ref=request.subject_ref, request_ref=request.ref)
    else:
        trail.record("authority.refused", subject_ref=request.subject_ref, request_ref=request.ref)


def forget(now: datetime) -> None:
    """Of what was answered, and told, before PRIVACY["ACCOUNTABILITY_YEARS"] years; the disclosure stays in its own table."""
    then = now - relativedelta(years=setting("ACCOUNTABILITY_YEARS"))
    AuthorityRequest.objects.filter(answered_at__lt=then, told_at__lt=then).delete()
