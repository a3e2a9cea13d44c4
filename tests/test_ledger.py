"""The replay ledger as a file: whole lines in order, whatever happens to a process, a disk or a line."""

import errno
import json
import multiprocessing
import os
import stat

import pytest

from privacy.errors import LedgerBroken, LedgerUnwritable, ReplayUnderWay
from privacy.evidence.ledger import LedgerFile

LINES = 200


@pytest.fixture
def ledger(tmp_path):
    return LedgerFile(tmp_path / "replay.jsonl")


def write(ledger, *events):
    return [ledger.append(event, "an", {"request_ref": "7"}) for event in events]


def test_a_line_says_what_was_written(ledger):
    (line,) = write(ledger, "erasure")

    assert (line.number, line.event, line.subject_ref, line.facts) == (1, "erasure", "an", {"request_ref": "7"})
    assert list(ledger.lines()) == [line] == [ledger.last()]


def test_the_file_is_for_its_owner_alone(ledger):
    write(ledger, "erasure")

    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600


def test_a_ledger_that_was_never_written_has_no_line(ledger):
    assert (ledger.last(), list(ledger.lines()), ledger.state()) == (None, [], None)


def test_lines_are_read_from_where_a_reader_left_off(ledger):
    lines = write(ledger, "a", "b", "c")

    assert list(ledger.lines(after=2)) == lines[2:]


def test_the_last_line_is_found_behind_a_long_one(ledger):
    write(ledger, "first")
    long = ledger.append("ban", None, {"sealed": "x" * 20_000})

    assert ledger.last() == long
    assert [line.number for line in ledger.lines()] == [1, 2]


@pytest.mark.parametrize(("change", "named"), [(lambda raw: raw.replace(b"erasure", b"nothing"), 3), (lambda raw: b"", 2)])
def test_a_line_that_was_changed_or_cut_out_is_named(ledger, change, named):
    """Changed, the next no longer fits it; cut out, it is missing."""
    write(ledger, "hidden", "erasure", "answered")
    raw = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(raw[0] + change(raw[1]) + raw[2])

    with pytest.raises(LedgerBroken) as broken:
        list(ledger.lines())

    assert broken.value.number == named


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_last_line_that_was_torn_is_none_and_the_next_one_follows(ledger, kept):
    first, _torn = write(ledger, "hidden", "erasure")
    raw = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(raw[0] + raw[1][:-1][:kept])

    assert ledger.last() == first
    (after,) = write(ledger, "erasure")

    assert list(ledger.lines()) == [first, after]


def test_two_processes_write_whole_lines_in_one_order(ledger):
    spawn = multiprocessing.get_context("fork")
    writers = [spawn.Process(target=write, args=(ledger, *[name] * LINES)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    events = [line.event for line in ledger.lines()]
    assert (len(events), events.count("one"), events.count("two")) == (2 * LINES, LINES, LINES)


def test_on_a_full_disk_nothing_is_left_of_the_line(ledger, monkeypatch):
    write(ledger, "hidden")
    before, whole = ledger.path.read_bytes(), os.write

    def full_after_ten(file, raw):
        if len(raw) <= 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(file, raw[:-10])

    monkeypatch.setattr(os, "write", full_after_ten)
    with pytest.raises(LedgerUnwritable):
        write(ledger, "erasure")

    assert ledger.path.read_bytes() == before


def test_where_the_disk_did_not_take_it_there_is_no_line(ledger, monkeypatch):
    """EIO of fsync: what stands in the file may be gone after a power failure."""
    monkeypatch.setattr(os, "fsync", lambda file: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))

    with pytest.raises(LedgerUnwritable):
        write(ledger, "erasure")

    assert ledger.last() is None


def test_one_replay_at_a_time(ledger):
    with ledger.alone(), pytest.raises(ReplayUnderWay), LedgerFile(ledger.path).alone():
        pass


def test_every_line_is_one_line_of_json(ledger):
    ledger.append("ban", None, {"said": "twee\nregels \u2028 \u202e"})

    (raw,) = ledger.path.read_bytes().splitlines()
    assert json.loads(raw)["said"] == "twee\nregels \u2028 \u202e"
