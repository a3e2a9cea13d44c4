"""An archive from request to expiry: made once, for its owner, and gone when its time has passed."""

import hashlib
import os
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from privacy.casework import cases
from privacy.conf import store
from privacy.datamap import Right
from privacy.errors import ArchiveMixedUp, ArchiveUnavailable
from privacy.models import Archive, TrailEntry
from privacy.rights import access, contents, vault
from privacy.steps import LeaseLost
from usage.models import ResourceView

from .archives import Opened
from .makers import make_message, make_resource, make_view
from .properties.acts import erase
from .races import needs_threads


def ask(member, right=Right.ACCESS):
    """A request that the worker may carry out."""
    request = cases.submit(right, subject=member.subject, identified_by="password")
    cases.approve(request, subject=member.subject)
    return request


def answered(member, right=Right.ACCESS):
    request = ask(member, right)
    cases.run(request)
    return request


def files() -> list[str]:
    return sorted(path.name for path in store("archives").iterdir())


def key_files():
    return sorted(path.name for path in store("keys", "archives").iterdir())


def test_a_request_for_access_ends_with_an_archive_for_72_hours(an):
    """K-12, T-09."""
    make_view(an)

    request = answered(an)

    archive = Archive.objects.get(request=request)
    with access.open_archive(request) as file:
        raw = file.read()
    assert (archive.sha256, archive.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert archive.expires_at - archive.ready_at == timedelta(hours=72)
    assert len(Opened(raw).rows("usage.ResourceView")) == 1
    assert request.status == "fulfilled"
    assert TrailEntry.objects.filter(event="access.ready", request_ref=request.ref).count() == 1


def test_a_request_for_portability_ends_with_what_is_portable(an):
    """G-57."""
    request = answered(an, Right.PORTABILITY)

    with access.open_archive(request) as file:
        assert Opened(file.read()).manifest["scope"]["kind"] == "portable"


def test_the_ledger_counts_what_was_handed_out(an, bo):
    make_view(an)
    make_view(an)
    make_view(bo)

    request = answered(an)

    assert request.run.steps.get(name="collect").counts["usage.ResourceView handed out"] == 2


def test_the_file_is_for_its_owner_on_the_machine_too(an):
    """T-09."""
    request = answered(an)

    assert files() == [f"{request.ref}.sealed"]
    assert stat.S_IMODE(request.archive.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store("archives").stat().st_mode) == 0o700


def test_doing_it_again_changes_nothing(an):
    request = answered(an)
    before = request.archive.path.stat().st_mtime_ns, list(Archive.objects.values())
    request.run.finished_at = request.run.lease_until = None
    request.run.save()
    request.run.steps.update(finished_at=None)

    cases.carry_out(request.run, access.plan, subject_of=cases.subject_of)

    assert (request.archive.path.stat().st_mtime_ns, list(Archive.objects.values())) == before
    assert request.run.steps.get(name="collect").counts["accounts.Member handed out"] == 1


def test_what_a_killed_attempt_left_is_removed(an):
    """T-10."""
    request = ask(an)
    (store("archives") / f"{request.ref}.0.part").write_bytes(b"half an archive")
    (store("archives") / "OTHERS.0.part").write_bytes(b"of somebody else")

    cases.run(request)

    assert files() == sorted(["OTHERS.0.part", f"{request.ref}.sealed"])


def test_a_failed_attempt_leaves_nothing_and_the_next_one_succeeds(an, monkeypatch):
    request = ask(an)

    def half(subject, file, **options):
        file.write(b"half an archive")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(access, "write_archive", half)
        with pytest.raises(OSError, match="No space"):
            cases.run(request)
    left = files()
    type(request.run).objects.update(lease_until=None)

    assert cases.run(request)
    assert (left, files()) == ([], [f"{request.ref}.sealed"])


def test_a_part_that_was_damaged_in_its_middle_stops_one_attempt_only(an, monkeypatch):
    """Its end is in order, so that it is taken up again."""
    request, resource = ask(an), make_resource()
    ResourceView.objects.bulk_create([ResourceView(member=an, resource=resource) for _ in range(12_000)])
    with monkeypatch.context() as broken:
        broken.setattr(contents, "write_report", full_disk)
        with pytest.raises(OSError, match="No space"):
            cases.run(request)
    part = store("parts") / request.ref / "usage_resourceview.records.1"
    sealed = bytearray(part.read_bytes())
    sealed[100] ^= 1
    part.write_bytes(sealed)
    type(request.run).objects.update(lease_until=None)
    with pytest.raises(ArchiveMixedUp):
        cases.run(request)
    type(request.run).objects.update(lease_until=None)

    assert cases.run(request)
    assert files() == [f"{request.ref}.sealed"]


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fills_up_between_two_rows_leaves_the_connection_free(an, monkeypatch):
    """The rows are still on their way from the database when their file cannot be written any more."""
    request, resource = ask(an), make_resource()
    ResourceView.objects.bulk_create([ResourceView(member=an, resource=resource) for _ in range(12_000)])
    with monkeypatch.context() as broken:
        broken.setattr(vault.Writer, "_seal", full_disk)
        with pytest.raises(OSError, match="No space"):
            cases.run(request)

    assert ResourceView.objects.count() == 12_000
    assert files() == []
    assert list((store("parts") / request.ref).glob("*.records.*")) == []
    type(request.run).objects.update(lease_until=None)
    assert cases.run(request)


def full_disk(*_about, **_how):
    raise OSError(28, "No space left on device")


def test_a_worker_that_was_overtaken_publishes_nothing(an, monkeypatch):
    """T-10."""
    request = ask(an)
    write = access.write_archive

    def slow(subject, file, **options):
        manifest = write(subject, file, **options)
        type(request.run).objects.update(fence=99)
        return manifest

    monkeypatch.setattr(access, "write_archive", slow)

    assert not cases.run(request)
    assert (files(), Archive.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_connection_is_busy(an, monkeypatch):
    needs_threads()
    monkeypatch.setattr("privacy.rights.archive.RENEW_SECONDS", 0)
    for _ in range(3):
        make_view(an)
    request = ask(an)
    request.run.claim()
    type(request.run).objects.update(lease_until=timezone.now())

    with access.renewing(request.run) as renew, (store() / "an.zip").open("wb") as file:
        access.write_archive(an.subject, file, renew=lambda: renew(rows_done=7))

    request.run.refresh_from_db()
    assert request.run.lease_until > timezone.now() + timedelta(seconds=30)
    assert request.run.rows_done == 7


@pytest.mark.django_db(transaction=True)
def test_a_lost_lease_stops_the_writing(an, monkeypatch):
    needs_threads()
    monkeypatch.setattr("privacy.rights.archive.RENEW_SECONDS", 0)
    request = ask(an)
    request.run.claim()
    type(request.run).objects.update(fence=99)

    with access.renewing(request.run) as renew, (store() / "an.zip").open("wb") as file, pytest.raises(LeaseLost):
        access.write_archive(an.subject, file, renew=renew)


KILLED = """
import django, sys, time
django.setup()
from privacy.casework import cases
from privacy.models import DataSubjectRequest
from privacy.rights import access
write = access.write_archive
def written_then_waiting(subject, file, **options):
    write(subject, file, **options)
    print("written", flush=True)
    time.sleep(60)
access.write_archive = written_then_waiting
cases.run(DataSubjectRequest.objects.get(ref=sys.argv[1]))
"""


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_after_kill_9_the_next_worker_starts_the_file_again(an, tmp_path):
    """G-44, T-10."""
    needs_threads()
    request = ask(an)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "INZAGE_VAR": str(tmp_path), "DATABASE_URL": address()}

    with subprocess.Popen([sys.executable, "-c", KILLED, request.ref], env=environment, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"written\n"
        worker.kill()
    left = files()
    type(request.run).objects.update(lease_until=timezone.now())
    request.refresh_from_db()

    assert cases.run(request)
    assert (left, files()) == ([f"{request.ref}.1.part"], [f"{request.ref}.sealed"])
    assert access.open_archive(request).read()


def address() -> str:
    """The database of this test, for another process."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host = database["OPTIONS"].get("host") or database["HOST"]
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={host}{port}"


def test_nobody_gets_an_archive_before_it_is_made(an):
    request = ask(an)

    with pytest.raises(ArchiveUnavailable):
        access.open_archive(request)


def test_an_archive_is_refused_from_its_expiry_on(an):
    """T-09: on reading, whether or not the sweep came by."""
    request = answered(an)
    expires_at = request.archive.expires_at

    access.open_archive(request, now=expires_at - timedelta(seconds=1)).close()

    with pytest.raises(ArchiveUnavailable):
        access.open_archive(request, now=expires_at)


def test_an_archive_that_expired_is_gone_from_disk(an, bo):
    """T-09: and its key, so that a backup of the file is unreadable; the row says when, and nothing of what was in it."""
    request, other = answered(an), answered(bo)
    Archive.objects.filter(request=request).update(expires_at=timezone.now())

    access.expire(timezone.now())

    assert (files(), key_files()) == ([f"{other.ref}.sealed"], [f"{other.ref}.key"])
    gone = Archive.objects.get(request=request)
    assert gone.destroyed_at
    assert (bytes(gone.wrapped_key), gone.sha256) == (b"", "")


def test_an_archive_is_destroyed_once(an):
    request = answered(an)
    Archive.objects.filter(request=request).update(expires_at=timezone.now())
    access.expire(timezone.now())
    before = list(Archive.objects.values())

    access.expire(timezone.now() + timedelta(minutes=1))

    assert list(Archive.objects.values()) == before


def test_a_copy_of_the_file_is_unreadable_once_its_key_is_destroyed(an):
    """D-4: file and database come back from a backup."""
    request = answered(an)
    copy, row = request.archive.path.read_bytes(), Archive.objects.filter(request=request).values("wrapped_key", "expires_at").get()
    access.expire(timezone.now() + timedelta(hours=73))

    request.archive.path.write_bytes(copy)
    Archive.objects.filter(request=request).update(destroyed_at=None, **row)

    with pytest.raises(ArchiveUnavailable):
        access.open_archive(request)


def test_neither_the_disk_nor_the_database_alone_opens_an_archive(an):
    """D-4: the file's key is in the row, wrapped; what unwraps it is in a file."""
    request = answered(an)
    in_database = bytes(request.archive.wrapped_key)
    on_disk = (store("keys", "archives") / f"{request.ref}.key").read_bytes()

    for key in (in_database[:32], in_database[8:], on_disk):
        with pytest.raises(ArchiveMixedUp):
            vault.Reader(request.archive.path.open("rb"), key, vault.name_of(request.ref, an.subject.ref))


def test_nothing_of_hers_stands_readable_in_the_file(an):
    """D-4."""
    request = answered(an)

    sealed = request.archive.path.read_bytes()

    assert b"manifest.json" not in sealed
    with access.open_archive(request) as file:
        assert b"manifest.json" in file.read()


def test_an_archive_in_the_clear_of_an_earlier_version_goes(an):
    request = answered(an)
    clear = store("archives") / f"{request.ref}.zip"
    clear.write_bytes(b"PK")
    long_ago = (timezone.now() - timedelta(hours=73)).timestamp()
    os.utime(clear, (long_ago, long_ago))

    access.expire(timezone.now())

    assert files() == [f"{request.ref}.sealed"]


def test_a_key_without_archive_goes_when_no_archive_could_be_that_old(an):
    request = answered(an)
    young, old = store("keys", "archives") / "YOUNG.key", store("keys", "archives") / "OLD.key"
    young.touch()
    old.touch()
    long_ago = (timezone.now() - timedelta(hours=73)).timestamp()
    os.utime(old, (long_ago, long_ago))

    access.expire(timezone.now())

    assert key_files() == sorted([f"{request.ref}.key", "YOUNG.key"])


def test_who_reads_while_the_sweep_destroys_reads_to_the_end(an):
    """The file is open already; on disk it is gone."""
    request = answered(an)
    with access.open_archive(request) as whole:
        expected = whole.read()

    with access.open_archive(request) as file:
        begun = file.read(10)
        access.expire(timezone.now() + timedelta(hours=73))
        rest = file.read()

    assert (begun + rest, files(), key_files()) == (expected, [], [])


def test_the_run_says_how_many_rows_are_done(an):
    for _ in range(3):
        make_view(an)

    request = answered(an)

    archive, progress = Archive.objects.get(request=request), access.progress_of(request.run)
    assert (progress.rows_done, progress.rows_expected, progress.percent, progress.seconds_left) == (archive.rows, archive.rows, 100, 0)
    assert archive.rows > 3
    assert archive.seconds > 0


def test_an_estimate_never_says_that_it_is_finished(an):
    run = ask(an).run

    assert (access.progress_of(run).percent, access.progress_of(run).seconds_left) == (0, None)
    run.rows_done, run.rows_expected = 7, 6
    assert access.progress_of(run).percent == 99
    assert access.progress_of(run).seconds_left > 0


def test_a_forgotten_file_goes_when_no_archive_could_be_that_old(an):
    request = answered(an)
    young, old = store("archives") / "YOUNG.1.part", store("archives") / "OLD.1.part"
    young.touch()
    old.touch()
    long_ago = (timezone.now() - timedelta(hours=73)).timestamp()
    os.utime(old, (long_ago, long_ago))
    os.utime(request.archive.path, (long_ago, long_ago))

    access.expire(timezone.now())

    assert files() == sorted([f"{request.ref}.sealed", "YOUNG.1.part"])


def test_a_file_that_vanished_is_no_archive(an):
    request = answered(an)
    request.archive.path.unlink()

    with pytest.raises(ArchiveUnavailable):
        access.open_archive(request)


def test_the_archive_of_somebody_else_is_not_opened(an, bo):
    """T-10."""
    request, other = answered(an), answered(bo)
    os.replace(other.archive.path, request.archive.path)
    Archive.objects.filter(request=request).update(size=request.archive.path.stat().st_size)

    with pytest.raises(ArchiveMixedUp):
        access.open_archive(request)


def test_even_under_the_same_key_the_archive_of_somebody_else_is_not_opened(an, bo, monkeypatch):
    """T-10: each chunk names request and person."""
    monkeypatch.setattr(vault, "new_key", lambda: bytes(32))
    request, other = answered(an), answered(bo)
    os.replace(other.archive.path, request.archive.path)
    Archive.objects.filter(request=request).update(size=other.archive.size)

    with pytest.raises(ArchiveMixedUp):
        access.open_archive(request)


def test_a_damaged_archive_is_not_opened(an):
    """T-10."""
    request = answered(an)
    request.archive.path.write_bytes(b"x" * request.archive.size)

    with pytest.raises(ArchiveMixedUp):
        access.open_archive(request)


def test_erasure_removes_archives_and_leaves_others(an, bo):
    """G-41."""
    request, other = answered(an), answered(bo)
    (store("archives") / f"{request.ref}.7.part").touch()

    erase(an.subject)

    assert (files(), key_files()) == ([f"{other.ref}.sealed"], [f"{other.ref}.key"])
    assert list(Archive.objects.values_list("request", flat=True)) == [other.pk]


def test_who_is_erased_while_her_archive_is_made_leaves_none(an, monkeypatch):
    """G-41."""
    request = ask(an)
    subject, write = an.subject, access.write_archive

    def meanwhile(subject, file, **options):
        manifest = write(subject, file, **options)
        monkeypatch.undo()
        erase(subject)
        return manifest

    monkeypatch.setattr(access, "write_archive", meanwhile)
    cases.run(request)

    assert (files(), key_files(), Archive.objects.count()) == ([], [], 0)
    assert type(subject).objects.filter(pk=subject.pk).count() == 0


def test_a_message_of_10_000_characters_is_fetched_whole(an, bo):
    make_message(an, bo, "😀" * 10_000)

    with access.open_archive(answered(an)) as file:
        assert Opened(file.read()).rows("usage.Message")[0]["text"] == "😀" * 10_000
