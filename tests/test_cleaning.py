"""After an erasure the tables that it touched are cleaned up, outside any transaction."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from privacy.casework import cases
from privacy.conf import setting
from privacy.datamap import Right
from privacy.evidence.residue import CLEANED_STEP
from privacy.rights import cleaning
from privacy.steps import Run

from . import races
from .makers import make_member, make_score


def erased(member):
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    assert cases.run(request)
    return request


def statistics_hold(value) -> bool:
    """Whether the samples of the planner name it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stats WHERE most_common_vals::text LIKE %s OR histogram_bounds::text LIKE %s", [f"%{value}%"] * 2
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_tables_that_were_touched_are_cleaned_up():
    an = make_member()
    make_score(an)

    request = erased(an)

    counts = request.run.steps.get(name=CLEANED_STEP).counts
    touched = cleaning.touched(request.run)
    assert {"usage_score", "accounts_member", "privacy_subject", "privacy_fileremoval"} <= set(touched)
    assert "usage_message" not in touched
    assert counts == {"cleaned up": len(touched) if connection.vendor == "postgresql" else 1}


@pytest.mark.django_db(transaction=True)
def test_what_the_planner_sampled_goes_too():
    if connection.vendor != "postgresql":
        return
    members = [make_member(f"Lid{number}") for number in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_member")
    assert statistics_hold(members[1].email)

    erased(members[1])

    assert not statistics_hold(members[1].email)
    assert statistics_hold(members[0].email)


@pytest.mark.django_db(transaction=True)
def test_what_the_role_may_not_clean_is_counted(monkeypatch):
    monkeypatch.setattr(cleaning, "_vacuum", lambda table: False)
    monkeypatch.setattr(cleaning, "_empty_log", lambda: False)

    counts = erased(make_member()).run.steps.get(name=CLEANED_STEP).counts

    assert counts["left to the database"] > 0
    assert "cleaned up" not in counts


def cleaning_as(act, monkeypatch):
    monkeypatch.setattr(cleaning, "_vacuum", act)
    monkeypatch.setattr(cleaning, "_empty_log", act)


@pytest.mark.django_db(transaction=True)
def test_nobody_takes_over_while_a_large_table_is_cleaned_up(monkeypatch, settings):
    """Longer than a lease lasts."""
    races.needs_threads()
    settings.PRIVACY = {**settings.PRIVACY, "LEASE_SECONDS": 1}
    monkeypatch.setattr(cleaning, "touched", lambda run: ["usage_score"])
    due = []

    def clean(*table):
        time.sleep(1.5)
        due.append(Run.objects.due(timezone.now()).exists())
        return True

    cleaning_as(clean, monkeypatch)

    erased(make_member())

    assert due == [False]


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_while_cleaning_up_is_waited_for_no_longer_than_elsewhere(monkeypatch):
    class Killed(BaseException):
        pass

    def clean(*table):
        raise Killed

    cleaning_as(clean, monkeypatch)

    with pytest.raises(Killed):
        erased(make_member())

    assert Run.objects.due(timezone.now() + timedelta(seconds=setting("LEASE_SECONDS") + 1)).exists()


def test_inside_a_transaction_the_database_does_it_later(an):
    step = erased(an).run.steps.get(name=CLEANED_STEP)

    assert step.finished_at
    assert step.counts == {}
