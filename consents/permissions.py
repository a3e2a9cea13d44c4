"""Giving, narrowing and withdrawing consent to a partner: the event, the present state and the notice in one transaction (Art. 7)."""

import uuid

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from privacy.casework import at_once
from privacy.errors import WhileRestricted
from privacy.evidence import recipients, replay, trail
from privacy.subjects import Subject

from . import wording
from .errors import AccountLeaving, AttributesNotOffered, PartnerTakesNoPart, WordingChanged
from .models import ConsentEvent, Partner, PartnerGrant
from .oidc import tokens
from .signals import making, waking

Kind, Method, Purpose = ConsentEvent.Kind, ConsentEvent.Method, ConsentEvent.Purpose
# Sent with `grant` and `method` in the transaction that ends a permission: whatever else she let this partner do ends with it.
closed = Signal()


def give(
    member, partner, attributes, *, text_version, language, method=Method.PAGE, as_new_person=False, asked=(), also=None
) -> PartnerGrant:
    """Allow a partner these account fields; the same again changes nothing, other fields or another text are a new consent.

    Of fields that stood and are not among them the partner is told, as by `narrow`.

    `asked` are those she could choose from; without it, the ones she allows. `also` takes the grant and does what else she answered,
    in the same transaction: a line of the replay ledger comes last.

    A withdrawn permission opens again under the name by which the partner knew the member. `as_new_person` gives a new name;
    the partner is then told to erase the old one, since nobody could tell it later. AttributesNotOffered where the partner may
    not ask for a field, AccountLeaving once the member asked for erasure, WhileRestricted, PartnerTakesNoPart where it is not published,
    or ended, WordingChanged where it says something else by now than `partner` does.
    """
    names = _offered(partner, attributes)
    with transaction.atomic():
        held, subject = hold_words(partner), hold(member)
        if subject is None or subject.hidden_at is not None:
            raise AccountLeaving
        if subject.restricted_at:
            raise WhileRestricted
        if not held.takes_part:
            raise PartnerTakesNoPart
        grant = PartnerGrant.including_hidden.filter(member=member, partner=partner).first()
        had = grant.attributes if grant and not grant.is_withdrawn else []
        asked = sorted({*asked, *names})
        if grant is None or not _says(grant, names, text_version, asked):
            grant = grant or PartnerGrant(member=member, partner=partner)
            grant = _open(grant, names, as_new_person, at=wording.moment_of_a_yes(held))
            shown = {"text_version": text_version, "language": language, "method": method, "asked": asked}
            note(Kind.GIVEN, grant, at=grant.granted_at, **shown)
            trail.record("consent.given", **_by_her(grant))
        if also:
            also(grant)
        _tell_of_less(grant, had)
    return grant


def narrow(grant, keep, *, text_version, language, method=Method.PAGE) -> PartnerGrant:
    """Only these fields from now on, and those that the partner needs: a new consent, under which its tokens open less.

    A permission that ended, also with its partner, that she is asked anew, or of which nothing is left out, stays as it was.
    """
    with transaction.atomic():
        held, subject = wording.hold(grant.partner), hold(grant.member)
        grant.refresh_from_db()
        left = [name for name in grant.attributes if name in {*keep, *grant.partner.needed}]
        had = grant.attributes
        stands_still = grant.is_withdrawn or grant.asks_anew_since is not None or not grant.partner.takes_part
        if subject is None or stands_still or left == had:
            return grant
        asked = sorted({*last_given(grant).asked, *grant.attributes})
        grant.attributes, grant.granted_at = left, wording.moment_of_a_yes(held)
        grant.save(update_fields=["attributes", "granted_at"])
        note(Kind.GIVEN, grant, at=grant.granted_at, text_version=text_version, language=language, method=method, asked=asked)
        trail.record("consent.narrowed", **_by_her(grant))
        _tell_of_less(grant, had)
    return grant


def _tell_of_less(grant, had) -> None:
    """The partner hears what it had and may have no more, and a database from a backup does not give it back."""
    gone = [name for name in had if name not in grant.attributes]
    if gone:
        tell(grant, "narrowed", request_ref="", attributes=gone)
        replay.note("narrowed", subject_ref=grant.member.subject_id, partner=grant.partner.slug, attributes=grant.attributes)


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
            request = at_once.withdrawn(subject, actor_ref=str(subject.ref), identified_by=identified_by)
            end(grant, method=method, request_ref=request.ref)
            replay.note("withdrawal", subject_ref=subject.ref, request_ref=request.ref, partner=grant.partner.slug)
    return grant


