"""Answering a request: what may be said, what the letter will say, and who comes second."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from privacy.casework import answering, asking, cases, confirming, mailing, refusing, restricting, weighing
from privacy.casework.answering import Answer
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import RefusalGround, Right
from privacy.errors import (
    OwnDecision,
    PartNotNamed,
    ReceivedInFuture,
    RequestAlreadyOpen,
    RequestNotApproved,
    SecondPersonNeeded,
    UseNotNamed,
)
from privacy.models import AgendaItem, Letter, Restriction, TrailEntry
from privacy.rights import restriction
from privacy.rights.statements import words_with

from . import races
from .makers import make_member

SUBMISSIONS = 200
# So many of them are in the database at a time: a server has a hundred places, and tests beside this one need most of them.
CONNECTIONS = 20
REASONS = "Voor de statistieken hebben we deze gegevens nodig."
NO = {"ground": RefusalGround.EXCEPTION, "reasons": REASONS, "evidence": ""}


# A use that goes on by law while it is weighed.
GOES_ON = ["misconduct"]


def asked(member, right=Right.OBJECTION, **options):
    request = cases.submit(right, subject=member.subject, **options)
    if right in weighing.STOPS_A_USE:
        asking.add(request, subject=member.subject, activities=GOES_ON)
    return request


def objection(member, uses=None):
    return asking.ask(Right.OBJECTION, subject=member.subject, activities=uses or _uses())


def _uses():
    return [activity.slug for activity in asking.activities_for(Right.OBJECTION)][:2]


def kinds(request):
    return list(request.letters.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("right", [right for right in Right if right not in cases.PLANS])
@pytest.mark.parametrize(
    ("chosen", "no", "status", "letter"),
    [
        (Answer.FOLLOW, {}, "fulfilled", "answer"),
        (Answer.PARTLY, {"ground": "unfounded", "reasons": REASONS}, "partly", "partly"),
        (Answer.REFUSE, {"ground": "unfounded", "reasons": REASONS}, "refused", "refusal"),
    ],
)
def test_every_right_that_no_worker_carries_out_is_answered_in_three_ways(an, daan, right, chosen, no, status, letter):
    """G-07, G-09: each with its letter."""
    request = asked(an, right)

    answering.answer(request, chosen, actor_ref=daan.subject.ref, **no)

    assert (request.status, kinds(request)) == (status, ["acknowledgement", letter])
    assert not AgendaItem.objects.open().exists()
    assert TrailEntry.objects.filter(event=f"{right}.{status}", actor_ref=str(daan.subject.ref)).count() == 1


@pytest.mark.parametrize("right", [Right.ACCESS, Right.PORTABILITY])
def test_what_a_worker_carries_out_is_accepted_or_refused(an, daan, right):
    request = asked(an, right)
    assert answering.answers_to(request) == [Answer.ACCEPT, Answer.REFUSE]

    answering.answer(request, Answer.ACCEPT, actor_ref=daan.subject.ref)

    assert (request.status, answering.answers_to(request)) == ("approved", [Answer.REFUSE])


def test_an_erasure_is_not_accepted_by_the_way(an):
    """What goes and what stays has to be seen first."""
    assert answering.answers_to(asked(an, Right.ERASURE)) == [Answer.REFUSE]


@pytest.mark.parametrize("end", [cases.cancel, lambda request: cases.refuse(request, **NO, actor_ref="dpo")])
def test_what_is_closed_has_no_answer(an, end):
    request = asked(an)
    end(request)

    assert answering.answers_to(request) == []


@pytest.mark.parametrize(
    ("chosen", "no", "words"),
    [
        (Answer.FOLLOW, {}, "Your request is done."),
        (Answer.PARTLY, {"ground": "exception", "reasons": REASONS}, "court"),
        (Answer.REFUSE, {"ground": "exception", "reasons": REASONS}, "court"),
    ],
)
def test_the_letter_is_read_beforehand_as_it_goes_out(db, settings, mailoutbox, chosen, no, words):
    """G-07, K-19."""
    settings.PRIVACY = {**settings.PRIVACY, "SITE": ""}
    request = asked(make_member("An", language="en"))
    mailing.send_due()

    draft = answering.draft(request, chosen, **no)
    answering.answer(request, chosen, actor_ref="dpo", **no)
    mailing.send_due()

    assert (draft.title, draft.text) == (mailoutbox[-1].subject, mailoutbox[-1].body)
    assert words in draft.text
    assert not no or REASONS in draft.text


def test_reading_it_changes_nothing(an):
    request = asked(an)

    answering.draft(request, Answer.REFUSE, ground="exception", reasons=REASONS)

    assert (request.status, request.refusal_reasons) == ("received", "")
    request.refresh_from_db()
    assert (request.status, request.refusal_ground, kinds(request)) == ("received", "", ["acknowledgement"])


def test_the_desk_does_not_read_the_link_that_is_hers(an, settings):
    """T-28: whoever has it stops the request in her name."""
    settings.PRIVACY = {**settings.PRIVACY, "SITE": "https://inzage.example"}

    draft = answering.draft(asked(an), Answer.FOLLOW)

    assert "/not-me/" not in draft.text


def test_a_no_in_part_names_what_is_refused(an, daan):
    """G-07: and whoever acts on it hears which."""
    heard, first = [], _uses()[0]
    request = objection(an)

    def listen(status, refused_about, **_sender):
        heard.append((str(status), refused_about))

    cases.decided.connect(listen)
    try:
        answering.answer(request, Answer.PARTLY, actor_ref=daan.subject.ref, about=[first], **NO)
    finally:
        cases.decided.disconnect(listen)

    assert (request.status, request.refused_about, heard) == ("partly", [first], [("partly", (first,))])


@pytest.mark.parametrize("about", [[], None, ["nonsense"]])
def test_none_or_all_of_them_is_no_part(an, about):
    request = objection(an)

    with pytest.raises(PartNotNamed):
        answering.answer(request, Answer.PARTLY, actor_ref="dpo", about=_uses() if about is None else about, **NO)

    request.refresh_from_db()
    assert (request.status, kinds(request)) == ("received", ["acknowledgement"])


def test_the_letter_of_a_no_in_part_says_what_it_is_about(db):
    """G-07, G-08: which use, ground, reasons, complaint and court."""
    an = make_member("An", language="en")
    request, first = objection(an), _uses()[0]

    text = answering.draft(request, Answer.PARTLY, ground="exception", reasons=REASONS, about=[first]).text

    for words in (REASONS, "Drukpersstraat 35, 1000 Brussel", "contact@apd-gba.be", "court"):
        assert words in text


@pytest.mark.parametrize("right", weighing.STOPS_A_USE)
@pytest.mark.parametrize(("chosen", "no"), [(Answer.FOLLOW, {}), (Answer.PARTLY, NO)])
def test_a_yes_that_stops_nothing_is_not_said(an, daan, right, chosen, no):
    """G-33, G-36: by form or letter no use is named; one of ours names it first."""
    request = cases.submit(right, subject=an.subject, channel="form")
    with pytest.raises(UseNotNamed):
        answering.answer(request, chosen, actor_ref=daan.subject.ref, **no)
    assert (request.status, kinds(request)) == ("received", ["acknowledgement"])

    restricting.begin(request, an.subject, ["usage"], ground="objection", actor_ref=daan.subject.ref)
    answering.answer(request, chosen, actor_ref=daan.subject.ref, **no)

    row = Restriction.objects.in_force().get()
    assert (row.announced_at, bool(row.upheld_at)) == (None, right == Right.OBJECTION)


@pytest.mark.parametrize("before", [None, Answer.FOLLOW, Answer.REFUSE])
def test_a_use_that_is_on_hold_already_can_be_objected_to_by_letter(an, daan, before):
    """G-36: put on hold by ourselves, stopped for good, or about to be used again."""
    if before:
        first = objection(an)
        answering.answer(first, before, actor_ref=daan.subject.ref, **(NO if before == Answer.REFUSE else {}))
    else:
        restriction.begin(an.subject, ["usage"], ground="objection", request_ref="ABC")
    request = cases.submit(Right.OBJECTION, subject=an.subject, channel="form")

    restricting.begin(request, an.subject, ["usage"], ground="objection", actor_ref=daan.subject.ref)
    answering.answer(request, Answer.FOLLOW, actor_ref=daan.subject.ref)

    row = Restriction.objects.in_force().get(activity="usage")
    assert (request.status, row.request_ref, row.announced_at, bool(row.upheld_at)) == ("fulfilled", request.ref, None, True)


def test_a_use_on_hold_on_another_ground_is_not_stopped_by_a_yes_to_an_objection(an, daan):
    """G-36: it would go on once that ground ends."""
    request = cases.submit(Right.OBJECTION, subject=an.subject, channel="form")
    restricting.begin(request, an.subject, ["usage"], ground="unlawful", actor_ref=daan.subject.ref)

    with pytest.raises(UseNotNamed):
        answering.answer(request, Answer.FOLLOW, actor_ref=daan.subject.ref)

    assert request.status == "received"


def test_what_is_asked_in_words_alone_is_about_no_use(an):
    request = cases.submit(Right.OBJECTION, subject=an.subject, channel="form")
    confirming._keep_words(request, "Stop daarmee.")

    assert refusing.uses_of(request) == []


def test_what_a_worker_carries_out_is_never_refused_in_part_by_hand(an):
    request = asked(an, Right.ACCESS)
    cases.approve(request, subject=an.subject)

    with pytest.raises(RequestNotApproved):
        cases.refuse_in_part(request, ground="unfounded", reasons=REASONS, actor_ref="dpo")


def test_what_somebody_entered_another_answers(an, bo, daan):
    """T-18."""
    request = asked(an, Right.RECTIFICATION, channel="letter", actor_ref=str(daan.subject.ref))

    with pytest.raises(SecondPersonNeeded):
        answering.answer(request, Answer.FOLLOW, actor_ref=daan.subject.ref)
    answering.answer(request, Answer.FOLLOW, actor_ref=bo.subject.ref)

    assert request.status == "fulfilled"


@pytest.mark.parametrize("chosen", [Answer.FOLLOW, Answer.PARTLY, Answer.REFUSE])
def test_nobody_answers_herself(daan, chosen):
    """T-18."""
    request = asked(daan)

    with pytest.raises(OwnDecision):
        answering.answer(request, chosen, actor_ref=daan.subject.ref, **({} if chosen == Answer.FOLLOW else NO))


def test_what_was_taken_back_is_not_answered(an):
    request = asked(an)
    cases.cancel(DataSubjectRequest.objects.get(pk=request.pk))

    for chosen in (Answer.FOLLOW, Answer.PARTLY, Answer.REFUSE):
        with pytest.raises(RequestNotApproved):
            answering.answer(request, chosen, actor_ref="dpo", **({} if chosen == Answer.FOLLOW else NO))

    assert kinds(request) == ["acknowledgement", "cancelled"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", [Answer.FOLLOW, Answer.REFUSE, Answer.PARTLY])
def test_of_two_officers_who_answer_at_once_one_does(an, second):
    """G-09: one letter, one end, and the other hears that she was second."""
    races.needs_threads()
    request = asked(an)

    def answer(chosen, actor):
        copy = DataSubjectRequest.objects.get(pk=request.pk)
        answering.answer(copy, chosen, actor_ref=actor, **({} if chosen == Answer.FOLLOW else NO))
        return "answered"

    results = races.at_once(lambda: answer(Answer.FOLLOW, "dpo"), lambda: answer(second, "operator"))

    request.refresh_from_db()
    assert sorted(result if result == "answered" else type(result).__name__ for result in results) == ["RequestNotApproved", "answered"]
    assert len(kinds(request)) == 2
    ends = [f"objection.{end}" for end in ("fulfilled", "partly", "refused")]
    assert TrailEntry.objects.filter(request_ref=request.ref, event__in=ends).count() == 1


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_answered_at_once_one_counts(an):
    races.needs_threads()
    request = asked(an)

    def copy():
        return DataSubjectRequest.objects.get(pk=request.pk)

    results = races.at_once(lambda: cases.cancel(copy()), lambda: answering.answer(copy(), Answer.REFUSE, actor_ref="dpo", **NO))

    request.refresh_from_db()
    assert [type(result).__name__ for result in results if result] == ["RequestNotApproved"]
    assert request.status in {"cancelled", "refused"}
    assert len(kinds(request)) == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("right", [Right.OBJECTION, Right.COMPLAINT])
def test_of_two_hundred_submissions_at_once_one_becomes_a_row(an, settings, right):
    """T-14, T-24: of one right, by one person; each of the others is pointed to it."""
    races.needs_threads()
    settings.PRIVACY = {**settings.PRIVACY, "REQUESTS_PER_DAY": 1_000}
    room = threading.BoundedSemaphore(CONNECTIONS)

    def submit():
        with room:
            try:
                return asked(an, right)
            finally:
                connections.close_all()

    results = races.at_once(*[submit] * SUBMISSIONS)

    open_one = DataSubjectRequest.objects.get()
    assert sorted({type(result).__name__ for result in results}) == ["DataSubjectRequest", "RequestAlreadyOpen"]
    assert [result.ref for result in results if isinstance(result, DataSubjectRequest)] == [open_one.ref]
    assert {result.request.ref for result in results if isinstance(result, RequestAlreadyOpen)} == {open_one.ref}
    waits = list(AgendaItem.objects.values_list("kind", flat=True))
    assert (Letter.objects.count(), len(waits)) == (1, len(set(waits)))


def test_a_question_and_a_complaint_wait_for_us_with_their_words(an):
    for right in (Right.INFORMATION, Right.COMPLAINT):
        request = asking.tell(right, subject=an.subject, text="Waarom zie ik dit?", identified_by="password")

        assert (request.right, request.status, [said.text for said in words_with(request)]) == (right, "received", ["Waarom zie ik dit?"])
        assert AgendaItem.objects.open().filter(request_ref=request.ref, kind="decide", due_on=request.due_on).exists()


def test_what_came_with_a_question_is_no_use_of_data(an):
    request = asking.tell(Right.INFORMATION, subject=an.subject, text="Waarom?")

    assert answering.uses_to_refuse(request) == []


def test_a_request_dated_in_the_future_is_no_request(an):
    """G-01: nothing of it stays."""
    with pytest.raises(ReceivedInFuture):
        asked(an, received_at=timezone.now() + timedelta(seconds=30))

    assert not DataSubjectRequest.objects.exists()
