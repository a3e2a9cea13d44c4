"""The register can be filled in: E017, W002."""

import dataclasses

import pytest

from privacy.datamap import deleted
from privacy.datamap.maps import HeldElsewhere

from .shapes import CONTRACT, Shapes


@pytest.mark.parametrize("field", ["purpose", "lawful_bases", "persons", "retention", "transfers", "security"])
def test_an_activity_that_lacks_what_article_30_asks_is_reported(field):
    """G-61."""
    shapes = Shapes()
    shapes.declare(shapes.model(), deleted, activity=dataclasses.replace(CONTRACT, **{field: ""}))

    (message,) = shapes.messages()

    assert (message.id, field in message.msg) == ("privacy.E017", True)


def test_two_activities_of_one_name_are_reported():
    shapes = Shapes()
    shapes.declare(shapes.model("Letter"), deleted)
    shapes.declare(shapes.model("Postcard"), deleted, activity=dataclasses.replace(CONTRACT, purpose="Something else"))

    assert shapes.faults() == {"E017"}


def test_one_activity_for_two_tables_passes():
    shapes = Shapes()
    shapes.declare(shapes.model("Letter"), deleted)
    shapes.declare(shapes.model("Postcard"), deleted)

    assert shapes.faults() == set()


@pytest.mark.parametrize("missing", ["CONTROLLER", "DPO"])
def test_a_register_without_controller_or_dpo_is_a_warning(settings, missing):
    settings.PRIVACY = {**settings.PRIVACY, missing: {"name": "", "address": "", "email": ""}}
    shapes = Shapes()
    shapes.declare(shapes.model(), deleted)

    (message,) = shapes.messages()

    assert (message.id, missing in message.msg) == ("privacy.W002", True)


@pytest.mark.parametrize(("erased_by", "retention"), [("", "a year"), ("rotation", " ")])
def test_a_category_without_retention_is_reported_also_outside_the_database(erased_by, retention):
    """G-61."""
    shapes = Shapes()
    activity = dataclasses.replace(CONTRACT, slug="log", retention=retention)
    shapes.registry.elsewhere.append(HeldElsewhere("web server log", activity, "network address", erased_by))

    assert shapes.faults() == {"E017"}
