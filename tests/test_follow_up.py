"""Following a request with a number and a code."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases, confirming, follow_up, mailing, outside
from privacy.datamap import Right
from privacy.errors import NotFollowed, TooManyTries
from privacy.models import FollowUp, OutsideRequest

from .outside import STRANGER

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
FOLLOW, CODE = reverse("privacy:ask_follow"), reverse("privacy:ask_code")


@pytest.fixture
def complaint():
    """Confirmed by somebody without an account."""
    outside.ask(Right.COMPLAINT, STRANGER, language="nl", network="192.0.2.7", now=timezone.now())
    return confirming.confirm(OutsideRequest.objects.get(), now=timezone.now())


def follow(number, code, *, network="192.0.2.7", now=None):
    return follow_up.follow(number, code, network=network, now=now or timezone.now())


@pytest.mark.parametrize("spell", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_number_and_code_lead_to_it_however_they_are_spelled(complaint, spell):
    assert follow(spell(complaint.request.ref), spell(complaint.code)) == complaint.request


def test_a_wrong_number_reads_as_a_wrong_code(complaint):
    """T-13, T-02."""
    said = []
    for number, code in ((complaint.request.ref, "AAAA-AAAA"), ("AAAAAAAAAA", complaint.code), ("", ""), ("\x00", "é")):
        with pytest.raises(NotFollowed) as refusal:
            follow(number, code)
        said.append(str(refusal.value))

    assert len(set(said)) == 1


def test_of_ten_thousand_guesses_five_an_hour_are_looked_at(complaint, monkeypatch):
    """T-13: from whatever network they come, for a number that exists as for one that does not."""
    now, looked = timezone.now(), []
    monkeypatch.setattr(follow_up, "constant_time_compare", lambda *both: looked.append(both) and False)
    for number in (complaint.request.ref, "AAAAAAAAAA"):
        looked.clear()
        for guess in range(10_000 if number == complaint.request.ref else 100):
            with pytest.raises((NotFollowed, TooManyTries)):
                follow(number, f"{guess:08}", network=f"10.{guess // 60_000}.{guess // 250}.{guess % 250}", now=now)
        assert len(looked) == follow_up.TRIES_OF_NUMBER


def test_one_network_tries_twenty_numbers_an_hour(complaint):
    """T-13."""
    now = timezone.now()
    for number in range(follow_up.TRIES_OF_NETWORK):
        with pytest.raises(NotFollowed):
            follow(f"A{number}", "x", now=now)

    with pytest.raises(TooManyTries):
        follow(complaint.request.ref, complaint.code, now=now)
    assert follow(complaint.request.ref, complaint.code, now=now + timedelta(hours=1)) == complaint.request


def test_another_code_goes_to_the_address_and_the_one_before_it_is_dead(complaint, mailoutbox):
    """T-13."""
    follow_up.want_code(complaint.request.ref.lower(), network="192.0.2.7", now=timezone.now())
    assert outside.send_due() == 1

    code = SHOWN.search(mailoutbox[-1].body)[0]
    assert mailoutbox[-1].to == [STRANGER]
    assert follow(complaint.request.ref, code) == complaint.request
    with pytest.raises(NotFollowed):
        follow(complaint.request.ref, complaint.code)


def test_three_codes_an_hour_are_mailed_and_who_asks_reads_the_same(complaint, mailoutbox):
    for _time in range(6):
        answer = Client().post(CODE, {"number": complaint.request.ref})
        outside.send_due()
    unknown = Client().post(CODE, {"number": "AAAAAAAAAA"})

    assert len(mailoutbox) == follow_up.CODES_OF_NUMBER
    assert (answer.status_code, answer["Location"]) == (unknown.status_code, unknown["Location"])


def test_once_answered_no_code_can_be_mailed_and_none_waits(complaint, daan, mailoutbox):
    cases.approve(complaint.request, subject=cases.subject_of(complaint.request), actor_ref=daan.subject.ref)
    cases.fulfil(complaint.request, actor_ref=daan.subject.ref)
    mailing.send_due()
    mailoutbox.clear()

    follow_up.want_code(complaint.request.ref, network="192.0.2.7", now=timezone.now())

    assert outside.send_due() == 0
    assert FollowUp.objects.get().wanted_at is None
    assert not mailoutbox


def test_the_page_tells_how_far_it_is_and_nothing_of_its_matter(complaint):
    answer = Client().post(FOLLOW, {"number": complaint.request.ref, "code": complaint.code})

    said = answer.content.decode()
    assert answer.status_code == 200
    assert complaint.request.ref in said
    assert STRANGER not in said


@pytest.mark.parametrize(
    ("given", "status"), [({}, 400), ({"number": "x" * 5_000, "code": "x"}, 400), ({"number": "\x00", "code": "<b>"}, 400)]
)
def test_what_is_not_right_is_said(given, status):
    assert Client().post(FOLLOW, given).status_code == status
    assert Client().post(CODE, {"number": given.get("number", "")}).status_code in {302, 400}


def test_the_page_says_when_it_was_tried_too_often(complaint):
    for _time in range(follow_up.TRIES_OF_NUMBER + 1):
        answer = Client().post(FOLLOW, {"number": complaint.request.ref, "code": "x"})

    assert answer.status_code == 429


def test_a_code_goes_a_month_after_the_end(complaint):
    """G-19."""
    now = timezone.now()
    type(complaint.request).objects.filter(pk=complaint.request.pk).update(closed_at=now)

    follow_up.forget(now + timedelta(days=29))
    assert FollowUp.objects.exists()
    follow_up.forget(now + timedelta(days=31))

    assert not FollowUp.objects.exists()
