"""What is written to the person and to recipients, and how it goes out."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone, translation

from consents.releases import release
from privacy import keys
from privacy.casework import at_once, cases, letters, mailing, outcome
from privacy.casework.letters import GIVE_UP_AFTER, Letter
from privacy.conf import store
from privacy.datamap import RefusalGround, Right
from privacy.evidence.recipients import Notice, tell
from privacy.evidence.trail import TrailEntry
from privacy.outbox import HOLD

from . import races
from .makers import make_grant, make_member, make_partner, make_score
from .properties.acts import erase


def submit(member, right=Right.ACCESS, **options):
    return cases.submit(right, subject=member.subject, **options)


def has_key(request):
    return (store("keys") / f"{request.ref}.key").exists()


def mail_with(word):
    return next(message for message in mail.outbox if word in message.subject + message.body)


# The addresses that the mail server of a test refuses; its words repeat the address, as those of real ones do.
REFUSED = set()
# What happens while it is at the first message.
MEANWHILE = []


def deliver(message):
    """PRIVACY["MAILER"] of a test with the fixture `mail_server`."""
    while MEANWHILE:
        MEANWHILE.pop()()
    if REFUSED & {*message.to, "everybody"}:
        raise ConnectionRefusedError(f"550 {message.to[0]} unknown")
    message.send()


class MailServer:
    def refuses(self, *addresses):
        REFUSED.update(addresses or {"everybody"})

    def works(self):
        REFUSED.clear()

    def does_first(self, act):
        MEANWHILE.append(act)


@pytest.fixture
def mail_server(settings):
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": f"{__name__}.deliver"}
    yield MailServer()
    REFUSED.clear()
    MEANWHILE.clear()


def let_time_pass(queryset):
    """Nothing rests any longer."""
    queryset.filter(held_until__isnull=False).update(held_until=timezone.now() - timedelta(seconds=1))


def test_a_letter_is_written_in_the_transaction_of_the_act(an):
    """G-09: the act and its letter are there together, or neither is."""
    with transaction.atomic():
        submit(an)
        written = Letter.objects.count()
        transaction.set_rollback(True)

    assert (written, Letter.objects.count(), mail.outbox) == (1, 0, [])


def test_a_letter_goes_out_once(an):
    request = submit(an)

    assert [mailing.send_due(), mailing.send_due()] == [1, 0]
    assert [message.to for message in mail.outbox] == [[an.email]]
    assert request.letters.get().sent_at is not None


def test_the_acknowledgement_says_when_it_was_received_and_when_the_answer_comes(an):
    """G-03, G-10: days in Brussels, and the raw date, to which we work."""
    request = submit(an, received_at=datetime(2026, 3, 4, 23, 30, tzinfo=UTC))

    mailing.send_due()

    body = mail.outbox[0].body
    assert "5 maart 2026" in body
    assert "5 april 2026" in body
    assert request.ref in mail.outbox[0].subject


def test_days_in_letters_are_days_in_brussels_wherever_the_site_runs(an, settings):
    """G-03."""
    settings.TIME_ZONE = "UTC"
    submit(an, received_at=datetime(2026, 3, 4, 23, 30, tzinfo=UTC))

    mailing.send_due()

    assert "5 maart 2026" in mail.outbox[0].body


@pytest.mark.parametrize(("language", "month"), [("nl", "maart"), ("fr", "mars"), ("en", "March")])
def test_a_letter_is_in_the_language_of_the_member(db, language, month):
    submit(make_member("An", language=language), received_at=datetime(2026, 3, 5, tzinfo=UTC))

    mailing.send_due()

    assert month in mail.outbox[0].body


def test_a_letter_of_an_erasure_is_in_the_language_of_who_is_gone(db):
    erase(make_member("An", language="fr").subject)

    assert "(GBA), Drukpersstraat 35" in mail.outbox[-1].body
    assert cases.DataSubjectRequest.objects.get().language == "fr"


def test_a_refusal_names_ground_reasons_authority_and_court(db):
    """G-07, K-19."""
    an = make_member("An", language="en")
    request = submit(an)
    cases.refuse(request, ground=RefusalGround.UNFOUNDED, reasons="We answered the same last week.", actor_ref="dpo")

    mailing.send_due()

    body = mail_with("do not follow").body
    for words in ("unfounded", "We answered the same last week.", "Drukpersstraat 35, 1000 Brussel", "contact@apd-gba.be", "court"):
        assert words in body


LINK = re.compile(r"\bhttps?://\S+")


def test_the_only_link_in_a_letter_says_that_it_was_not_her(an, edupartner):
    """T-09, T-28: none acts by being opened, none downloads; a recipient gets none."""
    make_grant(an, edupartner)
    erase(an.subject)
    bo = make_member("Bo")
    cases.cancel(submit(bo))
    request = submit(bo)
    cases.approve(request, subject=bo.subject)
    cases.run(request)
    letters.write_again(request, letters.Kind.FETCHED)
    mailing.send_due()

    links = {message.subject: LINK.findall(message.body) for message in mail.outbox}

    assert len(links) == 8
    assert {len(found) for subject, found in links.items() if "verzoek" in subject} == {1}
    assert {len(found) for subject, found in links.items() if "verzoek" not in subject} == {0}
    assert {link[: link.rindex("/not-me/")] for found in links.values() for link in found} == {"http://127.0.0.1:8000/my-privacy"}


@pytest.mark.parametrize("kind", list(letters.Kind))
def test_a_letter_names_its_request_and_is_plain_text(an, kind):
    """T-28."""
    request = submit(an)
    Letter.objects.all().delete()
    letters.write(request, kind)

    mailing.send_due()

    (message,) = mail.outbox
    assert (request.ref in message.subject, request.ref in message.body) == (True, True)
    assert (message.content_subtype, getattr(message, "alternatives", [])) == ("plain", [])
    assert ("/not-me/" in message.body) == (kind not in {letters.Kind.DISOWNED, letters.Kind.NOTHING_HELD})


def test_a_letter_that_fails_is_tried_again_later_and_the_others_go_out(an, bo, mail_server):
    mail_server.refuses(an.email)
    submit(an)
    submit(bo)

    assert mailing.send_due() == 1
    assert mailing.send_due() == 0
    mail_server.works()
    let_time_pass(Letter.objects.all())
    assert mailing.send_due() == 1
    assert [message.to for message in mail.outbox] == [[bo.email], [an.email]]


def test_the_same_letter_sent_twice_carries_the_same_id(an):
    """A worker was killed between the mail server and the row."""
    submit(an)
    mailing.send_due()
    Letter.objects.update(sent_at=None, held_until=None)

    mailing.send_due()

    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    assert len(mail.outbox) == 2


def test_a_letter_that_one_worker_is_sending_is_left_alone(an):
    submit(an)
    mine, theirs = Letter.objects.get(), Letter.objects.get()

    assert [mine.take(), theirs.take()] == [True, False]
    assert mailing.send_due() == 0
    Letter.objects.update(held_until=timezone.now() - HOLD)
    assert mailing.send_due() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_sends(an):
    races.needs_threads()
    submit(an)

    sent = races.at_once(mailing.send_due, mailing.send_due)

    assert sorted(sent) == [0, 1]
    assert len(mail.outbox) == 1


def test_the_key_goes_with_the_last_letter_of_a_closed_request_and_not_before(an):
    request = submit(an)
    mailing.send_due()
    assert has_key(request)
    cases.cancel(request)
    assert has_key(request)

    mailing.send_due()

    assert not has_key(request)
    assert len(mail.outbox) == 2


def test_the_key_stays_while_an_earlier_letter_has_to_go_out(an, mail_server):
    """The acknowledgement failed, the later letter went out: one more is to come."""
    request = submit(an)
    mail_server.refuses()
    mailing.send_due()
    mail_server.works()
    cases.cancel(request)
    mailing.send_due()
    assert has_key(request)

    let_time_pass(Letter.objects.all())
    mailing.send_due()

    assert not has_key(request)


def test_the_key_goes_even_if_the_request_was_closed_while_a_letter_was_being_sent(an, mail_server):
    """Another worker sent the last letter meanwhile, and left the key to this one, whose letter was not sent yet."""
    request = submit(an)

    def close_and_send_the_last():
        cases.cancel(request)
        mailing.send_due()

    mail_server.does_first(close_and_send_the_last)
    mailing.send_due()

    assert request.letters.filter(sent_at=None).count() == 0
    assert not has_key(request)


def test_a_letter_that_cannot_be_sent_is_given_up_and_the_address_with_it(an, mail_server):
    """G-67: a dead mailbox is no reason to keep an address for ever."""
    request = submit(an)
    cases.cancel(request)
    mail_server.refuses()
    mailing.send_due()
    Letter.objects.update(created_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1))
    let_time_pass(Letter.objects.all())

    letters.destroy_forgotten_keys(timezone.now() + timedelta(hours=2))

    assert mailing.send_due() == 0
    assert not has_key(request)
    assert request.letters.filter(sent_at=None).count() == 2


def test_a_letter_that_was_never_tried_is_not_given_up(an):
    """No worker ran for a week."""
    submit(an)
    Letter.objects.update(created_at=timezone.now() - 2 * GIVE_UP_AFTER)

    assert mailing.send_due() == 1


def test_forgotten_keys_are_destroyed_and_no_others(an, bo, daan):
    """Killed between the last letter and its key; a request that was rolled back; one that is open; one that is being made."""
    answered, is_open = submit(an), submit(bo)
    cases.cancel(answered)
    mailing.send_due()
    keys.make(answered.ref)
    keys.make("ROLLEDBACK")

    letters.destroy_forgotten_keys(timezone.now())
    assert has_key(answered)
    letters.destroy_forgotten_keys(timezone.now() + timedelta(hours=2))

    assert [file.stem for file in store("keys").iterdir()] == [is_open.ref]


def test_without_a_confirmed_address_nothing_is_sent_and_nothing_is_said_to_be(db):
    """T-29."""
    request = submit(make_member("An", verified=False))

    assert mailing.send_due() == 0
    assert request.sealed_address == b""
    assert request.letters.get().sent_at is None


def test_neither_log_nor_trail_says_anything_personal(an, edupartner, mail_server, caplog):
    """T-32: with a mail server that repeats the address in its error."""
    caplog.set_level(logging.DEBUG)
    make_grant(an, edupartner)
    make_score(an)
    mail_server.refuses()
    request = erase(an.subject)
    mailing.send_due()

    said = caplog.text + str(list(TrailEntry.objects.values_list()))
    assert "was not sent: ConnectionRefusedError" in said
    assert request.ref in said
    assert not [word for word in (an.email, "peeters", "9000 Gent", "school.example") if word.lower() in said.lower()]


def test_the_answer_tells_what_was_done_and_what_stays(db):
    """G-39, G-40."""
    an = make_member("An", language="en")
    make_score(an)
    request = erase(an.subject)

    body = mail_with("Our answer").body

    said = outcome.of(request)
    with translation.override("en"):
        treated = {f"- {category.title}: {category.rows}, {category.label}" for category in said.treated}
        kept = {str(words) for kept in said.kept for words in (f"- {kept.title}: {kept.rows}", kept.reason, kept.until)}
    assert {"- scores: 1, kept without you", "- accounts: 1, removed"} <= treated
    assert kept
    assert [words for words in treated | kept if words not in body] == []


def test_only_what_became_of_rows_stands_in_the_answer(an, edupartner):
    """Steps count other things too: what was handed out, permissions that were ended."""
    make_grant(an, edupartner)

    request = erase(an.subject)

    said = [(category.data_map.label(), category.fate) for category in outcome.of(request).treated]
    assert ("consents.PartnerGrant", "deleted") in said
    assert ("consents.PartnerGrant", "withdrawn") not in said


def test_a_recipient_is_told_under_the_name_it_knows_and_that_name_is_forgotten(an, edupartner):
    """G-48."""
    sub = str(make_grant(an, edupartner).sub)

    request = erase(an.subject)

    notice = Notice.objects.get()
    assert mail_with(sub).to == [edupartner.recipient.contact_email]
    assert (notice.state, notice.known_as) == ("delivered", "")
    assert outcome.of(request).told == ["Edupartner"]


def test_an_erasure_is_answered_only_when_its_recipients_were_told(an, edupartner, mail_server):
    """G-44, G-48: a failed hook of a partner leaves the request open."""
    make_grant(an, edupartner)
    mail_server.refuses(edupartner.recipient.contact_email)
    request = erase(an.subject)
    assert request.status == "running"

    mail_server.works()
    let_time_pass(Notice.objects.all())
    mailing.deliver_notices()
    request.run.lease_until = None
    request.run.save()

    assert cases.run(request) is True
    assert request.status == "fulfilled"


def test_after_a_week_a_recipient_counts_as_not_reached_and_the_answer_says_so(db, mail_server):
    """G-48."""
    an, edupartner = make_member("An", language="en"), make_partner()
    make_grant(an, edupartner)
    mail_server.refuses(edupartner.recipient.contact_email)
    request = erase(an.subject)
    Notice.objects.update(created_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1))
    let_time_pass(Notice.objects.all())

    mailing.deliver_notices()
    type(request.run).objects.update(lease_until=None)
    cases.run(request)
    mailing.send_due()

    notice = Notice.objects.get()
    assert (notice.state, notice.known_as, notice.attempts) == ("impossible", "", 2)
    assert "We could not reach these recipients: Edupartner." in mail_with("Our answer").body


def test_nobody_is_said_to_be_told_before_it_is_so(an, edupartner):
    """The answer to a correction goes out at once; the notice may still be on its way."""
    make_grant(an, edupartner)
    request = at_once.correct(an.subject, {("accounts.Member", an.pk): {"first_name": "Anna"}})

    said = outcome.of(request)

    assert (said.told, said.being_told, said.not_reached) == ([], ["Edupartner"], [])


def test_a_notice_that_fails_holds_back_no_other(an, edupartner, mail_server):
    other = make_partner("anderpartner")
    for partner in (edupartner, other):
        tell(partner.recipient, "erasure", subject_ref=an.subject.ref, known_as="x", request_ref="ABC")
    mail_server.refuses(edupartner.recipient.contact_email)

    mailing.deliver_notices(request_ref="ABC")

    assert dict(Notice.objects.values_list("recipient__name", "state")) == {"Edupartner": "queued", "Anderpartner": "delivered"}


def test_who_is_told_of_many_keeps_no_other_waiting(an, edupartner):
    of_many = [Notice(recipient=edupartner.recipient, subject_ref=an.subject.ref, event="ended") for _nth in range(30)]
    Notice.objects.bulk_create(of_many)
    later = tell(make_partner("anderpartner").recipient, "erasure", subject_ref=an.subject.ref, known_as="x")

    first = Notice.objects.in_turn(10)

    assert later in first
    assert len(first) > 5


def test_all_that_waits_goes_out_round_after_round(an, edupartner, monkeypatch):
    monkeypatch.setattr(mailing, "ROUND", 2)
    for _nth in range(5):
        tell(edupartner.recipient, "erasure", subject_ref=an.subject.ref, known_as="x")

    mailing.deliver_notices()

    assert not Notice.objects.undelivered().exists()


def test_what_rested_goes_before_what_is_new(an, edupartner):
    new, rested, rests = (tell(edupartner.recipient, "erasure", subject_ref=an.subject.ref, known_as=str(nth)) for nth in range(3))
    Notice.objects.filter(pk=rested.pk).update(held_until=timezone.now() - timedelta(minutes=1))
    Notice.objects.filter(pk=rests.pk).update(held_until=timezone.now() + timedelta(minutes=1))

    assert Notice.objects.in_turn(10) == [rested, new]


def test_the_same_notice_for_the_same_request_is_queued_once(an, edupartner):
    for known_as in ("x", "y"):
        tell(edupartner.recipient, "erasure", subject_ref=an.subject.ref, known_as=known_as, request_ref="ABC")

    assert Notice.objects.get().known_as == "x"


def test_release_before_erasure_makes_a_recipient_that_is_told(an, edupartner):
    """G-22, G-48."""
    make_grant(an, edupartner)
    release(edupartner, an)

    assert outcome.of(erase(an.subject)).told == ["Edupartner"]
