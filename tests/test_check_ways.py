"""Ways that lead to a person are declared, and lead there: E006, E007, E011, E014, E016, E018."""

import pytest
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.models import BigIntegerField, CharField, ForeignKey, IntegerField, OneToOneField, TextField, UUIDField
from django.db.models.functions import Lower

from privacy.datamap import anonymised, deleted, empty, no_personal_data, not_personal, observed, person, provided, shared
from privacy.datamap.checks import ways
from privacy.models import Subject
from privacy.subjects import RootQuerySet, UsableManager

from .shapes import Shapes


def to(model, **options):
    return ForeignKey(model, **{"on_delete": models.PROTECT, "related_name": "+"} | options)


def test_a_key_to_a_person_without_person_line_is_reported():
    """G-23."""
    shapes = Shapes()
    shapes.declare(shapes.model(), deleted, person=observed())

    assert shapes.faults() == {"E006", "E011"}


def test_a_path_of_any_length_counts():
    shapes = Shapes()
    Folder = shapes.model("Folder")
    Item = shapes.plain("Item", folder=to(Folder))
    Note = shapes.plain("Note", item=to(Item), text=TextField())
    shapes.declare(Folder, deleted)
    shapes.declare(Item, deleted, folder=observed())
    shapes.declare(Note, deleted, item=observed(), text=provided())

    paths = [message.hint for message in shapes.messages()]

    assert paths == [
        'Write folder = person(via="folder__person") in its DataMap.',
        'Write item = person(via="item__folder__person") in its DataMap.',
    ]


def test_a_table_said_to_hold_nothing_personal_may_not_lead_to_a_person():
    shapes = Shapes()
    Folder = shapes.model("Folder")
    shapes.declare(Folder, deleted)
    no_personal_data(shapes.plain("Item", folder=to(Folder)), because="only things", into=shapes.registry)

    assert shapes.faults() == {"E006"}


def test_a_many_to_many_table_leads_to_a_person():
    shapes = Shapes()
    Group = shapes.plain("Group", members=models.ManyToManyField(shapes.Person, related_name="+"))
    shapes.models.append(Group.members.through)
    shapes.declare(Group, deleted)
    no_personal_data(Group.members.through, because="only keys", into=shapes.registry)

    assert shapes.faults() == {"E006", "E011"}


def test_a_child_of_a_personal_model_leads_to_a_person_through_its_parent():
    shapes = Shapes()
    Letter = shapes.model("Letter")
    Postcard = shapes.model("Postcard", bases=(Letter,), person=None, picture=TextField())
    shapes.declare(Letter, deleted)
    shapes.declare(Postcard, deleted, letter_ptr=observed(), picture=provided())

    assert shapes.faults() == {"E006"}


def test_a_key_to_a_proxy_of_the_root_leads_to_a_person():
    shapes = Shapes()
    Pupil = shapes._make("Pupil", {}, {"proxy": True}, (shapes.Person,))
    shapes.declare(shapes.plain("Letter", pupil=to(Pupil)), deleted, pupil=observed())

    assert shapes.faults() == {"E006", "E011"}


def test_circles_of_keys_come_to_an_end():
    shapes = Shapes()
    Town = shapes.plain("Town", twin=ForeignKey("self", models.PROTECT, related_name="+"))

    assert ways.path_to(Town, {shapes.Person}) == ""


def test_the_engines_own_person_is_a_root():
    shapes = Shapes()

    assert ways.roots_of(shapes.registry) == {shapes.Person, Subject}


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (person(via="folder__person"), set()),
        (person(via="folder__person__id"), {"E007"}),
        (person(via="folder"), {"E007"}),
        (person(via="folder__persons"), {"E007"}),
        (person(via="person"), {"E007"}),
        (person(via="folder__town__name"), {"E007"}),
        (person(via="folder__address", by="email"), set()),
        (person(via="folder__address__domain", by="email"), {"E007"}),
        (person(via="folder__address", by="phone"), {"E007"}),
        (person(), {"E007"}),
    ],
)
def test_a_person_line_leads_to_a_person(line, faults):
    shapes = Shapes()
    Town = shapes.plain("Town", name=TextField())
    Folder = shapes.model("Folder", town=to(Town), address=CharField(max_length=9))
    Item = shapes.plain("Item", folder=to(Folder))
    shapes.declare(Town, deleted, name=observed())
    shapes.declare(Folder, deleted, town=observed(), address=provided())
    shapes.declare(Item, deleted, folder=line)

    assert shapes.faults() - {"E016", "E018"} == faults


