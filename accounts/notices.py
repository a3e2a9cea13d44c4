"""Mail about the account itself: to whom, in her language, saying when and what to do if it was not her (T-08)."""

import logging
from datetime import datetime
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_added, email_removed
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation

from .user_agents import in_words

log = logging.getLogger("accounts")


def send(template: str, member, *, request, to="", **words) -> None:
    """To the address where her letters go, or to `to`; once what it tells is certain, and never instead of it.

    Without the network address: whoever reads along in a mailbox would know where she lives.
    """
    to = to or EmailAddress.objects.get_primary_email(member)
    said = words | {"timestamp": timezone.now(), "browser": in_words(request.headers.get("User-Agent", ""))}
    transaction.on_commit(partial(_send, template, to, member.language, said))


def _send(template: str, to: str, language: str, said: dict[str, str | datetime]):
    """The mail server's words hold her address: the log gets the kind of error alone."""
    with translation.override(language):
        try:
            get_adapter().send_mail(template, to, said | _what_to_do())
        except OSError as error:
            log.error("the notice %s was not sent: %s", template, type(error).__name__)


def _what_to_do():
    site = settings.PRIVACY["SITE"]
    return {"reset_url": f"{site}{reverse('account_reset_password')}", "sessions_url": f"{site}{reverse('usersessions_list')}"}


@receiver(email_added, dispatch_uid="accounts.notices")
def _tell_of_added(sender, request, user, email_address, **kwargs):
    send("account/email/email_added", user, request=request, added_email=email_address.email)


@receiver(email_removed, dispatch_uid="accounts.notices")
def _tell_the_one_removed(sender, request, user, email_address, **kwargs):
    """allauth tells the address that stays; the one that left learns it too, if it was ever hers."""
    if email_address.verified:
        send("account/email/email_deleted", user, request=request, to=email_address.email, deleted_email=email_address.email)
