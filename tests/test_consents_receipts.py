"""The receipt of a consent: ISO/IEC TS 27560 in the Data Privacy Vocabulary (STANDARDS 2.8)."""

import json
import re
import uuid
from datetime import datetime

import pytest
from django.urls import reverse

from consents import permissions
from consents.models import ConsentEvent
from privacy.datamap.linked import PREFIXES

from .makers import make_contact, make_grant
from .reading import words_of
from .signing_in import browser_of

# What TS 27560 makes mandatory of a record, and what the GDPR adds -> where it stands (DPV's guide).
OF_A_RECORD = (
    "dct:conformsTo", "dct:identifier", "dct:language", "dct:valid", "dpv:hasDataSubject", "dpv:hasDataController", "dpv:hasJurisdiction",
    "dpv:hasApplicableLaw", "dpv:hasAuthority", "dpv:hasProcess", "dpv:hasConsentControl", "dpv:hasRight", "dpv:hasNotice",
    "dpv:hasConsentStatus",
)  # fmt: skip
OF_A_PROCESS = (
    "dpv:hasPurpose", "dpv:hasLegalBasis", "dpv:hasPersonalData", "dpv:hasDataSource", "dpv:hasProcessing", "dpv:hasRecipient",
    "dpv:hasStorageCondition",
)  # fmt: skip
OF_A_PARTY = ("@id", "@type", "dpv:hasName", "dpv:hasAddress", "dpv:hasContact")


@pytest.fixture
def browser(an):
    return browser_of(an, headers={"accept-language": "nl"})


@pytest.fixture
def given(an, edupartner):
    make_grant(an, edupartner, ["first_name", "email"])
    return ConsentEvent.objects.get()


def address_of(event):
    return reverse("consents:receipt", args=[event.partner.slug, event.ref])


def fetched(browser, event):
    return json.loads(browser.get(address_of(event)).content)


def record_of(browser, event):
    return fetched(browser, event)["dpv:hasRecordOfActivity"][0]


def strings_in(told):
    if isinstance(told, dict):
        for name, value in told.items():
            yield from [name, *strings_in(value)]
    elif isinstance(told, list):
        for value in told:
            yield from strings_in(value)
    else:
        yield told


def test_rcp_1_it_is_a_file_that_parses_as_json_ld(browser, given):
    answer = browser.get(address_of(given))

    assert answer.headers["Content-Type"] == "application/ld+json"
    assert re.fullmatch(r'attachment; filename="edupartner-\d{4}-\d\d-\d\d\.jsonld"', answer.headers["Content-Disposition"])
    assert json.loads(answer.content)["@type"] == "dpv:ConsentReceipt"


def test_rcp_1_it_has_all_mandatory_members(browser, given):
    receipt = fetched(browser, given)

    assert {"@context", "dct:identifier", "dct:conformsTo", "dct:created", "dpv:hasRecordOfActivity"} <= set(receipt)
    (record,) = receipt["dpv:hasRecordOfActivity"]
    (process,) = record["dpv:hasProcess"]
    assert [name for name in OF_A_RECORD if not record.get(name)] == []
    assert [name for name in OF_A_PROCESS if not process.get(name)] == []
    for party in [*record["dpv:hasDataController"], *process["dpv:hasRecipient"]]:
        assert [name for name in OF_A_PARTY if not party.get(name)] == []


def test_rcp_1_its_withdrawal_address_answers(browser, given):
    (control,) = record_of(browser, given)["dpv:hasConsentControl"]

    answer = browser.get(control["dpv:isExercisedAt"].removeprefix("http://127.0.0.1:8000"))

    assert "dpv:WithdrawConsent" in control["@type"]
    assert answer.status_code == 200
    assert "Stop toegang" in words_of(answer.content.decode())


def test_rcp_1_identifiers_are_uuids_and_moments_have_a_zone(browser, given):
    receipt = fetched(browser, given)
    record = receipt["dpv:hasRecordOfActivity"][0]

    assert uuid.UUID(receipt["dct:identifier"]) != uuid.UUID(record["dct:identifier"])
    assert datetime.fromisoformat(receipt["dct:created"]).tzinfo
    assert datetime.fromisoformat(record["dpv:hasConsentStatus"][0]["dpv:isIndicatedAtTime"]).tzinfo


def test_rcp_1_every_prefix_is_declared(browser, given):
    receipt = fetched(browser, given)
    used = {found[1] for told in strings_in(receipt) if (found := re.match(r"(dpv|pd|loc|eu-gdpr|dct|xsd):\w", str(told)))}

    assert used <= set(receipt["@context"])
    assert {receipt["@context"][name] for name in used} <= set(PREFIXES.values())


def test_it_says_what_was_agreed_by_name_and_never_a_value(an, browser, given):
    written = browser.get(address_of(given)).content.decode()
    (process,) = json.loads(written)["dpv:hasRecordOfActivity"][0]["dpv:hasProcess"]

    assert [data.get("dct:identifier") for data in process["dpv:hasPersonalData"]] == ["sub", "first_name", "email"]
    assert an.email not in written
    assert an.town not in written


def test_it_says_which_text_she_read_in_which_language(browser, given):
    notice = record_of(browser, given)["dpv:hasNotice"][0]

    assert (notice["dct:hasVersion"], notice["dct:language"]) == ("2025-01", "nl")


def test_it_is_the_same_receipt_each_time(browser, given):
    first, second = (fetched(browser, given)["dct:identifier"] for _time in range(2))

    assert first == second


def test_after_a_withdrawal_it_says_so(an, browser, given):
    permissions.withdraw(an.partnergrant_set.get())

    record = record_of(browser, given)

    assert [status["@type"][-1] for status in record["dpv:hasConsentStatus"]] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    assert not record["dct:valid"].endswith("..")


def test_a_consent_that_another_took_the_place_of_names_it(an, browser, edupartner, given):
    make_grant(an, edupartner, ["email"])
    newer = ConsentEvent.objects.order_by("pk").last()

    assert record_of(browser, given)["dct:isReplacedBy"] == {"@id": f"urn:uuid:{newer.ref}"}
    assert "dpv:RenewedConsentGiven" in record_of(browser, newer)["dpv:hasConsentStatus"][0]["@type"]


def test_offers_have_a_receipt_and_a_purpose_of_their_own(an, browser, edupartner):
    make_contact(an, edupartner)
    event = ConsentEvent.objects.get(purpose="contact")

    (process,) = record_of(browser, event)["dpv:hasProcess"]

    assert process["dpv:hasPurpose"] == [{"@type": "dpv:DirectMarketing", "dct:description": "Nieuwe pakketten aanbieden."}]


def test_a_receipt_is_hers_alone(bo, browser, given):
    """T-06: another's, a withdrawal's and an unknown one are all not found."""
    permissions.withdraw(given.partner.partnergrant_set.get())
    withdrawn = ConsentEvent.objects.get(kind="withdrawn")

    assert browser_of(bo).get(address_of(given)).status_code == 404
    assert browser.get(address_of(withdrawn)).status_code == 404
    assert browser.get(reverse("consents:receipt", args=["edupartner", uuid.uuid4()])).status_code == 404


def test_every_yes_has_a_receipt_on_the_page_of_the_partner(an, browser, edupartner, given):
    make_grant(an, edupartner, ["email"])

    page = browser.get(reverse("consents:partner", args=["edupartner"])).content.decode()

    assert [address_of(event) in page for event in ConsentEvent.objects.all()] == [True, True]
