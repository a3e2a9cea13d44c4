"""What the engine asks about a member: her addresses, her language, her sessions."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from privacy.subjects import Subject, matcher

from .models import Member


def verified_addresses(subject: Subject) -> list[str]:
    """The addresses that this person confirmed, the one she signs in with first, in lower case; without an account those that answered."""
    if not subject.has_root:
        return [address.lower() for address in subject.answered_from]
    confirmed = EmailAddress.objects.filter(user__subject=subject, verified=True).order_by("-primary", "pk")
    return [address.lower() for address in confirmed.values_list("email", flat=True)]


def person_at(address: str) -> Subject | None:
    """Who confirmed this address, in any case; nobody where two did."""
    confirmed = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user__subject")[:2]
    return confirmed[0].user.subject if len(confirmed) == 1 else None


def is_of_account(address: str) -> bool:
    """Also one that nobody confirmed, or two did."""
    return Member.objects.filter(email=address.lower()).exists() or EmailAddress.objects.filter(email__iexact=address).exists()


def addresses_in_archive(rows) -> list[str]:
    """Those that were confirmed where the archive was made (privacy.rights.opening)."""
    found = [row for row in rows(EmailAddress._meta.label) if row.get("verified") is True]
    return [row["email"] for row in found if isinstance(row.get("email"), str)]


def language_of(subject: Subject) -> str:
    """In which language we write to this person."""
    return Member.objects.filter(subject=subject).values_list("language", flat=True).first() or settings.LANGUAGE_CODE


@transaction.atomic
def end_sessions(subject: Subject) -> None:
    """Sign this person out everywhere. Session and record go together: without the record nobody would find the session."""
    for session in UserSession.objects.filter(user__subject=subject):
        session.end()


@transaction.atomic
def renew_session(request) -> None:
    """A new key for this session, in its record too; whoever holds the old key is out. A session that was ended meanwhile stays ended."""
    before = request.session.session_key
    if not Session.objects.select_for_update().filter(session_key=before).exists():
        logout(request)
        return
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


@matcher("session_key", for_anyone=True)
def _by_session_key(subject, column):
    """The sessions in which this person signed in."""
    return Q(**{f"{column}__in": UserSession.objects.filter(user__subject=subject).values("session_key")})
