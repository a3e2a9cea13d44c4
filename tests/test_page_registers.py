"""The registers on the desk: what each says, what is handed over, and the pages of processors and authorities."""

import csv
import io
import json
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from consents.models import Arrangement
from privacy.datamap.register import entries
from privacy.models import AuthorityRequest, Disclosure, Recipient, TrailEntry
from privacy.verify import is_signed_paper

from .breached import make_breach
from .makers import allow, desk_permissions, make_member, make_partner
from .reading import questions, words_of
from .signing_in import browser_of
from .test_authorities import COMMENTS, asked, today

INDEX = reverse("privacy:registers")
PROCESSORS = reverse("privacy:processors")
ADD = reverse("privacy:add_processor")
DISCLOSURES = reverse("privacy:disclosures")
NOTE = reverse("privacy:note_disclosure")
PROCESSOR = {
    "name": "Hosting NV",
    "category": "hosting",
    "contract_on": "2026-01-15",
    "contact_email": "hulp@host.example",
    "dpo_email": "dpo@host.example",
    "privacy_url": "https://host.example/privacy",
}


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.fixture
def second(db):
    """Another of the desk."""
    member = make_member("Els")
    member.user_permissions.add(*desk_permissions())
    return browser_of(member, headers={"accept-language": "nl"})


