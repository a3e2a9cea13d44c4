"""The address answered: from here on it is a request as any other, received when it was asked (Art. 12(3))."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from ..conf import hook
from ..datamap import Right
from ..errors import LinkUsed, RequestAlreadyOpen
from ..rights.statements import Statement
from . import agenda, at_once, cases, correspondents, follow_up, hourly, identity, quota
from .hourly import HourlyCount
from .identity import Method
from .outside import LINK, OutsideRequest
from .requests import DataSubjectRequest

# What a statement is about that came with a request from outside.
WHOLE = "request"
# From who has no account we answer these ourselves, whatever we hold; the others need something to be done with.
NEEDS_AN_ANSWER = {Right.COMPLAINT, Right.INFORMATION}


class Confirmed(NamedTuple):
    """`code`: to follow it, shown once. `is_new`: False where one of this kind was open already (T-14)."""

    request: DataSubjectRequest
    code: str
    is_new: bool


def asked_by(token: str) -> OutsideRequest:
    """LinkExpired, LinkUnknown; LinkUsed once it was confirmed."""
    asked = LINK.row(token, OutsideRequest.objects.all(), "number")
    if asked.used_at is not None:
        raise LinkUsed
    return asked


@transaction.atomic
def confirm(asked: OutsideRequest, *, now: datetime) -> Confirmed:
    """Of two clicks one counts, the other is LinkUsed. A refusal of `cases.submit` leaves the link as it was."""
    held = OutsideRequest.objects.select_for_update().filter(pk=asked.pk, used_at=None).first()
    if held is None:
        raise LinkUsed
    said = held.said()
    OutsideRequest.objects.filter(pk=held.pk).update(used_at=now, sealed=b"")
    _take_turns(said.address, now)
    subject = hook("PERSON_AT")(said.address)
    request, is_new = _of_member(held, subject) if subject else _of_correspondent(held, said)
    _keep_words(request, said.words)
    return Confirmed(request, follow_up.begin(request, said.address), is_new)


def _take_turns(address, now):
    """Two links of one address at the same moment come one after the other: this row is held until the end."""
    key = follow_up.address_digest(address)
    row = {"what": HourlyCount.What.ADDRESS, "key": key, "hour": hourly.hour_of(now)}
    HourlyCount.objects.bulk_create([HourlyCount(**row)], ignore_conflicts=True)
    HourlyCount.objects.select_for_update().get(**row)


def _of_member(held, subject):
    """A copy is made at once, since it is fetched signed in alone; an erasure waits for her, signed in, or for two of ours (T-01, T-06)."""
    right = Right(held.right)
    if right in quota.ARCHIVES:
        quota.refuse_one_too_many(subject)
    try:
        request = cases.submit(right, subject=subject, **_how(held))
    except RequestAlreadyOpen as already:
        return already.request, False
    identity.note(request, Method.STORED_ADDRESS, passed=True, actor_ref=subject.ref)
    if right in quota.ARCHIVES:
        cases.approve(request, subject=subject)
    elif right == Right.ERASURE:
        agenda.note(agenda.Kind.IDENTIFY, request.ref, request.due_on)
    return request, True


def _of_correspondent(held, said):
    """Where we hold nothing at the address, that is the answer, and nobody's desk sees it. One of an account was never confirmed there."""
    right = Right(held.right)
    older = correspondents.open_requests_at(said.address).filter(right=right).first()
    if older:
        return older, False
    subject, how = correspondents.subject_at(said.address), {**_how(held), "language": held.language}
    if right in NEEDS_AN_ANSWER or correspondents.held_of(subject) or hook("IS_OF_ACCOUNT")(said.address):
        request = cases.submit(right, subject=subject, **how)
        agenda.note(agenda.Kind.DECIDE, request.ref, request.due_on)
    else:
        request = at_once.nothing_held(right, subject=subject, **how)
    identity.note(request, Method.STORED_ADDRESS, passed=True, actor_ref=subject.ref)
    return request, True


def _how(held) -> dict:
    channel = DataSubjectRequest.Channel.FORM
    return {"channel": channel, "identified_by": Method.STORED_ADDRESS.value, "received_at": held.asked_at}


def _keep_words(request, words):
    """Said twice, the second stands below the first."""
    if not words:
        return
    with_request = Statement.objects.filter(request_ref=request.ref, subject_ref=request.subject_ref, about=WHOLE, row_key="")
    before = with_request.values_list("text", flat=True).first()
    if before is None:
        Statement.objects.create(request_ref=request.ref, subject_ref=request.subject_ref, about=WHOLE, text=words)
    else:
        with_request.update(text=f"{before}\n\n{words}"[: Statement._meta.get_field("text").max_length])
