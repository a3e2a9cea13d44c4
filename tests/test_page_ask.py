"""The pages of who asks without an account, and how a member goes on with what she asked there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy.casework import by_hand, outside, was_it_you
from privacy.datamap import Right
from privacy.models import DataSubjectRequest, OutsideRequest

from .makers import make_member
from .outside import STRANGER, asked, confirmed, link_in
from .signing_in import browser_of
from .test_page_desk import text_of
from .test_page_erase import erase

pytestmark = pytest.mark.django_db
ASK = reverse("privacy:ask")
PAGES = [ASK, reverse("privacy:ask_sent"), reverse("privacy:ask_follow")]


@pytest.mark.parametrize("address", PAGES)
def test_it_is_open_to_everybody_and_kept_by_no_cache(address, an):
    """K-20."""
    for browser in (Client(), browser_of(an)):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_can_be_sent_along(address):
    """G-14, T-04, T-30: no file, on no form."""
    said = Client().get(address).content.decode()

    assert 'type="file"' not in said
    assert "multipart/form-data" not in said


def test_a_file_that_is_sent_all_the_same_is_not_kept(tmp_path):
    """T-30."""
    (tmp_path / "paspoort.pdf").write_bytes(b"%PDF")
    with (tmp_path / "paspoort.pdf").open("rb") as file:
        asked(paspoort=file)

    assert OutsideRequest.objects.get().said().words == ""


def test_no_reason_is_demanded_and_no_name():
    """G-29."""
    assert asked(words="").status_code == 302


@pytest.mark.parametrize(
    "given",
    [
        {"email": ""},
        {"email": "niemand"},
        {"email": "niemand@elders.example\nBcc: bo@elders.example"},
        {"email": f"{'x' * 300}@elders.example"},
        {"email": "nie\x00mand@elders.example"},
        {"right": ""},
        {"right": "alles"},
        {"words": "x" * 2_001},
        {"language": "xx"},
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_kept(given):
    answer = asked(**given)

    assert answer.status_code == 400
    assert not OutsideRequest.objects.exists()


def test_what_she_wrote_stays_in_a_form_that_is_not_right():
    said = asked("niemand", words="<b>Mijn woorden</b>").content.decode()

    assert "&lt;b&gt;Mijn woorden&lt;/b&gt;" in said


def test_too_many_from_one_network_are_told_so_and_where_else_to_go(settings):
    """T-02, T-24."""
    settings.PRIVACY = {**settings.PRIVACY, "OUTSIDE_PER_NETWORK": 1}
    asked()

    answer = asked()

    assert answer.status_code == 429
    assert settings.PRIVACY["DPO"]["email"] in answer.content.decode()


@pytest.mark.parametrize(("language", "word"), [("nl", "Was jij het niet?"), ("en", "Was it not you?")])
def test_the_mail_speaks_the_language_that_was_chosen(mailoutbox, language, word):
    asked(language=language)

    outside.send_due()

    assert word in mailoutbox[0].body


@pytest.mark.parametrize("name", ["ask_confirm", "was_it_you"])
def test_a_link_that_does_not_work_leads_on(name):
    answer = Client().get(reverse(f"privacy:{name}", args=["x:y:z"]))

    assert answer.status_code == 404
    assert ASK in answer.content.decode()


def test_the_ways_here_are_on_the_sign_in_page_and_below_every_page():
    """K-20."""
    assert Client().get(reverse("account_login")).content.decode().count(ASK) == 2
    assert ASK in Client().get(reverse("start")).content.decode()


def test_she_goes_on_with_her_erasure_signed_in(an, mailoutbox):
    """T-06, G-01: the same request, with the day on which she asked."""
    confirmed(mailoutbox, an.email, "erasure")
    asked_at = DataSubjectRequest.objects.get().received_at
    browser = browser_of(an)

    assert reverse("privacy:erase") in browser.get(reverse("privacy:request", args=[DataSubjectRequest.objects.get().ref])).content.decode()
    erase(browser)

    made = DataSubjectRequest.objects.get()
    an.subject.refresh_from_db()
    assert (made.status, made.channel, made.received_at) == ("approved", "form", asked_at)
    assert an.subject.hidden_at
    assert made.identity_checks.order_by("pk").last().method == "signed_in"


def test_a_stranger_is_sent_to_nobodys_account(mailoutbox):
    answer = confirmed(mailoutbox, STRANGER, "erasure")

    assert reverse("privacy:erase") not in text_of(answer)
    assert not answer.context["waits"]


def test_opening_the_link_of_a_letter_changes_nothing(an, daan):
    """T-01."""
    how = {"channel": "letter", "identified_by": "not_yet", "received_at": timezone.now() - timedelta(days=1), "reason": "brief"}
    made = by_hand.enter(an.subject, right=Right.OBJECTION, actor_ref=daan.subject.ref, **how)
    page = reverse("privacy:was_it_you", args=[was_it_you.LINK.token(made.ref)])

    assert Client().get(page).status_code == 200
    assert not made.identity_checks.exists()
    assert Client().post(page).status_code == 200
    assert made.identity_checks.get().passed
    assert Client().post(page).status_code == 410


def test_who_left_reaches_it_too(an):
    """Who is hidden may still ask for something."""
    browser = browser_of(an)
    type(an.subject).objects.filter(pk=an.subject.pk).update(hidden_at=timezone.now())

    assert browser.get(ASK).status_code == 200


def test_the_mail_names_no_person_and_carries_one_link(mailoutbox):
    """T-28."""
    make_member("Els")
    asked("els.peeters@school.example")
    outside.send_due()

    assert "Els" not in mailoutbox[0].subject + mailoutbox[0].body.replace(link_in(mailoutbox[0]), "")
    assert mailoutbox[0].body.count("http") == 1
    assert link_in(mailoutbox[0]).startswith("/my-privacy/ask/confirm/")


def test_the_desk_reads_what_a_stranger_asked(daan, mailoutbox):
    """G-17: her words, and no account to look into."""
    confirmed(mailoutbox, STRANGER, "complaint", words="Jullie site volgt mij.")
    made = DataSubjectRequest.objects.get()
    browser = browser_of(daan)

    said = text_of(browser.get(reverse("privacy:case", args=[made.ref])))

    assert "Jullie site volgt mij." in said
    assert browser.get(reverse("privacy:identity", args=[made.ref])).status_code == 200
    assert browser.get(reverse("privacy:place_hold", args=[made.ref])).status_code == 400
    assert browser.get(reverse("privacy:mandate", args=[made.ref])).status_code == 404
    assert made.ref in browser.get(reverse("privacy:desk"), {"state": "waiting"}).content.decode()
