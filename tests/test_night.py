"""Everything that happens by itself is asked by a test, so that none stops without anybody noticing."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from privacy import tasks

TESTS = Path(__file__).resolve().parent
# How the templates of mails begin that say that something has to be done.
ALERTS = ("review", "unused")
LETTERS = Path(tasks.__file__).resolve().parent / "templates" / "privacy" / "letters"


def acts_of(task) -> set[str]:
    """`module.act` of everything of ours that the task names."""
    tree = ast.parse(inspect.getsource(inspect.unwrap(task.run)))
    named = {
        f"{node.value.id}.{node.attr}" for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return {
        name for name in named if inspect.ismodule(getattr(tasks, name.partition(".")[0], None)) and name.partition(".")[0] != "timezone"
    }


def asked_by_tests() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__))


@pytest.fixture(scope="module")
def asked():
    return asked_by_tests()


@pytest.mark.parametrize("task", [tasks.nightly, tasks.sweep, tasks.search], ids=lambda task: task.name)
def test_every_act_of_the_night_and_of_the_sweep_has_a_test(task, asked):
    """One that calls it, by its module or by its own name."""
    acts = acts_of(task)

    untested = {act for act in acts if not re.search(rf"\b({re.escape(act)}|{act.partition('.')[2]})\(", asked)}
    assert acts
    assert untested == set()


def test_every_mail_that_alerts_has_a_test(asked):
    """What goes to the data protection officer, and what warns a person."""
    alerts = {
        path.stem for path in LETTERS.glob("*.txt") if "{{ due" in path.read_text() or path.stem.startswith(("alert", "unused", "review"))
    }

    assert alerts >= {"review", "unused"}
    assert {name for name in alerts if name not in asked} == set()