@pytest.mark.parametrize(("by", "faults"), [("email", set()), ("subject_ref", set()), ("phone", {"E007"}), ("", {"E007"})])
def test_a_value_that_is_no_key_matches_by_a_known_matcher(by, faults):
    shapes = Shapes()
    shapes.declare(shapes.plain(address=CharField(max_length=50, db_index=True)), deleted, address=person(by=by))

    assert shapes.faults() - {"E016", "E018"} == faults


def test_a_key_to_another_column_than_the_primary_key_would_find_nobody():
    shapes = Shapes()
    Person = shapes._make("Teacher", {"number": IntegerField(unique=True)})
    shapes.registry.roots[Person] = "teacher"
    shapes.declare(shapes.model(person=to(Person, to_field="number")), deleted)

    assert shapes.faults() == {"E007"}


REFERENCES = {
    "protected": lambda shapes: {"by": to(shapes.Person)},
    "restricted": lambda shapes: {"by": to(shapes.Person, on_delete=models.RESTRICT)},
    "left dangling": lambda shapes: {"by": to(shapes.Person, on_delete=models.DO_NOTHING)},
    "without constraint": lambda shapes: {"by": to(shapes.Person, db_constraint=False)},
    "one to one": lambda shapes: {"by": OneToOneField(shapes.Person, models.PROTECT, related_name="+")},
    "a whole number": lambda shapes: {"person_id": BigIntegerField()},
    "a whole number, bare": lambda shapes: {"person": BigIntegerField()},
    "text": lambda shapes: {"last_user_id": CharField(max_length=40)},
    "long text": lambda shapes: {"user_key": TextField()},
    "a reference": lambda shapes: {"subject_ref": UUIDField()},
}


@pytest.mark.parametrize("shape", REFERENCES)
def test_a_column_that_can_hold_a_persons_key_is_named(shape):
    shapes = Shapes()
    columns = REFERENCES[shape](shapes)
    lines = dict.fromkeys(columns, not_personal("?"))
    shapes.declare(shapes.plain(**columns, owner=to(shapes.Person)), deleted, owner=person(), **lines)

    found = [message for message in shapes.messages() if message.id == "privacy.E011"]

    assert [f"`{next(iter(columns))}`" in message.msg for message in found] == [True]


def test_a_generic_foreign_key_can_point_at_a_person():
    shapes = Shapes()
    Kind = shapes.plain("Kind")
    tag = {"content_type": to(Kind), "object_id": CharField(max_length=40), "target": GenericForeignKey()}
    no_personal_data(Kind, because="kinds", into=shapes.registry)
    no_personal_data(shapes.plain("Tag", **tag), because="words", into=shapes.registry)

    (message,) = shapes.messages()

    assert (message.id, "`object_id`" in message.msg) == ("privacy.E011", True)


@pytest.mark.parametrize("name", ["subject_taught", "personal", "users", "user_agent", "identifier", "per_user"])
def test_a_column_that_only_resembles_a_persons_key_passes(name):
    shapes = Shapes()
    shapes.declare(shapes.model(**{name: IntegerField()}), deleted, **{name: not_personal("no key")})

    assert shapes.faults() == set()


def test_a_reference_that_is_declared_as_personal_passes():
    shapes = Shapes()
    shapes.declare(shapes.model(user_ref=TextField()), deleted, user_ref=observed())

    assert shapes.faults() == set()


def test_a_reference_in_a_table_said_to_hold_nothing_personal_is_reported():
    shapes = Shapes()
    no_personal_data(shapes.plain(subject_ref=UUIDField()), because="only numbers", into=shapes.registry)

    assert shapes.faults() == {"E011"}


