"""What a restriction means for recipients: who may hold her account is told that it is on hold, and that it is no longer (Art. 19)."""

from django.dispatch import receiver

from privacy.evidence.recipients import Notice, Recipient, tell
from privacy.rights.restriction import restricted_less, restricted_more

from .models import PartnerGrant
from .transfer.going import numbers_there

# What recipients hold is of this use; what she does here they never had.
HELD = "account"
BEGUN, ENDED = "restriction", "restriction-lifted"


@receiver(restricted_more, dispatch_uid="consents.restricted")
def tell_on_hold(sender, subject, request_ref, **kwargs) -> None:
    """In the transaction of the act."""
    if subject.restricts(HELD):
        _tell(subject, BEGUN, request_ref)


@receiver(restricted_less, dispatch_uid="consents.lifted")
def tell_lifted(sender, subject, request_ref, **kwargs) -> None:
    """Only who heard that it was on hold."""
    if not subject.restricts(HELD):
        told = set(Notice.objects.filter(subject_ref=subject.ref, event=BEGUN).values_list("recipient", flat=True))
        _tell(subject, ENDED, request_ref, only=told)


def _tell(subject, event, request_ref, only=None):
    grants = PartnerGrant.including_hidden.filter(member__subject=subject).who_may_hold_data().select_related("partner")
    known_as = numbers_there(subject) | {grant.partner.recipient_id: str(grant.sub) for grant in grants}
    received = Recipient.objects.filter(disclosures__subject_ref=subject.ref).values_list("pk", flat=True)
    keys = {*known_as, *received} if only is None else only
    for recipient in Recipient.objects.filter(pk__in=keys).order_by("pk"):
        tell(recipient, event, subject_ref=subject.ref, known_as=known_as.get(recipient.pk, ""), request_ref=request_ref)
