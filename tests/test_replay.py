"""After a restore: what people asked since the backup is done again, in order, quietly, and nothing more."""

import io
import re
import threading
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import bans, replaying
from accounts.consent import withdraw as take_back_profile
from accounts.misconduct import keeping, objecting, rotating, sealing
from accounts.misconduct import letters as letters_of_bans
from accounts.models import Ban, Member
from consents import offers, permissions, releases
from consents.models import ConsentEvent, PartnerGrant
from privacy import keys, tasks
from privacy.casework import asking, cases, disowning, letters, mailing
from privacy.casework.cases import DataSubjectRequest
from privacy.datamap import RefusalGround, Right, registry
from privacy.errors import DatabaseOlder, LedgerBroken, LedgerUnwritable, NotReplayed
from privacy.evidence import ledger, ledger_checks, replay, signing
from privacy.evidence.ledger import outside
from privacy.evidence.recipients import Notice
from privacy.evidence.replay import LedgerPosition
from privacy.models import Certificate, HeldRecord, Hold, Letter, Run, Subject
from privacy.rights import held_keys, holds, removing, retention, setting_aside
from privacy.rights.statements import words_with
from privacy.verify import keys_of, verify_certificate
from usage.models import Message, ResourceView

from . import races
from .ledgers import lines, lost
from .makers import make_comment, make_contact, make_grant, make_message, make_partner, make_score, make_view
from .misconduct import PASSPHRASE, give_custodian_key, has_second_address, put_ban
from .properties.acts import erase
from .properties.traces import snapshot
from .test_holds import hold

Status = DataSubjectRequest.Status
BANNED = "weg@school.example"
RESTORING = Path(__file__).resolve().parents[1] / "docs" / "restoring.md"


def asked(member, right=Right.ERASURE, grace=timedelta(days=14)):
    request = cases.submit(right, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=grace)
    return request


def status_of(request):
    return DataSubjectRequest.objects.get(ref=request.ref).status


def ban(address=BANNED):
    return bans.ban(address, breach="Spam aan alle leden.", notices="Twee keer verwittigd.")


def exists(person):
    return Subject.objects.filter(ref=person.subject_id).exists()


# What is noted


def test_an_erasure_stands_in_the_ledger_from_the_moment_she_is_hidden(an):
    erase(an.subject)

    assert lines() == [(event, str(an.subject_id)) for event in ("hidden", "erasure", "answered")]
    assert LedgerPosition.now().number == 3


def test_the_ledger_holds_no_value(an, edupartner):
    grant = make_grant(an, edupartner)
    permissions.withdraw(grant)
    ban(an.email)
    erase(an.subject)

    written = outside().path.read_text().lower()
    assert [mark for mark in (an.email, an.last_name, "spam", "verwittigd") if mark.lower() in written] == []


def test_on_a_full_disk_an_act_is_refused_and_nothing_is_done(an, edupartner, monkeypatch):
    grant = make_grant(an, edupartner)
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "_write_whole", full)
        with pytest.raises(LedgerUnwritable):
            permissions.withdraw(grant)
    grant.refresh_from_db()
    assert (grant.is_withdrawn, lines()) == (False, [])

    permissions.withdraw(grant)

    assert lines() == [("withdrawal", str(an.subject_id))]


def full(file, raw):
    raise OSError(28, "No space left on device")


def test_on_a_full_disk_an_erasure_waits_before_its_first_row(an, monkeypatch):
    view, request = make_view(an), asked(an, grace=timedelta(0))
    monkeypatch.setattr(ledger, "_write_whole", full)

    with pytest.raises(LedgerUnwritable):
        cases.run(request)

    assert ResourceView._base_manager.filter(pk=view.pk).exists()
    assert request.run.steps.get(name="note in the ledger").problem == "LedgerUnwritable"


# What is done again


def test_who_restores_reads_of_each_event_what_is_done():
    table = RESTORING.read_text(encoding="utf-8").partition("## What is done again")[2].partition("## ")[0]
    told = {name for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}

    assert told == set(replay._acts)


