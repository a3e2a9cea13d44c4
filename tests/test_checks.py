"""The project's own data map is complete, and every command stops where it is not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from privacy.datamap import checks, provided, registry
from usage.models import Comment, Score

from .shapes import CONTRACT, Longer, Shapes

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_every_check_passes_on_every_model_of_the_project():
    """G-23."""
    assert run_checks(tags=["privacy"], databases=["default"]) == []


@pytest.mark.django_db
def test_the_probe_runs_with_the_database_checks_that_migrate_makes():
    tried = [label for label, data_map in by_label().items() if checks.probe.occasions(data_map)]

    assert {"usage.Score", "usage.Message", "usage.Comment", "usage.ResourceView"} <= set(tried)
    assert run_checks(tags=["database"], databases=["default"]) == []


def by_label():
    return {data_map.label(): data_map for data_map in registry.maps.values()}


@pytest.mark.django_db
def test_an_app_that_waits_for_migrate_is_tried_after_it():
    """Else `migrate` could not make nullable what the map wants to empty."""
    growing = dict(registry.map_of(Comment).lines, text=provided(erase=Longer("longer", "longer")))
    broken = Shapes().declare(Comment, registry.map_of(Comment).row, activity=CONTRACT, **growing)

    with registry.replaced(broken):
        up_to_date = checks.probe_treatments(databases=["default"])
        _forget_migrations_of("usage")
        waiting = checks.probe_treatments(databases=["default"])

    assert ([message.id for message in up_to_date], waiting) == (["privacy.E012"], [])


def _forget_migrations_of(app):
    recorder = MigrationRecorder(connection)
    for name in [name for label, name in recorder.applied_migrations() if label == app]:
        recorder.record_unapplied(app, name)


def test_every_model_of_every_installed_app_is_looked_at():
    seen = {model._meta.label for model in checks.models_of()}

    assert {"accounts.Member", "accounts.Member_groups", "account.EmailAddress", "sessions.Session", "auth.Group_permissions"} <= seen
    assert seen == {model._meta.label for model in [*registry.maps, *registry.exempt]}


def test_a_check_of_one_app_looks_at_that_app():
    seen = {model._meta.app_label for model in checks.models_of([apps.get_app_config("usage")])}

    assert seen == {"usage"}


@pytest.mark.django_db
def test_every_table_and_column_of_the_database_is_declared():
    declared = {model._meta.db_table: {field.column for field in model._meta.local_concrete_fields} for model in checks.models_of()}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - set(registry.infrastructure)
        columns = {table: {column.name for column in connection.introspection.get_table_description(cursor, table)} for table in tables}

    assert columns == declared


@pytest.mark.worker
def test_the_checks_are_there_for_every_command():
    """In a process of its own: this file's imports would register them too."""
    command = [sys.executable, "manage.py", "check", "--tag", "privacy"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_an_unclassified_column_stops_every_command():
    lines = dict(registry.map_of(Score).lines, person=None)
    del lines["value"]
    incomplete = Shapes().declare(Score, registry.map_of(Score).row, activity=CONTRACT, **lines)

    with registry.replaced(incomplete), pytest.raises(SystemCheckError, match=r"usage\.Score: \(privacy\.E002\) Column `value`"):
        call_command("check")


def test_each_check_is_documented_with_its_repair():
    files = [*(ROOT / "privacy" / "datamap" / "checks").glob("*.py"), ROOT / "privacy" / "evidence" / "ledger_checks.py"]
    sources = (path.read_text(encoding="utf-8") for path in files)
    calls = [call for source in sources for call in re.findall(r"(error|warning)\(\s*(\d+),", source)]
    ids = {f"{kind[0].upper()}{int(number):03}" for kind, number in calls}

    sections = {heading.partition(" ")[0]: text for heading, text in re.findall(r"^## (.+)\n((?:(?!^## ).*\n)+)", PAGE, re.MULTILINE)}

    assert {name.removeprefix("privacy.") for name in sections} == ids
    assert [name for name, text in sections.items() if "Repair:" not in text] == []
