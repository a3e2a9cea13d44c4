"""Accounts that nobody uses: warned three times, erased by an ordinary request, and only under a rule that somebody approved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.last_seen import last_seen
from accounts.models import Member
from privacy.casework import cases, unused
from privacy.datamap import Right
from privacy.models import DataSubjectRequest, RetentionRun, Subject, TrailEntry, UnusedAccount
from privacy.rights import inactivity
from privacy.rights.inactivity import Rule

from .ledgers import lines
from .makers import desk_permissions, make_member
from .races import at_once, needs_threads

RULE = Rule("member", 36, (60, 30, 7))
BEGINNING = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
# Three years before its first warning on 2 March 2026 plus 60 days.
LAST_USED = datetime(2023, 5, 1, 8, 0, tzinfo=UTC)
WARNED_ON = (date(2026, 3, 2), date(2026, 4, 1), date(2026, 4, 24))


class Clock:
    """Walks from night to night: at three o'clock retention is applied, then its mails go out."""

    def __init__(self, now):
        self.now = now

    def nights(self, until: date, every: int = 1):
        """Every night up to this day, or each so many nights, and what was mailed: day -> subject."""
        mailed = {}
        while self.now.date() < until:
            before = len(mail.outbox)
            self.now += timedelta(days=every)
            self.night()
            mailed |= {str(self.now.date()): letter.subject for letter in mail.outbox[before:]}
        return mailed

    def countdown(self, until: date):
        """The nights of her warnings and this one: that those in between do nothing is asked where each of them is walked."""
        for day in (*WARNED_ON, until):
            if self.now.date() < day <= until:
                self.sleep(day)
                self.night()

    def night(self):
        unused.carry_on(self.now)
        unused.send_due()

    def sleep(self, until: date):
        """No worker runs."""
        self.now = datetime.combine(until, self.now.timetz())


@pytest.fixture
def clock(monkeypatch, settings):
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_MONTHS": {"member": 36}}
    clock = Clock(BEGINNING)
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def away(an, clock):
    """An, who signed in for the last time on 1 May 2023, under a rule that is approved."""
    use(an, LAST_USED)
    unused.approve(RULE, actor_ref="daan")
    return an


def use(member, moment):
    Member.objects.filter(pk=member.pk).update(last_login=moment, date_joined=min(moment, LAST_USED))


def erasures():
    return DataSubjectRequest.objects.filter(right=Right.ERASURE)


def warned():
    """The one account that stands there."""
    return UnusedAccount.objects.get()


def refuse_mail(settings):
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": "tests.test_inactivity.bounce"}


def accept_mail(settings):
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": "privacy.conf.send_message"}


def bounce(message):
    raise ConnectionRefusedError(message.to)


def test_she_is_warned_60_30_and_7_days_before_and_closed_after_her_last_day(away, clock):
    mailed = clock.nights(until=date(2026, 5, 1))

    assert list(mailed) == ["2026-03-02", "2026-04-01", "2026-04-24"]
    assert not erasures().exists()

    clock.nights(until=date(2026, 5, 2))

    request = erasures().get()
    assert (request.channel, request.erasure_ground, request.status) == ("retention", "no_longer_necessary", "approved")
    assert request.run.not_before == clock.now + timedelta(days=14)
    assert Subject.objects.get().hidden_at is not None


def test_the_erasure_is_an_ordinary_one_that_ends_as_any(away, clock):
    clock.countdown(until=date(2026, 5, 2))
    clock.sleep(until=date(2026, 5, 17))

    assert cases.run(erasures().get())

    assert not Member.objects.exists()
    assert erasures().get().status == "fulfilled"
    assert not UnusedAccount.objects.exists()


def test_until_somebody_approves_nobody_is_warned_or_erased(an, clock):
    use(an, datetime(2016, 1, 1, tzinfo=UTC))

    assert clock.nights(until=date(2026, 9, 1), every=20) == {}
    assert not UnusedAccount.objects.exists()
    assert not RetentionRun.objects.exists()
    assert not erasures().exists()