def test_who_was_erased_is_erased_again_and_hears_of_it_once(an, bo, edupartner):
    make_grant(an, edupartner)
    make_view(an), make_score(an), make_message(bo, an), make_view(bo)
    before = snapshot()
    with lost():
        erase(an.subject)
        after = snapshot()
    mail.outbox.clear()
    assert snapshot() == before

    assert replay.replay() == 3

    request = DataSubjectRequest.objects.get()
    mailing.deliver_notices(request_ref=request.ref)
    assert cases.run(request) is True
    tasks.sweep()
    assert ([message.to for message in mail.outbox], exists(an)) == ([[edupartner.recipient.contact_email]], False)
    left = snapshot()
    assert {table: left[table] for table in left if table.startswith("usage_")} == {
        table: after[table] for table in after if table.startswith("usage_")
    }


def test_a_recipient_whose_message_waits_in_the_backup_is_told_and_it_is_proven(an, edupartner):
    """Art. 19: the backup was made while our message waited; that it went out since, nobody knows any more."""
    make_grant(an, edupartner)
    request = asked(an, grace=timedelta(0))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mailing, "deliver_notices", lambda **only: None)
        assert cases.run(request) is False
    Run.objects.update(lease_until=None)
    with lost():
        assert cases.run(request) is True

    replay.replay()
    Run.objects.update(lease_until=None)
    assert cases.run(DataSubjectRequest.objects.get(ref=request.ref)) is True

    notice = Notice.objects.get(request_ref=request.ref)
    assert (notice.state, bool(notice.settled_at)) == ("delivered", True)
    assert Certificate.objects.get(request_ref=request.ref).said["recipients"][0]["state"] == "delivered"


def test_the_certificate_says_that_she_was_erased_once_more(an, bo):
    with lost():
        request = erase(an.subject)
        assert "replayed" not in Certificate.objects.get().said["moments"]

    replay.replay()
    cases.run(DataSubjectRequest.objects.get())

    issued = Certificate.objects.get(request_ref=request.ref)
    assert issued.said["moments"]["replayed"] <= issued.said["moments"]["erased"]
    assert verify_certificate(io.BytesIO(issued.file), keys_of(signing.public_keys())).faults == []


def test_to_do_it_once_more_changes_nothing(an):
    with lost():
        erase(an.subject)
    replay.replay()
    before = snapshot()

    assert replay.replay() == 0
    assert snapshot() == before


def test_an_erasure_whose_answer_never_left_is_answered_after_the_replay(an, edupartner):
    """The disaster came between the rows and the recipients: who was not told is told now."""
    make_grant(an, edupartner)
    with lost():
        request = asked(an, grace=timedelta(0))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(mailing, "deliver_notices", lambda **only: None)
            assert cases.run(request) is False

    replay.replay()
    assert (exists(an), status_of(request), mail.outbox) == (False, Status.RUNNING, [])
    Run.objects.update(lease_until=None)
    tasks.sweep()
    cases.run(DataSubjectRequest.objects.get(ref=request.ref))
    mailing.send_due()

    assert [message.to for message in mail.outbox] == [[edupartner.recipient.contact_email], [an.email]]
    assert status_of(request) == Status.FULFILLED


def test_choices_for_publications_are_those_she_made(an):
    with lost():
        erase(an.subject, {"resources": "remove"} if "resources" in groups() else {})
        choices = DataSubjectRequest.objects.get(right=Right.ERASURE).choices

    replay.replay()

    assert DataSubjectRequest.objects.get(right=Right.ERASURE).choices == choices


def groups():
    return {data_map.row.group for data_map in registry.maps.values() if data_map.row.name == "chosen"}


