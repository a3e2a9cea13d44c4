"""The engine's wheel holds the engine alone, and a project that has nothing else of ours can use it."""

import ast
import email
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "tests" / "bare_project"
NOT_SHIPPED = {".pyc", ".po"}


def call(*arguments, cwd, **environment):
    """What a command printed; its exit code must be 0."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("INZAGE_", "DJANGO_", "DATABASE_", "PYTHON"))}
    done = subprocess.run(arguments, cwd=cwd, env=plain | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy of what the repository holds, so that nothing left in build/ or compiled before gets in."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("bin", "privacy"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    call(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", out, source, cwd=source)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder that holds the unpacked wheel, in the place of site-packages."""
    folder = tmp_path_factory.mktemp("target")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def manage(installed, tmp_path_factory):
    """manage.py of a library that has readers and loans, and of Inzage only the wheel; its tables are made."""
    project = shutil.copytree(LIBRARY, tmp_path_factory.mktemp("bare") / "project", ignore=shutil.ignore_patterns("__pycache__"))

    def run(*arguments):
        return call(sys.executable, "manage.py", *arguments, cwd=project, PYTHONPATH=str(installed))

    run("makemigrations", "library")
    run("migrate", "--verbosity", "0")
    return run


def test_the_wheel_holds_the_engine_and_nothing_else_of_ours(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert tops == {"privacy", "inzage-0.1.0.dist-info"}


def test_the_wheel_holds_every_file_of_the_engine(wheel):
    files = {path.relative_to(ROOT) for path in (ROOT / "privacy").rglob("*") if path.is_file() and path.suffix not in NOT_SHIPPED}
    sentences = {path.relative_to(ROOT).with_suffix(".mo") for path in (ROOT / "privacy").rglob("*.po")}

    missing = {str(path) for path in files | sentences} - set(zipfile.ZipFile(wheel).namelist())

    assert missing == set()


def test_the_wheel_names_its_licence_and_carries_its_text(installed):
    information = installed / "inzage-0.1.0.dist-info"

    metadata = email.message_from_string((information / "METADATA").read_text(encoding="utf-8"))

    assert metadata["License-Expression"] == "EUPL-1.2"
    assert (information / "licenses" / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")


def test_the_wheel_asks_for_what_the_engine_imports_and_no_more(installed):
    metadata = email.message_from_string((installed / "inzage-0.1.0.dist-info" / "METADATA").read_text(encoding="utf-8"))

    declared = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in metadata.get_all("Requires-Dist")}

    assert declared == imported_distributions(installed / "privacy")


def imported_distributions(package):
    """The names on PyPI of what a package imports, its own modules and Python's aside."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module.split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    known = packages_distributions()
    return {known.get(name, [name])[0].lower() for name in names - sys.stdlib_module_names - {package.name}}


def test_a_bare_project_runs_on_the_wheel_and_passes_its_checks(manage, installed):
    engine = manage("shell", "--no-imports", "-c", "import privacy; print(privacy.__file__)")

    manage("check", "--fail-level", "WARNING")

    assert Path(engine.strip()).is_relative_to(installed)


def test_a_bare_project_finds_the_rows_of_a_reader(manage):
    found = manage("shell", "--no-imports", "-c", "from library.demonstration import rows; print(rows())")

    assert found.split() == ["library.Loan", "library.Reader", "privacy.Subject"]


def test_a_bare_project_shows_a_reader_the_pages_of_the_engine(manage):
    """With its own user model, and no frame, sign-in page or stylesheet of ours but what the wheel brings."""
    shown = manage("shell", "--no-imports", "-c", "from library.demonstration import pages; print(pages())")

    answers = dict(item.split(":") for item in shown.split())
    assert answers.pop("book") == "True"
    assert set(answers.values()) == {"200"}
