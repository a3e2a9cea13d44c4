"""A request that came by letter or mail: one of ours enters it, another accepts it, and it goes the way of every request (T-06, T-18)."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ..datamap import Right
from ..errors import LinkUsed, OwnRequest, SecondPersonNeeded, UnknownPerson
from ..evidence import trail
from ..subjects import Subject
from . import agenda, cases, identity, mandates
from .identity import NOT_YET, Method
from .requests import DataSubjectRequest
from .was_it_you import LINK


class Shown(models.TextChoices):
    """How we knew that it was she who wrote (Art. 12(6))."""

    ID_CARD = "id_card", _("saw an identity card")
    IN_PERSON = "in_person", _("came to us, and is known")
    CALLED_BACK = "called_back", _("called back on a number that we knew")
    KNOWN_ADDRESS = "known_address", _("answered to a confirmed address")
    NOT_YET = NOT_YET, _("we do not know yet; our letter asks")


@transaction.atomic
def enter(
    subject: Subject,
    *,
    channel: str,
    identified_by: str,
    received_at: datetime,
    reason: str,
    actor_ref,
    right: Right = Right.ERASURE,
    choices=None,
    mandate: str = "",
) -> DataSubjectRequest:
    """Waits for a second person (`cases.approve`); nothing is hidden yet. OwnRequest about oneself, else as `cases.submit`.

    `mandate`: on what somebody else relies who asks for her; it waits until one of us saw it too.
    """
    if channel not in DataSubjectRequest.BY_HAND or identified_by not in Shown.values or not reason.strip():
        raise ValueError("By hand: a channel of BY_HAND, a way of Shown, and a reason.")
    if not trail.is_reference(str(actor_ref)):
        raise SecondPersonNeeded
    if str(actor_ref) == str(subject.ref):
        raise OwnRequest
    how = {"channel": channel, "identified_by": identified_by, "received_at": received_at, "actor_ref": actor_ref}
    request = cases.submit(Right(right), subject=subject, **how, words=reason, choices=choices)
    if identified_by == NOT_YET:
        agenda.note(agenda.Kind.IDENTIFY, request.ref, request.due_on)
    if mandate:
        mandates.note(request, mandate)
    return request


def waits_for_second(request: DataSubjectRequest) -> bool:
    return request.is_by_hand and request.status == request.Status.RECEIVED


def subject_of(request: DataSubjectRequest) -> Subject:
    """UnknownPerson once she was erased otherwise."""
    subject = cases.subject_of(request)
    if subject is None:
        raise UnknownPerson
    return subject


def asked_by(token: str) -> DataSubjectRequest:
    """The letter that the link of our acknowledgement is about. LinkExpired, LinkUnknown; LinkUsed once it was answered or is closed."""
    request = LINK.row(token, DataSubjectRequest.objects.filter(identified_by=NOT_YET), "ref")
    if not request.is_open or request.identity_checks.filter(passed=True).exists():
        raise LinkUsed
    return request


@transaction.atomic
def it_was_me(request: DataSubjectRequest) -> None:
    """Who reads mail at the stored address says so: that is the usual way, and the second person may go on (T-01)."""
    DataSubjectRequest.objects.select_for_update().get(pk=request.pk)
    if request.identity_checks.filter(passed=True).exists():
        raise LinkUsed
    identity.note(request, Method.STORED_ADDRESS, passed=True, actor_ref=request.subject_ref)
