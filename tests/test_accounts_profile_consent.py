"""Consent for the optional part of a profile: asked with an explanation, on record, taken back with one click (Art. 7)."""

from html import unescape

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import consent
from accounts.models import Member, ProfileConsentEvent
from privacy.casework import at_once
from privacy.casework.requests import DataSubjectRequest
from privacy.errors import AppendOnly, InvalidCorrection
from privacy.models import Notice, Rectification, TrailEntry

from .makers import PASSWORD, make_grant, make_member, make_picture
from .properties.acts import erase
from .signing_in import browser_of
from .test_accounts_profile import PROFILE, filled_in, read, send

pytestmark = pytest.mark.django_db

WITHDRAW = "/profile/withdraw/"
NOTHING = {"about_me": "", "website": "", "social_networks": ""}


@pytest.fixture
def els(db):
    """A teacher who shows nothing of herself yet."""
    return make_member("Els", last_name="Claes", **NOTHING)


def on_record(member):
    return [(event.kind, event.attributes) for event in ProfileConsentEvent.objects.filter(subject_ref=member.subject_id).order_by("pk")]


def in_trail(member):
    entries = TrailEntry.objects.filter(subject_ref=member.subject_id, event__startswith="profile.")
    return [entry.event for entry in entries.order_by("pk")]


def test_the_optional_part_is_what_rests_on_consent_alone():
    """K-3."""
    assert consent.on_consent() == ["about_me", "website", "social_networks", "photo"]


def test_nobody_shows_anything_by_signing_up():
    fresh = Member.objects.create_user("nieuw@school.example", PASSWORD)

    assert (consent.shown(fresh), fresh.public_facts, fresh.photo_url) == ([], [], "")


def test_before_she_saves_she_reads_for_whom_and_that_she_can_take_it_back(els):
    """G-53."""
    page = browser_of(els).get(PROFILE).content.decode()

    form = page.partition('id="shown"')[2].partition("</section>")[0]
    told = [Member._meta.get_field(name).help_text for name in ("about_me", "website", "social_networks")]
    told += [_("With your consent, Art. 6(1)(a) GDPR"), _("Save and show to everybody")]
    assert [sentence for sentence in told if str(sentence) not in unescape(form)] == []


def test_saving_is_recorded_with_text_language_and_moment(els):
    """G-51."""
    send(browser_of(els), "shown", about_me="Dag", website="https://els.example/")

    event = ProfileConsentEvent.objects.get()
    assert (event.subject_ref, event.kind, event.attributes) == (els.subject_id, "given", ["about_me", "website"])
    assert (event.text_version, event.language) == (consent.TEXT_VERSION, "nl")
    assert event.request_ref == DataSubjectRequest.objects.get().ref
    assert in_trail(els) == ["profile.given"]


def test_saving_what_rests_on_no_consent_records_none(els):
    send(browser_of(els), town="3000 Leuven")

    assert (on_record(els), in_trail(els)) == ([], [])


def test_a_photo_is_recorded_too(els):
    consent.show_photo(els, make_picture())

    assert on_record(els) == [("given", ["photo"])]


def test_an_emptied_field_is_a_withdrawal(els):
    browser = browser_of(els)
    send(browser, "shown", about_me="Dag", website="https://els.example/")
    send(browser, "shown", about_me="")

    assert on_record(els)[1:] == [("withdrawn", ["about_me"])]


def test_correcting_on_the_page_of_the_engine_does_not_go_around_the_record(els):
    address = reverse("privacy:correct_row", args=["accounts.Member", els.pk])
    browser = browser_of(els)
    form = browser.get(address).context["form"]
    sent = {form[name].html_initial_name: form.carried(name) or "" for name in form.fields} | {"language": "nl", "about_me": "Dag"}

    browser.post(address, {name: form.carried(name) or "" for name in form.fields} | sent)

    assert on_record(els) == [("given", ["about_me"])]


def test_the_page_of_the_engine_says_for_whom_it_is_too(els):
    """G-53: what is filled there is consent as well."""
    page = read(browser_of(els).get(reverse("privacy:correct_row", args=["accounts.Member", els.pk])))

    assert str(Member._meta.get_field("about_me").help_text) in page


