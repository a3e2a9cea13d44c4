"""Handing account fields to a partner: only under a standing permission, and each time on record (Art. 15(1)(c))."""

from django.db import transaction

from privacy.datamap import LawfulBasis
from privacy.evidence import replay
from privacy.evidence.recipients import Disclosure

from .attributes import offered, releasable
from .errors import PermissionEnded
from .models import PartnerGrant
from .permissions import hold


def release(partner, member, asked=None) -> dict:
    """Account field -> value for what the member allowed and the partner may ask today, and `sub`, the name it knows her by.

    What she left empty is neither handed over nor on record. `asked` narrows to some fields.
    A partner that makes offers is told whether she lets it contact her: `may_contact`.

    PermissionEnded where no permission stands; a withdrawal or erasure that was committed first wins. DatabaseOlder on a database
    from a backup, which may have forgotten one.
    """
    replay.require_current()
    with transaction.atomic():
        hold(member)
        grant = PartnerGrant.including_hidden.live().filter(partner=partner, member=member).select_related("member", "partner").first()
        if grant is None:
            raise PermissionEnded
        names = [name for name in _names(grant) if asked is None or name in asked]
        released = {name: value for name in names if (value := getattr(grant.member, name)) not in ("", None)}
        Disclosure.objects.create(
            recipient_id=grant.partner.recipient_id,
            subject_ref=grant.member.subject_id,
            attributes=list(released),
            basis=LawfulBasis.CONSENT,
        )
    may_contact = {"may_contact": grant.contact_allowed_at is not None} if grant.partner.offers else {}
    return {"sub": str(grant.sub)} | may_contact | released


def _names(grant) -> list[str]:
    allowed = set(offered(grant.partner)) & set(releasable())
    return [name for name in grant.attributes if name in allowed]