@pytest.mark.parametrize("changed", [{"INACTIVE_MONTHS": {"member": 24}}, {"INACTIVE_WARN_DAYS": (30, 7)}, {"INACTIVE_MONTHS": {}}])
def test_a_rule_that_was_changed_does_nothing_until_it_is_approved_anew(changed, away, clock, settings):
    clock.nights(until=date(2026, 3, 2))
    settings.PRIVACY = {**settings.PRIVACY, **changed}

    assert clock.nights(until=date(2026, 9, 1), every=20) == {}
    assert not erasures().exists()


def test_a_warning_that_waits_is_not_mailed_once_the_rule_was_changed(away, clock, settings):
    clock.now += timedelta(days=1)
    unused.carry_on(clock.now)
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_MONTHS": {"member": 48}}

    assert unused.send_due() == 0
    assert warned().attempts == 0


@pytest.mark.long
def test_approved_anew_every_countdown_begins_anew(away, clock, settings):
    clock.countdown(until=date(2026, 4, 30))
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_MONTHS": {"member": 24}}
    unused.approve(Rule("member", 24, (60, 30, 7)), actor_ref="daan")

    assert list(clock.nights(until=date(2026, 6, 29))) == ["2026-05-01", "2026-05-31", "2026-06-23"]
    assert not erasures().exists()


def test_withdrawn_in_between_nothing_goes_out_and_nobody_is_erased(away, clock):
    """Not even a warning that was written already."""
    clock.countdown(until=date(2026, 4, 23))
    clock.now += timedelta(days=1)
    unused.carry_on(clock.now)
    sent = len(mail.outbox)

    unused.withdraw(RULE, actor_ref="daan")
    clock.nights(until=date(2026, 9, 1), every=20)

    assert len(mail.outbox) == sent
    assert not erasures().exists()
    assert list(TrailEntry.objects.filter(event="retention.withdrawn").values_list("actor_ref", "reason")) == [("daan", "member.36")]


def test_withdrawn_between_the_list_and_the_act_nobody_is_erased(away, clock, monkeypatch):
    clock.countdown(until=date(2026, 5, 1))
    clock.sleep(until=date(2026, 5, 2))
    rows = list(unused.over(RULE, clock.now))
    unused.withdraw(RULE, actor_ref="daan")

    monkeypatch.setattr(unused, "over", lambda rule, now: rows)
    run = RetentionRun.objects.create()
    unused._erase(run, RULE, clock.now, 10)

    assert not erasures().exists()


@pytest.mark.parametrize("moment", [datetime(2026, 4, 2, 8, 0, tzinfo=UTC), datetime(2026, 5, 1, 21, 59, 59, tzinfo=UTC)])
def test_whoever_signs_in_stays_up_to_the_end_of_the_last_day(moment, away, clock):
    clock.countdown(until=min(date(2026, 5, 1), moment.date()))
    use(away, moment)

    mailed = clock.nights(until=date(2026, 9, 1), every=20)

    assert mailed == {}
    assert not UnusedAccount.objects.exists()
    assert not erasures().exists()


def test_whoever_signs_in_while_we_begin_to_erase_stays(away, clock):
    clock.countdown(until=date(2026, 5, 1))
    clock.sleep(until=date(2026, 5, 2))
    row = unused.over(RULE, clock.now).get()
    use(away, clock.now)

    unused._begin_erasure(RetentionRun.objects.create(), RULE, row, clock.now)

    assert not erasures().exists()
    assert not UnusedAccount.objects.exists()


def test_her_erasure_is_counted_before_it_stands_in_the_replay_ledger(away, clock, monkeypatch):
    """Whatever fails after a line leaves one without its act."""
    clock.countdown(until=date(2026, 5, 1))
    clock.sleep(until=date(2026, 5, 2))
    row = unused.over(RULE, clock.now).get()
    seen = []
    monkeypatch.setattr(RetentionRun, "count", lambda *_what: seen.append(lines()))

    unused._begin_erasure(RetentionRun.objects.create(), RULE, row, clock.now)

    assert (seen, len(lines())) == ([[]], 1)


