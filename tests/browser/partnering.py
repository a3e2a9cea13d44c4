"""A partner's developer at work: two programs, a proposal that waits, messages that went out; and a colleague who decides."""

from accounts.misconduct import roles
from accounts.models import Member
from consents.models import Partner
from consents.registration import contacts, fields, programs, proposing
from privacy.evidence import recipients

PARTNER = "quizkast"
CALLBACK = "https://quizkast.example/terug"


def speak(developer, decider) -> dict:
    developer, decider = (Member.objects.get(email=email) for email in (developer, decider))
    partner = Partner.objects.get(slug=PARTNER)
    roles.appoint(decider, "partners")
    contacts.add(partner, developer)
    made, _secret = programs.add(partner, "Website", keeps_secrets=True, by=developer.subject)
    type(made).objects.filter(pk=made.pk).update(redirect_uris=CALLBACK)
    programs.rotate(made, by=developer.subject)
    wanted = {"redirect_uris": f"{CALLBACK}\n{CALLBACK}/app", "post_logout_redirect_uris": "", "backchannel_logout_uri": ""}
    proposing.propose(wanted, partner=partner, application=made, by=developer.subject)
    recipients.tell(partner.recipient, "rectification", subject_ref=developer.subject_id, known_as="", request_ref="2026-0001")
    return {"program": made.pk, "proposal": _ask_more(partner, developer).pk}


def _ask_more(partner, developer):
    asked = [*partner.attributes, "occupation"]
    reasons = dict.fromkeys(partner.attributes, "Om je oefeningen te bewaren.") | {"occupation": "Om oefeningen voor je vak te tonen."}
    wanted = fields.of_organisation(partner) | {"attributes": asked, "reasons": reasons, "needed": partner.attributes[:1]}
    return proposing.propose(wanted, partner=partner, by=developer.subject)
