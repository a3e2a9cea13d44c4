"""A partner that says something else than what members agreed to, and who of ours agrees to that."""

from consents import wording
from consents.models import Partner, PartnerGrant
from consents.registration import contacts, fields, proposing

from .makers import make_member

REASONS = {"first_name": "Voor je oefenblad.", "email": "Voor je verslag."}
LETTERS = REASONS | {"email": "Voor onze nieuwsbrief."}
PRACTISES = "Laat leerlingen oefenen."
SELLS = "Verkoopt oefenboeken."


def with_reasons(partner):
    """A reason beside each field."""
    partner.reasons = REASONS
    partner.save()
    wording.keep(partner)
    return partner


def says(partner, *, keeps_meaning=False, **changes):
    """Ours agreed to it."""
    fields.write_organisation(Partner.objects.select_related("recipient").get(pk=partner.pk), changes, keeps_meaning=keeps_meaning)
    partner.refresh_from_db()


def stands(member, partner) -> bool:
    return PartnerGrant.objects.live().filter(member=member, partner=partner).exists()


def proposal_of(partner, **changes):
    """By its one contact, Lut."""
    contact = partner.contacts.first()
    if contact is None:
        contacts.add(partner, make_member("Lut"))
        contact = partner.contacts.get()
    partner.refresh_from_db()
    return proposing.propose(fields.of_organisation(partner) | changes, partner=partner, by=contact.member.subject)