@pytest.mark.parametrize("later", [7, 28])
def test_once_it_closed_she_can_go_back_as_long_as_the_last_warning_said(away, clock, settings, later):
    """A setting that changed after it counts for who is warned from then on."""
    clock.countdown(until=date(2026, 5, 1))
    assert "14 dagen later wissen we je gegevens" in mail.outbox[-1].body
    settings.PRIVACY = {**settings.PRIVACY, "ERASURE_GRACE_DAYS": later}

    clock.countdown(until=date(2026, 5, 2))

    request = erasures().get()
    assert request.run.not_before - request.approved_at == timedelta(days=14)


def test_a_warning_that_waits_is_not_mailed_to_who_came_back(away, clock):
    clock.now += timedelta(days=1)
    unused.carry_on(clock.now)
    use(away, clock.now)

    assert unused.send_due() == 0
    assert mail.outbox == []


def test_closed_she_signs_in_and_takes_it_back_and_is_not_warned_again(away, clock):
    clock.countdown(until=date(2026, 5, 2))
    use(away, clock.now)

    cases.cancel(erasures().get(), actor_ref=away.subject.ref)

    assert clock.nights(until=date(2026, 12, 1), every=20) == {}
    assert erasures().get().status == "cancelled"


def test_after_missed_weeks_only_the_last_warning_goes_out_and_leaves_7_days(away, clock):
    """Not two in one night, and no erasure the night after."""
    clock.nights(until=date(2026, 3, 2))
    clock.sleep(until=date(2026, 5, 20))

    mailed = clock.nights(until=date(2026, 5, 28))

    assert list(mailed) == ["2026-05-21"]
    assert warned().ends_on == date(2026, 5, 28)
    assert not erasures().exists()
    clock.nights(until=date(2026, 5, 29))
    assert erasures().exists()


@pytest.mark.long
def test_a_late_start_warns_first_and_leaves_60_days(away, clock):
    use(away, datetime(2012, 1, 1, tzinfo=UTC))
    Member.objects.update(date_joined=datetime(2012, 1, 1, tzinfo=UTC))

    mailed = clock.nights(until=date(2026, 5, 1))

    assert list(mailed) == ["2026-03-02", "2026-04-01", "2026-04-24"]
    assert not erasures().exists()


def test_a_mail_that_goes_out_late_still_leaves_the_days_that_it_says(away, clock):
    clock.now += timedelta(days=1)
    unused.carry_on(clock.now)
    clock.now += timedelta(days=5)

    unused.send_due()

    assert warned().ends_on == date(2026, 5, 6)
    assert "6 mei 2026" in mail.outbox[0].subject


def test_whom_no_mail_reaches_is_never_erased(away, clock, settings, caplog):
    """And neither name nor address is logged."""
    refuse_mail(settings)

    clock.nights(until=date(2026, 3, 9))
    assert UnusedAccount.objects.not_reached(clock.now).count() == 1
    tried = warned().attempts
    clock.nights(until=date(2026, 3, 20))
    assert warned().attempts == tried

    assert clock.nights(until=date(2028, 1, 1), every=35) == {}
    assert not erasures().exists()
    assert away.email not in caplog.text


def test_a_last_warning_that_does_not_go_out_keeps_her(away, clock, settings):
    clock.countdown(until=date(2026, 4, 20))
    refuse_mail(settings)

    clock.nights(until=date(2027, 1, 1), every=20)

    assert not erasures().exists()


@pytest.mark.long
def test_whoever_was_not_reached_is_tried_again_a_month_later(away, clock, settings):
    refuse_mail(settings)
    clock.nights(until=date(2026, 3, 10))
    accept_mail(settings)

    mailed = clock.nights(until=date(2026, 4, 5))

    assert list(mailed) == ["2026-04-01"]
    assert warned().ends_on == date(2026, 5, 31)


def test_whoever_confirmed_no_address_stays(away, clock):
    EmailAddress.objects.update(verified=False)

    assert clock.nights(until=date(2027, 3, 1), every=20) == {}
    assert not erasures().exists()


def appoint(member):
    member.user_permissions.add(*desk_permissions())


def asks(member, right):
    request = cases.submit(right, subject=member.subject)
    mail.outbox.clear()
    return request


