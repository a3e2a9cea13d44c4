"""A permission that was withdrawn after the backup from which the database was put back is withdrawn again."""

from django.contrib.auth import get_user_model
from django.db import transaction

from privacy.evidence.replay import replayed

from . import permissions
from .models import ConsentEvent, PartnerGrant


@replayed("withdrawal")
@transaction.atomic
def withdraw_again(line) -> None:
    """At once. The partner is told once more: whether the first message left is not known, and to hear it twice costs nothing."""
    member = get_user_model()._base_manager.filter(subject=line.subject_ref).first()
    if member is None or permissions.hold(member) is None:
        return
    request_ref = line.facts["request_ref"]
    for grant in _standing_then(member, line):
        permissions.close(grant, method=ConsentEvent.Method.PAGE, request_ref=request_ref)
        permissions.tell(grant, "withdrawal", request_ref=request_ref)


def _standing_then(member, line):
    """What she allowed later is another consent, and stays."""
    grants = PartnerGrant.including_hidden.filter(member=member, partner__slug=line.facts["partner"], revoked_at=None)
    return grants.filter(granted_at__lte=line.at).select_related("member", "partner__recipient")
