"""What follows from the lines of a data map, and how the registry holds them together."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import CharField, EmailField, ForeignKey, IntegerField, TextField

from privacy.datamap import (
    Activity,
    LawfulBasis,
    anonymised,
    deleted,
    detach,
    hollow,
    inferred,
    no_personal_data,
    not_personal,
    observed,
    person,
    provided,
    registry,
    secret,
    shared,
    stand_in,
)
from usage.models import Message, Score

from .shapes import CONSENT, CONTRACT, Shapes

INTEREST = Activity(slug="interest", purpose="Try shapes", lawful_bases=[LawfulBasis.LEGITIMATE_INTERESTS])


def one_of_each(activity=CONTRACT):
    shapes = Shapes()
    Letter = shapes.model(text=TextField(), opened=IntegerField(), mood=IntegerField(), token=TextField())
    lines = {"text": provided(rectify=True), "opened": observed(), "mood": inferred(), "token": secret()}
    return shapes.declare(Letter, deleted, activity=activity, **lines)


def names(lines):
    return {line.name for line in lines}


def test_access_hands_out_everything_but_secrets():
    assert names(one_of_each().accessible_lines()) == {"id", "person", "text", "opened", "mood"}


@pytest.mark.parametrize(("activity", "portable"), [(CONTRACT, {"text", "opened"}), (CONSENT, {"text", "opened"}), (INTEREST, set())])
def test_portable_is_what_was_provided_or_observed_on_consent_or_contract(activity, portable):
    assert names(one_of_each(activity).portable_lines()) == portable


def test_a_line_may_rest_on_another_basis_than_its_activity():
    shapes = Shapes()
    about_me = provided(basis=LawfulBasis.CONSENT)
    data_map = shapes.declare(shapes.model(about_me=TextField()), deleted, activity=INTEREST, about_me=about_me)

    assert (names(data_map.portable_lines()), data_map.rests_on_consent_alone(data_map.lines["about_me"])) == ({"about_me"}, True)


def test_what_is_not_personal_and_the_link_itself_do_not_rest_on_consent():
    data_map = one_of_each(CONSENT)

    alone = {name for name, line in data_map.lines.items() if data_map.rests_on_consent_alone(line)}

    assert alone == {"text", "opened", "mood", "token"}


def test_only_lines_that_say_so_can_be_corrected():
    assert names(one_of_each().rectifiable_lines()) == {"text"}


def test_a_hollow_row_gets_stand_ins_and_loses_its_person():
    shapes = Shapes()
    data_map = shapes.declare(shapes.model(text=TextField(), size=IntegerField()), hollow, text=provided(), size=not_personal("of paper"))

    assert {name: line.erase for name, line in data_map.lines.items()} == {"id": None, "person": detach, "text": stand_in, "size": None}


def test_a_column_may_have_the_name_of_a_method():
    shapes = Shapes()
    columns = {"title": CharField("what it is called", max_length=9), "field": TextField(), "model": TextField(), "row": TextField()}
    data_map = shapes.declare(shapes.model(**columns), deleted, **{name: provided() for name in columns})

    assert data_map.title(data_map.lines["title"]) == "what it is called"
    assert (data_map.field(data_map.lines["field"]).name, data_map.model, data_map.row) == ("field", shapes.models[0], deleted)


def test_with_one_person_every_personal_line_is_hers():
    data_map = one_of_each()

    assert names(data_map.owned_by(data_map.lines["person"])) == {"text", "opened", "mood", "token"}


def test_with_two_persons_each_has_the_lines_that_name_her():
    data_map = registry.map_of(Message)

    assert names(data_map.owned_by(data_map.lines["sender"])) == {"text", "sent_at"}
    assert names(data_map.owned_by(data_map.lines["recipient"])) == {"read_at"}


def test_a_label_of_the_map_comes_before_the_models_own():
    shapes = Shapes()
    data_map = shapes.declare(shapes.model(email=EmailField("adres")), deleted, email=provided(label="e-mail address"))

    assert data_map.title(data_map.lines["email"]) == "e-mail address"


@pytest.mark.parametrize("again", ["map", "exempt"])
def test_a_model_is_declared_once(again):
    shapes = Shapes()
    Letter = shapes.model()
    shapes.declare(Letter, deleted)

    with pytest.raises(ImproperlyConfigured, match=r"shapes\.Letter"):
        shapes.declare(Letter, deleted) if again == "map" else no_personal_data(Letter, because="?", into=shapes.registry)


def test_a_map_of_a_proxy_is_a_map_of_its_table():
    shapes = Shapes()
    Letter = shapes.model()
    Postcard = shapes._make("Postcard", {}, {"proxy": True}, (Letter,))

    data_map = shapes.declare(Postcard, deleted)

    assert (data_map.model, shapes.registry.map_of(Letter), shapes.registry.map_of(Postcard)) == (Letter, data_map, data_map)


def test_rows_go_before_the_rows_they_point_at():
    shapes = Shapes()
    Folder = shapes.model("Folder")
    Item = shapes.plain("Item", folder=ForeignKey(Folder, models.PROTECT, related_name="+"))
    shapes.declare(Folder, deleted)
    shapes.declare(Item, deleted, folder=person(via="folder__person"))

    assert [data_map.model for data_map in shapes.registry.in_erasure_order()] == [Item, Folder]


def test_tables_that_point_at_each_other_both_come():
    shapes = Shapes()
    Folder = shapes.model("Folder", first=ForeignKey("Item", models.PROTECT, null=True, related_name="+"))
    Item = shapes.plain("Item", folder=ForeignKey(Folder, models.PROTECT, related_name="+"))
    shapes.declare(Folder, deleted, first=observed())
    shapes.declare(Item, deleted, folder=person(via="folder__person"))

    assert {data_map.model for data_map in shapes.registry.in_erasure_order()} == {Item, Folder}


def test_another_map_stands_in_for_the_time_of_a_test():
    before = dict(registry.maps)
    other = Shapes().declare(Score, anonymised, id=None, person=None)

    with registry.replaced(other):
        during = registry.map_of(Score)

    assert (during, registry.maps, list(registry.maps)) == (other, before, list(before))


def test_a_map_that_stands_in_for_none_leaves_none():
    shapes = Shapes()
    data_map = shapes.declare(shapes.model(), shared)

    with registry.replaced(data_map):
        pass

    assert shapes.models[0] not in registry.maps


def test_an_activity_is_itself_whatever_it_holds():
    twin = Activity(slug="interest", purpose="Try shapes", lawful_bases=[LawfulBasis.LEGITIMATE_INTERESTS])

    assert len({INTEREST, twin}) == 2
