"""Finding a request on the desk: by number, or by an address that stands in no URL."""

import pytest
from django.urls import reverse

from privacy.datamap import Right
from privacy.models import Remark, TrailEntry

from .makers import make_member
from .signing_in import browser_of
from .test_page_desk import asked_by, case_of, text_of

FIND, LOOK_UP = reverse("privacy:find"), reverse("privacy:look_up")
WHY = {"why": "question", "words": "belde ons op"}


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"}, says_why=False)


def test_a_number_leads_to_its_request_however_it_is_written(an, browser):
    asked = asked_by(an)

    for number in [asked.ref, asked.ref.lower(), f" {asked.ref[:5]}-{asked.ref[5:]} "]:
        assert browser.get(FIND, {"number": number})["Location"] == case_of(asked)


@pytest.mark.parametrize("number", ["", "NOPE", "x" * 5_000, "' OR 1=1", "<script>alert(1)</script>", "ABCDEFGHJK"])
def test_a_number_that_does_not_exist_is_said_so(browser, number):
    answer = browser.get(FIND, {"number": number})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_by_address_all_that_a_person_asked_is_listed_and_on_record(an, bo, daan, browser):
    """T-18: she reads who looked her up, and why."""
    hers = {asked_by(an).ref, asked_by(an, Right.COMPLAINT).ref}
    another = asked_by(bo).ref

    said = text_of(browser.post(LOOK_UP, {"address": an.email} | WHY))

    entry = TrailEntry.objects.get(event="desk.looked_up")
    assert all(ref in said for ref in hers)
    assert another not in said
    assert (entry.subject_ref, entry.actor_ref, entry.reason, entry.request_ref) == (an.subject.ref, str(daan.subject.ref), "question", "")
    assert Remark.objects.get().text == WHY["words"]
    assert "belde ons op" in text_of(browser_of(an).get(reverse("privacy:requests")))


def test_who_fishes_for_addresses_is_on_record_where_nobody_is_found(browser):
    """T-18: without the address."""
    said = text_of(browser.post(LOOK_UP, {"address": "niemand@school.example"} | WHY))

    assert "Niemand bevestigde dit adres" in said
    assert TrailEntry.objects.get(event="desk.looked_up").subject_ref is None
    assert not [entry for entry in TrailEntry.objects.values_list() if "niemand@school.example" in str(entry)]


def test_an_address_that_was_never_confirmed_finds_nobody(browser):
    """T-18."""
    member = make_member("Els", email="els@school.example", verified=False)
    asked = asked_by(member)

    assert asked.ref not in text_of(browser.post(LOOK_UP, {"address": member.email} | WHY))


@pytest.mark.parametrize(
    "given", [{}, {"address": ""}, {"address": "an@x.example"}, {"address": "x" * 400} | WHY, {"address": "a", "why": "check"}]
)
def test_without_address_or_reason_nobody_is_looked_up(browser, given):
    assert browser.post(LOOK_UP, given).status_code == 400
    assert not TrailEntry.objects.filter(event="desk.looked_up").exists()


@pytest.mark.parametrize("address", ["\x00@x", "<script>alert(1)</script>", "a" * 320, "%@%", "🙂@x.example"])
def test_a_hostile_address_finds_nobody(browser, address):
    answer = browser.post(LOOK_UP, {"address": address} | WHY)

    assert answer.status_code in {200, 400}
    assert "<script>alert" not in answer.content.decode()


def test_an_address_is_looked_up_by_post_alone(an, browser):
    """T-18: no address in a URL, nor in what a server writes down of it."""
    asked = asked_by(an)

    assert asked.ref not in text_of(browser.get(LOOK_UP, {"address": an.email} | WHY))


def test_a_member_finds_nothing(an):
    browser = browser_of(an)

    assert browser.get(FIND).status_code == 403
    assert browser.post(LOOK_UP, {"address": an.email} | WHY).status_code == 403
