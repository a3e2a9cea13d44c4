"""What members write to each other."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from privacy import waking
from privacy.rights import erasure
from tests.properties.acts import erase
from usage import messaging, tasks
from usage.errors import AccountLeaving, MemberGone, NotOneself, TooManyMessages
from usage.models import Message

from .makers import make_member, make_message
from .races import at_once, let_it_reach_the_lock, needs_threads, outcome, start
from .reading import questions, words_of
from .signing_in import browser_of

LIST = reverse("usage:messages")


def write_to(member):
    return reverse("usage:write", args=[member.pk])


def page_of(message):
    return reverse("usage:conversation", args=[message.conversation])


def read(browser, address) -> str:
    return words_of(browser.get(address, headers={"accept-language": "en"}).content.decode())


def test_a_first_message_begins_a_conversation_and_an_answer_goes_on_in_it(an, bo):
    first = messaging.send(an, bo.pk, "Dag Bo")
    answer = messaging.send(bo, an.pk, "Dag An")

    assert first.conversation == answer.conversation


def test_each_pair_has_a_conversation_of_its_own(an, bo):
    els = make_member("Els")

    numbers = {messaging.send(an, other.pk, "Dag").conversation for other in (bo, els)} | {messaging.send(bo, els.pk, "Dag").conversation}

    assert len(numbers) == 3


def test_who_was_signed_out_meanwhile_finds_her_message(client, an, bo):
    begun = messaging.send(bo, an.pk, "Dag An")

    for address in (write_to(bo), page_of(begun)):
        answer = client.post(address, {"text": "Een lang bericht"})
        assert answer.status_code == 403
        assert "Een lang bericht" in words_of(answer.content.decode())

    assert Message.objects.get() == begun


def test_she_writes_from_the_page_of_a_member_and_comes_to_the_conversation(an, bo):
    answer = browser_of(an).post(write_to(bo), {"text": "Mag ik je les gebruiken?"})

    sent = Message.objects.get()
    assert (sent.sender, sent.recipient, sent.text) == (an, bo, "Mag ik je les gebruiken?")
    assert answer.headers["Location"] == page_of(sent)


def test_who_wrote_to_each_other_before_goes_on_there(an, bo):
    before = make_message(bo, an)

    assert browser_of(an).get(write_to(bo)).headers["Location"] == page_of(before)


def test_she_answers_in_the_conversation(an, bo):
    received = make_message(bo, an)

    answer = browser_of(an).post(page_of(received), {"text": "Graag."})

    assert answer.headers["Location"] == page_of(received)
    assert Message.objects.get(sender=an).conversation == received.conversation


@pytest.mark.parametrize("look", ["conversation", "unknown"])
def test_a_conversation_is_seen_by_its_two_members_alone(an, bo, look):
    message = make_message(an, bo)
    address = page_of(message) if look == "conversation" else reverse("usage:conversation", args=[uuid.uuid4()])
    stranger = browser_of(make_member("Els"))

    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"text": "Dag"}).status_code == 404
    assert Message.objects.count() == 1


def test_opening_marks_as_read_what_was_received_and_nothing_else(an, bo):
    received, sent, elsewhere = make_message(bo, an), None, make_message(make_member("Els"), an)
    sent = make_message(an, bo, conversation=received.conversation)

    browser_of(an).get(page_of(received))

    for message, is_read in ((received, True), (sent, False), (elsewhere, False)):
        message.refresh_from_db()
        assert (message.read_at is not None) == is_read


def test_the_moment_of_reading_is_that_of_the_first_time(an, bo):
    received = make_message(bo, an, read_at=timezone.now() - timedelta(days=1))

    browser_of(an).get(page_of(received))

    assert Message.objects.get().read_at == received.read_at


def test_the_list_has_the_latest_first_with_how_many_are_new(an, bo):
    make_message(make_member("Els", last_name="Claes"), an, "Van Els")
    first = make_message(bo, an, "Van Bo")
    make_message(bo, an, "Nog een van Bo", conversation=first.conversation)

    said = read(browser_of(an), LIST)

    assert said.index("Bo Janssens") < said.index("Els Claes")
    assert "2 new" in said
    assert "Nog een van Bo" in said
    assert "Van Bo" not in said


def test_list_and_conversation_ask_as_much_for_many_as_for_one(an, bo):
    browser = browser_of(an)
    first = make_message(bo, an)
    browser.get(page_of(first))
    few = questions(browser, LIST), questions(browser, page_of(first))
    for number in range(12):
        make_message(make_member(f"Lid{number}"), an)
        make_message(bo, an, conversation=first.conversation)

    assert (questions(browser, LIST), questions(browser, page_of(first))) == few


def test_nobody_writes_to_herself(an):
    with pytest.raises(NotOneself):
        messaging.send(an, an.pk, "Dag")

    assert browser_of(an).get(write_to(an)).status_code == 400


@pytest.mark.parametrize("gone", [lambda bo: erasure.hide(bo.subject), lambda bo: erase(bo.subject)])
def test_what_was_written_to_somebody_who_left_meanwhile_is_shown_back(an, bo, gone):
    browser = browser_of(an)
    gone(bo)

    answer = browser.post(write_to(bo), {"text": "Een lange brief"}, headers={"accept-language": "en"})

    said = words_of(answer.content.decode())
    assert answer.status_code == 400
    assert "This member is no longer here" in said
    assert "Een lange brief" in said
    assert not Message.objects.exists()


@pytest.mark.parametrize("gone", [lambda bo: erasure.hide(bo.subject), lambda bo: erase(bo.subject)])
def test_an_answer_to_somebody_who_left_meanwhile_is_shown_back(an, bo, gone):
    received = make_message(bo, an)
    browser = browser_of(an)
    gone(bo)

    answer = browser.post(page_of(received), {"text": "Een lange brief"})

    assert answer.status_code == 400
    assert "Een lange brief" in words_of(answer.content.decode())
    assert Message.objects.count() == 1


def test_hidden_and_erased_look_the_same_to_the_other(an, bo):
    """K-14: neither list nor conversation tells who asked for erasure."""
    els = make_member("Els")
    hidden, erased = make_message(bo, an, "Dag"), make_message(els, an, "Dag")
    browser = browser_of(an)
    erasure.hide(bo.subject)
    erase(els.subject)

    pages = [read(browser, page_of(message)) for message in (hidden, erased)]

    assert pages[0] == pages[1]
    assert "former member" in pages[0]
    assert read(browser, LIST).count("former member") == 2


def test_a_conversation_with_somebody_who_left_is_read_and_not_answered(an, bo):
    """K-14."""
    received = make_message(bo, an, "Tot morgen")
    erase(bo.subject)
    browser = browser_of(an)

    page = browser.get(page_of(received)).content.decode()

    assert "Tot morgen" in page
    assert "<textarea" not in page


def test_who_is_leaving_writes_to_nobody(an, bo):
    erasure.hide(an.subject)

    with pytest.raises(AccountLeaving):
        messaging.send(an, bo.pk, "Dag")


@pytest.mark.parametrize("text", ["", " \n ", "x" * 10_001, "x" * 100_000, "een\0twee"])
def test_what_cannot_be_sent_comes_back_with_a_sentence(an, bo, text):
    answer = browser_of(an).post(write_to(bo), {"text": text})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["x" * 10_000, "regel\r\n" * 1_600, "<script>alert(1)</script>", "\u202eomgekeerd", "😀" * 5_000])
def test_long_and_strange_messages_arrive_as_they_are(an, bo, text):
    browser = browser_of(an)

    answer = browser.post(write_to(bo), {"text": text}, follow=True)

    assert Message.objects.get().text == text.replace("\r\n", "\n").strip()
    assert "<script>alert" not in answer.content.decode()


def test_a_second_click_sends_nothing_twice(an, bo):
    first, second = messaging.send(an, bo.pk, "Dag Bo"), messaging.send(an, bo.pk, "Dag Bo")

    assert first == second


def test_the_same_words_a_while_later_or_to_another_are_a_message_of_their_own(an, bo):
    make_message(an, bo, "Dank je", sent_at=timezone.now() - timedelta(minutes=2))

    messaging.send(an, bo.pk, "Dank je")
    messaging.send(an, make_member("Els").pk, "Dank je")

    assert Message.objects.count() == 3


def test_who_writes_very_many_messages_waits_and_loses_nothing(an, bo):
    for number in range(messaging.MESSAGES_PER_HOUR):
        make_message(an, bo, f"Bericht {number}")

    answer = browser_of(an).post(write_to(bo), {"text": "Nog een"})

    assert "Nog een" in words_of(answer.content.decode())
    assert Message.objects.count() == messaging.MESSAGES_PER_HOUR
    with pytest.raises(TooManyMessages):
        messaging.send(an, bo.pk, "Nog een")


def test_messages_of_more_than_an_hour_ago_count_no_more(an, bo):
    for number in range(messaging.MESSAGES_PER_HOUR):
        make_message(an, bo, f"Bericht {number}", sent_at=timezone.now() - timedelta(minutes=61))

    assert messaging.send(an, bo.pk, "Nog een")


def test_a_mail_says_that_somebody_wrote_and_not_who_or_what(an, bo):
    message = make_message(an, bo, "Een geheim")

    tasks.tell_of_message(message.pk)

    told = mail.outbox[0]
    assert told.to == [bo.email]
    assert page_of(message) in told.body
    for private in ("An", "Peeters", "geheim"):
        assert private not in told.body.replace("Antwoord", "") + told.subject


def test_one_mail_for_each_conversation_until_it_is_opened(an, bo):
    first = make_message(an, bo)
    second = make_message(an, bo, conversation=first.conversation)
    for message in (first, second):
        tasks.tell_of_message(message.pk)
    assert len(mail.outbox) == 1

    messaging.read(bo, first.conversation)
    tasks.tell_of_message(make_message(an, bo, conversation=first.conversation).pk)

    assert len(mail.outbox) == 2


@pytest.mark.parametrize("leave", [lambda bo: erasure.hide(bo.subject), lambda bo: erase(bo.subject)])
def test_who_left_gets_no_mail(an, bo, leave):
    message = make_message(an, bo)
    leave(bo)
    mail.outbox.clear()

    tasks.tell_of_message(message.pk)

    assert mail.outbox == []


def test_the_worker_is_told_a_number_and_only_once_the_message_is_there(an, bo, monkeypatch, django_capture_on_commit_callbacks):
    """T-26."""
    woken = []
    monkeypatch.setattr(waking.current_app, "send_task", lambda name, numbers, **_options: woken.append((name, numbers)))

    with django_capture_on_commit_callbacks(execute=True):
        message = messaging.send(an, bo.pk, "Dag")
        assert woken == []

    assert woken == [("usage.tell_of_message", (message.pk,))]


def test_a_dead_broker_keeps_nobody_from_writing(an, bo, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*_arguments, **_options):
        raise ConnectionError

    monkeypatch.setattr(waking.current_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        messaging.send(an, bo.pk, "Dag")

    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_messages_at_once_get_one_number():
    needs_threads()
    an, bo = make_member("An"), make_member("Bo")

    sent = at_once(lambda: messaging.send(an, bo.pk, "Dag Bo"), lambda: messaging.send(bo, an.pk, "Dag An"))

    assert len({message.conversation for message in sent}) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_send_one_message():
    needs_threads()
    an, bo = make_member("An"), make_member("Bo")

    at_once(*[lambda: messaging.send(an, bo.pk, "Dag Bo")] * 4)

    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_crosses_the_erasure_of_its_recipient_is_refused_or_kept_without_her():
    needs_threads()
    an, bo = make_member("An"), make_member("Bo")

    erased, sent = at_once(lambda: erase(bo.subject), lambda: messaging.send(an, bo.pk, "Dag Bo"))

    assert erased.status == "fulfilled"
    kept = list(Message.objects.values_list("sender", "recipient", "text"))
    assert kept == ([] if isinstance(sent, MemberGone) else [(an.pk, None, "Dag Bo")])


@pytest.mark.django_db(transaction=True)
def test_a_message_waits_for_who_is_being_hidden_and_is_then_refused():
    needs_threads()
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    an, bo = make_member("An"), make_member("Bo")

    with transaction.atomic():
        erasure.hide(bo.subject)
        sending = start(lambda: messaging.send(an, bo.pk, "Dag Bo"))
        let_it_reach_the_lock()

    assert isinstance(outcome(sending), MemberGone)
