"""The addresses of one account: whose one is, and changing them one act at a time."""

from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from .models import Member


def is_held(email: str) -> bool:
    """By an account that was made with it or confirmed it; not where it was only written down."""
    return Member.objects.known_by(email).exists()


def is_held_by_another(member, email: str) -> bool:
    return any(holder.pk != member.pk for holder in Member.objects.known_by(email))


@contextmanager
def one_at_a_time(member):
    """Of two windows the second waits, and then sees what the first did."""
    with transaction.atomic():
        yield Member.objects.select_for_update().get(pk=member.pk)


def add(member, email: str) -> tuple[EmailAddress, bool]:
    """The row, and whether it is new; ValidationError where another window filled the list meanwhile."""
    with one_at_a_time(member):
        found = member.emailaddress_set.filter(email=email).first()
        if found:
            return found, False
        if not EmailAddress.objects.can_add_email(member):
            raise get_adapter().validation_error("max_email_addresses", settings.ACCOUNT_MAX_EMAIL_ADDRESSES)
        return member.emailaddress_set.create(email=email), True