NEVER = {
    "staff": lambda member: Member.objects.update(is_staff=True),
    "superuser": lambda member: Member.objects.update(is_superuser=True),
    "cannot sign in": lambda member: Member.objects.update(is_active=False),
    "in a group": lambda member: member.groups.add(Group.objects.create(name="custodians")),
    "data protection officer": appoint,
    "hidden": lambda member: Subject.objects.update(hidden_at=BEGINNING),
    "waits for an answer": lambda member: asks(member, Right.OBJECTION),
    "asked to put a use on hold": lambda member: cases.fulfil(_approved(asks(member, Right.RESTRICTION), member)),
}


def _approved(request, member):
    cases.approve(request, subject=member.subject)
    return request


@pytest.mark.parametrize("why", NEVER)
def test_some_are_never_proposed(why, away, clock):
    NEVER[why](away)

    clock.nights(until=date(2026, 9, 1), every=20)

    assert not UnusedAccount.objects.exists()
    assert not erasures().exists()


def test_whoever_becomes_one_of_them_meanwhile_is_left_alone(away, clock):
    clock.countdown(until=date(2026, 4, 30))

    appoint(away)
    clock.nights(until=date(2026, 9, 1), every=20)

    assert not erasures().exists()


def test_of_a_person_no_other_is_touched(away, bo, clock):
    use(bo, clock.now)

    clock.countdown(until=date(2026, 5, 17))

    assert erasures().get().subject_ref == away.subject.ref
    assert Member.objects.get(pk=bo.pk).subject.hidden_at is None


def test_so_many_a_night_and_the_longest_unused_first(away, clock, settings):
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_PER_NIGHT": 2}
    others = [make_member(f"Lid{number}") for number in range(4)]
    for number, member in enumerate(others):
        Member.objects.filter(pk=member.pk).update(date_joined=LAST_USED - timedelta(days=number + 1))

    clock.nights(until=date(2026, 3, 2))

    assert {row.subject_ref for row in UnusedAccount.objects.all()} == {member.subject.ref for member in others[2:]}
    assert RetentionRun.objects.get().left == 3


def test_one_that_fails_stops_none_of_the_others(away, bo, clock, monkeypatch, caplog):
    use(bo, LAST_USED)
    clock.countdown(until=date(2026, 5, 1))
    submit = cases.submit

    def fail_for_an(*args, subject, **options):
        if subject.ref == away.subject.ref:
            raise LookupError(away.email)
        return submit(*args, subject=subject, **options)

    monkeypatch.setattr(cases, "submit", fail_for_an)
    clock.nights(until=date(2026, 5, 2))

    assert erasures().get().subject_ref == bo.subject.ref
    assert "LookupError" in caplog.text
    assert away.email not in caplog.text
    assert UnusedAccount.objects.get().subject_ref == away.subject.ref


def test_the_mail_is_hers_in_her_language_and_no_link_in_it_acts(away, clock):
    Member.objects.update(language="en")

    clock.nights(until=date(2026, 3, 2))

    letter = mail.outbox[0]
    assert letter.to == [away.email]
    assert letter.subject == "Your account goes unless you sign in by May 1, 2026"
    assert [word for word in letter.body.split() if "://" in word] == ["http://127.0.0.1:8000/account/login/"]
    assert away.last_name not in letter.body


def test_once_closed_she_reads_why_and_is_not_asked_whether_it_was_her(away, clock):
    Member.objects.update(language="en")
    clock.countdown(until=date(2026, 5, 2))
    mail.outbox.clear()

    cases.mailing.send_due()

    letter = mail.outbox[0]
    assert letter.subject == "Your account is closed, since nobody used it"
    assert "We received your request" not in letter.body
    assert "not you" not in letter.body
    assert "16" in letter.body


@pytest.mark.long
def test_the_trail_knows_each_warning_and_who_approved(away, clock):
    clock.nights(until=date(2026, 5, 1))

    assert list(TrailEntry.objects.filter(event="retention.warned").values_list("subject_ref", "reason").order_by("pk")) == [
        (away.subject.ref, days) for days in ("60", "30", "7")
    ]
    assert TrailEntry.objects.get(event="retention.approved").actor_ref == "daan"


