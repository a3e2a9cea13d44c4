"""Letters about a breach: who gets one, what it says, and what is on record of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from privacy.casework.registers import breach_letters, breaching
from privacy.models import AgendaItem, BreachLetter, Disclosure, Recipient, Subject, TrailEntry

from .breached import EFFECTS, make_breach, told_persons
from .makers import make_partner, make_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def breach(an, bo):
    """Of which An has to be told, and Bo has not."""
    make_view(an)
    return make_breach(risk="high")


def states():
    return list(BreachLetter.objects.order_by("pk").values_list("state", flat=True))


def test_everybody_of_the_scope_gets_one_letter_and_nobody_else(an, breach):
    """G-65."""
    told_persons(breach)

    breach_letters.send_due()
    breach_letters.send_due()

    assert [message.to for message in mail.outbox] == [[an.email]]
    assert states() == ["sent"]


def test_it_says_in_plain_words_what_happened_what_follows_what_we_do_and_whom_to_ask(an, breach):
    """G-65."""
    told_persons(breach)
    breach_letters.send_due()

    (message,) = mail.outbox
    for said in ["Je adres ging naar een verkeerde mailbox.", EFFECTS, "Let op vreemde mails.", "dpo@platform.example", breach.ref]:
        assert said in message.body
    assert "Gegevensbeschermingsautoriteit" in message.body
    assert message.subject == "Er ging iets mis met je gegevens"


def test_it_comes_in_the_language_of_the_person(an, breach):
    type(an).objects.filter(pk=an.pk).update(language="en")
    told_persons(breach)
    breach_letters.send_due()

    assert mail.outbox[0].subject == "Something went wrong with your data"


def test_that_it_was_sent_stands_in_the_trail_and_the_person_sees_it(an, breach):
    """G-65, T-27."""
    told_persons(breach)
    breach_letters.send_due()

    entry = TrailEntry.objects.get(event="breach.told")
    assert (entry.subject_ref, entry.request_ref) == (an.subject.ref, breach.ref)


def test_markup_in_a_letter_stays_text(an, breach):
    told_persons(breach, words="<script>alert(1)</script> & {% now 'Y' %}")
    breach_letters.send_due()

    assert "<script>alert(1)</script> & {% now 'Y' %}" in mail.outbox[0].body


def test_who_was_erased_meanwhile_is_on_record_as_not_reached(an, breach):
    told_persons(breach)
    BreachLetter.objects.update(subject_ref="00000000-0000-4000-8000-000000000000")

    breach_letters.send_due()

    assert (states(), mail.outbox) == (["not_reached"], [])
    assert not AgendaItem.objects.filter(kind="not_reached").exists()


def test_a_mail_server_that_is_down_for_a_week_is_given_up(an, breach, settings):
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": "tests.test_breach_letters.refuse"}
    told_persons(breach)
    breach_letters.send_due()
    assert states() == ["queued"]

    BreachLetter.objects.update(written_at=timezone.now() - timedelta(days=8), held_until=None)
    breach_letters.send_due()
    assert states() == ["not_reached"]
    assert AgendaItem.objects.open().get(request_ref=breach.ref, kind="not_reached")


def refuse(message):
    raise OSError("no mail today")


def test_a_partner_hears_it_at_the_address_of_its_officer_without_a_person_in_it(an, breach):
    """G-66."""
    recipient = make_partner("quizkast").recipient
    Recipient.objects.filter(pk=recipient.pk).update(dpo_email="dpo@quizkast.example")
    Disclosure.objects.create(recipient=recipient, subject_ref=an.subject.ref, attributes=["email"], basis="consent")

    breaching.tell_partners(breach.ref, [recipient], seen=1, actor_ref="dpo")
    breach_letters.send_due()

    (message,) = mail.outbox
    assert message.to == ["dpo@quizkast.example"]
    assert not [said for said in (an.email, an.last_name, str(an.subject.ref)) if said in message.body]


def test_a_partner_without_such_an_address_hears_it_where_we_write_otherwise(an, breach):
    recipient = make_partner("quizkast").recipient
    breaching.tell_partners(breach.ref, [recipient], seen=1, actor_ref="dpo")

    breach_letters.send_due()

    assert mail.outbox[0].to == [recipient.contact_email]


def test_to_whom_we_wrote_goes_after_the_years_of_accountability_and_the_log_stays(an, breach):
    """G-68."""
    notice = told_persons(breach)
    breach_letters.send_due()

    breach_letters.forget(now=timezone.now() + timedelta(days=4 * 365))
    assert BreachLetter.objects.exists()
    breach_letters.forget(now=timezone.now() + timedelta(days=6 * 365))

    assert not BreachLetter.objects.exists()
    assert type(notice).objects.filter(pk=notice.pk).exists()


def test_a_preview_is_the_letter(an, breach):
    phase = breach.phases.get()
    said = {"words": "Je adres ging naar een verkeerde mailbox.", "effects": EFFECTS, "measures": "Let op vreemde mails."}

    shown = breach_letters.preview(phase, **said)
    told_persons(breach)
    breach_letters.send_due()

    assert shown.split("\n", 1)[1].strip() == mail.outbox[0].body.strip()
    assert Subject.objects.filter(pk=an.subject.pk).exists()
