"""When members see a partner: once they can read all that they need to choose (K-10, G-54)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.evidence import trail

from ..attributes import title_of
from ..errors import OwnProposal, PartnerHasEnded, PartnerIncomplete


def lacks(partner) -> list[str]:
    """What is missing, in words; empty when members can see it. A field without a reason counts as missing."""
    recipient = partner.recipient
    asked = {
        _("its name"): recipient.name.strip(),
        _("an e-mail address for questions"): recipient.contact_email,
        _("its privacy statement"): recipient.statement,
        _("what it uses the data for"): partner.purpose.strip(),
        _("which data it asks, or whose archives it brings"): partner.attributes or _brings_archives(partner),
    }
    reasons = [_("why it asks “%(field)s”") % {"field": title_of(name)} for name in partner.attributes if not partner.reasons.get(name)]
    return [what for what, said in asked.items() if not said] + reasons


@transaction.atomic
def publish(partner, *, by) -> None:
    """PartnerIncomplete says what is missing; the database refuses the worst of it by itself. `by` is the Subject of one of ours."""
    partner = _held(partner)
    if partner.ended_at:
        raise PartnerHasEnded
    if partner.contacts.filter(member__subject=by).exists():
        raise OwnProposal
    if missing := lacks(partner):
        raise PartnerIncomplete(missing)
    if not partner.published_at:
        partner.published_at = timezone.now()
        partner.save(update_fields=["published_at"])
        trail.record("partner.published", actor_ref=by.ref, reason=partner.slug)


def _brings_archives(partner) -> bool:
    """Who only hands data over to us needs none of ours."""
    return partner.applications.exclude(brings_from="").exists()


def _held(partner):
    return type(partner).objects.select_for_update(of=("self",)).select_related("recipient").get(pk=partner.pk)
