"""Whether partners may contact a member with offers: a consent of its own, ended by an objection that they hear of (K-9, Art. 21(3))."""

from django.db import transaction
from django.utils import timezone

from privacy.casework import at_once
from privacy.errors import WhileRestricted
from privacy.evidence import replay, trail

from . import wording
from .errors import AccountLeaving
from .models import PartnerGrant, WantsNoOffers
from .permissions import Kind, Method, Purpose, close_contact, hold, hold_words, note, standing_of, tell


def objection_of(member) -> WantsNoOffers | None:
    """That she wants offers from nobody."""
    return WantsNoOffers._base_manager.filter(member=member).first()


def allow(grant, *, text_version, language, method=Method.PAGE) -> PartnerGrant:
    """Let the partner of a standing permission contact her. Nothing changes where it makes no offers, or she wants none of anybody.

    AccountLeaving once she asked for erasure, WordingChanged where it offers something else by now.
    """
    with transaction.atomic():
        held = hold_words(grant.partner)
        subject = hold(grant.member)
        if subject is None or subject.hidden_at is not None:
            raise AccountLeaving
        if subject.restricted_at:
            raise WhileRestricted
        grant.refresh_from_db()
        if not grant.may_begin_contact or objection_of(grant.member):
            return grant
        grant.contact_allowed_at = wording.moment_of_a_yes(held)
        grant.save(update_fields=["contact_allowed_at"])
        shown = {"text_version": text_version, "language": language, "method": method, "purpose": Purpose.CONTACT}
        note(Kind.GIVEN, grant, at=grant.contact_allowed_at, **shown)
        trail.record("contact.given", subject_ref=subject.ref, actor_ref=subject.ref)
    return grant


def stop(grant, *, method=Method.PAGE, identified_by="") -> PartnerGrant:
    """One partner may no longer, and hears it; its access goes on. An objection, done on the spot; a second one changes nothing."""
    with transaction.atomic():
        subject = hold(grant.member)
        grant.refresh_from_db()
        if subject is None or grant.contact_allowed_at is None:
            return grant
        request = at_once.objected(subject, actor_ref=str(subject.ref), identified_by=identified_by)
        end(grant, method=method, request_ref=request.ref)
        replay.note("contact_withdrawn", subject_ref=subject.ref, request_ref=request.ref, partner=grant.partner.slug)
    return grant


def end(grant, *, method, request_ref) -> None:
    """In the caller's transaction, under `hold`."""
    close_contact(grant, method=method, request_ref=request_ref)
    tell(grant, "objection", request_ref=request_ref)


def refuse_all(member, *, identified_by="") -> WantsNoOffers | None:
    """She wants offers from no partner, now and later: who might contact her hears it. What they have access to stays (Art. 21)."""
    with transaction.atomic():
        subject = hold(member)
        already = objection_of(member)
        if subject is None or already:
            return already
        request = at_once.objected(subject, actor_ref=str(subject.ref), identified_by=identified_by)
        objection = keep(member, request_ref=request.ref)
        replay.note("offers_refused", subject_ref=subject.ref, request_ref=request.ref)
    return objection


def keep(member, *, request_ref, at=None) -> WantsNoOffers:
    """The objection, and the end of every consent to offers, in the caller's transaction, under `hold`."""
    objection = WantsNoOffers._base_manager.create(member=member, request_ref=request_ref, objected_at=at or timezone.now())
    trail.record("contact.none_wanted", subject_ref=member.subject_id, actor_ref=member.subject_id, request_ref=request_ref)
    for grant in standing_of(member).filter(contact_allowed_at__isnull=False):
        end(grant, method=Method.PAGE, request_ref=request_ref)
    return objection


def ask_again(member) -> None:
    """She takes her objection back. Nobody may contact her by that: each partner has to be allowed anew."""
    with transaction.atomic():
        subject = hold(member)
        taken_back, _by_model = WantsNoOffers._base_manager.filter(member=member).delete()
        if subject is not None and taken_back:
            trail.record("contact.asked_again", subject_ref=subject.ref, actor_ref=subject.ref)
            replay.note("offers_welcome", subject_ref=subject.ref)
