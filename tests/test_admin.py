"""The admin site is not installed here; a host that installs it is told to leave a trail, and gets what it needs (T-18)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, reverse

from .shapes import Shapes

ROOT = Path(__file__).resolve().parent.parent
# The database of this run is this run's alone.
ITS_OWN = ("INZAGE_", "DATABASE_URL", "PYTEST_")


def test_the_project_has_no_admin_site():
    assert not apps.is_installed("django.contrib.admin")
    assert Shapes().messages() == []
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")


@pytest.mark.long
def test_a_host_with_the_admin_site_shows_who_was_shown():
    """tests/admin_host/walk.py, with settings of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ITS_OWN)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--ds=tests.admin_host.settings", "tests/admin_host/walk.py"]

    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 18
