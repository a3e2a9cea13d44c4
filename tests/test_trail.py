"""The trail: what it takes, and that a change of it is seen."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from privacy.evidence import seals, trail, verifying
from privacy.evidence.trail import SealedEntry, TrailEntry, TrailSeal

from . import races

LATER = timedelta(minutes=2)


def seal(minutes=2):
    return seals.seal(now=timezone.now() + timedelta(minutes=minutes))


@pytest.fixture
def sealed(db):
    """Three entries in a first seal, two in a second."""
    for event in ("first.one", "first.two", "first.three"):
        trail.record(event, subject_ref=uuid.uuid4(), actor_ref="dpo", request_ref="ABC", reason="x")
    seal()
    for event in ("second.one", "second.two"):
        trail.record(event)
    seal()
    return list(TrailEntry.objects.order_by("pk"))


@pytest.mark.parametrize(
    "event", ["", "An Peeters", "erasure", "Erasure.done", "erasure.done ", "erasure.done\n", "a.b.c", "an@school.example", "é.b"]
)
def test_free_text_is_no_event(event):
    """G-67, T-32."""
    with pytest.raises(ValueError, match="not an event name"):
        trail.record(event)


def test_an_entry_is_written_in_the_transaction_of_its_act(db):
    with transaction.atomic():
        trail.record("test.happened")
        transaction.set_rollback(True)

    assert not TrailEntry.objects.exists()


def test_an_untouched_trail_has_no_faults(sealed):
    """G-70."""
    assert verifying.faults() == []
    assert (SealedEntry.objects.count(), TrailSeal.objects.count(), seals.unsealed()) == (5, 2, 0)


def test_without_entries_there_is_nothing_to_seal(db):
    assert seal() is None
    assert verifying.faults() == []


def test_what_is_sealed_is_not_sealed_again(sealed):
    assert seal() is None


def test_an_entry_of_this_minute_waits(db):
    trail.record("test.happened")

    assert seals.seal() is None
    assert seals.unsealed() == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event", "first.twp"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("subject_ref", "00000000000000000000000000000001"),
        ("actor_ref", "dpp"),
        ("request_ref", "ABD"),
        ("reason", ""),
    ],
)
def test_a_changed_entry_is_named(sealed, tamper, column, value):
    """G-70: any column of it."""
    tamper(f"UPDATE privacy_trailentry SET {column} = %s WHERE id = %s", value, sealed[1].pk)

    assert verifying.faults() == [f"entry {sealed[1].pk}"]


def test_a_deleted_entry_is_named(sealed, tamper):
    """G-70."""
    tamper("DELETE FROM privacy_trailentry WHERE id = %s", sealed[2].pk)

    assert verifying.faults() == [f"entry {sealed[2].pk}"]


def test_an_entry_that_is_put_into_a_seal_breaks_that_seal(sealed, tamper):
    """G-70."""
    first = TrailSeal.objects.order_by("pk")[0]
    added = trail.record("first.added")

    tamper("INSERT INTO privacy_sealedentry (seal_id, entry_id, digest) VALUES (%s, %s, %s)", first.pk, added.pk, added.digest())

    assert verifying.faults() == [f"seal {first.pk}"]


def test_an_entry_that_is_taken_out_with_its_digest_breaks_its_seal(sealed, tamper):
    tamper("DELETE FROM privacy_trailentry WHERE id = %s", sealed[0].pk)
    tamper("DELETE FROM privacy_sealedentry WHERE entry_id = %s", sealed[0].pk)

    assert verifying.faults() == [f"seal {TrailSeal.objects.order_by('pk')[0].pk}"]


def test_a_changed_entry_with_a_new_digest_breaks_its_seal(sealed, tamper):
    tamper("UPDATE privacy_trailentry SET actor_ref = 'nobody' WHERE id = %s", sealed[0].pk)
    digest = TrailEntry.objects.get(pk=sealed[0].pk).digest()
    tamper("UPDATE privacy_sealedentry SET digest = %s WHERE entry_id = %s", digest, sealed[0].pk)

    assert verifying.faults() == [f"seal {TrailSeal.objects.order_by('pk')[0].pk}"]


def test_a_seal_that_was_made_anew_needs_the_key(sealed, tamper):
    """An entry, its digest and the root, all consistent: the signature is not."""
    tamper("UPDATE privacy_trailentry SET actor_ref = 'nobody' WHERE id = %s", sealed[3].pk)
    digest = TrailEntry.objects.get(pk=sealed[3].pk).digest()
    tamper("UPDATE privacy_sealedentry SET digest = %s WHERE entry_id = %s", digest, sealed[3].pk)
    first, last = TrailSeal.objects.order_by("pk")
    root = seals._root(first.root, [member.digest for member in last.members.order_by("entry_id")])
    tamper("UPDATE privacy_trailseal SET root = %s WHERE id = %s", root, last.pk)

    assert verifying.faults() == [f"seal {last.pk}"]


@pytest.mark.parametrize(("column", "value"), [("sealed_at", "2020-01-01 00:00:00+00:00"), ("signature", 64 * "0"), ("signature", "é")])
def test_a_changed_seal_is_named(sealed, tamper, column, value):
    last = TrailSeal.objects.order_by("pk").last()

    tamper(f"UPDATE privacy_trailseal SET {column} = %s WHERE id = %s", value, last.pk)

    assert verifying.faults() == [f"seal {last.pk}"]


def test_a_seal_that_is_taken_out_of_the_middle_breaks_the_next(sealed, tamper):
    first, last = TrailSeal.objects.order_by("pk")
    for entry in sealed[:3]:
        tamper("DELETE FROM privacy_sealedentry WHERE entry_id = %s", entry.pk)
    tamper("DELETE FROM privacy_trailseal WHERE id = %s", first.pk)

    assert verifying.faults() == [f"seal {last.pk}"]


def test_the_head_shows_when_the_newest_seal_was_taken_away(sealed, tamper):
    """Nothing inside the database can: whoever keeps the head elsewhere sees it (T-27)."""
    head, last = seals.head(), TrailSeal.objects.order_by("pk").last()
    for entry in sealed[3:]:
        tamper("DELETE FROM privacy_sealedentry WHERE entry_id = %s", entry.pk)
    tamper("DELETE FROM privacy_trailseal WHERE id = %s", last.pk)

    assert verifying.faults() == []
    assert seals.head() != head


def test_seals_hold_when_the_secret_key_was_replaced(sealed, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    trail.record("third.one")
    seal()

    assert verifying.faults() == []
    settings.SECRET_KEY_FALLBACKS = []
    assert verifying.faults() == [f"seal {closed.pk}" for closed in TrailSeal.objects.order_by("pk")[:2]]


def test_a_long_trail_is_sealed_and_read_batch_by_batch(db, monkeypatch):
    """G-70: whatever its length, so many entries are in memory at once."""
    monkeypatch.setattr(seals, "BATCH", 3)
    monkeypatch.setattr(verifying, "SEALS_TOGETHER", 2)
    monkeypatch.setattr(verifying, "ENTRIES_TOGETHER", 2)
    for number in range(10):
        trail.record("test.happened", request_ref=str(number))

    last = seal()

    assert [closed.members.count() for closed in TrailSeal.objects.order_by("pk")] == [3, 3, 3, 1]
    assert (seals.head(), verifying.verify().entries, verifying.faults()) == (last.root, 10, [])


def test_in_a_long_trail_the_changed_row_is_named(db, monkeypatch, tamper):
    """G-70."""
    monkeypatch.setattr(seals, "BATCH", 3)
    monkeypatch.setattr(verifying, "ENTRIES_TOGETHER", 2)
    entries = [trail.record("test.happened") for _ in range(10)]
    seal()

    tamper("UPDATE privacy_trailentry SET reason = 'x' WHERE id = %s", entries[4].pk)
    tamper("UPDATE privacy_trailentry SET reason = 'x' WHERE id = %s", entries[9].pk)

    assert verifying.faults() == [f"entry {entries[4].pk}", f"entry {entries[9].pk}"]


def test_who_commits_very_late_is_sealed_at_night(db, monkeypatch):
    """A sweep looks near the newest seal alone: a trail of millions is not read every twenty seconds."""
    monkeypatch.setattr(seals, "NEAR", 5)
    late = TrailEntry(pk=999, event="late.one")
    TrailEntry.objects.bulk_create([TrailEntry(pk=1_000 + number, event="test.happened") for number in range(10)])
    seal()
    late.save(force_insert=True)

    at_once, at_night = seal(), seals.seal(now=timezone.now() + LATER, everywhere=True)

    assert at_once is None
    assert list(at_night.members.values_list("entry_id", flat=True)) == [late.pk]
    assert verifying.faults() == []


def test_what_does_not_fit_is_named_up_to_a_limit(sealed, tamper, monkeypatch):
    monkeypatch.setattr(verifying, "NAMED", 1)
    tamper("UPDATE privacy_trailentry SET reason = 'y' WHERE id = %s", sealed[0].pk)
    tamper("UPDATE privacy_trailentry SET reason = 'y' WHERE id = %s", sealed[1].pk)

    assert verifying.faults() == [f"entry {sealed[0].pk}"]


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_commits_late_is_sealed_later_and_not_lost():
    """Its number is lower than what is sealed by then: a range of numbers would have passed it over."""
    races.needs_threads()
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite one transaction writes at a time: nobody commits late")
    written, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            entry = trail.record("late.one")
            written.set()
            may_commit.wait(10)
        return entry

    late = races.start(write_slowly)
    written.wait(5)
    trail.record("early.one")
    while_writing = seal()
    may_commit.set()
    entry = races.outcome(late)
    seal(minutes=3)

    assert while_writing is None
    assert SealedEntry.objects.filter(entry_id=entry.pk).exists()
    assert seals.unsealed() == 0
    assert verifying.faults() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_seals_at_once_each_entry_is_in_one():
    races.needs_threads()
    for _ in range(20):
        trail.record("test.happened")

    results = races.at_once(seal, seal)

    assert verifying.faults() == []
    assert (SealedEntry.objects.count(), seals.unsealed()) == (20, 0)
    assert all(result is None or isinstance(result, (TrailSeal, IntegrityError)) for result in results)


def test_the_command_says_that_the_trail_holds_and_prints_the_head(sealed, capsys):
    call_command("verify_trail")

    said = capsys.readouterr().out
    assert "5 sealed entries, 0 not sealed yet" in said
    assert seals.head() in said


def test_the_command_works_on_an_empty_trail(db, capsys):
    call_command("verify_trail")

    assert "head: none yet" in capsys.readouterr().out


def test_the_command_names_what_was_changed_and_exits_with_1(sealed, tamper):
    """G-70."""
    tamper("UPDATE privacy_trailentry SET actor_ref = 'nobody' WHERE id = %s", sealed[1].pk)
    tamper("DELETE FROM privacy_trailentry WHERE id = %s", sealed[4].pk)

    with pytest.raises(CommandError) as fault:
        call_command("verify_trail")

    assert str(fault.value) == f"the trail does not hold: entry {sealed[1].pk}, entry {sealed[4].pk}"
    assert fault.value.returncode == 1


def test_without_its_table_the_command_says_one_line(db, monkeypatch):
    monkeypatch.setattr(TrailEntry._meta, "db_table", "not_there")

    with pytest.raises(CommandError, match=r"^the database refused \(\w+\)$") as fault, transaction.atomic():
        call_command("verify_trail")

    assert fault.value.returncode == 1