def read(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def file_of(browser, kind):
    return browser.get(reverse("privacy:processing_file", args=[kind]))


def test_the_register_page_shows_every_use_with_its_time_limit(browser):
    """G-61."""
    said = read(browser, reverse("privacy:processing"))

    for entry in entries():
        assert entry.retention in said


def test_the_register_is_handed_over_as_text_linked_data_spreadsheet_and_paper(browser):
    """G-61."""
    rows = list(csv.reader(io.StringIO(file_of(browser, "csv").content.decode())))

    assert len(json.loads(file_of(browser, "json").content)["activities"]) == len(entries()) <= len(rows)
    assert "Register" in file_of(browser, "text").content.decode()
    assert len(PdfReader(BytesIO(file_of(browser, "pdf").content)).pages) > 1
    assert file_of(browser, "xml").status_code == 404


def test_whoever_decides_together_with_us_stands_in_every_form_of_the_register(browser):
    """G-61(a): each partner that takes part, where people reach both."""
    make_partner("quizkast"), make_partner("oud", is_published=False)
    Arrangement.objects.create(partner=make_partner("boekenkast"), contact="samen@boekenkast.example")

    paper = PdfReader(BytesIO(file_of(browser, "pdf").content))
    texts = [read(browser, reverse("privacy:processing")), *(file_of(browser, kind).content.decode() for kind in ("text", "csv", "json"))]
    texts.append(" ".join(page.extract_text() for page in paper.pages))

    for said in texts:
        assert "Quizkast, privacy@quizkast.example" in said
        assert "Boekenkast, samen@boekenkast.example" in said
        assert "oud.example" not in said


def test_the_first_page_counts_what_waits(an, daan, browser):
    make_breach()
    asked(an, daan)
    Recipient.objects.create(name="Oude hosting", kind="processor", contact_email="x@host.example")

    said = read(browser, INDEX)

    for shown in ["1 datalek", "1 verwerker heeft geen contract", "1 vraag wacht"]:
        assert shown in said


def test_all_of_it_is_one_signed_paper(browser):
    """G-61, G-62."""
    answer = browser.post(reverse("privacy:registers_paper"))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert is_signed_paper(BytesIO(answer.content))
    assert browser.get(reverse("privacy:registers_paper")).status_code == 405


def test_a_paper_of_ours_passes_the_check_for_everybody(browser, client):
    paper = BytesIO(browser.post(reverse("privacy:registers_paper")).content)
    paper.name = "registers.pdf"

    said = words_of(client.post(reverse("privacy:verify"), {"archive": paper}, headers={"accept-language": "en"}).content.decode())

    assert "Whole, and ours." in said
    assert "0 rows" not in said


def test_members_read_who_works_for_us(an, browser):
    """K-8."""
    browser.post(ADD, PROCESSOR)

    assert Recipient.objects.get(name="Hosting NV").kind == "processor"
    assert "15 januari 2026" in read(browser, PROCESSORS)
    assert "Hosting NV" in read(browser_of(an, headers={"accept-language": "nl"}), reverse("privacy:recipients"))


@pytest.mark.parametrize("missing", ["name", "category", "contract_on", "contact_email", "privacy_url"])
def test_a_processor_without_contract_or_work_is_not_taken(browser, missing):
    """K-8: a written contract each."""
    answer = browser.post(ADD, PROCESSOR | {missing: ""})

    assert (answer.status_code, Recipient.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    "given", [{"privacy_url": "javascript:alert(1)"}, {"name": "x" * 201}, {"category": "x"}, {"contract_on": "32-13-2026"}]
)
def test_hostile_facts_of_a_processor_are_refused(browser, given):
    assert (browser.post(ADD, PROCESSOR | given).status_code, Recipient.objects.count()) == (400, 0)


def test_two_organisations_of_one_name_are_refused(browser):
    browser.post(ADD, PROCESSOR)

    assert browser.post(ADD, PROCESSOR).status_code == 400


def test_of_a_partner_only_the_address_of_its_officer_is_changed_here(browser):
    recipient = make_partner("quizkast").recipient

    browser.post(reverse("privacy:organisation", args=[recipient.pk]), {"dpo_email": "dpo@quizkast.example", "name": "Anders"})

    changed = Recipient.objects.get(pk=recipient.pk)
    assert (changed.dpo_email, changed.name, changed.kind) == ("dpo@quizkast.example", recipient.name, recipient.kind)


@pytest.mark.parametrize("pk", ["999", "9" * 40])
def test_an_organisation_that_is_none_is_no_page(browser, pk):
    assert browser.get(f"{PROCESSORS}{pk}/").status_code == 404


def disclosure(member, **given):
    said = {"authority": "Parket Antwerpen", "contact": "parket@just.example", "person": member.email, "legal_ground": "Art. 39bis Sv."}
    return said | {"asked": "Reacties", "received_on": today().isoformat()} | given


def test_one_enters_what_an_authority_asks_and_another_hands_it_over(an, browser, second):
    """K-9, T-18."""
    answer = browser.post(NOTE, disclosure(an))
    address, decision = answer.url, {"outcome": "handed_over", "attributes": [COMMENTS]}

    assert browser.post(address, decision).status_code == 400
    assert "Een collega beslist." in read(browser, address)
    second.post(address, decision)

    assert Disclosure.objects.get().subject_ref == an.subject.ref
    assert "Parket Antwerpen" in read(browser_of(an, headers={"accept-language": "nl"}), reverse("privacy:recipients"))


@pytest.mark.parametrize(
    "given",
    [
        {"person": "niemand@school.example"},
        {"legal_ground": ""},
        {"secret_until": "2099-01-01"},
        {"received_on": "2099-01-01"},
        {"contact": "x"},
    ],
)
def test_a_request_that_cannot_be_is_shown_again(an, browser, given):
    answer = browser.post(NOTE, disclosure(an, **given))

    assert (answer.status_code, AuthorityRequest.objects.count()) == (400, 0)


@pytest.mark.parametrize("person", ["an.peeters@school.example", "niemand@school.example"])
def test_of_whom_an_authority_asks_is_looked_up_on_record_and_last(an, browser, person):
    """T-18: without who it was, since a law may forbid that she reads of it."""
    lacking = browser.post(NOTE, disclosure(an, person=person, legal_ground=""))
    assert set(lacking.context["form"].errors) == {"legal_ground"}
    assert not TrailEntry.objects.filter(event="desk.looked_up").exists()

    browser.post(NOTE, disclosure(an, person=person))

    entry = TrailEntry.objects.get(event="desk.looked_up")
    assert (entry.subject_ref, entry.reason) == (None, "authority")


def test_an_auditor_reads_that_an_authority_asked_and_not_of_whom(an, daan):
    """T-18."""
    request = asked(an, daan)
    auditor = make_member("Ada")
    allow(auditor, "view_trailentry")
    browser = browser_of(auditor)

    page = browser.get(DISCLOSURES).content.decode()
    assert request.ref in page
    assert str(an.subject.ref) not in page
    assert browser.get(reverse("privacy:disclosure", args=[request.ref])).status_code == 403


def test_one_of_the_desk_reads_nothing_of_what_is_secret_about_herself(daan, browser, second):
    """K-9: neither list nor number nor page nor paper; a colleague does, and so does she once she may."""
    second.post(NOTE, disclosure(daan, secret_until="2099-01-01", secrecy_ground="Art. 28quinquies Sv."))
    request = AuthorityRequest.objects.get()
    address = reverse("privacy:disclosure", args=[request.ref])

    def shown(one):
        paper = PdfReader(BytesIO(one.post(reverse("privacy:registers_paper")).content))
        pages = [one.get(DISCLOSURES).content.decode(), *(page.extract_text() for page in paper.pages)]
        return [request.ref in "".join(pages), "1 vraag wacht" in read(one, INDEX), one.get(address).status_code]

    assert shown(browser) == [False, False, 404]
    assert browser.post(address, {"outcome": "refused"}).status_code == 404
    assert shown(second) == [True, True, 200]
    AuthorityRequest.objects.update(told_at=timezone.now())
    assert shown(browser) == [True, True, 200]


def test_many_requests_take_as_many_questions_as_one(an, daan, browser):
    asked(an, daan)
    few = questions(browser, DISCLOSURES)
    for _number in range(6):
        asked(an, daan)

    assert questions(browser, DISCLOSURES) == few
