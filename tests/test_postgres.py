"""The throw-away PostgreSQL leaves nothing behind, and no test passes on another database than it was asked for."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from privacy.evidence import trail
from privacy.models import TrailEntry

from . import postgres

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments, **environment):
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.worker
def test_a_throw_away_server_is_gone_with_its_folder(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with postgres.throwaway() as address:
        folder = Path(parse_qs(urlsplit(address).query)["host"][0])
        answer = psycopg.connect(address).execute("SELECT current_setting('fsync')").fetchone()

    assert answer == ("off",)
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)


@pytest.mark.slow
@pytest.mark.worker
def test_a_server_for_measuring_survives_a_power_failure(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with postgres.throwaway() as quick:
        monkeypatch.setenv("DATABASE_URL", quick)
        with postgres.throwaway(durable=True) as address, psycopg.connect(address) as measured:
            answers = [measured.execute(f"SHOW {name}").fetchone()[0] for name in postgres.NOT_DURABLE]

    assert answers == ["on", "on", "on"]


@pytest.mark.slow
@pytest.mark.worker
def test_a_command_runs_on_a_database_of_its_own_and_its_exit_code_counts():
    done = run("-m", "tests.postgres", "run", "--", "sh", "-c", "echo $DATABASE_URL; exit 7")

    assert done.returncode == 7
    assert done.stdout.startswith("postgresql://")


def test_without_postgres_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(postgres, "candidates", list)

    with pytest.raises(postgres.NoPostgres, match="apt-get install postgresql"):
        postgres.binaries()


@pytest.mark.slow
@pytest.mark.worker
def test_a_run_that_was_asked_for_postgres_fails_on_sqlite():
    done = run("-m", "pytest", "--collect-only", "-q", __file__, DATABASE_URL="sqlite:///:memory:", INZAGE_TESTS_ON="postgresql")

    assert done.returncode == 3
    assert "the settings lead to sqlite" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_between_tests_a_table_that_only_grows_can_be_emptied():
    trail.record("test.happened")

    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)

    assert not TrailEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")
def test_after_emptying_the_tables_changes_are_refused_again():
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)

    with pytest.raises(DatabaseError, match="only grows"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE privacy_trailentry")
