"""Measuring works on a small platform, and notices when ours and the limit do not come to the same end."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.db.models import F

from bench import curve, document, limit, peers, people, results, states
from bench.peers import Peer
from usage.models import Score

from .makers import make_score

ROOT = Path(__file__).resolve().parent.parent
EVERY_ROW = {"name", "rows", "ours_s", "limit_s", "ratio", "goal", "peak_mib", "peak_goal_mib"}

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="states are compared by PostgreSQL")


@pytest.mark.long
def test_fifty_rows_are_measured_and_written_down(tmp_path):
    file = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "--rows", "50", "--rounds", "1", "--others", "300", "--curve", "100", "--to", file]

    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    measured = {row["name"]: row for row in json.loads(file.read_text())}
    assert {"erase 50 rows", "export 50 rows", "whole archive of 50 rows", "whole archive of 100 rows"} <= set(measured)
    assert all(set(row) >= EVERY_ROW and row["ours_s"] > 0 and row["limit_s"] > 0 for row in measured.values())
    assert measured["erase 50 rows"]["round_trips"] > 0
    assert "erase 50 rows" in done.stdout


@on_postgresql
@pytest.mark.parametrize("change", [{"value": 3}, {"given_at": F("given_at") + timedelta(microseconds=1)}])
def test_a_table_that_differs_is_named(an, change):
    score = make_score(an, value=4)
    before = states.state()

    Score.objects.filter(pk=score.pk).update(**change)

    with pytest.raises(states.Differs, match=r"^usage_score$"):
        states.refuse_difference(before, states.state())


@on_postgresql
def test_the_same_state_is_no_difference(an):
    make_score(an)

    states.refuse_difference(states.state(), states.state())


@pytest.mark.parametrize("rows", [50, 777, 100_000])
def test_the_kinds_of_rows_make_the_number_asked_for(rows):
    counts = people.spread(rows, members=20)

    assert sum(counts.values()) == rows
    assert min(counts.values()) > 0


def test_the_limit_is_one_statement_after_the_other():
    assert len(limit.ERASE) == 17
    assert all(statement.split()[0] in {"WITH", "DELETE"} for statement in limit.ERASE)


@pytest.mark.parametrize(("ours", "verdict"), [([1.0, 9.0, 1.1], "met"), ([1.2, 1.2, 1.0], "not yet")])
def test_the_median_is_held_against_the_goal(ours, verdict):
    measured = results.result("erase 50 rows", 50, ours, [1.0, 1.0, 5.0], goal=1.15)

    assert measured.verdict == verdict
    assert verdict in results.table([measured])


@pytest.mark.parametrize(("peak_mib", "verdict"), [(15.9, "met"), (16.1, "not yet")])
def test_memory_is_a_goal_like_time(peak_mib, verdict):
    measured = results.result("export 50 rows", 50, [1.0], [1.0], goal=1.15, peak_mib=peak_mib, peak_goal_mib=16)

    assert measured.verdict == verdict


def test_the_page_shows_what_was_measured():
    text = document.PAGE_FILE.read_text(encoding="utf-8")

    assert text == document.filled(text)
    assert all(table in text for table in document.tables().values())


def test_the_picture_shows_what_was_measured():
    picture = document.PICTURE.read_text(encoding="utf-8")

    assert picture == curve.picture(results.read())
    assert ElementTree.fromstring(picture).find("{*}title").text == "Memory of an export over an idle worker"


def test_the_sizes_that_have_goals_are_measured():
    names = {each.name for each in results.read()}

    assert {f"{kind} {rows} rows" for kind in ("erase", "export", "whole archive of") for rows in (50, 100_000, 1_000_000)} <= names


def test_what_others_would_take_lies_on_a_line():
    measured = [Peer("x", 50, 0.1), Peer("x", 5_000, 10.0), Peer(peers.OURS, 50, 0.1), Peer(peers.OURS, 5_000, 0.2)]

    assert peers.worked_out(measured) == [Peer("x", 100_000, 200.0), Peer("x", 1_000_000, 2000.0)]
