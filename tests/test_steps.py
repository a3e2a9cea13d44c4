"""Steps of an act: one worker at a time, each step once, and nothing counted twice."""

import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Member
from privacy.casework import cases
from privacy.datamap import Right
from privacy.errors import RequestNotApproved
from privacy.outbox import RETRY_AT_MOST
from privacy.steps import RETRY, NotYet, Plan, Run, Step, Work, carry_out, write_ledger
from usage.models import Score

from . import races
from .makers import make_member, make_resource

LONG_AGO = timedelta(hours=3)


@pytest.fixture
def run(an):
    """A run whose steps each test chooses."""
    return make_run(an)


def make_run(member):
    request = cases.submit(Right.ACCESS, subject=member.subject)
    return Run.objects.create(request=request)


@pytest.fixture
def plan():
    return Plan()


def carry(run, plan):
    return carry_out(Run.objects.get(pk=run.pk), list(plan), subject_of=cases.subject_of)


def let_the_lease_expire(run):
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def ledger(run):
    return {step.name: (step.finished_at is not None, step.attempts, step.counts) for step in run.steps.all()}


def work_on(run):
    """What a worker holds while it is in the middle of a step."""
    assert run.claim()
    write_ledger(run, [type("Definition", (), {"name": "count"})])
    return Work(run, run.steps.get(), run.request, None)


def test_steps_are_done_in_order_whatever_the_order_of_registration(run, plan):
    done = []
    for order in (600, 100, 400):
        plan.step(f"step {order}", order=order)(lambda work, order=order: done.append(order))

    assert carry(run, plan) is True
    assert done == [100, 400, 600]
    assert list(run.steps.values_list("position", "name")) == [(1, "step 100"), (2, "step 400"), (3, "step 600")]


def test_a_step_that_was_done_is_not_done_again(run, plan):
    done = []
    plan.step("first", order=100)(lambda work: done.append("first"))
    plan.step("second", order=200)(lambda work: done.append("second") or 1 / (len(done) - 2))
    with pytest.raises(ZeroDivisionError):
        carry(run, plan)
    let_the_lease_expire(run)

    assert carry(run, plan) is True
    assert done == ["first", "second", "second"]


def test_a_finished_run_is_not_taken_up_again(run, plan):
    done = []
    plan.step("only", order=100)(lambda work: done.append(1))
    carry(run, plan)

    assert carry(run, plan) is False
    assert done == [1]
    assert not Run.objects.due(timezone.now() + timedelta(days=1)).exists()


def test_two_steps_of_one_name_are_an_error(plan):
    plan.step("once", order=100)(print)

    with pytest.raises(ValueError, match="twice"):
        plan.step("once", order=200)(print)


def test_a_run_that_another_worker_holds_is_left_alone(run, plan):
    done = []
    plan.step("only", order=100)(lambda work: done.append(1))
    assert Run.objects.get(pk=run.pk).claim()

    assert carry(run, plan) is False
    assert done == []


def test_a_run_is_not_begun_before_its_time(run, plan):
    Run.objects.filter(pk=run.pk).update(not_before=timezone.now() + timedelta(minutes=1))

    assert carry(run, plan) is False


def test_an_expired_lease_is_taken_over(run, plan):
    plan.step("only", order=100)(lambda work: None)
    assert Run.objects.get(pk=run.pk).claim()
    let_the_lease_expire(run)

    assert carry(run, plan) is True


def test_a_lease_lasts_as_long_as_the_setting_says(run, settings):
    settings.PRIVACY = {**settings.PRIVACY, "LEASE_SECONDS": 7}

    run.claim()

    assert timedelta(seconds=6) < run.lease_until - timezone.now() < timedelta(seconds=7)


def test_a_worker_that_was_overtaken_writes_nothing_more(run, plan):
    """G-44: the zombie's next batch finds that its attempt is no longer the last one."""

    def be_overtaken(work):
        let_the_lease_expire(run)
        assert Run.objects.get(pk=run.pk).claim()
        with work.batch():
            make_member("Spook")
            work.count("ghosts", 1)

    plan.step("only", order=100)(be_overtaken)

    assert carry(run, plan) is False
    assert not Member.objects.filter(first_name="Spook").exists()
    assert ledger(run) == {"only": (False, 1, {})}


def test_what_an_overtaken_worker_wrote_in_its_batch_is_undone(run, plan, an):
    def write_and_be_overtaken(work):
        with work.batch():
            an.town = "1000 Brussel"
            an.save()
            work.count("rows", 1)
            Run.objects.filter(pk=run.pk).update(fence=99)
            work.run.renew()

    plan.step("only", order=100)(write_and_be_overtaken)

    assert carry(run, plan) is False
    an.refresh_from_db()
    assert (an.town, ledger(run)) == ("9000 Gent", {"only": (False, 1, {})})


def test_a_batch_that_fails_leaves_no_counts(run):
    work = work_on(run)
    with work.batch():
        work.count("rows", 3)
    with suppress(ZeroDivisionError), work.batch():
        work.count("rows", 4)
        raise ZeroDivisionError

    with work.batch():
        work.count("rows", 5)

    assert Step.objects.get(run=run).counts == {"rows": 8}


