"""manage.py export_subject: an operator's copy, on record and for nobody else's eyes."""

import errno
import hashlib
import json
import os
import resource
import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from privacy.casework import cases
from privacy.datamap import Right, registry
from privacy.management.commands import export_subject
from privacy.models import Archive, DataSubjectRequest, Remark, TrailEntry
from privacy.rights import collecting, spool, vault

from .archives import HOSTILE, Opened
from .makers import make_favourite, make_message, make_view


@pytest.fixture
def target(tmp_path):
    return tmp_path / "an.zip"


def export(member, target, **options):
    run(member.email, to=target, **options)


def run(email, **options):
    given = {"actor": "daan", "reason": "letter of 3 March"} | options
    call_command("export_subject", email, *(f"--{name}={value}" for name, value in given.items()))


def test_the_file_holds_her_archive_and_is_closed_to_others(an, target):
    """T-18."""
    make_view(an)

    export(an, target)

    assert len(Opened(target.read_bytes()).rows("usage.ResourceView")) == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.glob("an.zip*")] == ["an.zip"]


def test_one_line_sums_it_up(an, target, capsys):
    export(an, target)

    printed = capsys.readouterr()
    rows = Opened(target.read_bytes()).manifest["rows"]
    request = DataSubjectRequest.objects.get()
    assert printed.out == f"{rows} rows, {target.stat().st_size} bytes: {target} (request {request.ref})\n"
    assert printed.err == ""


def test_it_stands_in_her_timeline_and_in_the_trail(an, target):
    """T-18, G-12."""
    export(an, target)

    request = DataSubjectRequest.objects.get()
    entry = TrailEntry.objects.get(event="access.exported")
    assert (request.right, request.status, request.channel, request.actor_ref) == ("access", "fulfilled", "command", "operator")
    assert request.received_at <= request.closed_at
    assert (entry.subject_ref, entry.request_ref) == (an.subject_id, request.ref)
    remark = Remark.objects.get(entry_id=entry.pk)
    assert (entry.actor_ref, entry.reason, remark.text, remark.given_by) == ("operator", "", "letter of 3 March", "daan")


