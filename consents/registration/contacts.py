"""Who speaks for a partner."""

from django.db import transaction

from privacy.evidence import trail

from ..models import PartnerContact


@transaction.atomic
def add(partner, member, *, by="operator") -> None:
    _row, is_new = PartnerContact.objects.get_or_create(partner=partner, member=member)
    if is_new:
        trail.record("partner.contact_added", subject_ref=member.subject_id, actor_ref=by, reason=partner.slug)


@transaction.atomic
def remove(partner, member, *, by="operator") -> None:
    gone, _per_table = PartnerContact.objects.filter(partner=partner, member=member).delete()
    if gone:
        trail.record("partner.contact_removed", subject_ref=member.subject_id, actor_ref=by, reason=partner.slug)