def withdraw_all(member, *, method=Method.PAGE, identified_by="") -> list[PartnerGrant]:
    """End every permission of hers at once, as one request; those that ended. None the second time."""
    with transaction.atomic():
        subject = hold(member)
        grants = list(standing_of(member)) if subject else []
        if grants:
            request = at_once.withdrawn(subject, actor_ref=str(subject.ref), identified_by=identified_by)
            for grant in grants:
                end(grant, method=method, request_ref=request.ref)
            replay.note("all_withdrawn", subject_ref=subject.ref, request_ref=request.ref)
    return grants


def standing_of(member):
    return PartnerGrant.including_hidden.not_withdrawn().filter(member=member).select_related("member", "partner__recipient").order_by("pk")


def hold(member) -> Subject | None:
    """The member's person, locked until the transaction ends; None once erased.

    Giving, withdrawing, releasing and hiding all take this one lock, so that each sees what the one before it did.
    """
    return Subject.objects.select_for_update(no_key=True).filter(pk=member.subject_id).first()


def hold_words(partner) -> Partner:
    """As `wording.hold`: what it says changes before this, and is seen, or after, and asks anew.

    WordingChanged where it says something else than the one in hand.
    """
    held = wording.hold(partner)
    if held.reading != partner.reading:
        raise WordingChanged
    return held


def end(grant, *, method, request_ref) -> None:
    """Closed, and the partner told, also that it may not contact her any more where it might."""
    might_contact = grant.contact_allowed_at is not None
    close(grant, method=method, request_ref=request_ref)
    tell(grant, "withdrawal", request_ref=request_ref, attributes=grant.attributes)
    if might_contact:
        tell(grant, "objection", request_ref=request_ref)


def close(grant, *, method, request_ref) -> None:
    """The event and the present state, in the caller's transaction, under `hold`. The event names the text that was agreed to."""
    if grant.contact_allowed_at is not None:
        close_contact(grant, method=method, request_ref=request_ref)
    given = last_given(grant)
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at"])
    waking.wake(making.sign_out([grant]))
    tokens.end(grant)
    note(Kind.WITHDRAWN, grant, at=grant.revoked_at, text_version=given.text_version, language=given.language, method=method)
    trail.record("consent.withdrawn", request_ref=request_ref, **_by_her(grant))
    closed.send(sender=PartnerGrant, grant=grant, method=method)


def close_contact(grant, *, method, request_ref) -> None:
    """That the partner may contact her with offers, as `close`."""
    given = last_given(grant, Purpose.CONTACT)
    grant.contact_allowed_at = None
    grant.save(update_fields=["contact_allowed_at"])
    shown = {"text_version": given.text_version, "language": given.language, "method": method, "purpose": Purpose.CONTACT}
    note(Kind.WITHDRAWN, grant, at=timezone.now(), **shown)
    trail.record("contact.withdrawn", request_ref=request_ref, **_by_her(grant))


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
    return bool(refused & set(grant.partner.needed)) or bool(refused - set(last_given(grant).asked))


def _says(grant, names, text_version, asked) -> bool:
    """The permission stands already, for these fields, under this text, chosen from the same."""
    same_fields = not grant.is_withdrawn and grant.asks_anew_since is None and set(grant.attributes) == set(names)
    last = last_given(grant)
    return same_fields and last.text_version == text_version and set(asked) <= {*last.asked, *last.attributes}


def last_given(grant, purpose=Purpose.USE) -> ConsentEvent:
    """What the member agreed to last."""
    return last_agreed(grant.member.subject_id, grant.partner_id, purpose)


def last_agreed(subject_ref, partner_id, purpose) -> ConsentEvent:
    """An empty event where none was recorded, which must not stop an erasure."""
    given = ConsentEvent.objects.filter(kind=Kind.GIVEN, subject_ref=subject_ref, partner=partner_id, purpose=purpose)
    return given.order_by("pk").last() or ConsentEvent()


def _open(grant, names, as_new_person, *, at) -> PartnerGrant:
    if as_new_person and grant.is_withdrawn:
        tell(grant, "erasure", request_ref="")
        grant.sub = uuid.uuid4()
    grant.attributes, grant.granted_at, grant.revoked_at, grant.asks_anew_since = names, at, None, None
    grant.save()
    return grant


def note(kind, grant, *, at, purpose=Purpose.USE, **shown) -> None:
    """The consent event, at the moment of the present state. Being contacted is about no field of the account."""
    names = grant.attributes if purpose == Purpose.USE else []
    of_grant = {"subject_ref": grant.member.subject_id, "partner_id": grant.partner_id}
    ConsentEvent.objects.create(**of_grant, kind=kind, purpose=purpose, attributes=names, at=at, **shown)


def _by_her(grant) -> dict:
    ref = grant.member.subject_id
    return {"subject_ref": ref, "actor_ref": ref}