def test_no_worker_makes_a_second_archive(an, target, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        export(an, target)

    assert Archive.objects.count() == 0
    assert not hasattr(DataSubjectRequest.objects.get(), "run")


def test_an_open_request_stays_open_and_the_trail_names_it(an, target):
    request = cases.submit(Right.ACCESS, subject=an.subject)

    export(an, target)

    request.refresh_from_db()
    assert (request.status, DataSubjectRequest.objects.count()) == ("received", 1)
    assert TrailEntry.objects.get(event="access.exported").request_ref == request.ref


def test_a_second_export_is_a_second_entry(an, target):
    export(an, target)
    export(an, target.with_name("again.zip"))

    assert TrailEntry.objects.filter(event="access.exported").count() == 2
    assert DataSubjectRequest.objects.count() == 2


def test_the_portable_part_answers_a_request_for_portability(an, target):
    """G-57."""
    export(an, target, scope="portable")

    assert Opened(target.read_bytes()).manifest["scope"]["kind"] == "portable"
    assert DataSubjectRequest.objects.get().right == "portability"
    assert TrailEntry.objects.filter(event="portability.exported").count() == 1


def test_the_address_may_be_written_in_any_case(an, target):
    run(f" {an.email.upper()} ", to=target)

    assert target.exists()


@pytest.mark.parametrize(
    "email", ["nobody@school.example", "", "an.peeters\x00@school.example", "\udcff@school.example", "'; --", "a" * 5_000]
)
def test_an_unknown_address_is_refused_and_leaves_nothing(an, target, email):
    with pytest.raises(CommandError) as refusal:
        run(email, to=target)

    assert refusal.value.returncode == 1
    assert "\n" not in str(refusal.value)
    assert_nothing_left(target)


def test_an_existing_file_is_never_overwritten(an, target):
    target.write_text("precious")

    with pytest.raises(CommandError, match=r"cannot write .*an\.zip: File exists"):
        export(an, target)

    assert target.read_text() == "precious"
    assert TrailEntry.objects.filter(event="access.exported").count() == 0


def test_another_export_under_way_is_left_alone(an, target):
    part = target.with_name("an.zip.part")
    part.write_text("being written")

    with pytest.raises(CommandError, match=r"an\.zip\.part: File exists"):
        export(an, target)

    assert part.read_text() == "being written"


@pytest.mark.parametrize("to", ["no/such/folder/an.zip", "an.zip/", ".", "/", "x" * 300])
def test_an_unwritable_target_is_refused_in_one_line(an, tmp_path, to):
    (tmp_path / "an.zip").mkdir()

    with pytest.raises(CommandError, match="cannot write") as refusal:
        export(an, tmp_path / to)

    assert (refusal.value.returncode, "\n" in str(refusal.value)) == (1, False)


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fills_up_leaves_neither_file_nor_record(an, bo, target):
    for _ in range(30):
        make_message(an, bo, "".join(map(chr, range(0x4E00, 0x4E00 + 9_000))))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(CommandError, match="File too large"):
            export(an, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert_nothing_left(target)


@pytest.mark.parametrize(
    "options", [{"reason": "x" * 61}, {"reason": " "}, {"reason": "two\nlines"}, {"actor": "x" * 61}, {"actor": ""}, {"scope": "all"}]
)
def test_wrong_usage_is_refused(an, target, options):
    with pytest.raises(CommandError):
        export(an, target, **options)

    assert_nothing_left(target)


@pytest.mark.worker
@pytest.mark.parametrize(
    "arguments", [[], ["an@x"], ["an@x", "--to", "f.zip", "--actor", "daan"], ["an@x", "--to", "f.zip", "--reason", "r"]]
)
def test_wrong_usage_exits_with_2(arguments):
    done = subprocess.run([sys.executable, "manage.py", "export_subject", *arguments], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


# A part of it


def test_one_category_and_a_period_are_what_she_reads_among_her_requests(an, target):
    make_view(an, viewed_at=datetime(2026, 2, 28, 23, 0, tzinfo=UTC))  # midnight in Brussels
    make_view(an, viewed_at=datetime(2026, 2, 28, 22, 59, tzinfo=UTC))
    make_view(an, viewed_at=datetime(2026, 3, 31, 22, 0, tzinfo=UTC))

    export(an, target, category="usage", since="2026-03-01", until="2026-04-01")

    archive = Opened(target.read_bytes())
    assert archive.manifest["rows"] == len(archive.rows("usage.ResourceView")) == 1
    assert DataSubjectRequest.objects.get().scope == "activity=usage&since=2026-02-28T23:00:00%2B00:00&until=2026-03-31T22:00:00%2B00:00"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-03-01", "2026-02-28T23:00:00.000000Z"),
        ("2026-07-01T09:30", "2026-07-01T07:30:00.000000Z"),
        ("2026-07-01T09:30:00Z", "2026-07-01T09:30:00.000000Z"),
        ("2026-07-01T09:30:00.5+05:00", "2026-07-01T04:30:00.500000Z"),
    ],
)
def test_a_date_is_midnight_in_brussels_and_a_moment_is_that_moment(an, target, given, meant):
    export(an, target, category="usage", since=given)

    assert Opened(target.read_bytes()).manifest["scope"]["since"] == meant


@pytest.mark.parametrize(
    "options",
    [
        {"since": "9999-12-31"},
        {"until": "2999-01-01"},
        {"since": "0001-01-01"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"since": "yesterday"},
        {"since": "2026-02-30"},
        {"since": "x" * 10_000},
        {"since": "2026-03-02", "until": "2026-03-01"},
        {"since": "2026-03-01", "until": "2026-03-01"},
        {"category": "nothing"},
        {"category": "<b>\u202e"},
        {"to": "-"},
        {"to": "-", "format": "dir"},
    ],
)
def test_a_part_that_makes_no_sense_is_wrong_usage_in_one_line(an, target, options):
    with pytest.raises(CommandError) as refusal:
        export(an, **{"target": options.pop("to", target), **options})

    assert (refusal.value.returncode, "\n" in str(refusal.value)) == (2, False)
    assert_nothing_left(target)


def test_a_person_of_whom_we_hold_nothing_gets_that_in_writing(an, target, capsys):
    """G-20."""
    export(an, target, category="misconduct")

    assert Opened(target.read_bytes()).manifest["holds_data"] is False
    assert capsys.readouterr().out.startswith("0 rows, ")


# A folder


def test_a_folder_holds_the_same_files_closed_to_others(an, target, tmp_path):
    make_view(an)
    export(an, target, category="usage")
    folder = tmp_path / "an"

    export(an, folder, format="dir", category="usage")

    found = {str(path.relative_to(folder)): path for path in folder.rglob("*")}
    assert {name for name, path in found.items() if path.is_file()} == set(Opened(target.read_bytes()).names)
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.values() if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in [folder, *found.values()] if path.is_dir()} == {0o700}
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert all(hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest() == file["sha256"] for file in manifest["files"])


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.write_text("x"), lambda path: path.symlink_to("nowhere")])
def test_no_folder_takes_the_place_of_anything(an, tmp_path, make):
    make(tmp_path / "an")

    with pytest.raises(CommandError, match="File exists"):
        export(an, tmp_path / "an", format="dir")

    assert [path.name for path in tmp_path.iterdir()] == ["an"]