@pytest.mark.long
def test_the_ledger_counts_what_each_night_did(away, clock):
    clock.nights(until=date(2026, 5, 2))

    counts = [run.counts for run in RetentionRun.objects.order_by("pk") if run.counts]
    assert counts == [{"member warned": 1}, {"member warned again": 1}, {"member warned again": 1}, {"member erased": 1}]


@pytest.mark.parametrize(
    ("used", "months", "last"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2023, 3, 26), 36, date(2026, 3, 26)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
    ],
)
def test_months_are_counted_by_the_calendar_and_found_by_it(used, months, last):
    """Leap day, short months, and the days on which the clock moves: found on the first day of its warning, and not before."""
    rule = Rule("member", months, (60, 30, 7))
    first = last - timedelta(days=60)
    noon = datetime(used.year, used.month, used.day, 12, tzinfo=UTC)

    assert rule.last_day_for(used) == last
    assert noon < rule.unused_before(first)
    assert noon >= rule.unused_before(first - timedelta(days=1))


@pytest.mark.parametrize(
    ("moment", "is_found"),
    [
        (datetime(2023, 3, 31, 21, 59, 59, tzinfo=UTC), True),  # 31 March in Brussels, in summer time
        (datetime(2023, 3, 31, 22, 0, tzinfo=UTC), False),
    ],
)
def test_a_day_ends_at_midnight_in_brussels(moment, is_found):
    on = date(2026, 3, 31) - timedelta(days=60)

    assert (moment < RULE.unused_before(on)) == is_found


@pytest.mark.parametrize("days", [(), (3,), (60, 30, 1), (60, 60, 7)])
def test_whatever_the_settings_say_the_last_warning_leaves_7_days(days, settings):
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_MONTHS": {"member": 36}, "INACTIVE_WARN_DAYS": days}

    (rule,) = inactivity.rules()

    assert rule.warn_days[-1] == 7
    assert list(rule.warn_days) == sorted(set(rule.warn_days), reverse=True)


def test_last_use_is_the_latest_of_sign_in_session_and_beginning(an):
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    found = last_seen(Subject.objects.all())
    Member.objects.update(date_joined=begun, last_login=None)
    assert found.get().last_seen_at == begun

    Member.objects.update(last_login=begun + timedelta(days=1))
    assert found.get().last_seen_at == begun + timedelta(days=1)

    session = UserSession.objects.create(user=an, ip="192.0.2.7", session_key="x", user_agent="")
    UserSession.objects.filter(pk=session.pk).update(last_seen_at=begun + timedelta(days=2))
    assert found.get().last_seen_at == begun + timedelta(days=2)


@pytest.mark.long
def test_a_night_asks_as_much_for_10000_people_as_for_1000(clock, settings, db):
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_PER_NIGHT": 300}
    unused.approve(RULE, actor_ref="daan")
    few = _statements_of_a_night(clock, 1_000)

    many = _statements_of_a_night(clock, 9_000)

    assert many == few
    assert UnusedAccount.objects.count() == 600


def _statements_of_a_night(clock, people):
    subjects = Subject.objects.bulk_create([Subject(kind="member") for _number in range(people)])
    members = [Member(subject=subject, email=f"{subject.ref}@school.example", date_joined=LAST_USED) for subject in subjects]
    Member.objects.bulk_create(members)
    clock.now += timedelta(days=1)
    with CaptureQueriesContext(connection) as asked:
        unused.carry_on(clock.now)
    return len(asked)


@pytest.mark.django_db(transaction=True)
def test_two_workers_in_one_night_warn_once(away, clock):
    needs_threads()
    clock.now += timedelta(days=1)

    at_once(clock.night, clock.night)

    assert len(mail.outbox) == 1
    assert UnusedAccount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_in_one_night_erase_once(away, clock):
    needs_threads()
    clock.countdown(until=date(2026, 5, 1))
    clock.now += timedelta(days=1)

    at_once(clock.night, clock.night)

    assert erasures().count() == 1
    assert cases.letters.Letter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_leave_one_approval(clock, db):
    needs_threads()

    def approve():
        return unused.approve(RULE, actor_ref="daan")

    assert at_once(approve, approve) == [None, None]
    assert inactivity.ApprovedRule.objects.count() == 1
    assert TrailEntry.objects.count() == 1