def test_who_waited_for_her_erasure_waits_again_until_the_same_moment(an):
    with lost():
        request = asked(an)
        not_before = request.run.not_before

    replay.replay()

    found = DataSubjectRequest.objects.get(ref=request.ref)
    assert found.status == Status.APPROVED
    assert abs(found.run.not_before - not_before) < timedelta(seconds=5)
    assert Subject.objects.hidden().filter(ref=an.subject_id).exists()
    assert not Letter.objects.unsent().exists()


@pytest.mark.parametrize("end", [cases.cancel, disowning.disown])
def test_who_took_it_back_is_not_erased_from_a_backup_in_which_she_waits(an, end):
    request = asked(an)
    with lost():
        end(request)
    assert status_of(request) == Status.APPROVED

    replay.replay()

    assert status_of(request) == Status.CANCELLED
    assert not Subject.objects.hidden().exists()
    Run.objects.update(not_before=timezone.now(), lease_until=None)
    tasks.run(request.pk)
    assert exists(an)


def test_what_was_refused_stays_refused(an, daan):
    request = asked(an)
    with lost():
        cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Lopend onderzoek.", actor_ref="dpo")

    replay.replay()

    assert status_of(request) == Status.REFUSED


def test_taken_back_and_asked_again_only_the_second_one_counts(an):
    first = asked(an)
    with lost():
        cases.cancel(first)
        second = asked(an, grace=timedelta(0))
        cases.run(second)

    replay.replay()

    assert (status_of(first), exists(an)) == (Status.CANCELLED, False)


def test_who_is_not_in_the_backup_is_passed_over(db):
    with lost():
        newcomer = Member.objects.create_user(email="nieuw@school.example", first_name="Nora", last_name="N")
        erase(newcomer.subject)

    assert replay.replay() == 3
    assert not DataSubjectRequest.objects.exists()


def test_a_permission_ends_again_and_the_partner_is_told(bo, edupartner):
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)

    replay.replay()

    grant.refresh_from_db()
    assert grant.is_withdrawn
    assert ConsentEvent.objects.filter(kind="withdrawn", subject_ref=bo.subject_id).count() == 1
    assert Notice.objects.get().event == "withdrawal"


def test_a_permission_that_was_given_later_stays(bo, edupartner):
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)
    type(grant).including_hidden.update(granted_at=timezone.now() + timedelta(minutes=1))

    replay.replay()

    grant.refresh_from_db()
    assert not grant.is_withdrawn


def test_all_permissions_end_again_but_those_given_later(bo, edupartner):
    grants = [make_grant(bo, partner) for partner in (edupartner, make_partner("quizkast"), make_partner("leesburcht"))]
    with lost():
        permissions.withdraw_all(bo)
    PartnerGrant.objects.filter(pk=grants[2].pk).update(granted_at=timezone.now() + timedelta(minutes=1))

    replay.replay()

    assert list(PartnerGrant.objects.live()) == [grants[2]]
    assert Notice.objects.filter(event="withdrawal").count() == 2


def test_a_permission_is_narrowed_again(bo, edupartner):
    grant = make_grant(bo, edupartner, ["first_name", "email"])
    with lost():
        permissions.narrow(grant, ["first_name"], text_version="2025-01", language="nl")

    assert replay.replay() == 1

    grant.refresh_from_db()
    assert grant.attributes == ["first_name"]
    assert Notice.objects.get().event == "narrowed"


def test_a_yes_to_less_is_not_forgotten(bo, edupartner):
    grant = make_grant(bo, edupartner, ["first_name", "email"])
    with lost():
        make_grant(bo, edupartner, ["first_name"])

    replay.replay()

    grant.refresh_from_db()
    assert grant.attributes == ["first_name"]


def test_a_partner_that_might_no_longer_contact_her_may_not_again(bo, edupartner):
    grant = make_contact(bo, edupartner)
    with lost():
        offers.stop(grant)

    assert replay.replay() == 1

    grant.refresh_from_db()
    assert (grant.contact_allowed_at, grant.is_withdrawn) == (None, False)
    assert Notice.objects.get().event == "objection"


