"""The feedback form: who may send what, how it is answered, and that it stays with whom it is about."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from privacy.rights import erasure
from privacy.subjects import rows_concerning
from tests.archives import archive_of
from tests.properties.acts import erase
from usage import feedback, letters, limits, tasks
from usage.errors import AlreadyAnswered
from usage.models import Feedback
from usage.personal_data import FeedbackMap

from .makers import make_feedback, make_member
from .races import at_once, needs_threads
from .reading import questions, words_of
from .signing_in import browser_of

FORM, DESK = reverse("usage:feedback"), reverse("usage:feedback_desk")
VISITOR = "bezoeker@elders.example"
NEW = "an@nieuw.example"


@pytest.fixture
def colleague(db):
    member = make_member("Carla", last_name="Maes", is_staff=True)
    member.user_permissions.add(Permission.objects.get(content_type__app_label="usage", codename="view_feedback"))
    return member


@pytest.fixture
def browser_desk(colleague):
    return browser_of(colleague)


def send(browser, text="Waar vind ik mijn map?", email=VISITOR, **more):
    return browser.post(FORM, {"email": email, "text": text, **more}, headers={"accept-language": "en"})


def of(member):
    return list(rows_concerning(FeedbackMap, member.subject).values_list("text", flat=True))


def test_a_visitor_writes_and_is_told_that_it_arrived(client, db):
    """K-5."""
    answer = send(client)

    assert answer.headers["Location"] == FORM
    assert "We received it." in words_of(client.get(FORM, headers={"accept-language": "en"}).content.decode())
    assert list(Feedback.objects.values_list("email", "text")) == [(VISITOR, "Waar vind ik mijn map?")]


def test_a_member_is_answered_at_her_own_address_whatever_was_sent(an):
    browser = browser_of(an)

    send(browser, email=VISITOR)

    assert an.email in browser.get(FORM).content.decode()
    assert Feedback.objects.get().email == an.email


def test_the_acknowledgement_repeats_nothing(db):
    """Anybody can type another's address."""
    received = make_feedback(VISITOR, "Koop nu goedkope pillen")

    tasks.acknowledge_feedback(received.pk, "nl")

    assert mail.outbox[0].to == [VISITOR]
    assert "pillen" not in mail.outbox[0].body


def test_a_program_that_fills_every_field_leaves_nothing_and_a_person_sends_once_more(client, db):
    page = send(client, website="https://spam.example").content.decode()

    assert Feedback.objects.count() == 0
    assert "spam.example" not in page
    assert send(client).headers["Location"] == FORM


def test_one_address_may_write_so_often_a_day_and_loses_nothing_after(client, db):
    for number in range(feedback.FROM_ONE_MAILBOX):
        send(client, f"Vraag {number}")

    answer = send(client, "Nog een vraag", VISITOR.upper())

    assert answer.status_code == 400
    assert "Nog een vraag" in words_of(answer.content.decode())
    assert Feedback.objects.count() == feedback.FROM_ONE_MAILBOX


def test_a_stranger_who_types_her_address_takes_nothing_of_hers(client, an):
    for number in range(feedback.FROM_ONE_MAILBOX):
        send(client, f"Vraag {number}", an.email)

    assert send(browser_of(an), "Van An zelf").status_code == 302


def test_one_network_address_may_write_so_often_a_day(client, db, monkeypatch):
    monkeypatch.setattr(feedback, "FROM_ONE_NETWORK", 3)
    for number in range(5):
        send(client, email=f"lid{number}@elders.example")

    assert Feedback.objects.count() == 3


def test_the_counters_name_nobody(client, db, monkeypatch):
    kept = {}
    monkeypatch.setattr(limits.cache, "set", lambda key, value, seconds: kept.update({key: value}))
    monkeypatch.setattr(limits.cache, "get", kept.get)

    send(client)

    assert len(kept) == 2
    assert not any(VISITOR in key or "127.0.0.1" in key for key in kept)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "geen adres"},
        {"email": f"{'x' * 300}@elders.example"},
        {"text": ""},
        {"text": "x" * 100_000},
        {"text": "een\0twee"},
    ],
)
def test_what_is_not_right_comes_back_with_a_sentence(client, db, wrong):
    answer = send(client, **wrong)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202eomgekeerd", "😀" * 5_000])
def test_strange_words_arrive_as_they_are(client, colleague, text):
    send(client, text)

    page = browser_of(colleague).get(reverse("usage:answer", args=[Feedback.objects.get().pk])).content.decode()

    assert Feedback.objects.get().text == text
    assert "<script>alert" not in page


def test_what_waits_longest_is_on_top_and_what_was_answered_below(browser_desk):
    make_feedback(VISITOR, "Beantwoord", answered_at=timezone.now())
    make_feedback(VISITOR, "Wacht lang")
    make_feedback(VISITOR, "Wacht kort")

    said = words_of(browser_desk.get(DESK).content.decode())

    assert said.index("Wacht lang") < said.index("Wacht kort") < said.index("Beantwoord")


def test_the_list_asks_as_much_for_many_as_for_one(browser_desk):
    make_feedback(VISITOR)
    few = questions(browser_desk, DESK)
    for _number in range(10):
        make_feedback(VISITOR)

    assert questions(browser_desk, DESK) == few


