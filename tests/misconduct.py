"""Moderators, custodians, their keys, and members who got notices."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.misconduct import moderating, roles, sealing
from accounts.models import FormalNotice

from .makers import make_member

BREACH = "Sold the addresses of colleagues."
PASSPHRASE = "een lange zin voor Carla"


def make_colleague(first_name, role):
    """Somebody of ours, in this role."""
    member = make_member(first_name)
    roles.appoint(member, role)
    member.refresh_from_db()
    return member


def warn(member, *, by, days_ago=(40, 10)):
    """Notices, mailed so many days ago."""
    given = [moderating.give_notice(member, f"Notice of {days} days ago.", by=by.subject) for days in days_ago]
    for notice, days in zip(given, days_ago, strict=True):
        at = timezone.now() - timedelta(days=days)
        FormalNotice.including_hidden.filter(pk=notice.pk).update(given_at=at, told_at=at)
    return given


def put_ban(member, *, by, breach=BREACH):
    warn(member, by=by)
    return moderating.put_ban(member, breach, by=by.subject)


def give_custodian_key(settings) -> bytes:
    """The key file; the installation knows its public half."""
    private, settings.CUSTODIAN_KEY = sealing.make_pair(PASSPHRASE)
    return private.encode()


def has_second_address(member, address="an@thuis.example"):
    EmailAddress.objects.create(user=member, email=address, verified=True)
    return address
