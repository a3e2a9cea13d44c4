"""What the declarations lack is found: E001-E003, E008, E009, E015, W001."""

import pytest
from django.db.models import CharField, DateTimeField, GenericIPAddressField, IntegerField, JSONField, ManyToManyField, TextField

from privacy.datamap import (
    KeepGround,
    after,
    anonymised,
    blank,
    deleted,
    detach,
    empty,
    hollow,
    inferred,
    keep,
    kept,
    no_personal_data,
    not_personal,
    observed,
    person,
    provided,
    secret,
    shared,
)

from .shapes import CONSENT, Shapes

forever = kept(KeepGround.ACCOUNTABILITY, "5 years after the answer")


def test_a_model_without_map_is_reported():
    shapes = Shapes()
    shapes.model("Letter")

    assert shapes.faults() == {"E001"}


def test_a_model_with_a_map_or_a_reason_passes():
    shapes = Shapes()
    shapes.declare(shapes.model("Letter"), deleted)
    no_personal_data(shapes.plain("Town"), because="places", into=shapes.registry)

    assert shapes.faults() == set()


def test_a_column_without_line_is_reported_by_name():
    shapes = Shapes()
    shapes.declare(shapes.model(text=TextField(), sent_at=DateTimeField()), deleted, text=provided())

    (message,) = shapes.messages()

    assert (message.id, "sent_at" in message.msg, message.obj) == ("privacy.E002", True, shapes.models[0])


def test_a_table_between_many_to_many_columns_needs_lines_as_well():
    shapes = Shapes()
    Letter = shapes.model("Letter", readers=ManyToManyField(shapes.Person, related_name="+"))
    shapes.declare(Letter, deleted)
    shapes.models.append(Letter.readers.through)

    assert shapes.faults() == {"E001"}


def test_a_line_without_column_is_reported():
    shapes = Shapes()
    shapes.declare(shapes.model(text=TextField()), deleted, text=provided(), txet=provided())

    assert shapes.faults() == {"E003"}


def test_a_line_for_a_column_of_the_parent_model_is_reported():
    shapes = Shapes()
    Letter = shapes.model("Letter", text=TextField())
    Postcard = shapes.model("Postcard", bases=(Letter,), person=None, picture=TextField())
    shapes.declare(Letter, deleted, text=provided())
    shapes.declare(Postcard, deleted, letter_ptr=person(via="letter_ptr__person"), picture=provided(), text=provided())

    assert shapes.faults() == {"E003"}


@pytest.mark.parametrize("since", ["looked_at", "count"])
def test_a_value_that_expires_since_no_date_is_reported(since):
    shapes = Shapes()
    View = shapes.model(ip=GenericIPAddressField(null=True), count=IntegerField())
    shapes.declare(View, deleted, ip=observed(erase=empty, expires=after(days=90, since=since)), count=observed())

    assert shapes.faults() == {"E003"}


def test_a_value_that_expires_since_a_date_passes():
    shapes = Shapes()
    View = shapes.model(ip=GenericIPAddressField(null=True), at=DateTimeField())
    shapes.declare(View, deleted, ip=observed(erase=empty, expires=after(days=90, since="at")), at=observed())

    assert shapes.faults() == set()


@pytest.mark.parametrize(("named_by", "faults"), [("name", set()), ("called", {"E003"})])
def test_a_file_that_is_named_by_no_column_is_reported(named_by, faults):
    shapes = Shapes()
    Upload = shapes.model(file=CharField(max_length=100), name=CharField(max_length=100))
    shapes.declare(Upload, deleted, file=provided(named_by=named_by), name=provided())

    assert shapes.faults() == faults


@pytest.mark.parametrize("column", [CharField(max_length=9), TextField(), JSONField()])
@pytest.mark.parametrize(("reason", "faults"), [("", {"E008"}), (" ", {"E008"}), ("teaching material", set())])
def test_provided_text_is_kept_with_a_reason_only(column, reason, faults):
    shapes = Shapes()
    shapes.declare(shapes.random(text=column.clone()), anonymised, person=person(erase=detach), text=provided(erase=keep(reason)))

    assert shapes.faults() == faults