def test_who_wanted_no_offers_wants_none_again(bo, edupartner):
    make_contact(bo, edupartner)
    with lost():
        objected_at = offers.refuse_all(bo).objected_at

    assert replay.replay() == 1

    assert abs(offers.objection_of(bo).objected_at - objected_at) < timedelta(minutes=1)
    assert PartnerGrant.objects.get().contact_allowed_at is None


def test_an_objection_that_she_took_back_is_taken_back_again(bo):
    offers.refuse_all(bo)
    with lost():
        offers.ask_again(bo)

    assert replay.replay() == 1

    assert offers.objection_of(bo) is None


def test_what_she_no_longer_showed_is_emptied_again(bo):
    assert bo.about_me
    with lost():
        take_back_profile(bo, ["about_me"])

    replay.replay()

    bo.refresh_from_db()
    assert (bo.about_me, bool(bo.town)) == ("", True)


def test_an_address_is_banned_again_with_its_grounds(daan):
    with lost():
        before = Ban.objects.filter(pk=ban(daan.email).pk).values().get()
    assert not bans.is_banned(daan.email)

    replay.replay()

    again = Ban.objects.values().get()
    assert bans.is_banned(daan.email)
    assert again | {"id": 0} == before | {"id": 0}


def test_a_ban_that_was_lifted_is_not_on_the_list_and_its_line_can_no_longer_be_read(db, django_capture_on_commit_callbacks):
    with lost(), django_capture_on_commit_callbacks(execute=True):
        banned = ban()
        bans.unban(banned)

    assert replay.replay() == 2
    assert not bans.is_banned(BANNED)


def test_lifted_and_banned_once_more_it_is_on_the_list(db, django_capture_on_commit_callbacks):
    with lost():
        with django_capture_on_commit_callbacks(execute=True):
            banned = ban()
            bans.unban(banned)
        ban()

    assert replay.replay() == 3
    assert bans.is_banned(BANNED)


def test_a_ban_that_got_a_new_key_is_known_under_that_key(db, settings, django_capture_on_commit_callbacks):
    private = sealing.read_private(give_custodian_key(settings), PASSPHRASE)
    settings.BAN_KEYS = {"1": "old"}
    with lost(), django_capture_on_commit_callbacks(execute=True):
        ban()
        settings.BAN_KEYS = {"1": "old", "2": "new"}
        rotating.rotate(private)
    settings.BAN_KEYS = {"2": "new"}
    assert [event for event, _person in lines()] == ["ban", "reban"]

    replay.replay()

    assert bans.is_banned(BANNED)


def test_what_was_held_is_set_aside_once_more(an):
    make_comment(an)
    with lost():
        held = hold(an)
        holds.prolong(held.ref, until=held.until + timedelta(days=9), review_on=held.review_on, actor_ref="dpo", reason="geding")
        erase(an.subject)

    replay.replay()

    record = HeldRecord.objects.get()
    assert (record.hold_ref, record.rows, record.until) == (held.ref, 1, held.until + timedelta(days=9))
    assert setting_aside.open_held(record, actor_ref="dpo", reason="rechtbank")


def test_a_hold_on_a_row_that_was_numbered_anew_since_holds_all_of_its_kind(an, bo):
    """The number in the ledger is of after the backup."""
    message = make_message(an, bo)
    with lost():
        Message.objects.filter(pk=message.pk).update(id=message.pk + 1000)
        hold(an, "usage.Message", row_key=str(message.pk + 1000))
        erase(an.subject)

    replay.replay()

    record = HeldRecord.objects.get()
    assert (record.record, record.rows) == ("usage.Message", 1)


def test_a_hold_that_ended_is_not_placed_again(an, bo, django_capture_on_commit_callbacks):
    known = hold(bo)
    with lost(), django_capture_on_commit_callbacks(execute=True):
        for held in (hold(an), known):
            holds.lift(held.ref, actor_ref="dpo", reason="afgelopen")

    assert replay.replay() == 3
    assert not Hold.objects.exists()


