"""Measuring works on a small platform, and notices when ours and the limit do not come to the same end."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F

from bench import limit, people, results, states
from usage.models import Score

from .makers import make_score

ROOT = Path(__file__).resolve().parent.parent
EVERY_ROW = {"name", "rows", "ours_s", "limit_s", "ratio", "goal", "peak_mib"}

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="states are compared by PostgreSQL")


@pytest.mark.long
def test_fifty_rows_are_measured_and_written_down(tmp_path):
    file = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "--rows", "50", "--rounds", "1", "--others", "300", "--to", file]

    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    measured = {row["name"]: row for row in json.loads(file.read_text())}
    assert {"erase 50 rows", "export 50 rows", "whole archive of 50 rows"} <= set(measured)
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
    assert all(statement.split()[0] in {"UPDATE", "DELETE"} for statement in limit.ERASE)


@pytest.mark.parametrize(("ours", "verdict"), [([1.0, 9.0, 1.1], "met"), ([1.2, 1.2, 1.0], "not yet")])
def test_the_median_is_held_against_the_goal(ours, verdict):
    measured = results.result("erase 50 rows", 50, ours, [1.0, 1.0, 5.0], goal=1.15)

    assert measured.verdict == verdict
    assert verdict in results.table([measured])
