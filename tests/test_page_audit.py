"""The auditor's page: what was done, day by day, and whether the trail still says so; nobody is named."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.misconduct import roles
from privacy.datamap import Right
from privacy.days import today
from privacy.evidence import heads, remarks, seals, trail
from privacy.models import TrailEntry
from privacy.pages import audit

from .makers import make_member
from .reading import questions, words_of
from .signing_in import browser_of

PAGE = reverse("privacy:audit")


@pytest.fixture
def auditor(db):
    member = make_member("Ruth", last_name="Maes")
    roles.appoint(member, "auditor")
    return browser_of(member, headers={"accept-language": "en"})


def happened(event, *, at, times=1):
    TrailEntry.objects.bulk_create([TrailEntry(event=event, at=at, subject_ref=uuid.uuid4()) for _ in range(times)])


def said(browser, query="") -> str:
    return words_of(browser.get(PAGE + query).content.decode())


def test_an_auditor_reads_this_and_nothing_of_the_desk(auditor):
    """T-18."""
    assert auditor.get(PAGE).status_code == 200
    assert auditor.get(reverse("privacy:desk")).status_code == 403
    assert reverse("privacy:audit") in auditor.get(reverse("privacy:overview")).content.decode()


def test_acts_are_counted_by_day_and_kind(auditor):
    """G-70."""
    happened("desk.opened", at=datetime(2026, 3, 5, 12, tzinfo=UTC), times=3)
    happened("erasure.submitted", at=datetime(2026, 3, 6, 12, tzinfo=UTC))

    page = said(auditor, "?since=2026-03-01&until=2026-03-31")

    assert "erasure.submitted" in page
    assert "desk.opened" in page
    assert "3" in page


@pytest.mark.parametrize(
    ("at", "day"), [(datetime(2026, 3, 5, 22, 59, tzinfo=UTC), True), (datetime(2026, 3, 5, 23, 1, tzinfo=UTC), False)]
)
def test_a_day_ends_at_midnight_in_brussels(auditor, at, day):
    happened("desk.opened", at=at)

    assert ("desk.opened" in said(auditor, "?since=2026-03-05&until=2026-03-05")) == day


def test_a_kind_leaves_out_the_others(auditor):
    happened("desk.opened", at=timezone.now())
    happened("ban.seen", at=timezone.now())

    page = said(auditor, "?kind=ban")

    assert "ban.seen" in page
    assert "desk.opened" not in page


@pytest.mark.parametrize(
    "query",
    [
        "?since=x&until=y",
        "?since=2026-13-40",
        "?since=0001-01-01&until=9999-12-31",
        "?kind=<script>alert(1)</script>",
        "?page=" + "9" * 5_000,
    ],
)
def test_what_cannot_be_read_is_as_if_it_was_not_said(auditor, query):
    answer = auditor.get(PAGE + query)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_it_says_whether_the_trail_holds(auditor):
    assert "not read from end to end yet" in said(auditor)
    trail.record("test.happened")
    closed = seals.seal(now=timezone.now() + timedelta(minutes=2))

    heads.keep(today())
    heads.check(timezone.now())

    page = said(auditor)
    assert "The trail says what it said." in page
    assert closed.root in page


def test_it_says_what_does_not_fit(auditor, tamper):
    """G-70, T-27."""
    entry = trail.record("test.happened")
    seals.seal(now=timezone.now() + timedelta(minutes=2))
    tamper("UPDATE privacy_trailentry SET reason = 'x' WHERE id = %s", entry.pk)

    heads.check(timezone.now())

    assert f"entry {entry.pk}" in said(auditor)


def test_nobody_is_named_and_no_words_are_shown(an, auditor):
    entry = trail.record("desk.opened", subject_ref=an.subject.ref, actor_ref=an.subject.ref)
    remarks.write(entry, "An Peeters belde")

    page = auditor.get(PAGE).content.decode()

    assert not [word for word in ("Peeters", an.email, str(an.subject.ref), "belde") if word in page]


def test_a_long_time_takes_as_many_questions_as_a_day(auditor):
    happened("desk.opened", at=timezone.now())
    few = questions(auditor, PAGE)
    for days in range(25):
        happened("desk.opened", at=timezone.now() - timedelta(days=days), times=4)
        happened("ban.seen", at=timezone.now() - timedelta(days=days), times=4)

    assert questions(auditor, PAGE) == few


def test_pages_of_the_list_keep_what_was_asked(auditor):
    for days in range(60):
        happened("desk.opened", at=timezone.now() - timedelta(days=days))
    since = (timezone.now() - timedelta(days=90)).date()

    page = auditor.get(f"{PAGE}?since={since}&kind=desk").content.decode()

    assert f"?since={since}&amp;until=" in page
    assert "&amp;kind=desk&amp;page=2" in page


def test_every_kind_of_act_has_words():
    """What is no right stands in the list by which the page speaks."""
    assert {kind for kind in audit.kinds() if kind not in Right.values} == set(audit.KINDS)
