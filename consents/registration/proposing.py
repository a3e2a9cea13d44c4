"""From what an organisation wants to what stands: proposed by its contact, agreed to by ours, by two where it is to get more (G-54)."""

from dataclasses import asdict
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.evidence import replay, trail
from privacy.subjects import Subject

from .. import wording
from ..errors import (
    ApprovedAlready,
    NameTaken,
    NothingProposed,
    OwnProposal,
    PartnerHasEnded,
    ProposalDecided,
    ProposerGone,
    TooManyProposals,
)
from ..models import PartnerContact, Proposal, ProposalApproval
from . import ahead, contacts, fields, names

State = Proposal.State
# Of ours, for data that the partner did not get yet, other offers, or other words of which nobody is asked; for all else one.
FOR_MORE = 2
# The organisation and each of its programs, and second thoughts about all of them; each is read by ours (T-24).
MOST_PER_DAY = 30
DAY = timedelta(days=1)


def propose(wanted: dict, *, partner=None, application=None, by) -> Proposal:
    """`wanted` is how it should stand; what differs from today is the proposal, which takes the place of an earlier one that waits.

    `by` is the Subject of the contact. NothingProposed where nothing differs, NameDeceives, NameTaken, PartnerHasEnded, TooManyProposals.
    """
    now = fields.of_program(application) if application else fields.of_organisation(partner)
    changes = {name: value for name, value in wanted.items() if value != now[name]}
    if not changes:
        raise NothingProposed
    with transaction.atomic():
        _refuse(changes, partner)
        _refuse_flood(by)
        _replace_waiting(partner, application, by)
        made = _make(partner=partner, application=application, changes=changes, made_by=by.ref)
        trail.record("partner.proposed", actor_ref=by.ref, reason=_number(made))
    return made


def approve(proposal: Proposal, *, by: Subject, keeps_meaning=False) -> Proposal:
    """One of ours agrees. What was proposed stands from then on, or waits for a second one (`needed_approvals`).

    `keeps_meaning`: it only corrects words, so that permissions go on. Two have to find so; where the second does not, members are asked.

    OwnProposal, ApprovedAlready, ProposalDecided, ProposerGone, NameTaken: nothing changed.
    """
    _prepare(proposal, by, keeps_meaning)
    with transaction.atomic():
        proposal = _held(proposal)
        _refuse_interested(proposal, by)
        _refuse(proposal.changes, proposal.partner)
        _agree(proposal, by, keeps_meaning)
        asks_anew = None
        if proposal.approvals.count() >= needed_approvals(proposal):
            asks_anew = _carry_out_alone(proposal)
            _settle(proposal, State.APPROVED)
        trail.record("partner.approved", actor_ref=by.ref, reason=_number(proposal))
        if asks_anew:
            replay.note("says_else", partner=proposal.partner.slug, **asdict(asks_anew))
    return proposal


def refuse(proposal: Proposal, answer: str, *, by: Subject) -> Proposal:
    """With the answer that its contacts read."""
    with transaction.atomic():
        proposal = _held(proposal)
        _refuse_interested(proposal, by)
        _settle(proposal, State.REFUSED, answer)
        trail.record("partner.refused", actor_ref=by.ref, reason=_number(proposal))
    return proposal


def needed_approvals(proposal) -> int:
    return _needed(proposal, proposal.approvals.values_list("keeps_meaning", flat=True))


def is_interested(proposal, subject) -> bool:
    """Who made it, or speaks for the same partner."""
    speaks_for_it = proposal.partner and PartnerContact.objects.filter(partner=proposal.partner, member__subject=subject).exists()
    return proposal.made_by == subject.ref or bool(speaks_for_it)


def _needed(proposal, judged) -> int:
    """One of ours may have members asked anew; that they are not is nothing that one decides alone."""
    return FOR_MORE if proposal.asks_more or any(judged) else 1


def _prepare(proposal, by, keeps_meaning):
    """Where this approval is the last one and has members asked anew; what it is refused for is refused before that."""
    with transaction.atomic():
        proposal = _held(proposal)
        _refuse_interested(proposal, by)
        _refuse(proposal.changes, proposal.partner)
    judged = [*proposal.approvals.exclude(approved_by=by.ref).values_list("keeps_meaning", flat=True), keeps_meaning]
    is_last = len(judged) >= _needed(proposal, judged)
    if is_last and not all(judged) and proposal.partner and not proposal.application:
        ahead.stand_still(proposal.partner, proposal.changes)


def _held(proposal) -> Proposal:
    """Locked, so that of two who decide at once the second sees what the first did."""
    held = Proposal.objects.select_for_update(of=("self",)).select_related("partner__recipient", "application").get(pk=proposal.pk)
    if not held.is_waiting:
        raise ProposalDecided
    return held


def _refuse_interested(proposal, by):
    if is_interested(proposal, by):
        raise OwnProposal


def _refuse(changes, partner):
    if partner is not None and partner.ended_at:
        raise PartnerHasEnded
    if "name" in changes:
        names.refuse_deceiving(changes["name"])
        names.refuse_taken(changes["name"], by_others_than=partner)


def _refuse_flood(by):
    """One that replaced another counts too. Under the lock of her row, so that of two at once the second sees the first."""
    Subject.objects.select_for_update(no_key=True).filter(pk=by.pk).first()
    if Proposal.objects.filter(made_by=by.ref, made_at__gt=timezone.now() - DAY).count() >= MOST_PER_DAY:
        raise TooManyProposals


def _agree(proposal, by, keeps_meaning):
    judged = {"keeps_meaning": keeps_meaning}
    _row, is_new = ProposalApproval.objects.get_or_create(proposal=proposal, approved_by=by.ref, defaults=judged)
    if not is_new:
        raise ApprovedAlready


def _carry_out_alone(proposal) -> wording.Otherwise | None:
    """About what members are asked anew. NameTaken where another one got the name at this moment."""
    try:
        with transaction.atomic():
            return _carry_out(proposal)
    except IntegrityError:
        raise NameTaken from None


def _carry_out(proposal):
    if proposal.application:
        fields.write_program(proposal.application, proposal.changes)
    elif proposal.partner:
        keeps_meaning = not proposal.approvals.filter(keeps_meaning=False).exists()
        says_else = fields.write_organisation(proposal.partner, proposal.changes, keeps_meaning=keeps_meaning)
        return says_else if says_else and not keeps_meaning else None
    else:
        _welcome(proposal)
    return None


def _welcome(proposal):
    """A new partner, not yet published; who asked speaks for it."""
    subject = Subject.objects.filter(ref=proposal.made_by, hidden_at__isnull=True).first()
    if subject is None:
        raise ProposerGone
    proposal.partner = fields.new_partner(proposal.changes)
    contacts.add(proposal.partner, subject.root, by=subject.ref)


def _settle(proposal, state, answer=""):
    proposal.state, proposal.decided_at, proposal.answer = state, timezone.now(), answer
    proposal.save(update_fields=["partner", "state", "decided_at", "answer"])


def _replace_waiting(partner, application, by):
    waiting = Proposal.objects.filter(state=State.WAITING, partner=partner, application=application)
    if partner is None:
        waiting = waiting.filter(made_by=by.ref)
    waiting.update(state=State.REPLACED, decided_at=timezone.now())


def _make(**of) -> Proposal:
    """Of two sent at once one is made: the other is told to look."""
    try:
        with transaction.atomic():
            return Proposal.objects.create(**of)
    except IntegrityError:
        raise ProposalDecided from None


def _number(proposal) -> str:
    return f"proposal.{proposal.pk}"
