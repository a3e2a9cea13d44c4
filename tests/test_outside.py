"""Asking without an account: what waits for an address to answer, and what becomes of it."""

import json
import re
import time
from datetime import timedelta
from statistics import median

import pytest
from cryptography.exceptions import InvalidTag
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from privacy import keys, tasks
from privacy.casework import cases, confirming, correspondents, hourly, mailing, not_me, outside
from privacy.casework.hourly import HourlyCount
from privacy.datamap import RefusalGround, Right
from privacy.days import day_of
from privacy.errors import IdentityNotShown, LinkUsed, TooManyFromOutside
from privacy.models import (
    AgendaItem,
    DataSubjectRequest,
    FollowUp,
    IdentityCheck,
    Letter,
    OutsideRequest,
    Restriction,
    Statement,
    Subject,
    TrailEntry,
)

from .makers import make_feedback, make_member
from .outside import STRANGER, asked, confirmed, link_in
from .races import at_once, needs_threads

# Of a form: another one on each page.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def ask(address=STRANGER, right=Right.ACCESS, *, now=None, network="192.0.2.7", words=""):
    outside.ask(right, address, language="nl", network=network, now=now or timezone.now(), words=words)
    return OutsideRequest.objects.order_by("-pk").first()


def confirm(address=STRANGER, right=Right.ACCESS, **given):
    return confirming.confirm(ask(address, right, **given), now=timezone.now())


# What is asked


@pytest.mark.django_db
def test_what_was_asked_is_no_request_yet(an):
    """T-14: only what is confirmed counts."""
    waiting = ask(an.email, Right.ERASURE)

    assert not DataSubjectRequest.objects.exists()
    assert not AgendaItem.objects.exists()
    assert cases.submit(Right.ERASURE, subject=an.subject).is_open
    assert waiting.said().address == an.email


@pytest.mark.django_db
def test_address_and_words_lie_sealed_and_bound_to_their_row():
    first, second = ask("an@elders.example", words="Graag snel"), ask("bo@elders.example")

    row = OutsideRequest.objects.values().get(pk=first.pk)

    assert b"an@elders" not in bytes(row["sealed"])
    assert b"Graag" not in json.dumps({name: str(value) for name, value in row.items()}).encode()
    second.sealed = first.sealed
    with pytest.raises(InvalidTag):
        second.said()


@pytest.mark.django_db
def test_a_known_and_an_unknown_address_get_the_same_answer_by_the_same_questions(an, bo):
    """T-01, T-02, G-17: status, headers, page and statements."""
    said = []
    for address in (an.email, STRANGER):
        browser = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = asked(address, browser=browser)
        page = browser.get(answer["Location"])
        shapes = [" ".join(query["sql"].split(" WHERE ")[0].split()[:4]) for query in queries]
        said.append(
            (answer.status_code, answer["Location"], sorted(answer.headers), page.status_code, TOKEN.sub("", page.content.decode()), shapes)
        )

    assert said[0] == said[1]


@pytest.mark.django_db
def test_both_take_as_long(an, settings, record_property):
    """T-02, G-17: 200 runs of each, in turn."""
    settings.PRIVACY = {**settings.PRIVACY, "OUTSIDE_PER_NETWORK": 10_000}
    browser, took = Client(), {an.email: [], STRANGER: []}

    for _run in range(200):
        for address, seconds in took.items():
            began = time.perf_counter()
            asked(address, browser=browser)
            seconds.append(time.perf_counter() - began)

    known, unknown = (median(seconds) for seconds in took.values())
    record_property("measured", f"asked 200 times each: known {known * 1000:.2f} ms, unknown {unknown * 1000:.2f} ms")
    assert 0.67 < known / unknown < 1.5


@pytest.mark.django_db
def test_the_mail_says_to_nobody_whether_she_is_known(an, mailoutbox):
    """T-01: the same letter, to the address that was given."""
    for address in (an.email, STRANGER):
        ask(address)
    outside.send_due()

    bodies = [message.body.replace(link_in(message), "") for message in mailoutbox]

    assert [message.to for message in mailoutbox] == [[an.email], [STRANGER]]
    assert bodies[0] == bodies[1]


