"""Letters by post, and what one of ours does with a letter; each act is on record once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from privacy import keys
from privacy.casework import agenda, at_once, bounces, by_hand, cases, disowning, letter_paper, letters, mailing, posting
from privacy.casework.letters import GIVE_UP_AFTER, Kind, Letter, State
from privacy.casework.posting import Act
from privacy.datamap import RefusalGround, Right
from privacy.errors import LetterMovedOn
from privacy.models import AgendaItem, DataSubjectRequest, TrailEntry

from . import races
from .makers import make_member
from .properties.acts import erase
from .reports import read, text_of

pytestmark = pytest.mark.django_db


def asked(member, right=Right.OBJECTION):
    return cases.submit(right, subject=member.subject)


def answered(member):
    request = asked(member)
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")
    mailing.send_due()
    return request


def without_address(daan, name="Els"):
    """Who wrote a letter, and confirmed no address."""
    els = make_member(name, verified=False)
    how = {"channel": "letter", "identified_by": "id_card", "received_at": timezone.now(), "reason": "brief"}
    return by_hand.enter(els.subject, actor_ref=daan.subject.ref, **how)


def letter_of(request, kind=Kind.REFUSAL):
    return request.letters.select_related("request").get(kind=kind)


def waiting(request):
    return set(AgendaItem.objects.open().filter(request_ref=request.ref).values_list("kind", flat=True))


def do(act, letter, actor="dpo"):
    posting.do(act, letter, actor_ref=actor)
    letter.refresh_from_db()
    return letter


def test_who_wrote_a_letter_and_gave_no_address_gets_one_by_post(daan):
    """G-09: and somebody has to put it there."""
    request = without_address(daan)

    letter = letter_of(request, Kind.ACKNOWLEDGEMENT)
    assert (letter.by_post, letter.state, mailing.send_due()) == (True, State.TO_POST, 0)
    assert waiting(request) == {"second_person", "post"}


def test_who_has_an_address_gets_mail(an):
    assert letter_of(asked(an), Kind.ACKNOWLEDGEMENT).state == State.WAITS
    assert not AgendaItem.objects.filter(kind="post").exists()


def test_once_it_is_in_the_post_nothing_waits(daan):
    request = without_address(daan)

    letter = do(Act.POSTED, letter_of(request, Kind.ACKNOWLEDGEMENT))

    assert letter.state == State.POSTED
    assert None not in {letter.posted_at, letter.sent_at}
    assert waiting(request) == {"second_person"}
    entry = TrailEntry.objects.get(event="letter.posted")
    assert (entry.request_ref, entry.reason, entry.actor_ref) == (request.ref, "acknowledgement", "dpo")


def test_the_task_stays_while_another_letter_is_to_be_posted(daan):
    request = without_address(daan)
    letters.write(request, Kind.ACCEPTED)

    do(Act.POSTED, letter_of(request, Kind.ACCEPTED))

    assert "post" in waiting(request)


def test_instead_of_mail_it_goes_by_post(an):
    request = asked(an)

    letter = do(Act.BY_POST, letter_of(request, Kind.ACKNOWLEDGEMENT))

    assert (mailing.send_due(), letter.state) == (0, State.TO_POST)
    assert "post" in waiting(request)


def test_what_came_back_is_mailed_again_while_we_have_the_address(an):
    request = asked(an, Right.COMPLAINT)
    mailing.send_due()
    letter = do(Act.RETURNED, letter_of(request, Kind.ACKNOWLEDGEMENT))
    assert "bounced" in waiting(request)

    do(Act.AGAIN, letter)

    assert mailing.send_due() == 1
    assert "bounced" not in waiting(request)
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


def test_once_the_key_is_gone_it_goes_by_post_alone(an):
    """The address can no longer be read: that is what the end of a request promises."""
    request = answered(an)
    assert not keys.exists(request.ref)

    letter = do(Act.RETURNED, letter_of(request))

    assert posting.acts_for(letter) == [Act.POSTED]
    with pytest.raises(LetterMovedOn):
        posting.do(Act.AGAIN, letter, actor_ref="dpo")
    assert do(Act.POSTED, letter).state == State.POSTED
    assert waiting(request) == set()


def test_what_came_back_from_the_post_waits_again(daan):
    request = without_address(daan)
    letter = do(Act.POSTED, letter_of(request, Kind.ACKNOWLEDGEMENT))

    do(Act.RETURNED, letter)

    assert (letter.state, "bounced" in waiting(request)) == (State.RETURNED, True)
    assert do(Act.POSTED, letter).state == State.POSTED
    assert "bounced" not in waiting(request)


@pytest.mark.parametrize("act", ["", "burn", "posted", "again", "x" * 5_000, "\x00"])
def test_what_cannot_be_done_with_a_letter_is_refused_and_changes_nothing(an, act):
    request = asked(an)
    before = Letter.objects.values().get()

    with pytest.raises(LetterMovedOn):
        posting.do(act, letter_of(request, Kind.ACKNOWLEDGEMENT), actor_ref="dpo")

    assert Letter.objects.values().get() == before


def test_the_second_who_says_that_it_is_posted_is_told_that_it_was(daan):
    request = without_address(daan)
    first, second = (letter_of(request, Kind.ACKNOWLEDGEMENT) for _nth in range(2))
    do(Act.POSTED, first)

    with pytest.raises(LetterMovedOn):
        posting.do(Act.POSTED, second, actor_ref="dpo")

    assert TrailEntry.objects.filter(event="letter.posted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_post_it_at_once_one_is_on_record(daan):
    races.needs_threads()
    request = without_address(daan)
    seen = [letter_of(request, Kind.ACKNOWLEDGEMENT) for _nth in range(4)]

    ended = races.at_once(*(lambda letter=letter: posting.do(Act.POSTED, letter, actor_ref="dpo") for letter in seen))

    assert sum(isinstance(each, LetterMovedOn) for each in ended) == 3
    assert TrailEntry.objects.filter(event="letter.posted").count() == 1


def test_mail_that_was_given_up_becomes_a_task_once(an, settings):
    """G-09: silence is no answer."""
    request = asked(an)
    long_ago = timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1)
    Letter.objects.update(attempts=9, created_at=long_ago)

    for _night in range(2):
        bounces.note_given_up(now=timezone.now())

    letter = letter_of(request, Kind.ACKNOWLEDGEMENT)
    assert (letter.state, letter.returned_because) == (State.RETURNED, "not_sent")
    assert "bounced" in waiting(request)
    assert TrailEntry.objects.filter(event="letter.returned").count() == 1


def test_given_up_once_more_after_it_was_mailed_again_it_is_a_task_once_more(an):
    request = asked(an)
    long_ago = timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1)
    Letter.objects.update(attempts=9, created_at=long_ago)
    bounces.note_given_up(now=timezone.now())
    do(Act.AGAIN, letter_of(request, Kind.ACKNOWLEDGEMENT))
    assert "bounced" not in waiting(request)

    Letter.objects.update(attempts=1)
    bounces.note_given_up(now=timezone.now() + GIVE_UP_AFTER - timedelta(minutes=1))
    assert "bounced" not in waiting(request)
    bounces.note_given_up(now=timezone.now() + GIVE_UP_AFTER + timedelta(minutes=1))

    assert "bounced" in waiting(request)


def test_mailed_again_it_is_tried_for_days_and_its_address_stays_as_long(an, settings):
    """However old the letter is, and closed its request."""
    request = asked(an)
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": "tests.test_reviews.fail"}
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")
    Letter.objects.update(attempts=9, created_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1))
    bounces.note_given_up(now=timezone.now())

    for letter in request.letters.all():
        do(Act.AGAIN, letter)
    mailing.send_due()
    letters.destroy_forgotten_keys(timezone.now() + timedelta(hours=2))

    assert keys.exists(request.ref)
    assert request.letters.due().count() == 2


def test_what_is_still_tried_or_goes_by_post_is_not_given_up(an, daan):
    asked(an)
    without_address(daan)
    Letter.objects.filter(by_post=False).update(attempts=3)

    bounces.note_given_up(now=timezone.now())

    assert not Letter.objects.returned().exists()


def _fulfilled(request, an):
    cases.approve(request, subject=an.subject)
    cases.fulfil(request, actor_ref="dpo")


def _refused(request, _an):
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Omdat.", actor_ref="dpo")


def _disowned(request, _an):
    disowning.disown(request)


def _erased(_request, an):
    erase(an.subject)


@pytest.mark.parametrize("close", [_fulfilled, _refused, lambda request, _an: cases.cancel(request), _disowned, _erased])
def test_however_a_request_ends_there_is_a_letter_of_its_end(an, close):
    """G-09: no closing without a letter."""
    request = asked(an)

    close(request, an)

    for each in DataSubjectRequest.objects.filter(closed_at__isnull=False):
        assert each.letters.exclude(kind__in=[Kind.ACKNOWLEDGEMENT, Kind.ACCEPTED]).exists(), each.status


@pytest.mark.parametrize("right", [Right.WITHDRAWAL, Right.OBJECTION])
def test_what_is_done_at_once_has_its_letter_too(an, right):
    """G-09, G-12."""
    request = {Right.WITHDRAWAL: at_once.withdrawn, Right.OBJECTION: at_once.objected}[right](an.subject)

    assert request.letters.filter(kind=Kind.ANSWER).exists()


def test_a_letter_on_paper_says_what_the_mail_says(an):
    request = answered(an)

    said = text_of(letter_paper.on_paper(letter_of(request)).content)

    mailed = mail.outbox[-1]
    assert mailed.subject in said
    for words in ("Er loopt een geschil.", "Drukpersstraat 35, 1000 Brussel", "rechter", request.ref):
        assert words in said


def test_a_letter_on_paper_has_no_link_and_no_address(an):
    request = answered(an)

    said = text_of(letter_paper.on_paper(letter_of(request)).content)

    assert not [word for word in ("http", "not-me", an.email, "Peeters", "deze mail") if word in said]


def test_the_same_letter_gives_the_same_pages(an):
    letter = letter_of(answered(an))

    first, second = (letter_paper.on_paper(letter) for _nth in range(2))

    assert first == second
    assert first.name == f"letter-{letter.request.ref}-refusal.pdf"


@pytest.mark.parametrize("reasons", ["<script>alert(1)</script> & <b>", "x" * 5_000, "\u202eomgekeerd\x07", "regel\n" * 800])
def test_whatever_stands_in_the_reasons_is_paper(an, reasons):
    request = asked(an)
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons=reasons, actor_ref="dpo")

    pdf = letter_paper.on_paper(letter_of(request)).content

    assert 1 <= len(read(pdf).pages) < 30
    assert not any("/Annots" in page for page in read(pdf).pages)


@pytest.mark.parametrize(("language", "day"), [("nl", "5 maart 2026"), ("fr", "5 mars 2026"), ("en", "March 5, 2026")])
def test_paper_speaks_the_language_of_the_person_and_days_of_brussels(db, language, day):
    """G-03."""
    request = asked(make_member("An", language=language))
    Letter.objects.update(created_at=datetime(2026, 3, 4, 23, 30, tzinfo=UTC))

    pdf = letter_paper.on_paper(letter_of(request, Kind.ACKNOWLEDGEMENT)).content

    assert day in text_of(pdf)
    assert read(pdf).trailer["/Root"]["/Lang"] == language


def test_after_an_erasure_its_answer_can_still_be_printed(an):
    request = erase(an.subject)

    said = text_of(letter_paper.on_paper(letter_of(request, Kind.ANSWER)).content)

    assert "Je gegevens zijn gewist." in said
    assert "Bij deze brief zit een wiscertificaat." in said


def test_a_new_kind_of_task_is_kept_by_the_database():
    for kind in agenda.Kind:
        agenda.note(kind, "ABC", timezone.localdate())

    assert AgendaItem.objects.count() == len(agenda.Kind)