def test_what_is_not_personal_says_why():
    shapes = Shapes()
    shapes.declare(shapes.model(), deleted, id=not_personal(""))
    no_personal_data(shapes.plain("Town"), because="", into=shapes.registry)

    assert [message.id for message in shapes.messages()] == ["privacy.E008"] * 2


def test_kept_rows_have_an_end():
    shapes = Shapes()
    shapes.declare(shapes.model(), kept(KeepGround.LEGAL_CLAIMS, ""))

    assert shapes.faults() == {"E008"}


@pytest.mark.parametrize(("owner", "faults"), [("", {"E009"}), ("text", {"E009"}), ("recipient", set())])
def test_with_two_persons_each_personal_line_has_an_owner(owner, faults):
    shapes = Shapes()
    Message = shapes.model(recipient=shapes.to_person(), text=TextField())
    ends = {"person": person(erase=detach), "recipient": person(erase=detach)}
    shapes.declare(Message, shared, **ends, text=provided(belongs_to=owner, erase=keep("the other's copy")))

    assert shapes.faults() == faults


def test_an_owner_that_is_no_person_line_is_reported_with_one_person_too():
    shapes = Shapes()
    shapes.declare(shapes.model(text=TextField()), deleted, text=provided(belongs_to="sender"))

    assert shapes.faults() == {"E009"}


@pytest.mark.parametrize("row", [anonymised, shared])
@pytest.mark.parametrize("lines", [{"person": person()}, {"note": observed()}, {"note": secret()}])
def test_in_a_row_that_stays_every_personal_line_says_what_is_left(row, lines):
    shapes = Shapes()
    complete = {"person": person(erase=detach), "note": observed(erase=blank)}
    shapes.declare(shapes.random(note=TextField()), row, **complete | lines)

    assert shapes.faults() == {"E015"}


def test_in_a_row_that_stays_the_link_to_the_person_is_not_kept():
    shapes = Shapes()
    shapes.declare(shapes.random(), anonymised, person=person(erase=keep("handy")))

    assert shapes.faults() == {"E015"}


def test_a_hollow_row_says_by_itself_what_is_left():
    shapes = Shapes()
    shapes.declare(shapes.model(note=TextField()), hollow, note=provided())

    assert shapes.faults() == set()


def test_in_a_row_that_goes_a_treatment_never_applies():
    shapes = Shapes()
    shapes.declare(shapes.model(note=TextField()), deleted, note=provided(erase=blank))

    assert shapes.faults() == {"E015"}


@pytest.mark.parametrize("row", [deleted, anonymised])
@pytest.mark.parametrize(("erase", "faults"), [(None, {"E015"}), (empty, set())])
def test_what_expires_says_what_is_left_whatever_the_row(row, erase, faults):
    shapes = Shapes()
    at = observed(erase=keep("reads per day")) if row == anonymised else observed()
    lines = {"person": person(erase=detach if row == anonymised else None), "at": at}
    View = shapes.random(ip=GenericIPAddressField(null=True), at=DateTimeField())
    shapes.declare(View, row, **lines, ip=observed(erase=erase, expires=after(days=90, since="at")))

    assert shapes.faults() == faults


@pytest.mark.parametrize(("erase", "faults"), [(None, {"E015"}), (blank, set())])
def test_what_rests_on_consent_alone_says_what_a_withdrawal_leaves(erase, faults):
    shapes = Shapes()
    shapes.declare(shapes.model(about_me=TextField()), deleted, activity=CONSENT, about_me=provided(erase=erase))

    assert shapes.faults() == faults


@pytest.mark.parametrize("line", [provided(erase=blank), provided(expires=after(days=9, since="at"))])
def test_in_a_kept_row_nothing_changes(line):
    shapes = Shapes()
    shapes.declare(shapes.model(note=TextField(), at=DateTimeField()), forever, note=line, at=observed())

    assert shapes.faults() == {"E015"}


def test_a_kept_row_on_consent_needs_no_treatments():
    shapes = Shapes()
    shapes.declare(shapes.model(note=TextField()), forever, activity=CONSENT, note=provided())

    assert shapes.faults() == set()


def test_an_inferred_column_is_a_warning_for_the_dpo():
    shapes = Shapes()
    shapes.declare(shapes.model(risk=IntegerField()), deleted, risk=inferred())

    assert shapes.faults() == {"W001"}