@pytest.mark.django_db(transaction=True)
def test_a_batch_whose_commit_fails_leaves_no_counts(an):
    """A key that leads nowhere is found when the transaction ends, after the counts were written."""
    work, resource = work_on(make_run(an)), make_resource()
    with suppress(IntegrityError), work.batch():
        Score.objects.create(member_id=uuid.uuid4(), resource=resource, value=3)
        work.count("rows", 4)

    with work.batch():
        work.count("rows", 5)

    assert (Step.objects.get().counts, Score.objects.count()) == ({"rows": 5}, 0)


def test_a_step_can_end_with_its_last_batch(run):
    """G-44: what may not be counted again is finished in the transaction that counts it."""
    work = work_on(run)

    with work.batch():
        work.count("rows", 3)
        work.finish()

    step = Step.objects.get(run=run)
    assert (step.counts, step.finished_at is not None) == ({"rows": 3}, True)


def test_a_failed_step_names_the_kind_of_error_and_rests(run, plan):
    """T-32: the kind alone; the text of an error may hold what was typed."""

    def fail(work):
        raise LookupError("an@school.example")

    plan.step("only", order=100)(fail)

    with pytest.raises(LookupError):
        carry(run, plan)

    step, run = run.steps.get(), Run.objects.get(pk=run.pk)
    assert (step.problem, step.finished_at, run.finished_at) == ("LookupError", None, None)
    assert run.lease_until > timezone.now()
    assert carry(run, plan) is False


def test_a_problem_that_passed_is_no_longer_shown(run, plan):
    outcomes = [1 / 2, ZeroDivisionError()]

    def fail_once(work):
        problem = outcomes.pop()
        if isinstance(problem, Exception):
            raise problem

    plan.step("only", order=100)(fail_once)
    with pytest.raises(ZeroDivisionError):
        carry(run, plan)
    let_the_lease_expire(run)

    assert carry(run, plan) is True
    assert run.steps.get().problem == ""


@pytest.mark.parametrize(("tries", "pause"), [(1, RETRY), (2, 2 * RETRY), (3, 4 * RETRY), (8, RETRY_AT_MOST), (5000, RETRY_AT_MOST)])
def test_the_rest_after_a_failure_doubles_up_to_an_hour(run, tries, pause):
    run.rest(tries=tries)

    run.refresh_from_db()
    assert abs(run.lease_until - timezone.now() - pause) < timedelta(seconds=5)


def test_killed_workers_do_not_make_the_rest_longer(run, plan):
    def wait(work):
        raise NotYet

    Run.objects.filter(pk=run.pk).update(fence=6)
    plan.step("only", order=100)(wait)

    carry(run, plan)

    run.refresh_from_db()
    assert run.lease_until < timezone.now() + RETRY


def test_a_step_that_waits_for_others_is_no_failure(run, plan):
    def wait(work):
        raise NotYet

    plan.step("only", order=100)(wait)

    assert carry(run, plan) is False
    assert run.steps.get().problem == ""
    assert Run.objects.due(timezone.now() + RETRY_AT_MOST).exists()


def test_a_killed_worker_leaves_the_run_held_until_the_lease_ends(run, plan):
    """SystemExit and the like are no failures of the step: nobody was there to note one."""

    def be_killed(work):
        raise SystemExit

    plan.step("only", order=100)(be_killed)

    with pytest.raises(SystemExit):
        carry(run, plan)

    now = timezone.now()
    assert run.steps.get().problem == ""
    assert not Run.objects.due(now).exists()
    assert Run.objects.due(now + timedelta(minutes=2)).exists()


def test_a_step_that_was_added_later_is_done_too(run, plan):
    """A new version of the software was installed in the middle of an act."""
    done = []

    def fail(work):
        raise LookupError

    plan.step("old", order=200)(lambda work: done.append("old"))
    plan.step("failing", order=300)(fail)
    with pytest.raises(LookupError):
        carry(run, plan)
    let_the_lease_expire(run)
    newer = Plan()
    newer.step("old", order=200)(fail)
    newer.step("new", order=250)(lambda work: done.append("new"))

    assert carry(run, newer) is True
    assert done == ["old", "new"]


def test_a_step_that_was_taken_away_is_not_left_open(run, plan):
    """G-44: an app was removed in the middle of an act; what is finished has no open step."""
    plan.step("done", order=100)(lambda work: None)
    plan.step("waits", order=200)(_wait)
    carry(run, plan)
    let_the_lease_expire(run)
    newer = Plan()
    newer.step("other", order=300)(lambda work: None)

    assert carry(run, newer) is True
    assert {name: done for name, (done, _attempts, _counts) in ledger(run).items()} == {"done": True, "other": True}


def _wait(work):
    raise NotYet


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_carries_out(an, plan):
    """G-44, T-10."""
    races.needs_threads()
    run, done = make_run(an), []
    plan.step("only", order=100)(lambda work: done.append(1))

    results = races.at_once(lambda: carry(run, plan), lambda: carry(run, plan))

    assert sorted(results) == [False, True]
    assert done == [1]


def test_what_was_not_accepted_is_not_carried_out(an):
    request = cases.submit(Right.ERASURE, subject=an.subject)

    with pytest.raises(RequestNotApproved):
        cases.run(request)