INDEXES = {
    "none": ({}, {}, {"E014"}),
    "on the column": ({"db_index": True}, {}, set()),
    "unique": ({"unique": True}, {}, set()),
    "first in an index": ({}, {"indexes": [models.Index(fields=["-address", "id"], name="i")]}, set()),
    "second in an index": ({}, {"indexes": [models.Index(fields=["id", "address"], name="i")]}, {"E014"}),
    "over some rows": ({}, {"indexes": [models.Index(fields=["address"], name="i", condition=models.Q(id=1))]}, {"E014"}),
    "in lower case": ({}, {"indexes": [models.Index(Lower("address"), name="i")]}, set()),
    "first in a constraint": ({}, {"constraints": [models.UniqueConstraint(fields=["address", "id"], name="i")]}, set()),
    "in a narrow constraint": (
        {},
        {"constraints": [models.UniqueConstraint(fields=["address"], name="i", condition=models.Q(id=1))]},
        {"E014"},
    ),
    "first of two together": ({}, {"unique_together": [("address", "id")]}, set()),
}


@pytest.mark.parametrize("index", INDEXES)
def test_a_person_line_has_an_index_that_begins_with_it(index):
    options, meta, faults = INDEXES[index]
    shapes = Shapes()
    Letter = shapes.plain("Letter", meta=meta, address=CharField(max_length=50, **options))
    shapes.declare(Letter, deleted, address=person(by="email"))

    assert shapes.faults() == faults


def test_a_foreign_key_whose_index_was_dropped_is_reported():
    shapes = Shapes()
    shapes.declare(shapes.model(person=shapes.to_person(db_index=False)), deleted)

    assert shapes.faults() == {"E014"}


def test_a_default_manager_that_shows_hidden_people_is_reported():
    shapes = Shapes()
    shapes.declare(shapes.model(objects=models.Manager()), deleted)

    assert shapes.faults() == {"E016"}


def test_rows_that_match_by_value_and_roots_need_no_manager_of_ours():
    shapes = Shapes()
    shapes.declare(shapes.plain(subject_ref=UUIDField(db_index=True)), deleted, subject_ref=person(by="subject_ref"))
    Pupil = shapes.model("Pupil", objects=RootQuerySet.as_manager())
    shapes.registry.roots[Pupil] = "pupil"
    shapes.declare(Pupil, deleted)

    assert shapes.faults() == set()


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (observed(), {"E018"}),
        (not_personal("a thing"), {"E018"}),
        (person(via="note__person"), set()),
    ],
)
@pytest.mark.parametrize("row", [deleted, shared])
def test_a_key_to_a_row_that_goes_with_its_person_follows_it(row, line, faults):
    """Else somebody else's reaction would hold that row back, and the erasure with it."""
    shapes = Shapes()
    Note = shapes.model("Note")
    Reaction = shapes.model("Reaction", note=to(Note), objects=UsableManager())
    shapes.declare(Note, row, person=person(erase=empty) if row is shared else person())
    shapes.declare(Reaction, deleted, note=line)

    assert shapes.faults() == faults


def test_a_table_said_to_hold_nothing_personal_may_not_hold_such_a_row_back():
    shapes = Shapes()
    Note = shapes.plain("Note", address=CharField(max_length=50, db_index=True), objects=UsableManager())
    shapes.declare(Note, deleted, address=person(by="email"))
    no_personal_data(shapes.plain("Item", note=to(Note)), because="only things", into=shapes.registry)

    (message,) = shapes.messages()

    assert (message.id, message.hint) == ("privacy.E018", 'Write note = person(via="note__address", by="email") in its DataMap.')


def test_a_key_to_a_row_that_stays_may_be_anything():
    shapes = Shapes()
    Note = shapes.random("Note")
    shapes.declare(Note, anonymised, person=person(erase=empty))
    shapes.declare(shapes.model("Reaction", note=to(Note)), deleted, note=observed())

    assert shapes.faults() == set()
