"""What the data protection officer changes on the desk: in force at once, by two where it takes time, never forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone, translation

from accounts.authenticators import AuthenticatorAdapter
from privacy import conf
from privacy.casework import agenda, cases, changeable, mailing, settings
from privacy.casework.agenda import AgendaItem
from privacy.datamap import Right, register, registry
from privacy.errors import SettingChangedMeanwhile, SettingInvalid, SettingNotFound, SettingProposedByYou
from privacy.models import Remark, SettingChange, TrailEntry

from . import races
from .signing_in import browser_of

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
GRACE = "ERASURE_GRACE_DAYS"


def change(name, value, *, by="dpo", seen=None):
    each = changeable.named(name)
    return settings.change(each, value, reason="zo beslist", actor_ref=by, seen=settings.last_number(each) if seen is None else seen)


def accept(name, *, by):
    each = changeable.named(name)
    return settings.decide(each, accept=True, reason="akkoord", actor_ref=by, seen=settings.last_number(each))


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What is done once the change holds."""

    def run(act, *given, **named):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*given, **named)

    return run


def test_a_change_is_in_force_for_what_begins_from_then_on(an, commits):
    """G-68: a documented setting, and not in code."""
    commits(change, GRACE, "20")

    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject)

    assert conf.setting(GRACE) == 20
    assert request.run.not_before > timezone.now() + timedelta(days=19)


def test_before_it_is_committed_it_is_not_in_force(db):
    change(GRACE, "20")

    assert conf.setting(GRACE) == 14


def test_a_file_of_another_process_is_read_at_once(db, commits):
    commits(change, GRACE, "20")
    assert conf.setting(GRACE) == 20

    commits(change, GRACE, "21")

    assert conf.setting(GRACE) == 21


@pytest.mark.parametrize("words", [b"", b"{", b"\xff\xff", b"[1]"])
def test_a_file_that_cannot_be_read_changes_nothing_and_is_written_anew(db, commits, words):
    commits(change, GRACE, "20")
    (conf.store() / conf.CHANGED).write_bytes(words)

    assert conf.setting(GRACE) == 14
    settings.write_out()

    assert conf.setting(GRACE) == 20


def test_a_worker_that_was_killed_before_the_file_is_made_up_for(db):
    change(GRACE, "20")

    settings.write_out()

    assert conf.setting(GRACE) == 20


def test_without_a_store_the_settings_are_those_of_the_host(settings_of_host):
    settings_of_host(STORE=None)

    assert conf.setting(GRACE) == 14
    with pytest.raises(ImproperlyConfigured):
        conf.store()


@pytest.fixture
def settings_of_host(settings):
    def say(**values):
        settings.PRIVACY = {**settings.PRIVACY, **values}

    return say


def test_a_lower_number_waits_for_a_second_person(db, commits):
    commits(change, GRACE, "7")

    assert conf.setting(GRACE) == 14
    assert settings.waiting(changeable.named(GRACE)).value == "7"


def test_a_second_person_sets_it(db, commits):
    change(GRACE, "7", by="dpo")

    commits(accept, GRACE, by="assistant")

    assert conf.setting(GRACE) == 7


def test_who_proposed_it_does_not_accept_it(an):
    """T-18."""
    change(GRACE, "7", by=an.subject.ref)

    with pytest.raises(SettingProposedByYou):
        accept(GRACE, by=an.subject.ref)

    assert settings.waiting(changeable.named(GRACE))


def test_who_proposed_it_takes_it_back(db):
    change(GRACE, "7")
    each = changeable.named(GRACE)

    settings.decide(each, accept=False, reason="toch niet", actor_ref="dpo", seen=1)

    assert settings.waiting(each) is None
    assert settings.in_force() == {}


def test_while_one_waits_nobody_proposes_another(db):
    change(GRACE, "7")

    with pytest.raises(SettingChangedMeanwhile):
        change(GRACE, "20")


def test_what_was_decided_is_not_decided_again(db):
    change(GRACE, "7")
    accept(GRACE, by="second")

    with pytest.raises(SettingChangedMeanwhile):
        accept(GRACE, by="third")


def test_who_looked_too_early_changes_nothing(db):
    change(GRACE, "20", seen=0)

    with pytest.raises(SettingChangedMeanwhile):
        change(GRACE, "21", seen=0)

    assert SettingChange.objects.count() == 1


@pytest.mark.parametrize("seen", [1, 5, 2**31 - 2])
def test_a_number_that_nobody_saw_changes_nothing_and_stands_in_no_way(db, commits, seen):
    with pytest.raises(SettingChangedMeanwhile):
        change(GRACE, "20", seen=seen)

    commits(change, GRACE, "21")

    assert conf.setting(GRACE) == 21
    assert settings.history(changeable.named(GRACE)).get().number == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_at_once_one_does():
    races.needs_threads()
    each = changeable.named(GRACE)

    def set_it(value):
        return lambda: settings.change(each, value, reason="x", actor_ref="dpo", seen=0)

    results = races.at_once(set_it("20"), set_it("21"))

    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [SettingChangedMeanwhile]
    assert conf.setting(GRACE) == int(SettingChange.objects.get().value)


@pytest.mark.parametrize("value", ["", "0", "-1", "29", "14.5", "veertien", "٣", "1e1", " ", "9" * 5_000, "<script>"])
def test_a_number_that_cannot_be_is_refused(db, value):
    with pytest.raises(SettingInvalid):
        change(GRACE, value)

    assert not SettingChange.objects.exists()


