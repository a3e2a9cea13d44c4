"""That a partner's program took all that she may take along does not go unnoticed: a letter, once a day per partner at most (T-07)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from consents import fetch_letters, tasks
from consents.models import FetchLetter
from privacy.casework import letters
from privacy.rights.erasure import hide

from . import partner_side
from .makers import make_partner
from .properties.acts import erase
from .signing_in import browser_of
from .test_portable_scope import PORTABLE, fetch

pytestmark = pytest.mark.django_db
BROKEN_MAIL = "tests.test_fetch_letters.broken"


def program_at(partner, member):
    partner.attributes = [PORTABLE]
    partner.save()
    program = partner_side.Program(partner_side.make_application(partner), browser_of(member), scope=f"openid {PORTABLE}")
    program.sign_in(attributes=[PORTABLE])
    return program


@pytest.fixture
def program(edupartner, an):
    return program_at(edupartner, an)


def sent_to(member):
    return [message for message in mail.outbox if message.to == [member.email]]


def broken(message):
    raise OSError


def test_she_hears_who_fetched_them_when_and_how_to_stop_it(program, an, edupartner):
    an.language = "en"
    an.save()
    fetch(program)

    tasks.tell_of_fetches()

    (letter,) = sent_to(an)
    assert letter.subject == "A partner fetched all data that you can take along"
    assert f"The program of {edupartner.recipient.name} fetched all data" in letter.body
    assert reverse("consents:partner", args=[edupartner.slug]) in letter.body
    assert "an@" not in letter.body


def test_who_reads_dutch_gets_it_in_dutch(program, an):
    fetch(program)

    with translation.override("en"):
        tasks.tell_of_fetches()

    assert sent_to(an)[0].body.startswith("Dag,")


def test_how_often_it_fetches_in_a_day_it_is_one_letter(program, an):
    for _time in "123":
        fetch(program)
        tasks.tell_of_fetches()

    assert len(sent_to(an)) == FetchLetter.objects.count() == 1


def test_the_next_day_it_is_told_again(program, an):
    fetch(program)
    FetchLetter.objects.update(fetched_at=timezone.now() - fetch_letters.A_DAY)

    fetch(program)
    tasks.tell_of_fetches()

    assert len(sent_to(an)) == 2


def test_each_partner_has_a_letter_of_its_own(program, an):
    fetch(program)
    fetch(program_at(make_partner("leesvlieg"), an))

    tasks.tell_of_fetches()

    assert len(sent_to(an)) == 2


def test_what_was_refused_is_not_told(program):
    for _time in range(5):
        fetch(program)
    FetchLetter.objects.all().delete()

    assert fetch(program).status_code == 429
    assert not FetchLetter.objects.exists()


def test_a_letter_that_could_not_be_sent_is_sent_by_the_sweep(program, an, settings):
    fetch(program)
    ours = settings.PRIVACY
    settings.PRIVACY = {**ours, "MAILER": BROKEN_MAIL}
    tasks.tell_of_fetches()
    rests = FetchLetter.objects.get()
    settings.PRIVACY = ours
    FetchLetter.objects.update(held_until=None)

    tasks.bring_all()
    tasks.bring_all()

    assert (rests.sent_at, rests.attempts) == (None, 1)
    assert rests.held_until > timezone.now()
    assert len(sent_to(an)) == 1


def test_two_workers_send_it_once(program, an):
    fetch(program)
    first, second = FetchLetter.objects.get(), FetchLetter.objects.get()

    assert first.take()
    assert not second.take()


def test_who_is_hidden_since_still_hears_it(program, an):
    fetch(program)
    hide(an.subject)

    tasks.tell_of_fetches()

    assert [message.subject for message in sent_to(an) if "meenemen" in message.subject or "take along" in message.subject]


def test_nothing_of_it_is_left_of_who_is_erased(program, an):
    fetch(program)

    erase(an.subject)

    assert not FetchLetter.including_hidden.exists()


@pytest.mark.parametrize(
    ("age", "sent", "stays"),
    [
        (timedelta(hours=23), True, True),
        (fetch_letters.A_DAY, True, False),
        (fetch_letters.A_DAY, False, True),
        (letters.GIVE_UP_AFTER, False, False),
    ],
)
def test_a_letter_is_kept_no_longer_than_it_is_of_use(program, age, sent, stays):
    fetch(program)
    now = timezone.now()
    FetchLetter.objects.update(fetched_at=now - age, sent_at=now if sent else None)

    fetch_letters.forget(now)

    assert FetchLetter.objects.exists() == stays
