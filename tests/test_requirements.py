"""The list of requirements is complete, and tests name only ids that stand in it."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
REQUIREMENTS = TESTS.parent / "docs" / "requirements.md"

ITEM = re.compile(r"^- \*\*([KASPGT]-\d+)\*\* \S", re.MULTILINE)
NAMED_ID = re.compile(r"\b[KASPGT]-\d+\b")

# The last number of each letter and the digits its ids are written with: K-1, but G-01.
LETTERS = [("K", 20, 1), ("A", 8, 1), ("S", 12, 1), ("P", 8, 1), ("G", 72, 2), ("T", 32, 2)]

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def listed_ids():
    """The id of each list item, in the order of the page."""
    return ITEM.findall(REQUIREMENTS.read_text(encoding="utf-8"))


def named_ids(source):
    """The ids in the docstrings and comments of Python source; other strings do not count."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, DOCUMENTED)]
    docstrings = [ast.get_docstring(node) or "" for node in nodes]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return set(NAMED_ID.findall("\n".join(docstrings + comments)))


def test_no_requirement_is_listed_twice():
    ids = listed_ids()

    repeated = {name for name in ids if ids.count(name) > 1}

    assert repeated == set()


@pytest.mark.parametrize(("letter", "last", "digits"), LETTERS)
def test_the_numbers_of_a_letter_run_from_one_to_the_last_without_a_gap(letter, last, digits):
    expected = [f"{letter}-{number:0{digits}}" for number in range(1, last + 1)]

    listed = [name for name in listed_ids() if name.startswith(letter)]

    assert listed == expected


def test_every_id_that_a_test_names_is_a_requirement():
    listed = set(listed_ids())
    sources = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py")}

    unknown = {str(path): named_ids(text) - listed for path, text in sources.items()}

    assert {path: names for path, names in unknown.items() if names} == {}


def test_ids_are_read_from_docstrings_and_comments_but_not_from_code():
    source = 'def f():\n    """Says K-98."""\n    # trap of T-97\n    return "G-96"\n'

    names = named_ids(source)

    assert names == {"K-98", "T-97"}
