"""Giving and withdrawing consent to a partner: the event, the present state and the notice in one transaction (Art. 7)."""

import uuid

from django.db import transaction
from django.utils import timezone

from privacy.casework import cases
from privacy.evidence import recipients, replay, trail
from privacy.subjects import Subject

from .errors import AccountLeaving, AttributesNotOffered
from .models import ConsentEvent, PartnerGrant
from .oidc import tokens
from .signals import making, waking

Kind, Method = ConsentEvent.Kind, ConsentEvent.Method


def give(member, partner, attributes, *, text_version, language, method=Method.PAGE, as_new_person=False, asked=()) -> PartnerGrant:
    """Allow a partner these account fields; the same again changes nothing, other fields or another text are a new consent.

    `asked` are those she could choose from; without it, the ones she allows.

    A withdrawn permission opens again under the name by which the partner knew the member. `as_new_person` gives a new name;
    the partner is then told to erase the old one, since nobody could tell it later. AttributesNotOffered where the partner may
    not ask for a field, AccountLeaving once the member asked for erasure.
    """
    names = _offered(partner, attributes)
    with transaction.atomic():
        subject = hold(member)
        if subject is None or subject.hidden_at is not None:
            raise AccountLeaving
        grant = PartnerGrant.including_hidden.filter(member=member, partner=partner).first()
        asked = sorted({*asked, *names})
        if grant is None or not _says(grant, names, text_version, asked):
            grant = _open(grant or PartnerGrant(member=member, partner=partner), names, as_new_person)
            _write(Kind.GIVEN, grant, text_version=text_version, language=language, method=method, asked=asked)
    return grant


def withdraw(grant, *, method=Method.PAGE, identified_by="") -> PartnerGrant:
    """End a permission at once and tell the partner; one that already ended stays as it was.

    Recorded as a request, fulfilled on the spot. What was released before stays lawful (Art. 7(3)).
    """
    with transaction.atomic():
        subject = hold(grant.member)
        if subject is None:
            return grant
        grant.refresh_from_db()
        if not grant.is_withdrawn:
            request = cases.withdrawn(subject, actor_ref=str(subject.ref), identified_by=identified_by)
            close(grant, method=method, request_ref=request.ref)
            tell(grant, "withdrawal", request_ref=request.ref, attributes=grant.attributes)
            replay.note("withdrawal", subject_ref=subject.ref, request_ref=request.ref, partner=grant.partner.slug)
    return grant


def hold(member) -> Subject | None:
    """The member's person, locked until the transaction ends; None once erased.

    Giving, withdrawing, releasing and hiding all take this one lock, so that each sees what the one before it did.
    """
    return Subject.objects.select_for_update(no_key=True).filter(pk=member.subject_id).first()


def close(grant, *, method, request_ref) -> None:
    """The event and the present state, in the caller's transaction, under `hold`. The event names the text that was agreed to."""
    given = _last_given(grant)
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at"])
    waking.wake(making.sign_out(grant))
    tokens.end(grant)
    _write(Kind.WITHDRAWN, grant, text_version=given.text_version, language=given.language, method=method, request_ref=request_ref)


def tell(grant, event: str, *, request_ref, attributes=()) -> None:
    """Queue a notice to the partner, under the name by which it knows the member (Art. 19)."""
    recipients.tell(
        grant.partner.recipient,
        event,
        subject_ref=grant.member.subject_id,
        known_as=str(grant.sub),
        request_ref=request_ref,
        attributes=attributes,
    )


def _offered(partner, attributes) -> list[str]:
    not_offered = set(attributes) - set(partner.attributes)
    if not_offered:
        raise AttributesNotOffered(not_offered)
    return [name for name in partner.attributes if name in attributes]


def has_to_ask(grant, asked) -> bool:
    """Whether a partner that asks these fields wants one that she was never offered, or needs one that she did not allow."""
    refused = set(asked) - set(grant.attributes)
    return bool(refused & set(grant.partner.needed)) or bool(refused - set(_last_given(grant).asked))


def _says(grant, names, text_version, asked) -> bool:
    """The permission stands already, for these fields, under this text, chosen from the same."""
    same_fields = not grant.is_withdrawn and set(grant.attributes) == set(names)
    last = _last_given(grant)
    return same_fields and last.text_version == text_version and set(asked) <= {*last.asked, *last.attributes}


def _last_given(grant) -> ConsentEvent:
    """What the member agreed to last; an empty event where none was recorded, which must not stop an erasure."""
    given = ConsentEvent.objects.filter(kind=Kind.GIVEN, subject_ref=grant.member.subject_id, partner=grant.partner_id)
    return given.order_by("pk").last() or ConsentEvent()


def _open(grant, names, as_new_person) -> PartnerGrant:
    if as_new_person and grant.is_withdrawn:
        tell(grant, "erasure", request_ref="")
        grant.sub = uuid.uuid4()
    grant.attributes, grant.granted_at, grant.revoked_at = names, timezone.now(), None
    grant.save()
    return grant


def _write(kind, grant, *, request_ref="", **shown) -> None:
    """The consent event and its entry in the trail, at the moment of the present state."""
    ref = grant.member.subject_id
    at = grant.granted_at if kind == Kind.GIVEN else grant.revoked_at
    ConsentEvent.objects.create(subject_ref=ref, partner_id=grant.partner_id, kind=kind, attributes=grant.attributes, at=at, **shown)
    trail.record(f"consent.{kind}", subject_ref=ref, actor_ref=ref, request_ref=request_ref)
