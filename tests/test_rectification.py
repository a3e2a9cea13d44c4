"""Correcting what is inaccurate."""

import uuid
from datetime import date

import pytest
from django.db import models
from django.utils import translation

from privacy.casework import at_once
from privacy.casework.cases import DataSubjectRequest
from privacy.conf import store
from privacy.datamap import deleted, not_personal, person, provided, shared
from privacy.errors import FieldNotOpen, InvalidCorrection, NothingToCorrect, RowNotFound
from privacy.evidence.trail import TrailEntry
from privacy.rights.rectification import Rectification, corrected
from usage.models import Message

from .beside import declared, key_to, make_table
from .makers import make_favourite, make_folder, make_grant, make_message, make_score
from .properties.traces import hits, snapshot

TEXTS = {
    "right to left": "שלום בית הספר",
    "mixed directions": "An \u202eneppe\u202c",
    "emoji": "👩🏽‍🏫 lesgeven 🏳️‍🌈",
    "combining": "Zoe\u0308",
    "html": "<script>alert(1)</script>",
    "quotes": "'; DROP TABLE accounts_member; --",
    "percent": "100 %s {0} %(x)s",
}


def correct(member, **values):
    return at_once.correct(member.subject, {("accounts.Member", member.pk): values})


def column(name):
    return f"accounts.Member.{name}"


def test_a_correction_records_field_time_actor_and_request(an):
    """G-32."""
    request = correct(an, town="2000 Antwerpen", birth_date="1986-05-13")

    an.refresh_from_db()
    records = Rectification.objects.filter(request_ref=request.ref, subject_ref=an.subject_id)
    assert (an.town, an.birth_date) == ("2000 Antwerpen", date(1986, 5, 13))
    assert set(records.values_list("field", "actor_ref")) == {
        (column("town"), str(an.subject_id)),
        (column("birth_date"), str(an.subject_id)),
    }


def test_neither_the_old_nor_the_new_value_is_recorded(an):
    """G-32."""
    correct(an, town="2000 Antwerpen", birth_date="1986-05-13")

    found = {table for table, _column in hits({"9000 gent", "2000 antwerpen", "1985-04-12", "1986-05-13"})}

    assert found == {"accounts_member"}


def test_only_what_really_changed_is_recorded(an):
    request = correct(an, town=an.town, first_name="Anna")

    assert list(Rectification.objects.filter(request_ref=request.ref).values_list("field", flat=True)) == [column("first_name")]


def test_another_persons_row_is_not_found(an, bo):
    before = snapshot()

    with pytest.raises(RowNotFound):
        at_once.correct(an.subject, {("accounts.Member", bo.pk): {"town": "1000 Brussel"}})

    assert snapshot() == before


@pytest.mark.parametrize("key", ["", "0", "an", None, 7, -1, 2**70, "1 OR 1=1", "\x00", str(uuid.UUID(int=7))])
@pytest.mark.parametrize("label", ["accounts.Member", "usage.Folder"])
def test_a_key_that_is_none_is_not_found(an, label, key):
    with pytest.raises(RowNotFound):
        at_once.correct(an.subject, {(label, key): {}})


@pytest.mark.parametrize("label", ["accounts.Nobody", "nowhere.Member", "accounts", "", "usage.Resource", "auth.Group"])
def test_a_table_that_holds_nothing_of_people_is_not_found(an, label):
    with pytest.raises(RowNotFound):
        at_once.correct(an.subject, {(label, 1): {"title": "x"}})


@pytest.mark.parametrize(
    "locked", ["email", "is_staff", "is_superuser", "password", "id", "subject", "last_login", "nothing", "_state", "pk"]
)
def test_a_locked_field_is_refused(an, locked):
    """G-30: changing these here would be another way around sign-in."""
    with pytest.raises(FieldNotOpen):
        correct(an, **{locked: "x"})


def test_with_one_locked_field_nothing_is_changed(an):
    with pytest.raises(FieldNotOpen):
        correct(an, town="1000 Brussel", is_staff=True)

    an.refresh_from_db()
    assert an.town == "9000 Gent"


def test_invalid_values_give_sentences_per_column_and_change_nothing(an):
    with pytest.raises(InvalidCorrection) as refusal, translation.override("en"):
        correct(an, birth_date="31/31/1985", website="geen adres", gender="x", town="1000 Brussel")

    an.refresh_from_db()
    assert set(refusal.value.errors) == {"birth_date", "website", "gender"}
    assert all(sentence for sentences in refusal.value.errors.values() for sentence in sentences)
    assert (an.town, an.birth_date) == ("9000 Gent", date(1985, 4, 12))


def test_a_correction_that_is_refused_leaves_no_request_and_no_letter(an):
    with pytest.raises(InvalidCorrection):
        correct(an, birth_date="morgen")

    assert not DataSubjectRequest.objects.exists()
    assert not Rectification.objects.exists()
    assert not TrailEntry.objects.filter(event__startswith="rectification").exists()


@pytest.mark.parametrize("values", [{}, {"town": "9000 Gent", "birth_date": "12-04-1985"}])
def test_where_nothing_changes_there_is_no_request_and_no_letter(an, values):
    before = snapshot()

    with pytest.raises(NothingToCorrect):
        correct(an, **values)

    assert snapshot() == before