@pytest.mark.django_db
def test_to_one_address_go_three_mails_an_hour_and_the_page_reads_the_same(mailoutbox):
    """T-02: who is written to in another's name is not buried."""
    now = timezone.now()
    for _time in range(10):
        assert asked().status_code == 302
    outside.send_due()

    assert len(mailoutbox) == outside.MAILS_TO_ONE
    ask(now=now + timedelta(hours=1))
    assert OutsideRequest.objects.count() == outside.MAILS_TO_ONE + 1


@pytest.mark.django_db
def test_capitals_make_no_other_address(mailoutbox):
    for address in ("Niemand@elders.example", "NIEMAND@ELDERS.EXAMPLE", "niemand@elders.example", "nIEMAND@elders.example"):
        ask(address)

    assert OutsideRequest.objects.count() == outside.MAILS_TO_ONE


@pytest.mark.django_db
def test_five_thousand_from_one_network_stop_nobody_else(an, mailoutbox):
    """T-14, T-24: nothing reaches the desk, and from another network she asks as before."""
    now, refused = timezone.now(), 0
    for number in range(5_000):
        try:
            ask(f"{number}@elders.example", network="198.51.100.1", now=now)
        except TooManyFromOutside:
            refused += 1

    assert (refused, OutsideRequest.objects.count()) == (4_970, 30)
    assert not DataSubjectRequest.objects.exists()
    assert confirm(an.email, network="192.0.2.7").request.subject_ref == an.subject.ref


@pytest.mark.django_db
def test_five_thousand_from_many_networks_fill_no_desk_and_block_no_person(an, mailoutbox, monkeypatch):
    """T-14, T-24: each costs a mail, in rounds; hers is sent and answered."""
    monkeypatch.setattr(keys, "make", _once(keys.make))
    now = timezone.now()
    for number in range(5_000):
        ask(f"{number}@elders.example", network=f"10.0.{number // 250}.{number % 250}", now=now)
    hers = ask(an.email, now=now)

    assert outside.send_due() == outside.ROUND
    assert not DataSubjectRequest.objects.exists()
    assert not AgendaItem.objects.exists()
    assert confirming.confirm(hers, now=timezone.now()).request.subject_ref == an.subject.ref


def _once(make):
    """Five thousand looks at one file say nothing about us."""
    made = set()

    def once(ref, of=""):
        if (ref, of) not in made:
            make(ref, of)
            made.add((ref, of))

    return once


@pytest.mark.django_db
def test_beyond_what_can_wait_it_is_said(monkeypatch):
    monkeypatch.setattr(outside, "MOST_WAITING", 2)
    for number in range(2):
        ask(f"{number}@elders.example")

    with pytest.raises(TooManyFromOutside):
        ask()


# The link


@pytest.mark.django_db
def test_opening_the_link_changes_nothing(an, mailoutbox):
    """T-01, T-28: mail scanners open links."""
    asked(an.email)
    outside.send_due()

    page = Client().get(link_in(mailoutbox[0]))

    assert page.status_code == 200
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.django_db
def test_its_button_makes_a_request_that_was_received_when_it_was_asked(an, mailoutbox):
    """G-01, G-17: the clock runs from the form, not from the link."""
    long_ago = timezone.now() - timedelta(hours=30)
    waiting = ask(an.email, Right.OBJECTION, now=long_ago)

    made = confirming.confirm(waiting, now=timezone.now()).request

    assert (made.channel, made.identified_by, made.status) == ("form", "stored_address", "received")
    assert made.received_at == long_ago
    assert IdentityCheck.objects.get().method == "stored_address"
    assert set(AgendaItem.objects.values_list("kind", flat=True)) == {"decide", "compelling_grounds"}


@pytest.mark.django_db
def test_the_acknowledgement_names_both_days(an, mailoutbox):
    """G-10: when it was received, and by when we answer."""
    made = confirm(an.email, Right.COMPLAINT).request
    mailing.send_due()

    assert [message.to for message in mailoutbox] == [[an.email]]
    assert made.ref in mailoutbox[0].subject
    assert str(made.answer_by.year) in mailoutbox[0].body


