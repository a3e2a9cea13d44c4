"""Letters and messages of a request: the pages of the desk, and those of its person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases, conversation, housekeeping, letters, mailing
from privacy.casework.conversation import Message
from privacy.casework.letters import Kind, State
from privacy.conf import setting
from privacy.datamap import RefusalGround, Right
from privacy.models import Letter, TrailEntry

from .makers import desk_permissions, make_member
from .properties.acts import erase
from .reading import questions, words_of
from .reports import text_of
from .signing_in import browser_of
from .test_page_desk import HOSTILE

SECRET = "Zq7: dat was in de klas van 3B."


def asked(member, right=Right.OBJECTION):
    return cases.submit(right, subject=member.subject)


def refused(member):
    request = asked(member)
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")
    mailing.send_due()
    return request


def at(name, request, *more):
    return reverse(f"privacy:{name}", args=[request.ref, *more])


def letter_of(request, kind=Kind.REFUSAL):
    return request.letters.get(kind=kind)


@pytest.fixture
def desk(daan):
    return browser_of(daan, headers={"accept-language": "en"})


@pytest.fixture
def hers(an):
    return browser_of(an, headers={"accept-language": "en"})


@pytest.fixture
def reader(db):
    """She may read the desk and nothing else."""
    member = make_member("Rik", is_staff=True)
    member.user_permissions.add(*desk_permissions().filter(codename="view_datasubjectrequest"))
    return browser_of(member, headers={"accept-language": "en"})


def test_the_desk_reads_which_letters_there_are_and_how_far_each_is(an, desk):
    request = refused(an)

    said = words_of(desk.get(at("letters", request)).content.decode())

    assert said.count("Mailed") == 2
    assert "We no longer have an address for mail" in said
    assert an.email not in said


def test_a_letter_comes_back_and_goes_by_post(an, desk):
    """G-09."""
    request = refused(an)
    letter = letter_of(request)

    desk.post(at("letter_act", request, letter.pk), {"act": "returned"})
    assert "Came back" in words_of(desk.get(at("letters", request)).content.decode())
    assert "One came back." in words_of(desk.get(at("case", request)).content.decode())
    answer = desk.post(at("letter_act", request, letter.pk), {"act": "posted"}, follow=True)

    letter.refresh_from_db()
    assert letter.state == State.POSTED
    assert "Noted: it is in the post." in answer.content.decode()
    assert TrailEntry.objects.get(event="letter.posted").subject_ref == an.subject.ref


def test_the_desk_prints_a_letter_in_the_language_of_the_person(an, desk):
    request = refused(an)

    answer = desk.get(at("letter_paper", request, letter_of(request).pk))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "We gaan niet in op je verzoek" in text_of(b"".join(answer.streaming_content))


def test_a_letter_of_another_request_is_not_found(an, bo, desk):
    letter = letter_of(refused(bo))
    request = refused(an)

    assert desk.get(at("letter_paper", request, letter.pk)).status_code == 404
    assert desk.post(at("letter_act", request, letter.pk), {"act": "posted"}).status_code == 404
    assert Letter.objects.get(pk=letter.pk).posted_at is None


@pytest.mark.parametrize("act", ["", "burn", "<script>alert(1)</script>", "x" * 5_000])
def test_an_act_that_does_not_exist_is_refused(an, desk, act):
    request = refused(an)

    answer = desk.post(at("letter_act", request, letter_of(request).pk), {"act": act})

    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()


def test_who_may_only_read_the_desk_changes_nothing(an, reader):
    """T-18."""
    request = refused(an)

    page = reader.get(at("letters", request))

    assert page.status_code == 200
    assert 'name="act"' not in page.content.decode()
    assert reader.post(at("letter_act", request, letter_of(request).pk), {"act": "posted"}).status_code == 403
    assert reader.post(at("messages", request), {"text": SECRET}).status_code == 403
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["letters", "messages"])
def test_a_teacher_sees_nothing_of_the_desk(an, hers, name):
    assert hers.get(at(name, asked(an))).status_code == 403


def test_she_and_the_desk_write_to_each_other(an, hers, desk):
    request = asked(an)

    hers.post(at("request_messages", request), {"text": "Wanneer krijg ik antwoord?"})
    assert "Wanneer krijg ik antwoord?" in words_of(desk.get(at("messages", request)).content.decode())
    assert "A message waits for you." in words_of(desk.get(at("case", request)).content.decode())
    desk.post(at("messages", request), {"text": SECRET})

    assert SECRET in words_of(hers.get(at("request_messages", request)).content.decode())
    assert "A message waits for you." not in words_of(desk.get(at("case", request)).content.decode())


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_message_stays_text(an, hers, desk, text):
    """T-30: a reply that contains markup runs nowhere."""
    request = asked(an)

    hers.post(at("request_messages", request), {"text": text})

    for page in (hers.get(at("request_messages", request)), desk.get(at("messages", request)), desk.get(at("case", request))):
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
    assert Message.objects.get().text == text.strip()


@pytest.mark.parametrize(("text", "kept"), [("", ""), ("   ", ""), ("x" * 5_001, "x" * 5_001), ("a\x00b", "a")])
def test_what_is_not_right_is_said_and_kept_in_the_form(an, hers, text, kept):
    request = asked(an)

    answer = hers.post(at("request_messages", request), {"text": text})

    assert answer.status_code == 400
    assert kept in answer.content.decode()
    assert not Message.objects.exists()


def test_what_comes_after_the_answer_is_kept_in_the_form_and_nowhere_else(an, hers, desk):
    request = refused(an)

    for browser, name in ((hers, "request_messages"), (desk, "messages")):
        answer = browser.post(at(name, request), {"text": SECRET})
        said = answer.content.decode()
        assert answer.status_code == 400
        assert SECRET in said
        assert "closed" in said

    assert not Message.objects.exists()


def test_nobody_writes_about_the_request_of_another(an, bo, hers):
    request = asked(bo)

    assert hers.get(at("request_messages", request)).status_code == 404
    assert hers.post(at("request_messages", request), {"text": SECRET}).status_code == 404
    assert not Message.objects.exists()


def test_there_is_no_field_for_a_file(an, hers, desk):
    """G-14, T-30."""
    request = asked(an)

    for page in (hers.get(at("request_messages", request)), desk.get(at("messages", request))):
        assert 'type="file"' not in page.content.decode()


def test_who_asked_for_erasure_still_reads_and_writes(an):
    request = asked(an, Right.ERASURE)
    cases.approve(request, subject=an.subject)
    hers = browser_of(an)

    assert hers.get(at("request_messages", request)).status_code == 200
    hers.post(at("request_messages", request), {"text": SECRET})

    assert Message.objects.get().text == SECRET


def test_she_gets_her_letters_on_paper_and_nobody_elses(an, bo, hers):
    """G-09: also where no mail arrived."""
    mine, others = refused(an), refused(bo)

    page = hers.get(at("request", mine)).content.decode()
    pdf = hers.get(at("request_letter", mine, letter_of(mine).pk))

    assert at("request_letter", mine, letter_of(mine).pk) in page
    assert "Er loopt een geschil." in text_of(b"".join(pdf.streaming_content))
    assert hers.get(at("request_letter", others, letter_of(others).pk)).status_code == 404
    assert hers.get(at("request_letter", mine, letter_of(others).pk)).status_code == 404


def test_opening_letters_or_messages_is_a_look_that_she_sees(an, desk):
    """T-18."""
    request = asked(an)

    desk.get(at("letters", request))

    assert TrailEntry.objects.get(event="desk.opened").subject_ref == an.subject.ref


def test_pages_ask_as_much_of_the_database_however_much_was_written(an, desk, hers):
    request = asked(an)
    desk.get(at("letters", request))  # the look is noted once
    few = [questions(desk, at("letters", request)), questions(desk, at("messages", request))]
    few.append(questions(hers, at("request_messages", request)))

    for number in range(12):
        letters.write_again(request, Kind.MESSAGE)
        conversation.write_to_us(request, f"{number}")

    many = [questions(desk, at("letters", request)), questions(desk, at("messages", request))]
    assert [*many, questions(hers, at("request_messages", request))] == few


def test_the_log_of_the_desk_says_what_became_of_a_letter(an, desk):
    request = refused(an)
    letter = letter_of(request)
    for act in ("returned", "posted"):
        desk.post(at("letter_act", request, letter.pk), {"act": act})

    said = words_of(desk.get(at("case", request)).content.decode())

    for words in ("Letter posted: refusal", "A letter came back", "A letter was posted"):
        assert words in said


def test_of_who_is_erased_the_desk_still_prints_the_answer(an, desk):
    request = erase(an.subject)

    assert desk.get(at("letters", request)).status_code == 200
    assert desk.get(at("letter_paper", request, letter_of(request, Kind.ANSWER).pk)).status_code == 200


def test_a_text_whose_time_has_passed_is_said_to_be_gone(an, hers):
    """G-67."""
    request = asked(an)
    conversation.write_to_us(request, SECRET)
    cases.cancel(request)
    housekeeping.forget_words(timezone.now() + timedelta(days=setting("FREE_TEXT_DAYS") + 1))

    said = words_of(hers.get(at("request_messages", request)).content.decode())

    assert "The text is gone" in said
    assert SECRET not in said
