"""The receipt of one consent, for her own files: ISO/IEC TS 27560:2023 in the Data Privacy Vocabulary (docs/consent.md)."""

import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.conf import setting
from privacy.datamap import LawfulBasis, registry
from privacy.datamap.linked import basis_term, prefixes
from privacy.evidence.recipients import address_to_open

from .attributes import title_of, title_of_record
from .models import ConsentEvent, IncomingTransfer, PartnerGrant, Wording
from .oidc.signing_keys import issuer
from .transfer.models import LASTS

Kind, Purpose = ConsentEvent.Kind, ConsentEvent.Purpose

SCHEMA = "https://w3id.org/dpv/schema/dpv-27560"
# Account field -> what it is in the vocabulary; a field that is not here is personal data all the same.
TERMS = {
    "first_name": "pd:Name",
    "last_name": "pd:Name",
    "email": "pd:EmailAddress",
    "town": "pd:City",
    "gender": "pd:Gender",
    "birth_date": "pd:BirthDate",
    "occupation": "pd:Professional",
    "about_me": "pd:Profile",
    "social_networks": "pd:SocialNetwork",
}
PURPOSES = {Purpose.USE: "dpv:ServiceProvision", Purpose.CONTACT: "dpv:DirectMarketing"}
RIGHTS = ("A7-3", "A15", "A16", "A17", "A18", "A20", "A21")


def receipt(event: ConsentEvent, history: list[ConsentEvent], said: Wording) -> dict:
    """Of a consent that was given; `history` has all events of this person and partner, the oldest first, `said` what she then read."""
    ref = uuid.uuid5(event.ref, "receipt")
    return {
        "@context": prefixes("dpv", "pd", "loc", "eu-gdpr", "dct"),
        "@id": f"urn:uuid:{ref}",
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": str(ref),
        "dct:conformsTo": [f"{SCHEMA}#receipt-record", f"{SCHEMA}#receipt-eu-gdpr"],
        "dct:created": timezone.localtime().isoformat(timespec="seconds"),
        "dct:language": event.language,
        "dpv:hasRecordOfActivity": [_record(event, history, said)],
    }


def _next(event, history) -> ConsentEvent | None:
    """What took its place, or ended it: the next about the same purpose, unless it had ended by itself."""
    later = next((later for later in history if later.pk > event.pk and later.purpose == event.purpose), None)
    is_too_late = later is not None and event.purpose == Purpose.BRING and later.at > event.at + LASTS
    return None if is_too_late else later


def _record(event, history, said) -> dict:
    recipient, then = event.partner.recipient, _next(event, history)
    replaced = {"dct:isReplacedBy": {"@id": f"urn:uuid:{then.ref}"}} if then and then.kind == Kind.GIVEN else {}
    return {
        "@id": f"urn:uuid:{event.ref}",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": str(event.ref),
        "dct:conformsTo": [f"{SCHEMA}#record", f"{SCHEMA}#record-eu-gdpr"],
        "dct:valid": f"{_at(event)}/{_until(event, then)}",
        "dct:language": event.language,
        "dpv:hasDataSubject": {"@id": f"urn:uuid:{event.subject_ref}", "@type": "dpv:DataSubject"},
        "dpv:hasDataController": [_platform(), _organisation(recipient)],
        "dpv:hasJurisdiction": "loc:BE",
        "dpv:hasApplicableLaw": "eu-gdpr:GDPR",
        "dpv:hasAuthority": _authority(),
        "dpv:hasProcess": [_bringing(event, recipient) if event.purpose == Purpose.BRING else _process(event, recipient, said)],
        "dpv:hasConsentControl": [_control(event)],
        "dpv:hasRight": _rights(),
        "dpv:hasNotice": _notices(event, said),
        "dpv:hasConsentStatus": [
            _status(event, "dpv:ExpressedConsent", _given(event, history)),
            *([_status(then, "dpv:ConsentWithdrawn")] if then and then.kind == Kind.WITHDRAWN else []),
        ],
    } | replaced


def _until(event, then) -> str:
    """A yes to an archive that comes ends by itself."""
    if then:
        return _at(then)
    return _moment(event.at + LASTS) if event.purpose == Purpose.BRING else ".."


def _control(event) -> dict:
    """Where one click ends it, and another gives it again; to bring an archive is asked elsewhere."""
    if event.purpose == Purpose.BRING:
        return {"@type": ["dpv:WithdrawConsent"], "dpv:isExercisedAt": issuer() + reverse("transfer:choose")}
    page = issuer() + reverse("consents:partner", args=[event.partner.slug])
    return {"@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"], "dpv:isExercisedAt": page}