def test_a_hold_whose_key_is_lost_is_named(an):
    with lost():
        held = hold(an)
    held_keys.destroy(held.ref)

    with pytest.raises(NotReplayed, match="hold"):
        replay.replay()


def test_a_ban_whose_key_is_lost_is_told_and_not_passed_over(db):
    with lost():
        digest = ban().digest
    keys.destroy(digest, replaying.KEYS)

    with pytest.raises(NotReplayed) as failed:
        replay.replay()

    assert (failed.value.line.event, LedgerPosition.now().number) == ("ban", 0)


def test_all_addresses_of_one_person_are_banned_and_lifted_in_one_line_each(an, moderator, carla, django_capture_on_commit_callbacks):
    addresses = an.email, has_second_address(an)
    with django_capture_on_commit_callbacks(execute=True):
        banned = put_ban(an, by=moderator)
    with lost(), django_capture_on_commit_callbacks(execute=True):
        keeping.lift(banned, keeping.LiftReason.MISTAKE, by=carla.subject)
    assert [event for event, _person in lines()] == ["ban", "ban_changed", "unban"]
    assert all(map(bans.is_banned, addresses))

    replay.replay()

    assert not bans.is_banned(*addresses)


def terms_of(*names):
    return list(Ban.objects.order_by("digest").values_list(*names))


@pytest.mark.parametrize("is_listed", [True, False], ids=["in the backup", "listed since"])
def test_what_became_of_a_ban_is_done_again_for_all_addresses(an, moderator, carla, is_listed, django_capture_on_commit_callbacks):
    """T-25: told, objected to, reviewed and withheld since."""
    has_second_address(an)
    names = ["told_at", "objection_ref", "withheld", "kept_because", "review_on"]
    if is_listed:
        put_ban(an, by=moderator)
    with lost():
        with django_capture_on_commit_callbacks(execute=True):
            banned = Ban.objects.first() if is_listed else put_ban(an, by=moderator)
            letters_of_bans.tell_of_ban(banned)
        objecting.say_no(banned, an.subject, "Ik was het niet.")
        keeping.keep(banned, "Er kwam niets nieuws.", by=carla.subject)
        keeping.withhold(banned, "others", by=carla.subject)
        before = terms_of(*names)

    replay.replay()

    assert terms_of(*names) == before
    assert before[0][0]
    assert {withheld for _told, _ref, withheld, *_rest in before} == {"others"}


def test_words_about_a_ban_with_an_older_objection_are_noted_too(an, moderator):
    other = next(each.slug for each in asking.activities_for(Right.OBJECTION) if each.slug != objecting.ACTIVITY)
    older, banned = asking.ask(Right.OBJECTION, subject=an.subject, activities=[other]), put_ban(an, by=moderator)
    with lost():
        objecting.say_no(banned, an.subject, "Ook hier niet.")

    replay.replay()

    assert terms_of("objection_ref") == [(older.ref,)]
    assert [words.about for words in words_with(older)] == [other, objecting.ACTIVITY]


def test_an_objection_whose_process_died_stands_on_the_ban(an, moderator, monkeypatch):
    """Its line is written, its transaction is not committed."""
    banned = put_ban(an, by=moderator)
    with lost():
        asked = objecting.say_no(banned, an.subject, "Ik was het niet.")

    replay.settle()

    assert terms_of("objection_ref") == [(asked.ref,)]


def test_a_review_whose_process_died_is_not_taken_for_another_review(an, moderator, carla):
    banned = put_ban(an, by=moderator)
    with lost():
        keeping.keep(banned, "Eerste reden.", by=carla.subject)

    with pytest.raises(DatabaseOlder), transaction.atomic():
        keeping.keep(banned, "Tweede reden.", by=carla.subject)
    replay.settle()
    keeping.keep(banned, "Tweede reden.", by=carla.subject)

    assert terms_of("kept_because") == [("Tweede reden.",)]


