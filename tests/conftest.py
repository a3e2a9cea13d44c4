"""What every test starts from: a database that is the one asked for, folders of its own, and the cast."""

import os
import re
from collections import defaultdict
from functools import cache

import pytest
from django.db import connection
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from config.env import openid_apps
from privacy.evidence import replay
from privacy.evidence.growing import MAINTENANCE_ROLE

from . import makers, migrated, misconduct, openid

# A test that asks what kind of database it has.
OF_ITS_DATABASE = re.compile(r"\bconnection\.(vendor|features)\b")
MANY_VARIANTS = 4
# All variants of these are asked each time.
WHOLE = ("tests/properties/", "tests/browser/", "tests/drills/")
# Each of these makes something once for all its tests; pages, and workers killed at every moment, are many: theirs is a site of their own.
TOGETHER = (
    "tests/browser/test_axe.py",
    "tests/browser/",
    "tests/drills/test_worker_killed.py",
    "tests/drills/",
    "tests/test_demo.py",
    "tests/test_wheel.py",
    "tests/test_seed.py",
    "tests/properties/test_round_trip_import.py",
)
# Role and right are made once per cluster and database; xdist's workers come here at the same time.
ALLOW_FLUSH = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{MAINTENANCE_ROLE}') THEN
    CREATE ROLE {MAINTENANCE_ROLE};
    GRANT {MAINTENANCE_ROLE} TO CURRENT_USER;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {MAINTENANCE_ROLE};
"""


def pytest_sessionstart(session):
    """A run that was asked for PostgreSQL must not pass on SQLite."""
    asked = os.environ.get("INZAGE_TESTS_ON") or ("postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "")
    if asked and asked != connection.vendor:
        pytest.exit(f"These tests were to run on {asked}, but the settings lead to {connection.vendor}.", returncode=3)


def pytest_collection_modifyitems(items):
    """`make test` asks on SQLite what is quick, on PostgreSQL what starts processes or is about the database; `make test-long` the rest."""
    for item in _variants_for_later(items):
        item.add_marker(pytest.mark.long)
    if connection.vendor == "postgresql":
        for item in items:
            if not (item.get_closest_marker("slow") or item.get_closest_marker("worker") or _is_about_the_database(item)):
                item.add_marker(pytest.mark.long)


def _variants_for_later(items):
    """Two of three, where one test is asked in many variants; the properties of the engine keep all of theirs."""
    tests = defaultdict(list)
    for item in items:
        tests[item.nodeid.partition("[")[0]].append(item)
    many = [variants for name, variants in tests.items() if len(variants) >= MANY_VARIANTS and not name.startswith(WHOLE)]
    return [variant for variants in many for number, variant in enumerate(variants) if number % 3]


def _is_about_the_database(item):
    """Threads that meet in it, the properties of the engine, and whatever behaves otherwise on another."""
    of_database = item.get_closest_marker("django_db")
    commits = "transactional_db" in item.fixturenames or bool(of_database and of_database.kwargs.get("transaction"))
    return commits or item.path.parent.name == "properties" or bool(OF_ITS_DATABASE.search(_source(item.path)))


@cache
def _source(path):
    return path.read_text()


class Together(LoadScopeScheduling):
    """What shares a site, a demonstration or a build stays in one process; every other test goes where there is room."""

    def _split_scope(self, nodeid):
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    return Together(config, log)


def pytest_report_header():
    return f"database: {connection.display_name}"


def pytest_terminal_summary(terminalreporter):
    """What tests measured (`record_property("measured", ...)`), also when they ran in xdist's workers."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "measured" and report.when == "call":
                terminalreporter.write_line(f"\n{report.nodeid}\n{value}")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        migrated.begin()


def pytest_unconfigure(config):
    """Who began the run outlives its workers."""
    if not hasattr(config, "workerinput"):
        migrated.forget()


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """True: the database is there already, a copy of the migrated one. One in memory, which has none to copy, is migrated."""
    name = connection.creation._get_test_db_name()
    in_memory = connection.vendor == "sqlite" and connection.creation.is_in_memory_db(name)
    if request.config.getvalue("reuse_db") or in_memory:
        yield request.config.getvalue("reuse_db")
    else:
        migrated.copy_to(name)
        yield True
        migrated.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Transactional tests empty all tables, those that only grow too; on PostgreSQL that takes the maintenance role."""
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(ALLOW_FLUSH)
        flush = connection.ops.execute_sql_flush
        connection.ops.execute_sql_flush = lambda statements: flush([f"SET ROLE {MAINTENANCE_ROLE}", *statements, "RESET ROLE"])


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path, monkeypatch):
    """Keys, archives, uploads and replay ledger of one test, away from every other's; what a page asks is counted without the ledger."""
    monkeypatch.setattr(replay, "FRESH_SECONDS", 3600)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVACY = {**settings.PRIVACY, "STORE": tmp_path / "privacy"}


@pytest.fixture(autouse=True)
def own_language(settings):
    """A request leaves its language behind in the thread; no test begins with another's."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def an(db):
    """A teacher: the data subject."""
    return makers.make_member("An", last_name="Peeters")


@pytest.fixture
def bo(db):
    """Another teacher, who must never be touched."""
    return makers.make_member("Bo", last_name="Janssens", town="2000 Antwerpen", gender="male")


@pytest.fixture
def daan(db):
    """The data protection officer, who may see the desk, and decides there."""
    member = makers.make_member("Daan", last_name="Wouters", is_staff=True)
    member.user_permissions.add(*makers.desk_permissions())
    return member


@pytest.fixture
def carla(db):
    """The custodian of the banned list."""
    return misconduct.make_colleague("Carla", "custodian")


@pytest.fixture
def moderator(db):
    return misconduct.make_colleague("Mieke", "moderator")


@pytest.fixture
def edupartner(db):
    """An organisation that may receive first name and address of who allows it."""
    return makers.make_partner("edupartner")


@pytest.fixture
def stand_in(settings, monkeypatch):
    """The provider, and an installation that knows it."""
    with openid.running() as stand_in:
        for name, value in openid.environment(stand_in).items():
            monkeypatch.setenv(name, value)
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": openid_apps()}}
        stand_in.person = {"sub": "an-1", "email": "an.peeters@school.example", "email_verified": True}
        yield stand_in


@pytest.fixture
def tamper(db):
    """Raw SQL by who has the database: on PostgreSQL past the triggers, under the role that may."""

    def change(sql, *params):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"GRANT ALL ON privacy_trailentry, privacy_trailseal, privacy_sealedentry TO {MAINTENANCE_ROLE}")
                cursor.execute(f"SET ROLE {MAINTENANCE_ROLE}")
            try:
                cursor.execute(sql, params)
                assert cursor.rowcount == 1
            finally:
                if connection.vendor == "postgresql":
                    cursor.execute("RESET ROLE")

    return change
