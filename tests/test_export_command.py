"""manage.py export_subject: an operator's copy, on record and for nobody else's eyes."""

import resource
import stat
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from privacy.casework import cases
from privacy.datamap import Right
from privacy.models import Archive, DataSubjectRequest, TrailEntry

from .archives import Opened
from .makers import make_message, make_view


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
    assert (request.right, request.status, request.channel, request.actor_ref) == ("access", "fulfilled", "command", "daan")
    assert request.received_at <= request.closed_at
    assert (entry.subject_ref, entry.request_ref) == (an.subject_id, request.ref)
    assert (entry.actor_ref, entry.reason) == ("daan", "letter of 3 March")


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


def assert_nothing_left(target):
    assert list(target.parent.glob("an.zip*")) == []
    assert DataSubjectRequest.objects.count() == 0
    assert TrailEntry.objects.filter(event__endswith="exported").count() == 0
