"""A partner's developer at work: a program with a stream, proposals that wait, messages that went out; a colleague who decides; an end."""

from accounts.misconduct import roles
from accounts.models import Member
from consents import ending
from consents.models import Partner
from consents.registration import contacts, fields, programs, proposing
from consents.signals import streams
from privacy.evidence import recipients
from tests import makers, receiving

PARTNER, FORMER, OTHERWISE = "quizkast", "leeslint", "rekenrups"
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
    streams.verify(receiving.make_stream(made))
    return {"program": made.pk, "proposal": _ask_more(partner, developer).pk}


def _ask_more(partner, developer):
    asked = [*partner.attributes, "occupation"]
    reasons = dict.fromkeys(partner.attributes, "Om je oefeningen te bewaren.") | {"occupation": "Om oefeningen voor je vak te tonen."}
    besides = {"needed": partner.attributes[:1], "offers": "Nieuwe oefenpakketten voor je vak.", "answers": "partner"}
    wanted = fields.of_organisation(partner) | besides | {"attributes": asked, "reasons": reasons}
    return proposing.propose(wanted, partner=partner, by=developer.subject)


def say_otherwise(member) -> None:
    """A partner that she allowed says something else by now."""
    partner = makers.make_partner(OTHERWISE)
    makers.make_grant(Member.objects.get(email=member), partner, ["first_name", "email"])
    said = {"purpose": "Laat leerlingen oefenen en verkoopt oefenboeken.", "reasons": {"email": "Om boeken aan te bieden."}}
    fields.write_organisation(partner, said | {"needed": ["first_name"]})


def end(member, *, by) -> None:
    """Of a partner that she had allowed."""
    member, by = (Member.objects.get(email=email) for email in (member, by))
    partner = makers.make_partner(FORMER)
    makers.make_grant(member, partner)
    ending.carry_on(ending.end(partner, "Het contract liep af.", by=by.subject))