@pytest.mark.django_db
def test_a_link_works_once(an, mailoutbox):
    asked(an.email, "objection")
    outside.send_due()
    first, second = (Client().post(link_in(mailoutbox[0])) for _time in range(2))

    assert (first.status_code, second.status_code) == (200, 410)
    assert DataSubjectRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_counts():
    needs_threads()
    an = make_member("An")
    waiting = ask(an.email, Right.OBJECTION)

    outcomes = at_once(*[lambda: confirming.confirm(waiting, now=timezone.now())] * 2)

    assert sum(isinstance(outcome, LinkUsed) for outcome in outcomes) == 1
    assert DataSubjectRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_links_of_one_stranger_at_once_make_one_request():
    """T-24: one open request per right and person, without an account too."""
    needs_threads()
    waiting = [ask(right=Right.COMPLAINT) for _time in range(2)]

    outcomes = at_once(*[lambda each=each: confirming.confirm(each, now=timezone.now()) for each in waiting])

    assert len({outcome.request.ref for outcome in outcomes}) == 1
    assert sorted(outcome.is_new for outcome in outcomes) == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize(("token", "status"), [("x", 404), ("AAAAAAAAAA:1:1", 404), ("%00", 404), ("é" * 300, 404)])
def test_a_link_that_we_never_made_opens_nothing(token, status):
    assert Client().get(reverse("privacy:ask_confirm", args=[token])).status_code == status


@pytest.mark.django_db
def test_a_link_that_is_too_old_makes_nothing(an, mailoutbox, monkeypatch):
    asked(an.email)
    outside.send_due()
    later = time.time() + outside.LINK.lives.total_seconds() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert Client().post(link_in(mailoutbox[0])).status_code == 410
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.django_db
def test_asked_again_it_leads_to_the_request_that_is_open(an, mailoutbox):
    """T-14: a duplicate points to the older one."""
    older = cases.submit(Right.OBJECTION, subject=an.subject)

    made = confirm(an.email, Right.OBJECTION)

    assert (made.request, made.is_new) == (older, False)


# A member


@pytest.mark.django_db
def test_a_copy_is_made_at_once_and_fetched_signed_in_alone(an, mailoutbox):
    """T-01, D-4: the mail holds no data and no link to any."""
    made = confirm(an.email).request
    cases.run(made)
    mailing.send_due()

    archive = reverse("privacy:fetch", args=[made.ref])
    assert made.status == "fulfilled"
    assert Client().get(archive).status_code == 302
    assert archive not in "".join(message.body for message in mailoutbox)


@pytest.mark.django_db
def test_by_the_form_alone_nobody_is_erased(an, daan):
    """T-06: it waits for her, and the officer alone cannot go on either."""
    made = confirm(an.email, Right.ERASURE).request

    with pytest.raises(IdentityNotShown):
        cases.approve(made, subject=an.subject, actor_ref=daan.subject.ref)

    an.subject.refresh_from_db()
    made.refresh_from_db()
    assert (made.status, an.subject.hidden_at) == ("received", None)
    assert not Restriction.objects.exists()
    assert AgendaItem.objects.get(request_ref=made.ref).kind == "identify"


@pytest.mark.django_db
def test_any_address_that_she_confirmed_is_hers_and_no_other(an):
    """T-29: who registered with an address that is not hers is not written about to its owner."""
    els = make_member("Els", verified=False)
    an.emailaddress_set.create(email="An.Thuis@Elders.example", verified=True)

    assert confirm("an.thuis@elders.example", Right.OBJECTION).request.subject_ref == an.subject.ref
    assert confirm(els.email).request.subject_ref != els.subject.ref


@pytest.mark.django_db
def test_many_copies_a_day_are_refused_here_too(an, settings):
    """T-24."""
    settings.PRIVACY = {**settings.PRIVACY, "ARCHIVES_PER_DAY": 1}
    cases.run(confirm(an.email).request)
    waiting = ask(an.email)

    answer = Client().post(reverse("privacy:ask_confirm", args=[outside.LINK.token(waiting.number)]))

    assert answer.status_code == 400
    assert DataSubjectRequest.objects.count() == 1


@pytest.mark.django_db
def test_words_come_along_as_text(an, daan):
    """T-30."""
    made = confirm(an.email, Right.COMPLAINT, words="<script>alert(1)</script> Ik ben boos.").request

    statement = Statement.objects.get(request_ref=made.ref)
    assert (statement.about, statement.text) == ("request", "<script>alert(1)</script> Ik ben boos.")
    confirm(an.email, Right.COMPLAINT, words="En nog iets.")
    statement.refresh_from_db()
    assert statement.text.endswith("\n\nEn nog iets.")


