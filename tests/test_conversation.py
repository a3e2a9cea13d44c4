"""Writing back and forth about a request: what is kept, who has to answer, and what no mail says."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from privacy.casework import agenda, cases, conversation, extending, housekeeping, mailing
from privacy.casework.conversation import MOST_A_DAY, Message
from privacy.casework.letters import Kind
from privacy.conf import setting
from privacy.datamap import RefusalGround, Right
from privacy.errors import ConversationClosed, OwnDecision, TooManyMessages
from privacy.models import AgendaItem, DataSubjectRequest, TrailEntry

from . import races
from .properties.acts import erase

pytestmark = pytest.mark.django_db

SECRET = "Zq7: dat was in de klas van 3B."


def asked(member, right=Right.OBJECTION):
    return cases.submit(right, subject=member.subject)


def refuse(request):
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")


def waits(request):
    return AgendaItem.objects.open().filter(kind=agenda.Kind.MESSAGE, request_ref=request.ref).exists()


def test_what_she_writes_waits_for_one_of_us(an):
    request = asked(an)

    conversation.write_to_us(request, SECRET)

    assert (request.messages.get().from_us, request.messages.get().text, waits(request)) == (False, SECRET, True)


def test_more_time_for_the_request_is_none_for_her_message(an):
    request = asked(an)
    conversation.write_to_us(request, SECRET)
    due = AgendaItem.objects.get(kind=agenda.Kind.MESSAGE).due_on

    extending.extend(request, reason=extending.Reason.COMPLEX, words="Het zijn er veel.", actor_ref="dpo")

    assert AgendaItem.objects.get(kind=agenda.Kind.MESSAGE).due_on == due < AgendaItem.objects.get(kind=agenda.Kind.DECIDE).due_on


def test_once_we_wrote_nothing_waits_and_a_mail_says_so(an, daan):
    request = asked(an)
    conversation.write_to_us(request, "Wanneer?")
    mailing.send_due()
    mail.outbox.clear()

    conversation.write_to_her(request, SECRET, actor_ref=daan.subject.ref)
    mailing.send_due()

    assert not waits(request)
    assert [message.to for message in mail.outbox] == [[an.email]]
    assert request.ref in mail.outbox[0].subject


def test_no_mail_and_no_trail_holds_the_text(an, daan):
    """T-32."""
    request = asked(an)
    conversation.write_to_us(request, SECRET)
    conversation.write_to_her(request, SECRET, actor_ref=daan.subject.ref)
    mailing.send_due()

    said = str(list(TrailEntry.objects.values_list())) + "".join(message.subject + message.body for message in mail.outbox)
    assert "Zq7" not in said


def test_one_mail_goes_out_however_much_waits(an, daan):
    request = asked(an)

    for text in ("Eerst dit.", "En dan dat."):
        conversation.write_to_her(request, text, actor_ref=daan.subject.ref)
    assert request.letters.filter(kind=Kind.MESSAGE).count() == 1
    mailing.send_due()
    conversation.write_to_her(request, "Nog iets.", actor_ref=daan.subject.ref)

    assert request.letters.filter(kind=Kind.MESSAGE).count() == 2


def test_a_second_click_is_one_message(an, daan):
    request = asked(an)

    for _click in range(2):
        conversation.write_to_us(request, SECRET)
        conversation.write_to_her(request, SECRET, actor_ref=daan.subject.ref)

    assert request.messages.count() == 2


@pytest.mark.parametrize("close", [refuse, cases.cancel])
def test_what_comes_too_late_is_refused_and_changes_nothing(an, daan, close):
    request = asked(an)
    seen = DataSubjectRequest.objects.get()
    close(request)

    with pytest.raises(ConversationClosed):
        conversation.write_to_us(seen, SECRET)
    with pytest.raises(ConversationClosed):
        conversation.write_to_her(seen, SECRET, actor_ref=daan.subject.ref)

    assert not Message.objects.exists()


def test_with_the_answer_no_message_waits_any_more(an):
    request = asked(an)
    conversation.write_to_us(request, SECRET)

    refuse(request)

    assert not waits(request)


def test_she_writes_so_much_in_a_day_and_no_more(an):
    """T-24."""
    request = asked(an)
    for number in range(MOST_A_DAY):
        conversation.write_to_us(request, f"{number}")

    with pytest.raises(TooManyMessages):
        conversation.write_to_us(request, "nog een")

    Message.objects.update(written_at=timezone.now() - timedelta(days=1, minutes=1))
    assert conversation.write_to_us(request, "de volgende dag")


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_do_not_slip_past_the_limit(an, monkeypatch):
    races.needs_threads()
    monkeypatch.setattr(conversation, "MOST_A_DAY", 3)
    request = asked(an)

    races.at_once(*(lambda number=number: conversation.write_to_us(request, f"{number}") for number in range(8)))

    assert request.messages.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_message_and_the_end_of_the_request_come_one_after_the_other(an):
    races.needs_threads()
    request = asked(an)

    written, _closed = races.at_once(
        lambda: conversation.write_to_us(request, SECRET), lambda: cases.cancel(DataSubjectRequest.objects.get())
    )

    assert isinstance(written, ConversationClosed) != Message.objects.exists()
    assert not waits(request)


def test_nobody_of_the_desk_writes_to_herself(daan):
    with pytest.raises(OwnDecision):
        conversation.write_to_her(asked(daan), SECRET, actor_ref=daan.subject.ref)


def test_without_an_address_there_is_no_mail_and_the_page_has_it(an, daan):
    request = asked(an)
    DataSubjectRequest.objects.update(sealed_address=b"")
    request.refresh_from_db()

    conversation.write_to_her(request, SECRET, actor_ref=daan.subject.ref)

    assert not request.letters.filter(kind=Kind.MESSAGE).exists()


def test_the_text_goes_a_while_after_the_answer_and_that_it_was_written_stays(an, bo):
    """G-67."""
    closed, is_open = asked(an), asked(bo)
    for request in (closed, is_open):
        conversation.write_to_us(request, SECRET)
    refuse(closed)

    housekeeping.forget_words(timezone.now() + timedelta(days=setting("FREE_TEXT_DAYS") - 1))
    assert set(Message.objects.values_list("text", flat=True)) == {SECRET}
    housekeeping.forget_words(timezone.now() + timedelta(days=setting("FREE_TEXT_DAYS") + 1))

    assert dict(Message.objects.values_list("request", "text")) == {closed.pk: "", is_open.pk: SECRET}


def test_with_an_erasure_her_messages_go_and_those_of_others_stay(an, bo):
    for member in (an, bo):
        conversation.write_to_us(asked(member), SECRET)

    erase(an.subject)

    assert [message.request.subject_ref for message in Message.objects.all()] == [bo.subject.ref]