def test_of_two_rows_both_or_none(an):
    folder = make_folder(an)
    changes = {("accounts.Member", an.pk): {"town": "1000 Brussel"}, ("usage.Folder", folder.pk): {"name": "x"}}

    with pytest.raises(FieldNotOpen):
        at_once.correct(an.subject, changes)

    an.refresh_from_db()
    assert an.town == "9000 Gent"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_is_saved_as_it_was_written(an, text):
    """G-26."""
    correct(an, about_me=text)

    an.refresh_from_db()
    assert an.about_me == text


@pytest.mark.parametrize("value", ["x\x00y", "x" * 10_000])
@pytest.mark.parametrize("name", ["town", "about_me", "birth_date", "website", "gender", "language"])
def test_a_null_character_and_what_is_too_long_are_refused_in_words(an, name, value):
    with pytest.raises(InvalidCorrection) as refusal:
        correct(an, **{name: value})

    assert set(refusal.value.errors) == {name}


@pytest.mark.parametrize("written", ["13-05-1986", "1986-05-13", date(1986, 5, 13), " 13/05/1986 "])
def test_a_date_is_understood_as_it_is_written_here(an, written):
    correct(an, birth_date=written)

    an.refresh_from_db()
    assert an.birth_date == date(1986, 5, 13)


def test_a_field_can_be_emptied(an):
    correct(an, about_me="", birth_date=None)

    an.refresh_from_db()
    assert (an.about_me, an.birth_date) == ("", None)


def test_whoever_listens_hears_which_columns_changed_and_for_which_request(an):
    heard = []

    def listen(sender, **said):
        heard.append((said["subject"], said["request_ref"], said["columns"]))

    corrected.connect(listen)
    try:
        request = correct(an, town="1000 Brussel", first_name=an.first_name)
    finally:
        corrected.disconnect(listen)

    assert heard == [(an.subject, request.ref, [column("town")])]


def test_a_listener_that_fails_undoes_the_correction(an):
    """The notice to recipients is part of the act (Art. 19)."""

    def fail(sender, **said):
        raise ConnectionError

    corrected.connect(fail)
    try:
        with pytest.raises(ConnectionError):
            correct(an, town="1000 Brussel")
    finally:
        corrected.disconnect(fail)

    an.refresh_from_db()
    assert an.town == "9000 Gent"


def test_a_recipient_is_told_which_field_changed_and_not_how(an, edupartner):
    """G-48."""
    make_grant(an, edupartner, ["first_name", "email"])

    request = correct(an, first_name="Anna", town="1000 Brussel")

    notice = edupartner.recipient.notices.get(request_ref=request.ref)
    assert (notice.event, notice.attributes) == ("rectification", ["first_name"])


def test_a_row_that_is_found_by_a_path_can_be_corrected(db, an, bo):
    """Beside another key, the path may lead nowhere: PostgreSQL locks only the row itself."""
    boxes = make_table("Box", member=key_to())
    slips = make_table("Slip", giver=key_to(), box=key_to(boxes), text=models.CharField(max_length=20))
    hers, his = (slips.objects.create(box=boxes.objects.create(member=member), text="oud") for member in (an, bo))

    with declared(slips, deleted, giver=person(), box=person(via="box__member"), text=provided(rectify=True, belongs_to="box")):
        at_once.correct(an.subject, {("beside.Slip", hers.pk): {"text": "nieuw"}})
        with pytest.raises(RowNotFound):
            at_once.correct(an.subject, {("beside.Slip", his.pk): {"text": "nieuw"}})

    assert set(slips.objects.values_list("text", flat=True)) == {"oud", "nieuw"}


@pytest.mark.parametrize(("column", "other"), [("text", "read_at"), ("read_at", "text")])
def test_of_a_row_with_two_people_each_corrects_only_what_is_hers(an, bo, column, other):
    """T-10: Bo does not rewrite what An wrote."""
    values = {"text": "Dag Bo", "read_at": "2025-03-01 12:00"}
    row = make_message(an, bo) if column == "text" else make_message(bo, an)
    text, read_at = provided(belongs_to="sender", rectify=True), provided(belongs_to="recipient", rectify=True)
    unseen = not_personal("of no matter here")

    with declared(Message, shared, sender=person(), recipient=person(), text=text, read_at=read_at, sent_at=unseen):
        with pytest.raises(FieldNotOpen):
            at_once.correct(an.subject, {("usage.Message", row.pk): {other: values[other]}})
        at_once.correct(an.subject, {("usage.Message", row.pk): {column: values[column]}})

    changed = Message.objects.get()
    assert (changed.text == "Dag Bo", changed.read_at is not None) == (column == "text", column == "read_at")


def test_a_favourite_and_a_score_are_not_corrected_here(an):
    for label, row in (("usage.Favourite", make_favourite(an)), ("usage.Score", make_score(an))):
        with pytest.raises(FieldNotOpen):
            at_once.correct(an.subject, {(label, row.pk): {"resource": 1}})


def test_the_key_of_a_refused_correction_is_forgotten(an):
    """It was made before the correction was refused; nobody needs it."""
    with pytest.raises(InvalidCorrection):
        correct(an, birth_date="morgen")

    assert DataSubjectRequest.objects.count() == 0
    assert len(list(store("keys").iterdir())) == 1  # destroyed by the night's round: test_forgotten_keys_are_destroyed_and_no_others
