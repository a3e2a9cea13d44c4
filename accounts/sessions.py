"""Where a member is signed in: each session that still lives, with its browser and how she signed in there."""

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .user_agents import in_words

# How allauth names a way -> how we do.
WAYS = {
    "password": _("password"),
    "code": _("mailed code"),
    "socialaccount": _("account elsewhere"),
    "totp": _("code from an app"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery code"),
}


def living_sessions(user, *, here: str) -> list[UserSession]:
    """The newest first, each with `browser`, `ways` and `is_here`, in two queries; `here` is the key of the session that asks."""
    records = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")
    contents = _contents(user, [record.session_key for record in records])
    living = [record for record in records if record.session_key in contents]
    for record in living:
        record.browser = in_words(record.user_agent)
        record.ways = _ways(contents[record.session_key])
        record.is_here = record.session_key == here
    return living


def _contents(user, keys) -> dict[str, dict]:
    """Of the sessions that still open her account: a new password ends the others."""
    hers = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    stored = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    decoded = {session.session_key: session.get_decoded() for session in stored}
    return {key: content for key, content in decoded.items() if content.get(HASH_SESSION_KEY) in hers}


def _ways(content) -> list[str]:
    """What she signed in with; a proof that was asked for later is none."""
    steps = [step for step in content.get(AUTHENTICATION_METHODS_SESSION_KEY, []) if not step.get("reauthenticated")]
    names = [step.get("type") if step["method"] == "mfa" else step["method"] for step in steps]
    return [WAYS[name] for name in dict.fromkeys(names) if name in WAYS]
