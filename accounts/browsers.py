"""Browsers in which a member signed in before; of a sign-in from any other she is told."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import notices, recovery
from .models import KnownBrowser
from .user_agents import in_words

COOKIE, SALT = "browser", "accounts.browsers"
# A browser keeps no cookie longer (RFC 6265bis, 5.5: 400 days).
KEPT = timedelta(days=400)


@receiver(user_logged_in, dispatch_uid="accounts.browsers")
def _recognise(sender, request, user, **kwargs):
    """Django's own signal: every way of signing in sends it."""
    if not hasattr(request, "COOKIES"):
        return
    request.known_browser = number = _number_of(request) or secrets.token_urlsafe(32)
    if not _seen_again(user, number):
        _meet(user, number, request)


def _number_of(request) -> str:
    """What we wrote into the cookie; a changed one, or one past its time, is none."""
    return request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT)


def _digest(member, number: str) -> str:
    """Of both: two members who share a computer do not share a row, nor anything that shows it."""
    return salted_hmac(SALT, f"{member.pk}:{number}", algorithm="sha256").hexdigest()


def _seen_again(member, number) -> bool:
    known = KnownBrowser.including_hidden.filter(member=member, digest=_digest(member, number))
    return bool(known.update(last_seen_at=timezone.now()))


@transaction.atomic
def _meet(member, number, request):
    """Who signs in for the first time ever is told nothing: she just signed up.

    `last_login` is still the one before: this app stands before django.contrib.auth (test_accounts_browsers).
    """
    facts = {"member": member, "browser": in_words(request.headers.get("User-Agent", ""))}
    _row, is_new = KnownBrowser.including_hidden.get_or_create(digest=_digest(member, number), defaults=facts)
    if is_new and member.last_login:
        recovery.note(recovery.Kind.MAILED_CODE if recovery.is_by_mail_alone(request, member) else "new_browser", member)
        notices.send("account/email/new_sign_in", member, request=request)


def remember(request, response) -> None:
    """Once she signed in: the number goes with her browser, for another 400 days."""
    response.set_signed_cookie(
        COOKIE, request.known_browser, salt=SALT, max_age=KEPT, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def forget_unused() -> None:
    KnownBrowser.including_hidden.unused_since(timezone.now() - KEPT).delete()
