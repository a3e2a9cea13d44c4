"""Her yes to an archive that another controller brings is on record: what was asked, in which words, and how it ended (Art. 7)."""

import json
from datetime import datetime

import pytest
from django.urls import reverse

from consents import ending, pages, permissions, tasks
from consents.models import ConsentEvent, IncomingTransfer, PartnerEnding
from consents.transfer import coming, consenting, recording
from consents.transfer.models import LASTS
from privacy.evidence import replay
from privacy.models import TrailEntry
from privacy.rights.erasure import hide

from . import transferring
from .ledgers import lost
from .properties.acts import erase
from .reading import words_of
from .signing_in import browser_of
from .transferring import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(settings):
    transferring.trust_elsewhere(settings)
    return transferring.make_sender()


@pytest.fixture
def sender(application, an):
    return Sender(transferring.token_for(application, an), transferring.archive_of(an))


def events():
    """How it was given and ended, in order."""
    return list(ConsentEvent.objects.filter(purpose="bring").order_by("pk").values_list("kind", "method"))


def test_it_says_what_was_asked_what_she_ticked_and_which_text_she_read(sender, application, an):
    given = ConsentEvent.objects.get()

    assert (given.kind, given.purpose, given.partner, given.subject_ref) == ("given", "bring", application.partner, an.subject.ref)
    assert (given.text_version, given.language, given.method) == (pages.TEXT_VERSION, "nl", "page")
    assert given.attributes == sorted(transferring.TAKEN)
    assert given.asked == sorted(pick.label for pick in consenting.picks())
    assert given.at == IncomingTransfer.objects.get().allowed_at


def test_her_no_is_no_consent(application, an):
    program = transferring.program_of(application, an)
    program.ask()

    program.answer("no")

    assert not ConsentEvent.objects.exists()


def test_taking_it_back_is_on_record_with_the_text_that_it_was_given_to(sender, an):
    ConsentEvent.objects.get()

    browser_of(an).post(reverse("transfer:stop_incoming", args=[IncomingTransfer.objects.get().ref]))

    assert events() == [("given", "page"), ("withdrawn", "page")]
    given, withdrawn = ConsentEvent.objects.order_by("pk")
    assert (withdrawn.text_version, withdrawn.language, withdrawn.attributes) == (given.text_version, given.language, given.attributes)


def test_a_sender_that_gives_up_takes_no_consent_back(sender):
    sender.begin()

    sender.call("DELETE", f"/{sender.ref}")

    assert events() == [("given", "page")]
    assert sender.transfer.state == "stopped"


def test_a_new_yes_is_a_new_consent_in_its_place(sender, application, an):
    transferring.token_for(application, an, take=["usage.Folder"])

    assert events() == [("given", "page"), ("given", "page")]
    assert ConsentEvent.objects.latest("pk").attributes == ["usage.Folder"]


def test_who_leaves_takes_it_back(sender, an):
    sender.begin()

    hide(an.subject)

    assert events() == [("given", "page"), ("withdrawn", "erasure")]


def test_the_record_outlives_her_account(sender, an):
    sender.begin()
    ref = an.subject.ref

    erase(an.subject)

    assert not IncomingTransfer.including_hidden.exists()
    assert ConsentEvent.objects.filter(subject_ref=ref, purpose="bring").count() == 2


def with_access(application, member):
    """She also lets it have her first name."""
    application.partner.attributes = ["first_name"]
    application.partner.save()
    return permissions.give(member, application.partner, ["first_name"], text_version="1", language="nl")


@pytest.mark.parametrize("all_of_them", [True, False])
def test_ending_the_partners_access_ends_what_it_brings(sender, application, an, all_of_them):
    grant = with_access(application, an)
    sender.begin()

    permissions.withdraw_all(an) if all_of_them else permissions.withdraw(grant)

    assert (sender.status().status_code, sender.transfer.state) == (401, "stopped")
    assert events() == [("given", "page"), ("withdrawn", "page")]
    assert TrailEntry.objects.filter(event="arrival.stopped", subject_ref=an.subject.ref).count() == 1