def _process(event, recipient, said) -> dict:
    activity = registry.map_of(PartnerGrant).activity
    is_use = event.purpose == Purpose.USE
    purpose = said.purpose if is_use else said.offers
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": [{"@type": PURPOSES[event.purpose], "dct:description": purpose}],
        "dpv:hasLegalBasis": [basis_term(LawfulBasis.CONSENT)],
        "dpv:hasPersonalData": [_code(), *(_field(said, name) for name in event.attributes)],
        "dpv:hasDataSource": ["dpv:DataSubjectDataSource"],
        "dpv:hasProcessing": ["dpv:Disclose"] if is_use else ["dpv:Use"],
        "dpv:hasRecipient": [_organisation(recipient)],
        "dpv:hasStorageCondition": _storage(activity),
    }


def _bringing(event, recipient) -> dict:
    """The other way: what she lets come from another controller, to be kept here."""
    kinds = [{"@type": ["dpv:PersonalData"], "dct:identifier": label, "dct:title": title_of_record(label)} for label in event.attributes]
    why = _("Bring what you have at %(name)s into your account here, once.") % {"name": recipient.name}
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": [{"@type": "dpv:ServiceProvision", "dct:description": why}],
        "dpv:hasLegalBasis": [basis_term(LawfulBasis.CONSENT)],
        "dpv:hasPersonalData": [kind | {"dpv:hasNecessity": "dpv:Optional"} for kind in kinds],
        "dpv:hasDataSource": ["dpv:DataControllerDataSource"],
        "dpv:hasProcessing": ["dpv:Collect"],
        "dpv:hasRecipient": [_platform()],
        "dpv:hasStorageCondition": _storage(registry.map_of(IncomingTransfer).activity),
    }


def _storage(activity) -> list[dict]:
    return [
        {"@type": ["dpv:StorageDuration", "dpv:StorageDeletion"], "dpv:hasDuration": str(activity.retention)},
        {"@type": "dpv:StorageLocation", "dpv:hasLocation": ["loc:EU"], "dct:description": str(activity.transfers)},
    ]


def _code() -> dict:
    """The name by which this partner alone knows her."""
    return {"@type": ["dpv:PseudonymisedData"], "dct:identifier": "sub", "dpv:hasNecessity": "dpv:Required"}


def _field(said, name) -> dict:
    """By name, never its value, with the reason that stood beside it; no field of an account is of a special category (Art. 9)."""
    necessity = "dpv:Required" if name in said.needed else "dpv:Optional"
    term = TERMS.get(name, "dpv:PersonalData")
    why = {"dct:description": said.reasons[name]} if said.reasons.get(name) else {}
    return {"@type": [term], "dct:identifier": name, "dct:title": title_of(name), "dpv:hasNecessity": necessity} | why


def _platform() -> dict:
    controller = setting("CONTROLLER")
    return _party(issuer(), controller["name"], controller["address"], controller["email"])


def _organisation(recipient) -> dict:
    """Of a partner we keep no postal address: its statement is where it tells how to reach it."""
    address = recipient.statement or f"mailto:{recipient.contact_email}"
    return _party(address, recipient.name, address, recipient.contact_email)


def _authority() -> dict:
    authority = setting("AUTHORITY")
    return {"@type": "dpv:DataProtectionAuthority", "dpv:hasName": str(authority["name"]), "dpv:hasAddress": str(authority["address"])}


def _party(address, name, postal, contact) -> dict:
    return {
        "@id": address,
        "@type": ["dpv:DataController", "dpv:Organisation"],
        "dpv:hasName": str(name),
        "dpv:hasAddress": str(postal),
        "dpv:hasContact": str(contact),
    }


def _rights() -> list[dict]:
    ours = issuer() + reverse("privacy:overview")
    return [{"@type": ["dpv:DataSubjectRight", f"eu-gdpr:{article}"], "dpv:isExercisedAt": ours} for article in RIGHTS]


def _notices(event, said) -> list[dict]:
    """What she read when she said yes, in that language, and the partner's own statement."""
    page = reverse("oidc:authorize") if event.purpose == Purpose.BRING else reverse("consents:allow", args=[event.partner.slug])
    asked = issuer() + page
    shown = {"@id": asked, "@type": "dpv:ConsentNotice", "dct:hasVersion": event.text_version, "dct:language": event.language}
    statement = address_to_open(said.privacy_url)
    return [shown, *([{"@id": statement, "@type": "dpv:PrivacyNotice"}] if statement else [])]


def _given(event, history) -> str:
    """For the first time, or after an earlier one."""
    before = [earlier for earlier in history if earlier.pk < event.pk and earlier.purpose == event.purpose]
    return "dpv:RenewedConsentGiven" if before else "dpv:ConsentGiven"


def _status(event, *states) -> dict:
    return {
        "@id": f"urn:uuid:{event.ref}#{event.kind}",
        "@type": list(states),
        "dpv:isIndicatedBy": "dpv:DataSubject",
        "dpv:hasIndicationMethod": str(event.get_method_display()),
        "dpv:isIndicatedAtTime": _at(event),
    }


def _at(event) -> str:
    return _moment(event.at)


def _moment(moment) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