# Who has no account


@pytest.mark.django_db
def test_where_we_hold_nothing_that_is_the_answer_and_the_desk_stays_empty(mailoutbox):
    """G-17, G-20, T-14: at once, by mail to the address that answered."""
    made = confirm().request
    mailing.send_due()

    assert (made.status, Subject.objects.get(ref=made.subject_ref).kind) == ("fulfilled", "correspondent")
    assert [message.to for message in mailoutbox] == [[STRANGER]]
    assert "Gegevensbeschermingsautoriteit" in mailoutbox[0].body
    assert not AgendaItem.objects.exists()
    assert not keys.exists(made.ref)


@pytest.mark.django_db
@pytest.mark.parametrize("is_her_main_one", [True, False])
def test_of_an_account_that_was_never_confirmed_nobody_says_that_we_hold_nothing(mailoutbox, is_her_main_one):
    """G-17: it is not hers for certain, and not nobody's either. Somebody looks."""
    els = make_member("Els", verified=not is_her_main_one)
    if not is_her_main_one:
        els.emailaddress_set.create(email="els@elders.example", verified=False)

    made = confirm("els.peeters@SCHOOL.example" if is_her_main_one else "els@elders.example").request

    assert (made.status, AgendaItem.objects.get().kind) == ("received", "decide")
    assert made.subject_ref != els.subject_id


@pytest.mark.django_db
def test_who_has_a_members_former_address_is_not_led_into_her_request(an):
    """T-01, T-13: nor gets the code to follow it."""
    hers = confirm(an.email, Right.ERASURE, now=timezone.now() - timedelta(hours=2)).request
    address = an.email
    an.emailaddress_set.update(email="an@elders.example")
    Member.objects.filter(pk=an.pk).update(email="an@elders.example")

    stranger = confirm(address, Right.ERASURE)

    assert stranger.request.ref != hers.ref
    assert stranger.request.subject_ref != hers.subject_ref
    complaint, question = confirm(address, Right.COMPLAINT).request, confirm(address, Right.INFORMATION).request
    assert complaint.subject_ref == question.subject_ref


@pytest.mark.django_db
@pytest.mark.parametrize("right", [Right.COMPLAINT, Right.INFORMATION])
def test_a_complaint_waits_for_a_person_whoever_asks(right):
    made = confirm(right=right).request

    assert made.status == "received"
    assert AgendaItem.objects.get(request_ref=made.ref).kind == "decide"


@pytest.mark.django_db
@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE, Right.PORTABILITY])
def test_what_we_hold_at_an_address_waits_for_a_person_and_is_answered(daan, right):
    """G-17: a visitor wrote to us once; nothing of it is erased or shown by itself."""
    make_feedback(STRANGER.upper())

    made = confirm(right=right).request

    assert AgendaItem.objects.get(request_ref=made.ref).kind == "decide"
    cases.approve(made, subject=cases.subject_of(made), actor_ref=daan.subject.ref)
    cases.fulfil(made, actor_ref=daan.subject.ref)
    assert made.status == "fulfilled"
    assert not hasattr(made, "run")


@pytest.mark.django_db
def test_it_can_be_refused_with_a_letter(daan, mailoutbox):
    """G-07, G-09."""
    made = confirm(right=Right.COMPLAINT).request

    cases.refuse(made, ground=RefusalGround.UNFOUNDED, reasons="Wij vonden niets.", actor_ref=daan.subject.ref)
    mailing.send_due()

    assert "Wij vonden niets." in mailoutbox[-1].body


@pytest.mark.django_db
def test_what_an_address_leads_to_is_counted_per_table():
    make_feedback(STRANGER)
    subject = correspondents.subject_at(STRANGER)

    held = correspondents.held_of(subject)

    assert [(each.data_map.label(), each.rows) for each in held] == [("usage.Feedback", 1)]
    assert correspondents.held_of(Subject.objects.create(kind="correspondent")) == []


@pytest.mark.django_db
def test_one_who_waits_is_not_two_people():
    first, second = confirm(right=Right.COMPLAINT).request, confirm(right=Right.INFORMATION).request

    assert first.subject_ref == second.subject_ref
    assert DataSubjectRequest.objects.count() == 2


