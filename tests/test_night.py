"""Everything that happens by itself, and every mail that asks somebody of ours to act, is asked by a test."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import privacy
from privacy import tasks

TESTS, ENGINE = Path(__file__).resolve().parent, Path(privacy.__file__).resolve().parent
# How the engine writes to its data protection officer (casework.officer): which template.
TO_OFFICER = re.compile(r"officer\.write\(\s*\"(\w+)\"")


def acts_of(task) -> set[str]:
    """`module.act`, of everything of ours that the task does or asks."""
    tree = ast.parse(inspect.getsource(inspect.unwrap(task.run)))
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    ours = {name for name, value in vars(tasks).items() if inspect.ismodule(value) and value.__name__.startswith("privacy.")}
    return {f"{node.value.id}.{node.attr}" for node in named if node.value.id in ours}


@pytest.fixture(scope="module")
def tests():
    """File -> what it says."""
    return {path.name: path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__)}


@pytest.mark.parametrize("task", [tasks.nightly, tasks.sweep], ids=lambda task: task.name)
def test_every_act_of_the_night_and_of_the_sweep_has_a_test(task, tests):
    """One that calls it by its name."""
    said, acts = "\n".join(tests.values()), acts_of(task)

    assert len(acts) > 5
    assert {act for act in acts if not re.search(rf"\b{re.escape(act)}\(", said)} == set()


def test_every_mail_to_the_data_protection_officer_has_a_test(tests):
    """One that calls the module which writes it, and reads the mail."""
    writers = {path.stem for path in ENGINE.rglob("*.py") if TO_OFFICER.search(path.read_text(encoding="utf-8"))}
    read = [said for said in tests.values() if "mailoutbox" in said or "mail.outbox" in said]

    assert writers >= {"reviews", "alerts"}
    assert {name for name in writers if not any(f"{name}." in said for said in read)} == set()
