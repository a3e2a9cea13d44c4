"""Which package may import which: the engine knows no host, hosts do not know each other, and inside the engine one looks down only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE, PROJECT = "privacy", "config"
HOSTS = sorted(app.parent.name for app in ROOT.glob("*/apps.py") if app.parent.name != ENGINE)
OURS = {ENGINE, PROJECT, *HOSTS}
APART = {"tests", "bench"}

# The engine from the ground up.
FLOORS = [
    {"datamap", "verify"},
    {"sql", "subjects", "restricted", "guard", "guard_postgresql", "anyone", "steps", "paper", "keys", "files", "outbox", "waking"},
    {"evidence"},
    {"rights"},
    {"casework"},
    {"pages", "tasks"},
]
# Known to every floor, and knows none.
SERVES_ALL = {"conf", "errors", "days"}
# Imports from every floor; no floor imports it.
GATHERS = {"apps", "models", "personal_data", "urls", "well_known", "admin", "management", "migrations", "middleware", "templatetags"}


def modules_imported(source, name, is_package):
    """(line, dotted name) of every import, those inside functions too; `from a import b` counts as a.b, which may be a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = name.split(".")[: (1 if is_package else 0) - node.level or None] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def floor_of(parts):
    """0 for the ground; None for what gathers."""
    return next((number for number, names in enumerate(FLOORS) if len(parts) > 1 and parts[1] in names), None)


def objection(importer, imported):
    """Why this import is not allowed, or None."""
    here, there = importer.split("."), imported.split(".")
    if "personal_data" in there and there[0] in OURS and here[:2] != there[:2]:
        return "nobody imports a personal_data module"
    if there[0] in APART:
        return "the product does not know its tests"
    if there[0] not in OURS or here[0] == PROJECT:
        return None
    if here[0] != there[0] and there[0] != ENGINE:
        return "a host app is known to nobody but config" if there[0] in HOSTS else "config is known to nobody"
    if here[0] == there[0] == ENGINE:
        return _objection_inside(here, there)
    return None


def _objection_inside(here, there):
    mine, its = floor_of(here), floor_of(there)
    if len(here) > 1 and here[1] in SERVES_ALL:
        return "what serves all floors stands below them" if its is not None else None
    if mine is not None and len(there) > 1 and there[1] in GATHERS:
        return f"{there[1]} gathers from all floors"
    if mine is not None and its is not None and its > mine:
        return f"{there[1]} stands above {here[1]}"
    return None


def product_files():
    return sorted(path for package in OURS for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", product_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_and_never_across(path):
    file = path.relative_to(ROOT)
    name = ".".join(file.with_suffix("").parts).removesuffix(".__init__")

    found = modules_imported(path.read_text(encoding="utf-8"), name, path.name == "__init__.py")
    wrong = [f"{file}:{line} imports {imported}: {why}" for line, imported in found if (why := objection(name, imported))]

    assert wrong == []


def test_everything_in_the_engine_has_its_place():
    modules = {path.stem for path in (ROOT / ENGINE).glob("*.py")} | {path.parent.name for path in (ROOT / ENGINE).glob("*/__init__.py")}

    placeless = modules - {"__init__"} - SERVES_ALL - GATHERS - set().union(*FLOORS)

    assert placeless == set()


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("privacy.rights.access", "def f():\n    from ..casework import cases"),
        ("privacy.rights.access", "from .. import casework"),
        ("privacy.rights.access", "import accounts.models"),
        ("privacy.subjects", "from .evidence.trail import record"),
        ("privacy.datamap.maps", "from ..subjects import Subject"),
        ("privacy.conf", "from privacy.datamap import Right"),
        ("privacy.casework.cases", "from ..models import Subject"),
        ("usage.models", "from accounts.models import Member"),
        ("usage.models", "from config import settings"),
        ("config.urls", "from usage import personal_data"),
        ("usage.apps", "from .personal_data import USAGE"),
        ("consents.models", "from tests.makers import make_member"),
    ],
)
def test_a_wrong_import_is_seen(importer, source):
    found = modules_imported(source, importer, is_package=False)

    assert [imported for _line, imported in found if objection(importer, imported)]


def test_an_import_in_a_package_is_relative_to_that_package():
    found = modules_imported("from . import trail\nfrom ..casework import cases", "privacy.evidence", is_package=True)

    assert [imported for _line, imported in found] == ["privacy.evidence.trail", "privacy.casework.cases"]