def test_a_correction_that_fails_records_no_consent(els):
    with pytest.raises(InvalidCorrection):
        at_once.correct(els.subject, {("accounts.Member", els.pk): {"about_me": "Dag", "birth_date": "gisteren"}})

    assert (on_record(els), in_trail(els)) == ([], [])


# Taking back.


def test_one_click_takes_one_field_back(an):
    """G-52: no reason, no question, no second proof."""
    answer = browser_of(an).post(WITHDRAW, {"field": "about_me"}, follow=True)

    an.refresh_from_db()
    assert (an.about_me, bool(an.website), answer.redirect_chain) == ("", True, [(PROFILE, 302)])
    assert on_record(an) == [("withdrawn", ["about_me"])]
    assert in_trail(an) == ["profile.withdrawn"]


def test_one_click_takes_all_of_it_back(an, bo):
    consent.show_photo(an, make_picture())

    browser_of(an).post(WITHDRAW)

    an.refresh_from_db()
    bo.refresh_from_db()
    assert (consent.shown(an), len(consent.shown(bo))) == ([], 3)
    assert on_record(an)[1:] == [("withdrawn", ["about_me", "website", "social_networks", "photo"])]
    assert (an.town, an.first_name) == ("9000 Gent", "An")


def test_each_field_that_is_shown_has_its_button_and_all_have_one(an, els):
    page, empty = read(browser_of(an).get(PROFILE)), read(browser_of(els).get(PROFILE))

    assert page.count('name="field"') == 3
    assert page.count(f'action="{WITHDRAW}"') == 4
    assert WITHDRAW not in empty


def test_the_second_click_changes_nothing(an):
    browser = browser_of(an)
    browser.post(WITHDRAW, {"field": "about_me"})

    answer = browser.post(WITHDRAW, {"field": "about_me"}, follow=True)

    assert answer.status_code == 200
    assert len(on_record(an)) == 1


@pytest.mark.parametrize("field", ["town", "email", "password", "nergens", "x" * 10_000, "a\0b"])
def test_only_what_rests_on_consent_can_be_taken_back(an, field):
    answer = browser_of(an).post(WITHDRAW, {"field": field}, follow=True)

    an.refresh_from_db()
    assert answer.status_code == 200
    assert (an.town, len(consent.shown(an)), on_record(an)) == ("9000 Gent", 3, [])


def test_taking_back_writes_no_value_and_no_letter(an):
    before = len(mail.outbox)

    browser_of(an).post(WITHDRAW)

    assert len(mail.outbox) == before
    assert not Rectification.objects.exists()
    assert an.about_me not in str(ProfileConsentEvent.objects.values())


def test_partners_who_may_hold_it_are_told(an, edupartner):
    """Art. 19."""
    edupartner.attributes = ["about_me"]
    edupartner.save()
    make_grant(an, edupartner, ["about_me"])

    consent.withdraw(an, ["about_me", "website"])

    assert Notice.objects.get().attributes == ["about_me"]


def test_what_is_taken_back_can_be_given_again(an):
    consent.withdraw(an, ["about_me"])

    send(browser_of(an), "shown", about_me="Toch maar wel")

    assert [kind for kind, _names in on_record(an)] == ["withdrawn", "given"]


def test_who_is_gone_takes_nothing_back(an):
    erase(an.subject)

    assert consent.withdraw(an) == []


# The record.


def test_the_record_outlives_her_and_names_nobody(an):
    consent.withdraw(an, ["about_me"])
    ref = an.subject_id

    erase(an.subject)

    assert ProfileConsentEvent.objects.filter(subject_ref=ref).count() == 1
    assert not Member.objects.filter(subject_id=ref).exists()


def test_the_record_only_grows(an):
    consent.withdraw(an, ["about_me"])
    event = ProfileConsentEvent.objects.get()

    for change in (event.delete, event.save, ProfileConsentEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            change()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has the model's guard alone")
@pytest.mark.parametrize("change", ["UPDATE accounts_profileconsentevent SET kind = 'given'", "DELETE FROM accounts_profileconsentevent"])
def test_the_database_itself_refuses_changes(an, change):
    consent.withdraw(an, ["about_me"])

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_she_reads_it_among_her_data_and_in_what_happened(an):
    browser = browser_of(an)
    browser.post(WITHDRAW, {"field": "about_me"})

    assert "over mij" in read(browser.get("/my-privacy/data/showing/")).lower()
    assert filled_in(browser, "shown")["about_me"] == ""
