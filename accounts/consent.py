"""Consent for the optional part of a profile: given by saving it, taken back with one click, both on record (Art. 7).

The column itself is the present state: what is filled was agreed to, since this file notes each change of it.
"""

from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import get_language

from privacy.datamap import registry
from privacy.errors import WhileRestricted
from privacy.evidence import replay, trail
from privacy.rights.rectification import corrected
from privacy.rights.withdrawal import erase_what_rests_on_consent
from privacy.subjects import Subject

from . import photos
from .errors import AccountLeaving
from .models import Member, ProfileConsentEvent

# Which wording of the fields' help texts and of templates/accounts/profile.html a person read; changed sentences are a new version.
TEXT_VERSION = "2026-12"
Kind = ProfileConsentEvent.Kind


def on_consent() -> list[str]:
    """The fields of an account that rest on consent alone, in the order of its data map."""
    data_map = registry.map_of(Member)
    return [line.name for line in data_map.lines.values() if data_map.rests_on_consent_alone(line)]


def shown(member) -> list[str]:
    """Those that she filled."""
    return [name for name in on_consent() if getattr(member, name)]


def show_photo(member, picture: bytes) -> None:
    """In place of the one before, whose file goes. AccountLeaving once she asked for erasure, WhileRestricted; then nothing is kept."""
    path = photos.store(picture)
    try:
        with transaction.atomic():
            subject = _hold(member)
            if subject is None or subject.hidden_at:
                raise AccountLeaving
            if subject.restricted_at:
                raise WhileRestricted
            erase_what_rests_on_consent(subject, {_column("photo")})
            Member.objects.filter(pk=member.pk).update(photo=path)
            _tell(subject, ["photo"])
    except BaseException:
        photos.remove(path)
        raise


def withdraw(member, names=None) -> list[str]:
    """Take back all optional fields or those of `names`: their contents go at once. Which of them she showed; a second time, none.

    What was shown before stays lawful (Art. 7(3)).
    """
    with transaction.atomic():
        subject = _hold(member)
        before = Member.objects.filter(subject=subject).first() if subject else None
        taken_back = [name for name in shown(before) if names is None or name in names] if before else []
        if taken_back:
            erase_what_rests_on_consent(subject, set(map(_column, taken_back)))
            _tell(subject, taken_back)
    return taken_back


def _hold(member) -> Subject | None:
    """The member's person, locked until the transaction ends; None once erased."""
    return Subject.objects.select_for_update(no_key=True).filter(pk=member.subject_id).first()


def _tell(subject, names):
    """Whoever has to know that these fields changed: recipients (Art. 19), and our own record below."""
    corrected.send(sender=Member, subject=subject, request_ref="", columns=list(map(_column, names)))


def _column(name) -> str:
    return f"{Member._meta.label}.{name}"


@receiver(corrected, dispatch_uid="accounts.consent")
def note_consent(sender, subject, request_ref, columns, **kwargs) -> None:
    """Whichever page changed an optional field: filled is given, emptied is withdrawn. In the transaction of that change."""
    changed = [name for name in on_consent() if _column(name) in columns]
    if not changed:
        return
    filled = shown(Member.objects.get(subject=subject))
    _note(Kind.GIVEN, subject, request_ref, [name for name in changed if name in filled])
    _note(Kind.WITHDRAWN, subject, request_ref, [name for name in changed if name not in filled])


def _note(kind, subject, request_ref, names):
    if not names:
        return
    ProfileConsentEvent.objects.create(
        subject_ref=subject.ref,
        request_ref=request_ref,
        kind=kind,
        attributes=names,
        text_version=TEXT_VERSION,
        language=get_language()[:2],
    )
    trail.record(f"profile.{kind}", subject_ref=subject.ref, actor_ref=subject.ref, request_ref=request_ref)
    if kind == Kind.WITHDRAWN:
        replay.note("profile_withdrawal", subject_ref=subject.ref, fields=names)