@pytest.mark.parametrize("value", ["", "geen adres", "a@b", "x@school.example\nBcc: y@school.example", "x" * 201])
def test_an_address_that_is_none_is_refused(db, value):
    with pytest.raises(SettingInvalid):
        change("DPO.email", value)


@pytest.mark.parametrize("value", ["x" * 1001, "bel\x07", "\u202eomgekeerd"])
def test_a_paragraph_that_is_no_plain_text_is_refused(db, value):
    with pytest.raises(SettingInvalid):
        change("refusal.nl", value)


@pytest.mark.parametrize("name", ["SITE", "STORE", "CONTROLLER", "refusal", "refusal.xx", "", "x" * 5_000])
def test_what_is_not_on_the_list_is_no_setting(db, name):
    with pytest.raises(SettingNotFound):
        changeable.named(name)


def test_who_and_why_stand_in_the_trail_and_beside_it(an):
    made = change(GRACE, "20", by=an.subject.ref)

    entry = TrailEntry.objects.get(event="setting.set")
    assert (entry.pk, entry.actor_ref, entry.request_ref) == (made.entry_id, str(an.subject.ref), GRACE)
    assert Remark.objects.get(entry_id=entry.pk).text == "zo beslist"


def test_every_name_fits_into_trail_and_agenda(db):
    assert {each.code for each in changeable.everything() if len(each.code) > 20} == set()
    assert {code for code in changeable.to_review() if len(code) > 20} == set()


def test_contact_details_are_new_in_the_register_and_stay_with_the_rest(db, commits):
    commits(change, "CONTROLLER.address", "Nieuwe straat 2, 9000 Gent")

    entry = register.entries(registry)[0]

    assert entry.controller.address == "Nieuwe straat 2, 9000 Gent"
    assert entry.controller.name == conf.unchanged("CONTROLLER")["name"]


def test_the_name_of_the_organisation_is_new_at_sign_in_too(an, commits, mailoutbox):
    """In the app of the second step, in the browser's window of a passkey, and in letters about the account."""
    commits(change, "CONTROLLER.name", "Nieuwe Naam")
    browser = browser_of(an)

    page = browser.get("/account/2fa/totp/activate/")
    Client().post("/account/password/reset/", {"email": an.email})

    assert "issuer=Nieuwe%20Naam" in page.context["totp_url"]
    assert AuthenticatorAdapter()._get_site_name() == "Nieuwe Naam"
    assert "Nieuwe Naam" in mailoutbox[-1].body


def test_a_paragraph_of_our_own_stands_in_the_letter_of_its_kind_and_language(an, bo, commits, mailoutbox):
    commits(change, "acknowledgement.nl", "Bel gerust: 02 123.\n<b>Tot dan</b>")
    cases.submit(Right.OBJECTION, subject=an.subject)
    with translation.override("en"):
        cases.submit(Right.OBJECTION, subject=bo.subject)

    mailing.send_due()

    said = {mail.to[0]: mail.body for mail in mailoutbox}
    assert "Bel gerust: 02 123.\n<b>Tot dan</b>\n\n" in said[an.email]


def test_a_letter_of_another_kind_is_as_it_was(an, commits, mailoutbox):
    commits(change, "refusal.nl", "Bel gerust.")
    cases.submit(Right.OBJECTION, subject=an.subject)

    mailing.send_due()

    assert "Bel gerust" not in mailoutbox[0].body


def reviews():
    return set(AgendaItem.objects.open().filter(kind=agenda.Kind.REVIEW_SETTING).values_list("request_ref", flat=True))


def test_each_year_somebody_is_asked_whether_it_is_still_right(db):
    """G-40: the list of banned addresses too, since it has no end."""
    settings.note_reviews(NOW)

    assert {GRACE, "ARCHIVE_HOURS", "FREE_TEXT_DAYS", "ACCOUNTABILITY_YEARS", "bans"} == reviews()


def test_each_night_it_stays_one_question_with_one_day(db):
    settings.note_reviews(NOW)
    first = AgendaItem.objects.get(request_ref=GRACE)

    settings.note_reviews(NOW + timedelta(days=1))

    assert AgendaItem.objects.get(request_ref=GRACE).due_on == first.due_on


def test_who_looked_is_asked_again_after_a_year(db):
    settings.note_reviews(NOW)

    assert settings.keep("bans", actor_ref="dpo")
    AgendaItem.objects.filter(request_ref="bans").update(done_at=NOW)
    settings.note_reviews(NOW + timedelta(days=300))
    assert "bans" not in reviews()
    settings.note_reviews(NOW + timedelta(days=340))

    assert "bans" in reviews()
    assert AgendaItem.objects.open().get(request_ref="bans").due_on == (NOW + timedelta(days=365)).date()


def test_who_changes_it_looked_at_it(db):
    settings.note_reviews(NOW)

    change(GRACE, "20")

    assert GRACE not in reviews()


def test_said_twice_it_is_on_record_once(db):
    settings.note_reviews(NOW)

    assert [settings.keep("bans", actor_ref="dpo") for _ in range(2)] == [True, False]
    assert TrailEntry.objects.filter(event="desk.settled", request_ref="bans").count() == 1
