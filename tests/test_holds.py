"""Holds: what has to outlive an erasure is set aside, sealed, and goes by itself when its time has passed (D-7)."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone, translation
from django.utils.formats import date_format

from privacy import tasks
from privacy.casework import cases, outcome
from privacy.casework.mailing import send_due
from privacy.conf import store
from privacy.datamap import Right
from privacy.days import today
from privacy.errors import AlreadyHeld, HoldIncomplete, HoldNotFound, HoldTooLate, HoldTooLong, KeyDestroyed, PreviewOutdated, RowNotFound
from privacy.models import Certificate, HeldRecord, Hold, Remark, Step, TrailEntry
from privacy.rights import holds, setting_aside
from privacy.rights.preview import preview
from usage.models import Comment

from .makers import make_comment, make_member, make_message, make_publication, make_view
from .properties.acts import erase
from .races import at_once, needs_threads

TODAY = today()
TERMS = {
    "ground": "legal_claims",
    "why": "Er loopt een geschil over een les.",
    "until": TODAY + timedelta(days=100),
    "review_on": TODAY + timedelta(days=30),
    "actor_ref": "5c0b9f2e-0000-4000-8000-000000000001",
}


def hold(member, record="usage.Comment", **terms):
    return holds.place(member.subject, record, **TERMS | terms)


def erased(member):
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    cases.run(request)
    return request


def opened(record) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(setting_aside.open_held(record, actor_ref="dpo", reason="rechtbank")))


def rows_in(record) -> list[dict]:
    return [json.loads(line) for line in opened(record).read("rows.jsonl").splitlines()]


def key_files():
    return list(store("keys", "held").iterdir())


def test_what_is_held_is_set_aside_and_the_rest_goes_on(an, bo):
    """G-39: a hold does not block an erasure."""
    held, other = make_comment(an, text="Dit is bewijs."), make_comment(an, text="Dit niet.")
    hold(an, row_key=str(held.pk))

    request = erased(an)

    record = HeldRecord.objects.get()
    assert request.status == "fulfilled"
    assert (record.request_ref, record.record, record.rows) == (request.ref, "usage.Comment", 1)
    assert [row["text"] for row in rows_in(record)] == ["Dit is bewijs."]
    assert set(Comment.objects.filter(pk__in=[held.pk, other.pk]).values_list("author", flat=True)) == {None}
    assert not Hold.objects.exists()


def test_a_category_is_held_with_what_is_added_until_the_erasure(an, bo):
    hold(an, "usage.ResourceView")
    for member in (an, an, bo):
        make_view(member)

    erased(an)

    assert len(rows_in(HeldRecord.objects.get())) == 2


def test_a_file_comes_along(an):
    publication = make_publication(an, text="De inhoud van een les.")
    hold(an, "usage.Publication", row_key=str(publication.pk))

    erased(an)

    assert opened(HeldRecord.objects.get()).read("files/1-file") == b"De inhoud van een les."


def test_a_file_that_is_gone_stops_nothing(an):
    publication = make_publication(an, text="weg")
    publication.file.storage.delete(publication.file.name)
    hold(an, "usage.Publication")

    assert erased(an).status == "fulfilled"
    assert opened(HeldRecord.objects.get()).namelist() == ["rows.jsonl"]


def test_her_own_row_can_be_held_without_what_is_secret(an):
    hold(an, "accounts.Member")

    erased(an)

    [row] = rows_in(HeldRecord.objects.get())
    assert row["last_name"] == "Peeters"
    assert "password" not in row


def test_many_rows_are_sealed_in_parts(an, monkeypatch):
    monkeypatch.setattr(setting_aside, "ROWS_TOGETHER", 2)
    for _number in range(5):
        make_view(an)
    hold(an, "usage.ResourceView")

    request = erased(an)

    assert sorted(HeldRecord.objects.values_list("part", "rows")) == [(1, 2), (2, 2), (3, 1)]
    assert Step.objects.get(run__request=request, name="set aside what is held").counts == {"usage.ResourceView held": 5}
    assert [kept.rows for kept in outcome.of(request).kept if "verzegeld" in kept.reason or "sealed" in kept.reason] == [5]


def test_broken_off_it_begins_anew_and_counts_once(an, monkeypatch):
    monkeypatch.setattr(setting_aside, "ROWS_TOGETHER", 1)
    for _number in range(3):
        make_view(an)
    hold(an, "usage.ResourceView")
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject, grace=timedelta(0))
    real, calls = setting_aside.pack, []

    def breaks(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise ConnectionAbortedError
        return real(*arguments)

    monkeypatch.setattr(setting_aside, "pack", breaks)
    with pytest.raises(ConnectionAbortedError):
        cases.run(request)
    assert HeldRecord.objects.count() == 2
    type(request.run).objects.update(lease_until=None)

    assert cases.run(request)

    assert sorted(HeldRecord.objects.values_list("part", flat=True)) == [1, 2, 3]
    assert Step.objects.get(run__request=request, name="set aside what is held").counts == {"usage.ResourceView held": 3}


def test_the_sealed_copy_reads_as_nothing_and_only_with_its_own_key(an):
    make_comment(an, text="Dit is bewijs.")
    hold(an)
    erased(an)
    record = HeldRecord.objects.get()

    assert b"bewijs" not in bytes(record.sealed)
    key_files()[0].unlink()
    with pytest.raises(KeyDestroyed):
        opened(record)


def test_opening_is_on_record_also_when_it_fails(an):
    make_comment(an)
    hold(an)
    erased(an)
    key_files()[0].unlink()

    with pytest.raises(KeyDestroyed):
        setting_aside.open_held(HeldRecord.objects.get(), actor_ref="dpo", reason="rechtbank")

    entry = TrailEntry.objects.get(event="hold.opened")
    assert (entry.subject_ref, entry.actor_ref, entry.reason) == (an.subject.ref, "dpo", "")
    assert Remark.objects.get(entry_id=entry.pk).text == "rechtbank"


@pytest.mark.django_db(transaction=True)
def test_a_lifted_hold_takes_copy_and_key_along(an):
    make_comment(an)
    ref = hold(an).ref
    erased(an)
    assert key_files()

    holds.lift(ref, actor_ref="dpo", reason="geschil beslecht")

    assert not HeldRecord.objects.exists()
    assert not key_files()
    assert TrailEntry.objects.filter(event="hold.lifted", subject_ref=an.subject.ref).count() == 1
    with pytest.raises(HoldNotFound):
        holds.lift(ref, actor_ref="dpo", reason="nog eens")


@pytest.mark.django_db(transaction=True)
def test_an_expired_hold_ends_by_itself(an, bo):
    make_comment(an)
    hold(an)
    erased(an)
    hold(bo, until=TODAY + timedelta(days=31))

    holds.expire(timezone.now() + timedelta(days=100))
    assert HeldRecord.objects.count() == 1
    holds.expire(timezone.now() + timedelta(days=101))

    assert not HeldRecord.objects.exists()
    assert not Hold.objects.exists()
    assert not key_files()
    assert TrailEntry.objects.filter(event="hold.expired").count() == 2


def test_what_expired_before_the_erasure_is_not_held(an):
    make_comment(an)
    hold(an)
    Hold.objects.update(until=TODAY - timedelta(days=1), review_on=TODAY - timedelta(days=2))

    erased(an)

    assert not HeldRecord.objects.exists()


def test_a_prolonged_hold_stays_longer(an):
    make_comment(an)
    ref = hold(an).ref
    erased(an)
    later = TODAY + timedelta(days=300)

    holds.prolong(ref, until=later, review_on=later, actor_ref="dpo", reason="nog niet klaar")
    holds.expire(timezone.now() + timedelta(days=200))

    assert HeldRecord.objects.get().until == later


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"ground": "accountability"}, HoldIncomplete),
        ({"ground": ""}, HoldIncomplete),
        ({"why": "  "}, HoldIncomplete),
        ({"until": TODAY + timedelta(days=4_000)}, HoldTooLong),
        ({"until": TODAY}, HoldTooLong),
        ({"review_on": TODAY + timedelta(days=101)}, HoldTooLong),
        ({"review_on": TODAY}, HoldTooLong),
        ({"row_key": "999"}, RowNotFound),
        ({"row_key": "\x00"}, RowNotFound),
    ],
)
def test_a_hold_that_the_law_does_not_know_is_refused(an, terms, refusal):
    """G-39: five grounds, an end, and a day to look again."""
    with pytest.raises(refusal):
        hold(an, **terms)

    assert not Hold.objects.exists()


@pytest.mark.parametrize("record", ["accounts.Ban", "privacy.TrailEntry", "usage.Nothing", "", "x" * 5_000])
def test_only_what_erasure_takes_can_be_held(an, record):
    with pytest.raises(HoldIncomplete):
        hold(an, record)


def test_of_somebody_else_nothing_can_be_held(an, bo):
    comment = make_comment(bo)

    with pytest.raises(RowNotFound):
        hold(an, row_key=str(comment.pk))


def test_the_same_is_held_once(an):
    hold(an)

    with pytest.raises(AlreadyHeld):
        hold(an)


def test_once_the_erasure_began_it_is_too_late(an):
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject, grace=timedelta(0))
    type(request).objects.update(status="running")

    with pytest.raises(HoldTooLate):
        hold(an)


def test_she_is_told_before_and_after(an, mailoutbox):
    """G-39."""
    make_comment(an)
    hold(an)

    [held] = preview(an.subject).held
    erased(an)
    send_due()

    assert "Er loopt een geschil over een les." in held.reason
    assert "Er loopt een geschil over een les;" in mailoutbox[-1].body


def test_a_hold_placed_between_looking_and_confirming_shows_the_preview_again(an):
    seen = preview(an.subject).fingerprint
    hold(an)

    with pytest.raises(PreviewOutdated):
        cases.submit(Right.ERASURE, subject=an.subject, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_lifted_while_it_is_set_aside_nothing_is_left(an):
    needs_threads()
    for _number in range(20):
        make_view(an)
    ref = hold(an, "usage.ResourceView").ref
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject, grace=timedelta(0))

    done, lifted = at_once(lambda: cases.run(request), lambda: holds.lift(ref, actor_ref="dpo", reason="klaar"))

    assert (done, lifted) == (True, None)
    assert not HeldRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_placed_twice_at_once_it_is_held_once(an):
    needs_threads()

    done = at_once(lambda: hold(an), lambda: hold(an))

    assert {type(each) for each in done} == {Hold, AlreadyHeld}


def test_a_message_that_is_held_leaves_the_other_side_as_it_was(an, bo):
    message = make_message(an, bo, "Dag Bo")
    hold(an, "usage.Message")

    erased(an)

    message.refresh_from_db()
    assert (message.sender_id, message.recipient_id, message.text) == (None, bo.pk, "Dag Bo")
    assert rows_in(HeldRecord.objects.get())[0]["text"] == "Dag Bo"


def test_the_night_ends_what_has_expired(an, monkeypatch):
    called = []
    monkeypatch.setattr(holds, "expire", lambda now: called.append(now))

    tasks.nightly()

    assert called


def test_a_kind_that_an_update_took_away_stops_no_erasure(an):
    hold(an)
    Hold.objects.update(record="usage.Verdwenen")

    assert preview(an.subject).held[0].title == "usage.Verdwenen"
    assert erased(an).status == "fulfilled"


def test_lifted_right_before_it_is_copied_it_is_not_set_aside(an, monkeypatch):
    make_view(an)
    ref = hold(an, "usage.ResourceView").ref
    make = setting_aside.held_keys.make

    def lifted_meanwhile(key):
        make(key)
        holds.lift(ref, actor_ref="dpo", reason="klaar")

    monkeypatch.setattr(setting_aside.held_keys, "make", lifted_meanwhile)

    assert erased(an).status == "fulfilled"
    assert not HeldRecord.objects.exists()


def test_the_certificate_says_what_was_set_aside(an):
    make_comment(an)
    hold(an)

    request = erased(an)

    [said] = Certificate.objects.get(request_ref=request.ref).said["held"]
    assert (said["record"], said["rows"], said["ground"], said["until"]) == ("usage.Comment", 1, "legal_claims", str(TERMS["until"]))


def test_our_answer_says_what_is_held_in_the_language_of_who_is_gone(db):
    """Whatever language the worker speaks."""
    an = make_member("An", language="en")
    make_comment(an)
    hold(an)

    with translation.override("nl"):
        erase(an.subject)

    with translation.override("en"):
        until = date_format(TERMS["until"])
    assert f"set aside, sealed: legal claims. Er loopt een geschil over een les; until {until}" in mail.outbox[-1].body
