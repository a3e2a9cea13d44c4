"""Global Privacy Control: heard on the pages about sharing, and made permanent where she says so (STANDARDS 2.12)."""

import json
from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse

from consents import gpc
from consents.models import ConsentEvent, PartnerGrant, WantsNoOffers
from privacy.datamap import Right
from privacy.models import DataSubjectRequest

from .makers import make_contact, make_grant
from .partner_side import Program, make_application
from .reading import words_of
from .signing_in import browser_of

PAGE = reverse("consents:permissions")
SAYS_SO = {"Sec-GPC": "1"}


@pytest.fixture
def offering(edupartner):
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()
    return edupartner


@pytest.fixture
def browser(an):
    return browser_of(an, headers={"accept-language": "nl"})


@pytest.mark.parametrize(
    ("sent", "is_signalled"),
    [("1", True), ("1,1", True), ("0, 1", True), ("true", False), ("0", False), ("", False), ("11", False), ("1;q=1", False)],
)
def test_gpc_1_only_exactly_1_counts_and_one_of_several_is_enough(sent, is_signalled):
    assert gpc.is_signalled(RequestFactory().get("/", headers={"Sec-GPC": sent})) is is_signalled


def test_gpc_1_no_header_is_no_signal():
    assert not gpc.is_signalled(RequestFactory().get("/"))


def test_gpc_1_the_site_says_that_it_heeds_the_signal(client):
    answer = client.get("/.well-known/gpc.json")

    said = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/json"
    assert (said["gpc"], date.fromisoformat(said["lastUpdate"]) > date(2026, 1, 1)) == (True, True)
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("name", ["allow", "partner"])
def test_gpc_1_caches_keep_apart_what_differs(browser, edupartner, name):
    for address in (PAGE, reverse(f"consents:{name}", args=["edupartner"])):
        assert "Sec-GPC" in browser.get(address).headers["Vary"]


def test_gpc_1_where_it_is_signalled_offers_are_not_asked_about(browser, offering):
    ask = reverse("consents:allow", args=["edupartner"])

    assert 'name="contact"' in browser.get(ask).content.decode()
    assert 'name="contact"' not in browser.get(ask, headers=SAYS_SO).content.decode()


@pytest.mark.parametrize(("headers", "allowed"), [({}, 1), (SAYS_SO, 0)])
def test_gpc_1_a_yes_to_offers_that_was_not_asked_is_none(browser, offering, headers, allowed):
    form = {"answer": "yes", "attributes": ["email"], "contact": "yes", "reading": offering.reading}

    browser.post(reverse("consents:allow", args=["edupartner"]), form, headers=headers)

    assert PartnerGrant.objects.get().attributes == ["email"]
    assert ConsentEvent.objects.filter(purpose="contact").count() == allowed


def test_gpc_1_it_counts_on_the_way_to_a_partner_too(an, client, offering):
    client.force_login(an)
    program = Program(make_application(offering), client)
    program.ask()
    address = f"{program.asked.path}?{program.asked.query}"

    page = client.get(address, headers=SAYS_SO, secure=True)

    assert "Global Privacy Control" in page.content.decode()
    assert 'name="contact"' not in page.content.decode()
    assert "Sec-GPC" in page.headers["Vary"]


def test_gpc_1_an_earlier_consent_stays_and_the_conflict_is_shown(an, browser, edupartner):
    make_grant(an, edupartner)

    page = words_of(browser.get(PAGE, headers=SAYS_SO).content.decode())

    assert "Je gaf zelf 1 partner toegang, dus die gaat verder tot jij stopt." in page
    assert not PartnerGrant.objects.get().is_withdrawn
    assert "Global Privacy Control" not in words_of(browser.get(PAGE).content.decode())


def test_gpc_1_made_permanent_it_is_an_objection(an, browser, edupartner):
    """G-37: Art. 21(5)."""
    make_contact(an, edupartner)

    answer = browser.post(reverse("consents:no_offers"), headers=SAYS_SO, follow=True)

    assert "en niemand vraagt het nog" in words_of(answer.content.decode())
    assert (DataSubjectRequest.objects.get().right, DataSubjectRequest.objects.get().status) == (Right.OBJECTION, "fulfilled")
    assert WantsNoOffers.objects.get().request_ref == DataSubjectRequest.objects.get().ref
    assert PartnerGrant.objects.get().contact_allowed_at is None


def test_gpc_1_what_is_permanent_holds_without_the_signal(an, browser, offering):
    browser.post(reverse("consents:no_offers"))

    assert 'name="contact"' not in browser.get(reverse("consents:allow", args=["edupartner"])).content.decode()
    assert "Laat partners het weer vragen" in words_of(browser.get(PAGE).content.decode())


def test_gpc_1_nothing_is_kept_of_a_visitor(client, edupartner):
    client.get(PAGE, headers=SAYS_SO)

    assert "sessionid" not in client.cookies
    assert not WantsNoOffers.objects.exists()
