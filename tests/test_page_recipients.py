"""Who received her data: every recipient by name."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from consents import permissions, releases
from privacy.casework import mailing
from privacy.datamap import LawfulBasis
from privacy.evidence.recipients import Notice, tell
from privacy.models import Disclosure, Recipient
from privacy.pages.attributes import in_words
from privacy.pages.disclosed import to_whom

from .makers import make_grant, make_partner
from .reading import questions
from .signing_in import browser_of

PAGE = reverse("privacy:recipients")
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "x" * 200, "\u202egnitset"]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def shown(member, **query):
    answer = browser_of(member, headers={"accept-language": "en"}).get(PAGE, query)
    assert answer.status_code == 200
    return answer.content.decode()


def disclose(member, partner, attributes, basis=LawfulBasis.CONSENT, days_ago=0):
    at = timezone.now() - timedelta(days=days_ago)
    Disclosure.objects.create(recipient=partner.recipient, subject_ref=member.subject.ref, attributes=attributes, basis=basis, at=at)


def test_a_recipient_is_named_with_what_it_got_how_often_and_why(an, edupartner):
    """G-22."""
    disclose(an, edupartner, ["first_name", "town"], days_ago=40)
    disclose(an, edupartner, ["email"], LawfulBasis.CONTRACT)

    [gone] = to_whom(an.subject)

    assert (gone.recipient.name, gone.what) == ("Edupartner", "e-mail address, first name and town")
    assert (gone.received.times, gone.bases) == (2, ["consent", "contract"])
    assert (gone.received.last_at - gone.received.first_at).days == 40


def test_the_page_says_how_to_reach_it_and_what_it_does_with_the_data(an, edupartner):
    disclose(an, edupartner, ["first_name"])

    page = shown(an)

    assert '<h2 id="r' in page
    assert '<a href="mailto:privacy@edupartner.example">' in page
    assert '<a href="https://edupartner.example/privacy" rel="noreferrer">Privacy statement of Edupartner</a>' in page


def test_what_we_told_it_stands_there_with_its_state(an, edupartner):
    """G-49."""
    grant = make_grant(an, edupartner)
    releases.release(edupartner, an)
    permissions.withdraw(grant)
    on_its_way = shown(an)
    mailing.deliver_notices()

    assert "That you stopped the access" in on_its_way
    assert "on its way</span>" in on_its_way
    assert "delivered</span>" in shown(an)


def test_it_counts_as_stopped_until_something_goes_out_again(an, edupartner):
    releases_of_grant = make_grant(an, edupartner)
    releases.release(edupartner, an)
    permissions.withdraw(releases_of_grant)
    stopped = to_whom(an.subject)[0].stopped_at
    make_grant(an, edupartner)
    releases.release(edupartner, an)

    assert stopped is not None
    assert to_whom(an.subject)[0].stopped_at is None


def test_a_partner_that_was_withdrawn_stays_in_the_list(an, edupartner):
    """G-22: also revoked ones."""
    grant = make_grant(an, edupartner)
    releases.release(edupartner, an)
    permissions.withdraw(grant)

    assert "Edupartner" in shown(an)


def test_who_was_told_something_but_received_nothing_comes_last(an, edupartner):
    other = make_partner("quizkast")
    tell(other.recipient, "rectification", subject_ref=an.subject.ref, known_as="")
    disclose(an, edupartner, ["first_name"])

    assert [(gone.recipient.name, gone.received.times) for gone in to_whom(an.subject)] == [("Edupartner", 1), ("Quizkast", 0)]
    assert "Nothing from us." in shown(an)


def test_processors_are_named_too(an):
    """Art. 4(9): a processor is a recipient."""
    Recipient.objects.create(name="Hostbedrijf", kind=Recipient.Kind.PROCESSOR, contact_email="a@host.example")

    page = shown(an)

    assert "Who works for us?" in page
    assert "<b>Hostbedrijf</b>" in page


def test_where_nobody_received_anything_it_says_so_and_still_names_the_kinds(an):
    page = shown(an)

    assert "Nobody outside this platform received your data." in page
    assert "The partners that the member allowed" in page


def test_a_column_that_is_gone_keeps_the_name_it_had(an):
    assert in_words(an.subject, ["town", "shoe_size"]) == "shoe_size and town"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(an, edupartner, text):
    Recipient.objects.update(name=text, privacy_url="javascript:alert(1)")
    disclose(an, edupartner, [text], basis=text[:30])

    page = shown(an)

    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page


def test_what_bo_shared_is_not_shown_to_an(an, bo, edupartner):
    disclose(bo, edupartner, ["first_name"])
    Notice.objects.create(recipient=edupartner.recipient, subject_ref=bo.subject.ref, event="erasure")

    assert "Edupartner" not in shown(an)


def test_questions_to_the_database_do_not_grow_with_releases(an):
    browser = browser_of(an)

    disclose(an, make_partner("eerste"), ["first_name"])
    few = questions(browser, PAGE)
    for number in range(8):
        partner = make_partner(f"p{number}")
        for days in range(5):
            disclose(an, partner, ["first_name", "town"][: 1 + days % 2], days_ago=days)
        tell(partner.recipient, "rectification", subject_ref=an.subject.ref, known_as="")

    assert questions(browser, PAGE) == few <= 12


@pytest.mark.parametrize(("number", "names"), [("1", 10), ("3", 5), ("99", 5), ("x", 10), ("-1", 10)])
def test_many_recipients_come_in_pages_and_any_number_is_a_page(an, number, names):
    for each in range(25):
        disclose(an, make_partner(f"p{each:02}"), ["first_name"])

    page = shown(an, page=number)

    assert page.count('<h2 id="r') == names
    assert len(page) < 60_000


def test_who_is_not_signed_in_signs_in_first(db):
    assert Client().get(PAGE)["Location"].startswith(reverse("account_login"))