def test_what_became_of_a_lifted_ban_is_passed_over(an, moderator, carla, django_capture_on_commit_callbacks):
    with lost(), django_capture_on_commit_callbacks(execute=True):
        banned = put_ban(an, by=moderator)
        keeping.keep(banned, "Nog even.", by=carla.subject)
        keeping.lift(banned, "time", by=carla.subject)

    replay.replay()

    assert not Ban.objects.exists()


@pytest.mark.parametrize("right", [Right.OBJECTION, Right.RESTRICTION])
def test_an_objection_or_a_pause_waits_for_us_once_more(an, right):
    with lost():
        uses = [asking.activities_for(right)[0].slug]
        request = asking.ask(right, subject=an.subject, activities=uses, text="Daarom.")

    replay.replay()

    found = DataSubjectRequest.objects.get(ref=request.ref)
    assert (found.right, found.status, found.due_on, found.received_at) == (right, Status.RECEIVED, request.due_on, request.received_at)
    assert [words.about for words in words_with(found)] == uses


def test_what_had_expired_expires_again(an):
    view = make_view(an, viewed_at=timezone.now() - timedelta(days=400))
    with lost():
        tasks.nightly()
    view.refresh_from_db()
    assert view.ip_address

    replay.replay()

    view.refresh_from_db()
    assert not view.ip_address


def test_of_many_nights_only_the_last_is_done(db, monkeypatch):
    done = []
    with lost():
        for night in range(1, 4):
            retention.note_cut_off(timezone.now() + timedelta(days=night))
    monkeypatch.setattr(retention, "apply", lambda now, **_how: done.append(now))

    assert (replay.replay(), len(done)) == (3, 1)


# When it fails


def test_a_line_that_cannot_be_done_is_named_and_the_next_try_goes_on_there(an, bo, edupartner, monkeypatch):
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)
        erase(an.subject)
    with monkeypatch.context() as patched:
        patched.setattr(cases, "run", lambda request: 1 / 0)
        with pytest.raises(NotReplayed) as failed:
            replay.replay()

    assert (failed.value.line.number, LedgerPosition.now().number) == (3, 2)
    assert replay.replay() == 2
    assert not exists(an)


def test_a_ledger_from_newer_software_is_not_passed_over(db):
    with lost(), transaction.atomic():
        replay.note("tomorrow")

    with pytest.raises(NotReplayed):
        replay.replay()


def test_an_act_whose_process_died_is_done_by_the_worker(bo, edupartner):
    """The line was written, its transaction was not committed."""
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)
    assert not replay.is_behind()

    tasks.sweep()

    grant.refresh_from_db()
    assert (grant.is_withdrawn, LedgerPosition.now().number) == (True, 1)


def test_the_same_act_tried_again_takes_up_its_line(bo, edupartner):
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)

    permissions.withdraw(grant)

    assert (len(lines()), LedgerPosition.now().number) == (1, 1)


def test_another_act_does_not_step_over_it(bo, an, edupartner):
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)

    with pytest.raises(DatabaseOlder):
        asked(an)


def test_an_erasure_whose_process_died_keeps_nobody_else_waiting(an):
    """It may take long, or never finish: its line is taken up at once, and the worker goes on with the rows."""
    request = asked(an, grace=timedelta(0))
    with lost(), transaction.atomic():
        replay.note("erasure", subject_ref=an.subject_id, **request.facts)

    replay.settle()

    assert (exists(an), status_of(request)) == (True, Status.RUNNING)
    ban()
    cases.run(request)
    assert not exists(an)
    assert [event for event, _person in lines()] == ["hidden", "erasure", "ban", "answered"]