def test_what_another_partner_brings_goes_on(sender, application, an, edupartner):
    grant = permissions.give(an, edupartner, ["first_name"], text_version="1", language="nl")
    sender.begin()

    permissions.withdraw(grant)

    assert (sender.status().status_code, sender.transfer.state) == (200, "begun")


def test_what_another_member_lets_it_bring_goes_on(sender, application, bo):
    grant = with_access(application, bo)
    sender.begin()

    permissions.withdraw(grant)

    assert (sender.status().status_code, sender.transfer.state) == (200, "begun")


def test_ending_the_partner_ends_what_its_programs_bring(sender, application, daan):
    sender.begin()

    ending.end(application.partner, "Het contract liep af.", by=daan.subject)
    tasks.end_partners()

    assert PartnerEnding.objects.get().finished_at
    assert sender.transfer.state == "stopped"
    assert events() == [("given", "page"), ("withdrawn", "ended")]


@pytest.mark.parametrize(("by_her", "found"), [(True, ["given", "withdrawn"]), (False, ["given"])])
def test_after_a_restore_it_is_on_record_as_it_was(sender, by_her, found):
    with lost():
        coming.stop(IncomingTransfer.objects.get(), by_her=by_her)

    replay.replay()

    assert [kind for kind, _method in events()] == found
    assert IncomingTransfer.objects.get().state == "stopped"


def record_of(browser, event):
    page = reverse("consents:receipt", args=[event.partner.slug, event.ref])
    return json.loads(browser.get(page).content)["dpv:hasRecordOfActivity"][0]


def test_it_has_a_receipt_that_says_what_comes_from_whom_to_whom(sender, an, settings):
    record = record_of(browser_of(an), ConsentEvent.objects.get())
    (process,) = record["dpv:hasProcess"]

    assert [kind["dct:identifier"] for kind in process["dpv:hasPersonalData"]] == sorted(transferring.TAKEN)
    assert (process["dpv:hasProcessing"], process["dpv:hasDataSource"]) == (["dpv:Collect"], ["dpv:DataControllerDataSource"])
    assert [party["dpv:hasName"] for party in process["dpv:hasRecipient"]] == [settings.PRIVACY["CONTROLLER"]["name"]]
    assert record["dpv:hasConsentControl"][0]["@type"] == ["dpv:WithdrawConsent"]


def test_its_receipt_says_that_it_ends_by_itself(sender, an):
    given = ConsentEvent.objects.get()

    begins, ends = map(datetime.fromisoformat, record_of(browser_of(an), given)["dct:valid"].split("/"))

    assert ends - begins == LASTS


def test_its_receipt_says_that_she_took_it_back(sender, an):
    given = ConsentEvent.objects.get()
    coming.stop(IncomingTransfer.objects.get())

    states = [status["@type"][-1] for status in record_of(browser_of(an), given)["dpv:hasConsentStatus"]]

    assert states == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]


@pytest.mark.parametrize(("later", "is_replaced"), [(LASTS / 2, True), (LASTS * 2, False)])
def test_a_yes_takes_the_place_of_one_that_still_stood(sender, an, later, is_replaced):
    old, transfer = ConsentEvent.objects.get(), IncomingTransfer.objects.get()
    transfer.allowed_at += later
    recording.given(transfer, asked=[], text_version="1", language="nl")

    assert ("dct:isReplacedBy" in record_of(browser_of(an), old)) == is_replaced


def test_she_reads_it_on_the_page_of_the_partner(sender, application, an):
    page = browser_of(an, headers={"accept-language": "en"}).get(reverse("consents:partner", args=[application.partner.slug]))

    assert "bringing an archive here, with" in words_of(page.content.decode())
