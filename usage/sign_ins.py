"""When and how a member signed in; nothing here may keep her from it."""

import logging

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver

from .models import SignIn
from .networks import address_of

log = logging.getLogger("usage")

Way = SignIn.Way
# What allauth calls each way; a second factor follows a first one, and alone it is a passkey.
WAYS = {"password": Way.PASSWORD, "code": Way.CODE, "socialaccount": Way.PROVIDER}
PASSKEY = "webauthn"


@receiver(user_logged_in, dispatch_uid="usage.sign_ins")
def note_sign_in(sender, request, user, **kwargs) -> None:
    """Sent by allauth when somebody signs in, not when a session is resumed; of nobody whose use is on hold."""
    if user.subject.restricts("usage"):
        return
    try:
        with transaction.atomic():
            SignIn.objects.create(member=user, way=way_of(get_authentication_records(request, user)), ip_address=address_of(request))
    except Exception as error:  # whatever it is: a sign-in that is not noted is better than none
        log.error("a sign-in was not noted: %s", type(error).__name__)


def way_of(records: list[dict]) -> Way:
    """The first step of this sign-in: a password with a code from an app is a password."""
    first = records[0] if records else {}
    if first.get("method") == "mfa" and first.get("type") == PASSKEY:
        return Way.PASSKEY
    return WAYS.get(first.get("method"), Way.OTHER)
