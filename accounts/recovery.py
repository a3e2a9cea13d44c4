"""After a change by which somebody may have taken an account over, archives wait a while (T-08)."""

from datetime import datetime, timedelta
from functools import partial

from allauth.account import signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from allauth.socialaccount.signals import social_account_added
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacy.evidence import trail

from .models import SecurityEvent

Kind = SecurityEvent.Kind

# What stands in her timeline. A change with the old password in hand holds nothing back, nor does an address before it signs in.
HEARD = {
    "password_changed": signals.password_changed,
    "address_added": signals.email_added,
    "address_removed": signals.email_removed,
    Kind.PASSWORD_RESET: signals.password_reset,
    Kind.PASSWORD_SET: signals.password_set,
    Kind.ADDRESS_CHANGED: signals.email_changed,
}


def listen() -> None:
    """To allauth: each signal says whose account it is."""
    for kind, signal in HEARD.items():
        signal.connect(partial(_heard, str(kind)), weak=False, dispatch_uid=f"accounts.recovery.{kind}")
    authenticator_removed.connect(_heard_of_factor, dispatch_uid="accounts.recovery.factor")
    signals.email_confirmed.connect(_heard_of_address, dispatch_uid="accounts.recovery.address")
    social_account_added.connect(_heard_of_connection, dispatch_uid="accounts.recovery.connection")


def _heard(kind, sender, user, **kwargs):
    note(kind, user)


def _heard_of_factor(sender, user, authenticator, **kwargs):
    """Recovery codes go along with the last of the others, and are none by themselves."""
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        note(Kind.FACTOR_REMOVED, user)


def _heard_of_address(sender, email_address, **kwargs):
    """From now on its mailbox opens the account, as a recovery would; her first address made the account."""
    member = email_address.user
    if member.emailaddress_set.filter(verified=True).exclude(pk=email_address.pk).exists():
        note(Kind.ADDRESS_CONFIRMED, member)


def _heard_of_connection(sender, sociallogin, **kwargs):
    note(Kind.CONNECTED, sociallogin.user)


@transaction.atomic
def note(kind: str, member) -> None:
    """In the trail by its name alone; and as a row of hers while it holds archives back."""
    if kind in Kind.values:
        SecurityEvent.including_hidden.create(member=member, kind=kind)
    trail.record(f"account.{kind}", subject_ref=member.subject_id, actor_ref=member.subject_id)


def is_by_mail_alone(request, member) -> bool:
    """Whether a mailed code was all it took to sign in: whoever reads her mail could, as with a link for a new password."""
    return {record["method"] for record in get_authentication_records(request, member)} == {"code"}


def held_until(request) -> datetime | None:
    """Until when this session gets no archive; None if it may have one now."""
    recent = SecurityEvent.including_hidden.filter(member=request.user).since(timezone.now() - _wait())
    holding = [event.at for event in recent.order_by("-at") if not _is_lifted(request, event)]
    return holding[0] + _wait() if holding else None


def _wait() -> timedelta:
    return timedelta(hours=settings.DELIVERY_WAIT_HOURS)


def _is_lifted(request, event) -> bool:
    """By a second step that she had before it, shown in this session since: whoever took the account over does not have that."""
    records = get_authentication_records(request, request.user)
    shown = [record.get("id") for record in records if record["method"] == "mfa" and record["at"] >= event.at.timestamp()]
    return Authenticator.objects.filter(user=request.user, pk__in=shown, created_at__lt=event.at).exists()


def forget_past() -> None:
    """Rows that hold nothing back any more; the trail still says what was done."""
    SecurityEvent.including_hidden.until(timezone.now() - _wait()).delete()
