"""What erasing a member means for partners: permissions end, and who may hold her data is told (Art. 17, 19)."""

from privacy.evidence.recipients import Recipient, tell
from privacy.rights.erasure import erasure_step

from . import permissions
from .models import ConsentEvent, PartnerGrant
from .transfer.going import numbers_there


@erasure_step("withdraw permissions", order=200)
def withdraw_permissions(work) -> None:
    """One transaction, since there is one permission per partner at most. A replay finds none to end and its notices written."""
    if work.subject is None:
        return
    with work.batch():
        member, ref = work.subject.root, work.request.ref
        permissions.hold(member)
        told = PartnerGrant.including_hidden.filter(member=member).who_may_hold_data().select_related("member", "partner__recipient")
        work.count("consents.PartnerGrant withdrawn", sum(_end(grant, ref) for grant in told))
        _tell_others(work.subject, ref)


def _end(grant, request_ref) -> bool:
    """Whether the permission still stood."""
    stood = not grant.is_withdrawn
    if stood:
        permissions.close(grant, method=ConsentEvent.Method.ERASURE, request_ref=request_ref)
    permissions.tell(grant, "erasure", request_ref=request_ref)
    return stood


def _tell_others(subject, request_ref):
    """Who received something without a permission; where she took her data we know a number. Who was told above is not told again."""
    numbers = numbers_there(subject)
    for recipient in Recipient.objects.filter(disclosures__subject_ref=subject.ref).distinct():
        tell(recipient, "erasure", subject_ref=subject.ref, known_as=numbers.get(recipient.pk, ""), request_ref=request_ref)