@pytest.mark.django_db
def test_a_reference_goes_with_its_last_request(an):
    made = confirm().request
    DataSubjectRequest.objects.filter(pk=made.pk).delete()

    correspondents.forget(now=timezone.now())

    assert list(Subject.objects.values_list("kind", flat=True)) == ["member"]


@pytest.mark.django_db
def test_she_says_that_it_was_not_she():
    """T-07, T-28."""
    made = confirm(right=Right.COMPLAINT).request
    token = not_me.LINK.token(made.ref)

    assert Client().get(reverse("privacy:not_me", args=[token])).status_code == 200
    Client().post(reverse("privacy:not_me", args=[token]))

    made.refresh_from_db()
    assert made.status == "cancelled"


# What is left


@pytest.mark.django_db
def test_what_was_confirmed_or_is_too_late_goes_within_a_day(an):
    """G-19: with the key that sealed it."""
    used, late, fresh = ask(an.email), ask("b@elders.example"), ask("c@elders.example")
    now = timezone.now()
    OutsideRequest.objects.filter(pk=used.pk).update(used_at=now - timedelta(hours=2))
    OutsideRequest.objects.filter(pk=late.pk).update(mailed_at=now - outside.LINK.lives - timedelta(minutes=1))

    outside.forget(now)

    assert list(OutsideRequest.objects.all()) == [fresh]
    outside.forget(now + timedelta(days=8))
    assert not OutsideRequest.objects.exists()
    assert not keys.exists(f"{day_of(now):%Y%m%d}", outside.KEY)


@pytest.mark.django_db
def test_a_confirmed_row_holds_no_address_any_more(an):
    waiting = ask(an.email, Right.OBJECTION)

    confirming.confirm(waiting, now=timezone.now())

    waiting.refresh_from_db()
    assert bytes(waiting.sealed) == b""


@pytest.mark.django_db
def test_counts_name_no_network_and_go_after_a_day():
    """T-02: a keyed digest, another one each hour."""
    now = timezone.now()
    ask(now=now)
    ask(now=now + timedelta(hours=1))

    counts = HourlyCount.objects.filter(what="network")
    assert len(set(counts.values_list("key", flat=True))) == 2
    hourly.forget(now + timedelta(hours=26))
    assert not HourlyCount.objects.exists()


@pytest.mark.django_db
def test_the_sweep_mails_and_forgets(mailoutbox):
    ask()

    tasks.sweep()

    assert [message.to for message in mail.outbox] == [[STRANGER]]
    assert OutsideRequest.objects.get().mailed_at


@pytest.mark.django_db
def test_a_mail_that_fails_is_tried_again(mailoutbox, settings, monkeypatch):
    ask()
    monkeypatch.setattr("privacy.conf.send_message", lambda message: 1 / 0)

    assert outside.send_due() == 0
    assert OutsideRequest.objects.get().mailed_at is None
    monkeypatch.undo()
    OutsideRequest.objects.update(held_until=None)
    assert outside.send_due() == 1


@pytest.mark.django_db
def test_nothing_of_the_address_stands_in_trail_or_log(caplog, mailoutbox):
    """T-32."""
    made = confirm(right=Right.COMPLAINT, words="Niet fijn").request
    tasks.sweep()

    written = " ".join(f"{entry.event} {entry.actor_ref} {entry.reason}" for entry in TrailEntry.objects.all())
    assert STRANGER not in written + caplog.text
    assert FollowUp.objects.get(request=made).address_digest
    assert set(Letter.objects.values_list("kind", flat=True)) == {"acknowledgement"}


@pytest.mark.django_db
def test_a_member_who_is_gone_meanwhile_is_a_stranger(an):
    waiting = ask(an.email)
    erasure = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(erasure, subject=an.subject, grace=timedelta(0))
    cases.run(erasure)

    made = confirming.confirm(waiting, now=timezone.now()).request

    assert not Member.objects.filter(pk=an.pk).exists()
    assert Subject.objects.get(ref=made.subject_ref).kind == "correspondent"


@pytest.mark.django_db
def test_the_button_shows_number_and_code_once(an, mailoutbox):
    answer = confirmed(mailoutbox, an.email, "objection")

    made = DataSubjectRequest.objects.get()
    assert made.ref in answer.content.decode()
    assert answer.context["code"] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
