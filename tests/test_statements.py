"""What a person sets beside a value that stays as it is, and her words with a request."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from privacy.casework import asking, at_once, expiry, mailing
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import RestrictionGround, Right
from privacy.errors import FieldNotOpen, NothingToCorrect, RequestAlreadyOpen, RowNotFound
from privacy.evidence.trail import TrailEntry
from privacy.rights.statements import Place, Statement, statements_about, words_with

from .archives import HOSTILE, archive_of
from .makers import make_message, make_view
from .properties.acts import erase
from .properties.traces import snapshot


def address_of(member):
    return Place("accounts.Member", member.pk, "email")


def test_a_statement_is_kept_beside_a_locked_value(an):
    """G-30."""
    request = at_once.state(an.subject, address_of(an), "Dit adres is van mijn school.")

    statement = statements_about(an.subject)["accounts.Member.email", str(an.pk)]
    assert (statement.text, statement.request_ref) == ("Dit adres is van mijn school.", request.ref)
    assert (request.right, request.status) == (Right.RECTIFICATION, DataSubjectRequest.Status.FULFILLED)
    assert TrailEntry.objects.filter(event="rectification.fulfilled", request_ref=request.ref).exists()


def test_the_value_itself_stays_as_it_was(an):
    before = an.email

    at_once.state(an.subject, address_of(an), "Niet juist.")

    an.refresh_from_db()
    assert an.email == before


def test_there_is_one_statement_beside_a_value_the_last(an):
    at_once.state(an.subject, address_of(an), "Eerst dit.")
    request = at_once.state(an.subject, address_of(an), "Dan dit.")

    assert list(Statement.objects.values_list("text", "request_ref")) == [("Dan dit.", request.ref)]


def test_without_words_the_statement_is_taken_away(an):
    at_once.state(an.subject, address_of(an), "Niet juist.")
    request = at_once.state(an.subject, address_of(an), "")

    assert not Statement.objects.exists()
    assert request.status == DataSubjectRequest.Status.FULFILLED


@pytest.mark.parametrize("text", ["", "Niet juist."])
def test_the_same_words_again_leave_no_request(an, text):
    if text:
        at_once.state(an.subject, address_of(an), text)
    before = snapshot()

    with pytest.raises(NothingToCorrect):
        at_once.state(an.subject, address_of(an), text)

    assert snapshot() == before


def test_beside_anothers_value_nothing_is_written(an, bo):
    """T-10."""
    before = snapshot()

    with pytest.raises(RowNotFound):
        at_once.state(an.subject, address_of(bo), "Van mij.")

    assert snapshot() == before


def test_anothers_statement_is_not_taken_away(an, bo):
    at_once.state(bo.subject, address_of(bo), "Van Bo.")

    with pytest.raises(NothingToCorrect):
        at_once.state(an.subject, address_of(bo), "")

    assert Statement.objects.get().text == "Van Bo."


@pytest.mark.parametrize(
    ("label", "column"), [("accounts.Member", "password"), ("accounts.Member", "subject"), ("accounts.Member", "nothing")]
)
def test_beside_what_is_secret_or_no_value_of_hers_nothing_is_written(an, label, column):
    with pytest.raises(RowNotFound):
        at_once.state(an.subject, Place(label, an.pk, column), "x")


def test_what_she_can_correct_herself_takes_no_statement(an):
    with pytest.raises(FieldNotOpen):
        at_once.state(an.subject, Place("accounts.Member", an.pk, "town"), "x")


def test_of_a_row_with_two_people_only_what_is_hers_takes_a_statement(an, bo):
    message = make_message(an, bo)

    at_once.state(an.subject, Place("usage.Message", message.pk, "text"), "Dat schreef ik niet zo.")
    with pytest.raises(RowNotFound):
        at_once.state(bo.subject, Place("usage.Message", message.pk, "text"), "Dat klopt niet.")

    assert Statement.objects.get().subject_ref == an.subject_id


def test_any_text_is_kept_as_it_was_written_and_stands_in_the_archive(an):
    """G-26, G-28."""
    at_once.state(an.subject, address_of(an), HOSTILE)

    rows = archive_of(an).rows("privacy.Statement")

    assert [(row["about"], row["text"]) for row in rows] == [("accounts.Member.email", HOSTILE)]


def test_a_statement_goes_with_the_person_and_no_other(an, bo):
    for member in (an, bo):
        at_once.state(member.subject, address_of(member), "Niet juist.")

    erase(an.subject)

    assert [statement.subject_ref for statement in Statement.objects.all()] == [bo.subject_id]


def letter_to(member):
    mail.outbox.clear()
    with translation.override("nl"):
        mailing.send_due()
    return " ".join(message.body for message in mail.outbox if member.email in message.to)


def test_the_letter_says_that_the_statement_stands_beside_the_value(an):
    at_once.state(an.subject, address_of(an), "Geheim verhaal.")

    letter = letter_to(an)

    assert "Wat je schreef staat voortaan naast de waarde." in letter
    assert "Geheim verhaal" not in letter
    assert "Je gegevens zijn verbeterd" not in letter


def test_the_letter_about_what_was_taken_away_does_not_say_that_it_stands(an):
    at_once.state(an.subject, address_of(an), "Niet juist.")
    letter_to(an)

    at_once.state(an.subject, address_of(an), "")

    assert "is vervangen of weggehaald" in (letter := letter_to(an))
    assert "staat voortaan naast" not in letter


def test_the_letter_about_a_corrected_value_says_nothing_of_statements(an):
    at_once.state(an.subject, address_of(an), "Niet juist.")
    letter_to(an)

    at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "2000 Antwerpen"}})

    letter = letter_to(an)
    assert "naast" not in letter
    assert "verbeterd" in letter


def test_a_request_keeps_which_uses_it_is_about_and_her_words(an):
    """G-29, G-33."""
    ground = RestrictionGround.ACCURACY

    request = asking.ask(Right.RESTRICTION, subject=an.subject, activities=["usage", "account"], text="Even niet.", ground=ground)

    assert [(one.about, one.text, one.ground) for one in words_with(request)] == [
        ("usage", "Even niet.", "accuracy"),
        ("account", "Even niet.", "accuracy"),
    ]
    assert statements_about(an.subject) == {}


def test_a_second_request_of_the_kind_leaves_no_words(an):
    asking.ask(Right.OBJECTION, subject=an.subject, activities=["usage"])

    with pytest.raises(RequestAlreadyOpen):
        asking.ask(Right.OBJECTION, subject=an.subject, activities=["usage"], text="Nog eens.")

    assert Statement.objects.get().text == ""


def test_words_go_with_the_request_they_came_with(an):
    """What stands beside a value stays as long as the value."""
    asking.ask(Right.OBJECTION, subject=an.subject, activities=["usage"], text="Nee.")
    at_once.state(an.subject, address_of(an), "Niet juist.")
    DataSubjectRequest.objects.update(closed_at=timezone.now() - timedelta(days=6 * 366))

    expiry.forget(timezone.now())

    assert not DataSubjectRequest.objects.exists()
    assert [statement.about for statement in Statement.objects.all()] == ["accounts.Member.email"]


def test_only_uses_on_interest_or_public_task_can_be_objected_to():
    """Art. 21(1)."""
    objected = {activity.slug for activity in asking.activities_for(Right.OBJECTION)}
    paused = {activity.slug for activity in asking.activities_for(Right.RESTRICTION)}

    assert {"usage", "publication", "sign-in"} <= objected
    assert {"account", "permissions", "rights"} <= paused - objected


def test_what_stands_beside_a_row_is_found_in_one_statement(an, django_assert_num_queries):
    for _number in range(3):
        view = make_view(an)
        at_once.state(an.subject, Place("usage.ResourceView", view.pk, "ip_address"), "Niet van mij.")

    with django_assert_num_queries(1):
        said = statements_about(an.subject)

    assert len(said) == 3
