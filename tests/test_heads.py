"""The head of the trail outside the database: kept, mailed, and compared."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from privacy.casework import reporting
from privacy.conf import store
from privacy.days import day_of
from privacy.evidence import heads, seals, signing, trail
from privacy.models import TrailCheck, TrailEntry, TrailSeal
from privacy.verify.jose import Signature, keys_of

TODAY, TOMORROW = date(2026, 11, 29), date(2026, 11, 30)
LATER = timedelta(minutes=2)


def in_two_minutes():
    return timezone.now() + LATER


@pytest.fixture
def sealed(db):
    for event in ("first.one", "first.two"):
        trail.record(event)
    return seals.seal(now=in_two_minutes())


def take_last_seal_away(tamper, sealed):
    for entry in sealed.members.values_list("entry_id", flat=True):
        tamper("DELETE FROM privacy_sealedentry WHERE entry_id = %s", entry)
    tamper("DELETE FROM privacy_trailseal WHERE id = %s", sealed.pk)


def test_a_head_that_was_kept_fits_the_seal_of_its_day(sealed):
    """T-27."""
    heads.keep(TODAY)

    assert [(head.day, head.seal, head.root) for head in heads.kept()] == [("2026-11-29", sealed.pk, sealed.root)]
    assert heads.compared().holds


def test_the_first_head_of_a_day_stays(sealed):
    first = heads.keep(TODAY)
    trail.record("second.one")
    seals.seal(now=in_two_minutes())

    assert heads.keep(TODAY) == first
    assert heads.keep(TOMORROW) != first


def test_seals_that_were_taken_away_are_missed(sealed, tamper):
    """T-27: nothing in the database says so; the file does."""
    heads.keep(TODAY)

    take_last_seal_away(tamper, sealed)

    assert heads.compared().faults == ["head of 2026-11-29"]
    with pytest.raises(CommandError, match="head of 2026-11-29"):
        call_command("verify_trail")


def test_without_a_seal_there_is_no_head(db):
    assert heads.keep(TODAY) is None
    assert heads.compared().holds


@pytest.mark.parametrize("words", [b"", b"[]", b"\xff", b'{"head": "7", "signature": ""}', b'{"head": {}}'])
def test_a_file_that_is_no_head_is_named_and_is_no_error(sealed, words):
    (store("heads") / "2026-11-28.json").write_bytes(words)

    assert heads.compared().faults == ["head of 2026-11-28"]


def test_a_worker_that_was_killed_leaves_a_part_that_nobody_reads(sealed):
    (store("heads") / "2026-11-29.part").write_bytes(b"{")

    heads.keep(TODAY)

    assert heads.compared().holds


def test_the_head_is_signed_as_what_it_is(sealed):
    head, signature = heads.keep(TODAY)

    read = Signature.read(signature.encode(), kind=heads.KIND)
    assert read.fits(head.words, keys_of(signing.public_keys())[read.kid])


@pytest.mark.parametrize("damage", [Path.unlink, lambda key: key.write_bytes(b"short")], ids=["lost", "unreadable"])
def test_to_check_takes_no_private_key_and_makes_none(sealed, damage, capsys):
    """Who reads the trail need not be able to sign."""
    heads.keep(TODAY)
    folder = store("keys", "signing")
    damage(folder / "current.key")
    before = sorted(folder.iterdir())

    call_command("verify_trail")

    assert "the trail holds" in capsys.readouterr().out
    assert heads.last().root == sealed.root
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("damage", [Path.unlink, lambda key: key.write_bytes(b"{"), lambda key: key.write_bytes(b"{}")])
def test_a_head_is_missed_whose_public_key_is_gone(sealed, damage):
    heads.keep(TODAY)
    [public] = store("keys", "signing").glob("*.jwk")

    damage(public)

    assert heads.compared().faults == ["head of 2026-11-29"]


def test_the_file_is_closed_to_others(sealed):
    heads.keep(TODAY)

    assert (store("heads") / "2026-11-29.json").stat().st_mode & 0o777 == 0o600


def test_each_night_the_officer_gets_the_head_by_mail(sealed, mailoutbox):
    """T-27."""
    reporting.report(in_two_minutes())

    [mail] = mailoutbox
    assert mail.to == ["dpo@platform.example"]
    assert sealed.root in mail.body
    assert "2" in mail.body
    assert TrailCheck.objects.get().head == sealed.root


def refuse(*args, **kwargs):
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("broken", ["heads._write", "signing.sign"])
def test_a_head_that_cannot_be_kept_is_told(sealed, broken, mailoutbox, monkeypatch):
    """T-27, G-70: with its root, for which `verify_trail` can be asked."""
    monkeypatch.setattr(f"privacy.evidence.{broken}", refuse)

    with pytest.raises(PermissionError):
        reporting.report(in_two_minutes())

    checked = TrailCheck.objects.get()
    assert checked.faults == [f"head of {checked.day}"]
    assert "klopt niet" in mailoutbox[0].subject
    assert sealed.root in mailoutbox[0].body


def test_a_folder_that_cannot_be_read_is_told(sealed, mailoutbox):
    (store() / "heads").write_bytes(b"")

    with pytest.raises(FileExistsError):
        reporting.report(in_two_minutes())

    assert TrailCheck.objects.get().faults
    assert "klopt niet" in mailoutbox[0].subject


def test_a_file_that_cannot_be_read_is_told(sealed, mailoutbox):
    (store("heads") / "2026-11-28.json").mkdir()

    reporting.report(in_two_minutes())

    assert TrailCheck.objects.get().faults == ["head of 2026-11-28"]
    assert "klopt niet" in mailoutbox[0].subject


def test_where_all_seals_were_taken_away_it_is_told(sealed, tamper, mailoutbox):
    """Then there is no head to keep."""
    heads.keep(TODAY)
    take_last_seal_away(tamper, sealed)
    for entry in TrailEntry.objects.all():
        tamper("DELETE FROM privacy_trailentry WHERE id = %s", entry.pk)

    reporting.report(in_two_minutes())

    assert "head of 2026-11-29" in mailoutbox[0].body
    assert "Bewaar deze mail" not in mailoutbox[0].body


def test_the_alert_names_what_was_changed(sealed, tamper, mailoutbox):
    """G-70: she hears of it without asking."""
    entry = TrailEntry.objects.order_by("pk").first()
    tamper("UPDATE privacy_trailentry SET reason = 'x' WHERE id = %s", entry.pk)

    reporting.report(in_two_minutes())

    assert "klopt niet" in mailoutbox[0].subject
    assert f"entry {entry.pk}" in mailoutbox[0].body
    assert TrailCheck.objects.get().faults == [f"entry {entry.pk}"]


def test_a_mail_that_fails_keeps_the_head(sealed, settings):
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": "tests.test_reviews.fail"}

    with pytest.raises(ConnectionError):
        reporting.report(in_two_minutes())

    assert len(heads.kept()) == 1


def test_without_an_officer_the_head_is_kept_all_the_same(sealed, settings, mailoutbox):
    settings.PRIVACY = {**settings.PRIVACY, "DPO": {"name": "", "email": ""}}

    reporting.report(in_two_minutes())

    assert not mailoutbox
    assert len(heads.kept()) == 1


def test_the_mail_names_nobody(an, sealed, mailoutbox):
    trail.record("desk.opened", subject_ref=an.subject.ref, actor_ref=an.subject.ref)

    reporting.report(in_two_minutes())

    assert str(an.subject.ref) not in mailoutbox[0].body
    assert an.email not in mailoutbox[0].body


def test_a_root_from_a_mail_is_found_or_missed(sealed, capsys):
    call_command("verify_trail", head=sealed.root)

    assert "the trail holds" in capsys.readouterr().out
    with pytest.raises(CommandError, match=f"head {'0' * 64}"):
        call_command("verify_trail", head="0" * 64)


def test_after_a_restore_heads_are_set_aside_and_it_is_on_record(sealed, tamper, capsys):
    heads.keep(TODAY)
    take_last_seal_away(tamper, sealed)

    call_command("verify_trail", set_aside=True)

    assert "heads set aside: 2026-11-29" in capsys.readouterr().out
    assert TrailEntry.objects.filter(event="trail.set_aside", actor_ref="operator").exists()
    assert json.loads((store("heads", "set-aside") / "2026-11-29.json").read_bytes())["signature"]
    assert not TrailSeal.objects.exists()


def test_nothing_to_set_aside_is_noted_nowhere(sealed):
    heads.keep(TODAY)

    call_command("verify_trail", set_aside=True)

    assert not TrailEntry.objects.filter(event="trail.set_aside").exists()


def put_away():
    return sorted(path.name for path in store("heads", "set-aside").iterdir())


def test_a_head_that_was_written_anew_is_missed(sealed, tamper):
    """T-27: whoever has the database and the folder lacks the key with which we sign."""
    head, signature = heads.keep(TODAY)
    other = json.dumps({"day": head.day, "seal": head.seal, "root": "0" * 64})
    tamper("UPDATE privacy_trailseal SET root = %s WHERE id = %s", "0" * 64, head.seal)
    (store("heads") / "2026-11-29.json").write_text(json.dumps({"head": other, "signature": signature}))

    assert "head of 2026-11-29" in heads.compared().faults


def test_the_head_of_another_day_stands_in_for_none(sealed):
    heads.keep(TODAY)
    kept = store("heads") / "2026-11-29.json"

    (store("heads") / "2026-11-30.json").write_bytes(kept.read_bytes())

    assert heads.compared().faults == ["head of 2026-11-30"]


def test_a_head_that_is_gone_is_missed(sealed):
    """T-27: the check of that night says that there was one."""
    now = in_two_minutes()
    reporting.report(now)
    assert heads.compared().holds

    [kept] = store("heads").glob("*.json")
    kept.unlink()

    assert heads.compared().faults == [f"head of {kept.stem}"]


def test_a_head_that_is_gone_is_set_aside_once_and_on_record(sealed, capsys):
    checked = heads.check(in_two_minutes())

    for _time in range(2):
        call_command("verify_trail", set_aside=True)

    said = capsys.readouterr().out
    assert f"heads set aside: {checked.day}" in said
    assert "heads set aside: none" in said
    assert said.count("the trail holds") == 2
    assert TrailEntry.objects.get(event="trail.set_aside").reason == checked.day


def test_nothing_is_set_aside_where_the_folder_cannot_be_read(sealed):
    checked = heads.check(in_two_minutes())
    store("heads").rmdir()
    (store() / "heads").write_bytes(b"")

    with pytest.raises(FileExistsError):
        heads.set_aside(actor_ref="operator")

    assert f"head of {checked.day}" in heads.compared().faults


def test_seals_are_missed_whose_head_a_check_read(sealed, tamper):
    """T-27: also once the day was set aside, whose file is gone with them."""
    checked = heads.check(in_two_minutes())
    heads.set_aside(actor_ref="operator")
    assert heads.compared().holds

    take_last_seal_away(tamper, sealed)

    assert heads.compared().faults == [f"head of {checked.day}"]


def test_what_waits_for_its_seal_for_longer_than_a_day_is_named(db, mailoutbox, monkeypatch):
    """G-70: somebody keeps a transaction open, so that nothing is sealed any more."""
    monkeypatch.setattr(seals, "_oldest_transaction", lambda now: now - timedelta(days=3))
    entry = trail.record("test.happened")

    reporting.report(entry.at + timedelta(hours=23))
    reporting.report(entry.at + timedelta(hours=25))

    fault = f"unsealed since {day_of(entry.at)}"
    assert [check.faults for check in TrailCheck.objects.order_by("pk")] == [[], [fault]]


def test_the_command_names_what_is_not_sealed(db):
    TrailEntry.objects.bulk_create([TrailEntry(event="test.happened", at=timezone.now() - timedelta(days=2))])

    with pytest.raises(CommandError, match="unsealed since"):
        call_command("verify_trail")


def test_a_head_from_a_mail_is_known_by_its_signature(sealed, capsys):
    head, signature = heads.keep(TODAY)
    words = head.words.decode()

    call_command("verify_trail", head=words, signature=signature)

    assert "the trail holds" in capsys.readouterr().out
    for wrong in [(words.replace(head.root, "0" * 64), signature), (words, signature[:-8] + "AAAAAAAA"), (words, "x"), ("7", signature)]:
        with pytest.raises(CommandError, match="head "):
            call_command("verify_trail", head=wrong[0], signature=wrong[1])


def test_a_day_that_is_put_away_twice_loses_nothing(sealed, tamper):
    heads.keep(TODAY)
    take_last_seal_away(tamper, sealed)
    call_command("verify_trail", set_aside=True)
    (store("heads") / "2026-11-29.json").write_bytes(b"{}")

    heads.set_aside(actor_ref="operator")

    assert put_away() == ["2026-11-29.2.json", "2026-11-29.json"]


def test_each_day_that_is_put_away_is_on_record(sealed, tamper):
    """A file that is called by no day too."""
    heads.keep(TODAY)
    heads.keep(TOMORROW)
    (store("heads") / "copy of today.json").write_bytes(b"{}")
    take_last_seal_away(tamper, sealed)

    heads.set_aside(actor_ref="operator")

    entries = TrailEntry.objects.filter(event="trail.set_aside").order_by("pk")
    assert list(entries.values_list("reason", flat=True)) == ["2026-11-29", "2026-11-30", "no_day"]
    assert not heads.kept()


def test_what_was_put_away_is_not_missed(sealed):
    checked = heads.check(in_two_minutes())
    (store("heads") / f"{checked.day}.json").write_bytes(b"{}")

    heads.set_aside(actor_ref="operator")

    assert heads.compared().holds


def test_what_cannot_be_noted_stays_where_it_is(sealed):
    (store("heads") / "2026-11-28.json").write_bytes(b"{}")

    with pytest.raises(ValueError, match="a code and a reference"):
        heads.set_aside(actor_ref="An Peeters")

    assert [head.day for head in heads.kept()] == ["2026-11-28"]