def test_an_answer_whose_process_died_is_sent_by_the_next_worker(an):
    """Not taken for one that she had: it was written with the act, and went with it."""
    request = asked(an, grace=timedelta(0))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mailing, "deliver_notices", lambda **only: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            cases.run(request)
    with lost(), transaction.atomic():
        replay.note("answered", subject_ref=an.subject_id, request_ref=request.ref)

    replay.settle()
    Run.objects.update(lease_until=None)
    assert cases.run(request)
    mailing.send_due()

    assert [message.to for message in mail.outbox] == [[an.email], [an.email]]
    assert set(request.letters.values_list("kind", "attempts")) == {("acknowledgement", 1), ("answer", 1)}


def test_what_she_asked_when_the_process_died_is_acknowledged(an):
    with lost():
        asking.ask(Right.OBJECTION, subject=an.subject, activities=[asking.activities_for(Right.OBJECTION)[0].slug])

    replay.settle()
    mailing.send_due()

    assert [message.to for message in mail.outbox] == [[an.email]]


def test_an_erasure_that_cannot_finish_is_under_way_and_the_replay_goes_on(an, monkeypatch):
    with lost():
        erase(an.subject)
    with monkeypatch.context() as patched:
        patched.setattr(removing, "prepared", lambda *_whom: 1 / 0)
        with pytest.raises(NotReplayed):
            replay.replay()

    assert replay.replay() == 1
    request = DataSubjectRequest.objects.get()
    assert (exists(an), request.status) == (True, Status.RUNNING)
    assert (cases.run(request), exists(an)) == (True, False)


def test_a_night_whose_process_died_is_left_to_the_next_one(db, monkeypatch):
    monkeypatch.setattr(retention, "apply", lambda *_now, **_how: 1 / 0)
    with lost():
        retention.note_cut_off(timezone.now())

    replay.settle()

    assert LedgerPosition.now().number == 1


def test_two_lines_in_one_transaction_are_refused(db):
    with transaction.atomic():
        replay.note("retention", until="first")
        with pytest.raises(RuntimeError, match="one act is one line"), transaction.atomic():
            replay.note("retention", until="second")

    assert (len(lines()), LedgerPosition.now().number) == (1, 1)


def test_what_is_rolled_back_leaves_room_for_the_line_that_takes_it_up(db):
    with transaction.atomic():
        with transaction.atomic():
            replay.note("retention", until="first")
            transaction.set_rollback(True)
        replay.note("retention", until="first")

    assert (len(lines()), LedgerPosition.now().number) == (1, 1)


def test_the_position_never_goes_back(db):
    with lost():
        ban()
        ban("ook@school.example")
    first, second = outside().lines()

    LedgerPosition.hold().move_to(second)
    LedgerPosition.hold().move_to(first)

    assert LedgerPosition.now().number == 2


@pytest.mark.parametrize("cut", [0, -1])
def test_a_ledger_that_was_cut_is_noticed(an, cut):
    erase(an.subject)
    raw = outside().path.read_bytes().splitlines(keepends=True)
    outside().path.write_bytes(b"".join(raw[:cut]))

    (fault,) = ledger_checks.database_knows_the_ledger(databases=["default"])

    assert (fault.id, "3" in fault.msg) == ("privacy.E021", True)
    with pytest.raises(LedgerBroken):
        ban()


def test_a_last_line_that_was_changed_is_noticed(an):
    erase(an.subject)
    outside().path.write_text(outside().path.read_text().replace('"answered"', '"answers"'))

    assert ledger_checks.database_knows_the_ledger(databases=["default"])


# Until it is done


@pytest.fixture
def restored(an, bo, edupartner):
    """A database that lacks two acts."""
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)
        asked(an)
    return grant


