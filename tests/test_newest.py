"""Of a table that is too large to read, the newest rows are shown."""

import json
import random

from privacy.rights.newest import Newest

MEGABYTE = 1024 * 1024


def chosen(rows, *, moment="", most=10, size=MEGABYTE, per_block=7):
    lines = [json.dumps(row).encode() + b"\n" for row in rows]
    blocks = (b"".join(lines[start : start + per_block]) for start in range(0, len(lines), per_block))
    return [json.loads(line) for line in newest(blocks, moment, rows=most, size=size)]


def newest(blocks, moment, *, rows, size):
    latest = Newest(moment, rows=rows, size=size)
    passed = list(blocks)
    assert list(latest.watched(iter(passed))) == passed
    return latest.lines()


def views(count):
    rows = [{"id": nth, "viewed_at": f"2026-01-01T00:{nth // 60:02}:{nth % 60:02}.000000Z"} for nth in range(count)]
    return random.Random(1).sample(rows, count)


def test_the_newest_rows_by_their_moment():
    assert [row["id"] for row in chosen(views(300), moment="viewed_at")] == list(range(299, 289, -1))


def test_all_rows_where_there_are_few():
    assert [row["id"] for row in chosen(views(3), moment="viewed_at")] == [2, 1, 0]


def test_the_last_ones_where_there_is_no_moment():
    assert [row["id"] for row in chosen([{"id": nth} for nth in range(30)])] == list(range(29, 19, -1))


def test_a_row_without_its_moment_is_the_oldest():
    rows = [{"id": 1, "sent_at": "2026-01-01T00:00:00.000000Z"}, {"id": 2, "sent_at": None}]

    assert [row["id"] for row in chosen(rows, moment="sent_at", most=1)] == [1]


def test_rows_of_a_megabyte_each_do_not_fill_a_worker():
    rows = [{"id": number, "text": "x" * 1000} for number in range(100)]

    assert [row["id"] for row in chosen(rows, most=50, size=5_000)] == [99, 98, 97, 96]


def test_a_row_that_is_too_large_alone_is_shown_all_the_same():
    assert len(chosen([{"text": "x" * 100}], size=10)) == 1


def test_a_text_that_looks_like_a_moment_misleads_nobody():
    rows = [{"id": 1, "text": '"sent_at": "9999"', "sent_at": "2026-01-01"}, {"id": 2, "text": "", "sent_at": "2026-01-02"}]

    assert [row["id"] for row in chosen(rows, moment="sent_at", most=1)] == [2]


def test_a_line_may_begin_in_one_block_and_end_in_the_next():
    """What was sealed on disk comes back in chunks of one size."""
    raw = b"".join(json.dumps({"id": nth}).encode() + b"\n" for nth in range(30))

    found = newest((raw[at : at + 7] for at in range(0, len(raw), 7)), "", rows=2, size=MEGABYTE)

    assert [json.loads(line) for line in found] == [{"id": 29}, {"id": 28}]