@pytest.mark.parametrize("address", ["feedback_desk", "answer", "settle"])
def test_only_colleagues_with_the_permission_see_what_was_written(an, daan, client, address):
    """T-18."""
    received = make_feedback(VISITOR)
    path = reverse(f"usage:{address}", args=[] if address == "feedback_desk" else [received.pk])

    for member in (an, daan):
        browser = browser_of(member)
        assert (browser.post if address == "settle" else browser.get)(path).status_code == 403
    assert client.post(path).status_code in {302, 405}
    assert Feedback.objects.get().answered_at is None


def test_an_answer_goes_by_mail_and_is_not_kept(browser_desk):
    received = make_feedback(VISITOR)

    answer = browser_desk.post(reverse("usage:answer", args=[received.pk]), {"text": "In je favorieten."})

    received.refresh_from_db()
    assert answer.headers["Location"] == DESK
    assert (mail.outbox[-1].to, "In je favorieten." in mail.outbox[-1].body) == ([VISITOR], True)
    assert received.answered_at is not None


def test_a_mail_server_that_is_away_leaves_the_answer_on_the_page(browser_desk, monkeypatch):
    received = make_feedback(VISITOR)

    def refuse(*_arguments, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr(letters, "mail", refuse)
    answer = browser_desk.post(reverse("usage:answer", args=[received.pk]), {"text": "In je favorieten."})

    received.refresh_from_db()
    assert "In je favorieten." in words_of(answer.content.decode())
    assert received.answered_at is None


def test_a_colleague_who_was_signed_out_meanwhile_finds_her_answer(client, db):
    answer = client.post(reverse("usage:answer", args=[make_feedback(VISITOR).pk]), {"text": "In je favorieten."})

    assert answer.status_code == 403
    assert "In je favorieten." in words_of(answer.content.decode())
    assert mail.outbox == []


def test_the_second_of_two_colleagues_is_told(browser_desk):
    received = make_feedback(VISITOR)
    feedback.settle(received)

    answer = browser_desk.post(reverse("usage:answer", args=[received.pk]), {"text": "In je favorieten."})

    assert "In je favorieten." in words_of(answer.content.decode())
    assert mail.outbox == []


def test_what_needs_no_answer_is_marked_as_answered(browser_desk):
    received = make_feedback(VISITOR, "Bedankt!")

    browser_desk.post(reverse("usage:settle", args=[received.pk]))

    assert Feedback.objects.get().answered_at is not None
    assert mail.outbox == []


def test_what_was_answered_goes_after_ninety_days_and_what_waits_stays(db):
    """K-5."""
    now = timezone.now()
    make_feedback(VISITOR, "Te oud", answered_at=now - timedelta(days=90, seconds=1))
    make_feedback(VISITOR, "Bijna", answered_at=now - timedelta(days=89, hours=23))
    make_feedback(VISITOR, "Wacht")
    Feedback.objects.filter(text="Wacht").update(sent_at=now - timedelta(days=400))

    tasks.forget_feedback()

    assert sorted(Feedback.objects.values_list("text", flat=True)) == ["Bijna", "Wacht"]


def test_each_night_it_is_looked_after(settings):
    assert "usage.forget_feedback" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def change_address(browser, member):
    """As she does it on the site: she adds one, confirms it, makes it the main one and removes the old one."""
    old, page = member.email, reverse("account_email")
    browser.post(page, {"action_add": "", "email": NEW})
    link = next(re.search(r"/account/confirm-email/\S+", sent.body) for sent in mail.outbox if sent.to == [NEW])
    browser.post(link.group())
    browser.post(page, {"action_primary": "", "email": NEW})
    browser.post(page, {"action_remove": "", "email": old})


def test_what_she_wrote_follows_her_to_her_new_address(an):
    """K-5, G-23, G-41: access and erasure still find it."""
    make_feedback(an.email.upper(), "Van An")
    make_feedback(VISITOR, "Van een ander")

    change_address(browser_of(an), an)

    an.refresh_from_db()
    assert an.email == NEW
    assert of(an) == ["Van An"]
    assert [row["text"] for row in archive_of(an).rows("usage.Feedback")] == ["Van An"]
    erase(an.subject)
    assert list(Feedback.objects.values_list("text", flat=True)) == ["Van een ander"]


def test_what_she_wrote_from_an_address_that_she_removes_moves_to_the_one_she_keeps(an):
    other = EmailAddress.objects.create(user=an, email="an.thuis@elders.example", verified=True)
    make_feedback(other.email, "Van An")

    other.remove()

    assert Feedback.objects.get().email == an.email


def test_an_address_that_she_never_confirmed_takes_nothing_along(an, bo):
    """Else she could take what Bo wrote, by adding his address and removing it."""
    make_feedback(bo.email, "Van Bo")
    added = EmailAddress.objects.create(user=an, email=bo.email, verified=False)

    added.remove()

    assert of(bo) == ["Van Bo"]


def test_without_another_confirmed_address_what_she_wrote_stays_where_it_is(an):
    make_feedback(an.email, "Van An")

    EmailAddress.objects.get(user=an).delete()

    assert Feedback.objects.get().email == an.email


def test_who_is_leaving_is_led_to_her_request(an):
    erasure.hide(an.subject)

    assert send(browser_of(an)).headers["Location"] != FORM
    assert not Feedback.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_send_one_answer():
    needs_threads()
    received = make_feedback(VISITOR)

    outcomes = at_once(*[lambda: feedback.settle(received)] * 2)

    assert sorted(map(type, outcomes), key=str) == sorted([type(None), AlreadyAnswered], key=str)