@pytest.mark.parametrize("address", ["start", "account_login", "privacy:overview"])
def test_nobody_is_served(restored, address):
    answer = Client().get(reverse(address), headers={"accept-language": "en"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert "put back from a copy" in answer.text


def test_a_machine_gets_an_answer_that_it_can_read(restored):
    answer = Client().get("/", headers={"accept": "application/json"})

    assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (503, "application/problem+json", 503)


def test_nothing_is_released_to_a_partner(restored, bo, edupartner):
    with pytest.raises(DatabaseOlder):
        releases.release(edupartner, bo)


def test_the_worker_waits_and_says_why(restored, an, caplog):
    letters.write(asked_elsewhere(an), letters.Kind.ANSWER)

    tasks.sweep()
    tasks.nightly()

    assert mail.outbox == []
    assert len([line for line in caplog.messages if "replay_ledger" in line]) == 2


def asked_elsewhere(member):
    return cases.submit(Right.ACCESS, subject=member.subject)


def test_the_check_says_it_and_falls_silent(restored):
    assert [fault.id for fault in ledger_checks.database_knows_the_ledger(databases=["default"])] == ["privacy.E021"]

    replay.replay()

    assert ledger_checks.database_knows_the_ledger(databases=["default"]) == []
    assert Client().get("/").status_code == 200


def test_a_page_asks_the_database_once_in_a_while(an, django_assert_num_queries):
    erase(an.subject)
    replay.is_behind()

    with django_assert_num_queries(0):
        assert not replay.is_behind()


def test_without_a_ledger_no_page_asks_anything(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not replay.is_behind()


def test_an_act_whose_process_died_is_done_by_the_next_page_where_no_worker_is(bo, edupartner, monkeypatch):
    monkeypatch.setattr(replay, "UNDER_WAY", timedelta(0))
    grant = make_grant(bo, edupartner)
    with lost():
        permissions.withdraw(grant)

    assert Client().get("/").status_code == 200

    grant.refresh_from_db()
    assert grant.is_withdrawn


@pytest.mark.django_db(transaction=True)
def test_a_page_opens_no_transaction_to_see_how_far_the_database_is(transactional_db, django_assert_num_queries):
    """Which on SQLite would wait for whoever writes."""
    with django_assert_num_queries(1) as seen:
        LedgerPosition.now()

    assert seen[0]["sql"].startswith("SELECT")


def test_a_database_that_does_not_answer_is_not_taken_for_an_old_one(db, monkeypatch):
    monkeypatch.setattr(LedgerPosition.objects, "filter", mock.Mock(side_effect=OperationalError("database is locked")))

    with pytest.raises(OperationalError):
        LedgerPosition.now()


# The command


def told(*options):
    out = io.StringIO()
    call_command("replay_ledger", *options, stdout=out)
    return out.getvalue()


def test_a_dry_run_says_what_would_be_done_and_does_nothing(restored):
    said = told("--dry-run")

    assert all(words in said for words in ("1 hidden", "1 withdrawal", "2 to do"))
    assert replay.is_behind()


def test_the_command_replays_and_says_how_much(restored):
    assert "replayed: 2" in told()
    assert "replayed: 0" in told()


def test_the_command_fails_with_the_line(restored, monkeypatch):
    monkeypatch.setattr(cases, "approve", lambda *_what, **_how: 1 / 0)

    with pytest.raises(CommandError, match=r"2 \(hidden\).*ZeroDivisionError") as failed:
        told()

    assert failed.value.returncode == 1


def test_on_tables_older_than_the_ledger_everything_waits(restored):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_ledgerposition RENAME TO gone")

    assert (LedgerPosition.now().number, replay.is_behind()) == (0, True)


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_lines_stand_in_the_order_in_which_their_acts_are_committed(transactional_db):
    """Who writes the second line waits for the first to be committed; else a restore could lack an act that it seems to know."""
    races.needs_threads()
    written, go_on = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            replay.note("retention", until="first")
            written.set()
            go_on.wait(races.SECONDS_AT_MOST)

    def second():
        written.wait(races.SECONDS_AT_MOST)
        with transaction.atomic():
            replay.note("retention", until="second")

    begun = [races.start(first), races.start(second)]
    written.wait(races.SECONDS_AT_MOST)
    races.let_it_reach_the_lock()
    assert len(lines()) == 1
    go_on.set()

    assert [races.outcome(act) for act in begun] == [None, None]
    assert (len(lines()), LedgerPosition.now().number) == (2, 2)