@pytest.mark.parametrize("how", ["zip", "dir", "jsonl"])
def test_what_was_not_whole_leaves_neither_files_nor_record(an, tmp_path, how, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(collecting.Collecting, "collect", full)

    with pytest.raises(CommandError, match="No space left"):
        export(an, tmp_path / "an.zip", format=how)

    assert_nothing_left(tmp_path / "an.zip")


def test_what_came_there_meanwhile_is_not_overwritten(an, target, monkeypatch):
    write = export_subject.write_archive

    def meanwhile(*arguments, **options):
        target.write_text("precious")
        return write(*arguments, **options)

    monkeypatch.setattr(export_subject, "write_archive", meanwhile)

    with pytest.raises(CommandError, match="File exists"):
        export(an, target)

    assert target.read_text() == "precious"
    assert not DataSubjectRequest.objects.exists()


# Lines


def lines_of(raw: bytes) -> tuple[dict, list[dict], dict]:
    first, *rows, last = [json.loads(line) for line in raw.splitlines()]
    return first["manifest"], rows, last


def test_lines_say_whose_they_are_then_each_row_then_how_many(an, target, tmp_path):
    make_view(an)
    make_favourite(an, note=HOSTILE)
    export(an, target, scope="portable")

    export(an, tmp_path / "an.jsonl", format="jsonl", scope="portable")

    head, rows, end = lines_of((tmp_path / "an.jsonl").read_bytes().replace(b"\r", b""))
    archive = Opened(target.read_bytes())
    assert (head["subject"], head["scope"]["kind"]) == (str(an.subject.ref), "portable")
    assert [row["row"] for row in rows if row["record"] == "usage.Favourite"] == archive.rows("usage.Favourite")
    assert end["rows"] == len(rows) == sum(end["records"].values())
    assert end["records"] == {label: part["rows"] for label, part in archive.parts.items()}


@pytest.mark.parametrize("to", [{}, {"to": "-"}])
def test_lines_go_to_a_pipe_and_nothing_else_does(an, capsysbinary, to):
    call_command("export_subject", an.email, "--actor=daan", "--reason=r", "--format=jsonl", *(f"--to={path}" for path in to.values()))

    printed = capsysbinary.readouterr()
    _head, rows, end = lines_of(printed.out)
    assert end["rows"] == len(rows) > 0
    assert printed.err.decode() == f"{len(rows)} rows (request {DataSubjectRequest.objects.get().ref})\n"


def test_rows_that_are_longer_than_a_block_stay_whole(an, bo, tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "SMALL", 10)
    monkeypatch.setattr(vault, "CHUNK", 100)
    monkeypatch.setattr(vault, "SEALED", 100 + vault.TAG)
    make_message(an, bo, "lang " * 400)

    export(an, tmp_path / "an.jsonl", format="jsonl", category="usage")

    _head, rows, _end = lines_of((tmp_path / "an.jsonl").read_bytes())
    assert [row["row"]["text"] for row in rows if row["record"] == "usage.Message"] == ["lang " * 400]


def test_what_goes_to_a_pipe_is_on_record_before_it_goes(an, monkeypatch):
    """It cannot be taken back."""
    recorded = []

    def gone(*_arguments, **_options):
        recorded.append(TrailEntry.objects.filter(event="access.exported").count())
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export_subject, "write_lines", gone)

    with pytest.raises(CommandError, match="cannot write to stdout: No space left on device"):
        export(an, "-", format="jsonl")

    assert recorded == [1]
    assert TrailEntry.objects.filter(event="access.exported").count() == 1


@pytest.mark.parametrize("reads", [0, 1])
def test_a_reader_that_goes_away_ends_it_without_a_word(reads):
    """As a shell says it of a program that SIGPIPE ended."""
    read, write = os.pipe()
    program = (
        "import sys, django\ndjango.setup()\nfrom privacy.management.commands.export_subject import until_nobody_reads\n"
        "with until_nobody_reads():\n for _ in range(100_000): sys.stdout.buffer.write(b'line' * 100)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=write, stderr=subprocess.PIPE) as running:
        os.close(write)
        os.read(read, reads)
        os.close(read)
        said = running.communicate()[1]

    assert (running.returncode, said) == (141, b"")


def test_help_names_every_category_and_exit_code(capsys):
    with pytest.raises(SystemExit):
        call_command("export_subject", "--help")

    said = " ".join(capsys.readouterr().out.split())
    assert all(activity.slug in said for activity in registry.activities())
    assert "Exit codes: 0 written, 1 refused" in said


def assert_nothing_left(target):
    assert list(target.parent.glob("an.zip*")) == []
    assert DataSubjectRequest.objects.count() == 0
    assert TrailEntry.objects.filter(event__endswith="exported").count() == 0
