"""An account that somebody made with an address that was not theirs, once its owner comes: she gets it without their keys (T-29)."""

from allauth.account import signals
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.dispatch import receiver

from .identity import end_sessions
from .models import Member


@transaction.atomic
def reclaim(address: str, *, first_name: str, last_name: str) -> Member | None:
    """The account that holds this address and never confirmed any, now its owner's, who showed elsewhere that she is; else None.

    Its password, sessions, factors, other ways to sign in, waiting addresses and name go. An address that waits at another account goes,
    since it can never be confirmed there.
    """
    EmailAddress.objects.filter(email=address, verified=False).exclude(user__email=address).delete()
    member = Member.objects.select_for_update().filter(email=address).exclude(emailaddress__verified=True).first()
    if member is None:
        return None
    _take_keys_away(member)
    member.set_unusable_password()
    member.first_name, member.last_name = first_name, last_name
    member.save()
    EmailAddress.objects.create(user=member, email=address, verified=True, primary=True)
    return member


def _take_keys_away(member):
    end_sessions(member.subject)
    EmailAddress.objects.filter(user=member).delete()
    SocialAccount.objects.filter(user=member).delete()
    Authenticator.objects.filter(user=member).delete()


@receiver(signals.password_reset, dispatch_uid="accounts.reclaiming")
@transaction.atomic
def _reclaim_by_link(sender, user, **kwargs):
    """Who opened our link reads this address's mail; until then nobody had confirmed it. Her name she fills in herself."""
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        _take_keys_away(user)
        Member.objects.filter(pk=user.pk).update(first_name="", last_name="")
