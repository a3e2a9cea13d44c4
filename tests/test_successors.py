"""The only one with a task cannot be erased before somebody else has it; people of ours are data subjects too."""

import html
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from accounts.models import Member
from privacy.casework import cases
from privacy.conf import setting
from privacy.datamap import Right
from privacy.errors import ErasureOnly, LastInRole
from privacy.evidence import replay, trail
from privacy.models import DataSubjectRequest, Step, TrailEntry
from privacy.rights import successors
from privacy.subjects import Subject

from .ledgers import lost
from .makers import desk_permissions, make_member
from .races import at_once, needs_threads
from .signing_in import browser_of


def appoint(member, *, by_group=False):
    desk = desk_permissions()
    if by_group:
        group, _is_new = Group.objects.get_or_create(name="DPO")
        group.permissions.add(*desk)
        member.groups.add(group)
    else:
        member.user_permissions.add(*desk)
    return member


def leave(member):
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    return request


def test_the_only_officer_cannot_leave(daan):
    with pytest.raises(LastInRole) as refusal:
        cases.submit(Right.ERASURE, subject=daan.subject)

    assert refusal.value.roles == list(setting("ROLES").values())[:1]
    assert not DataSubjectRequest.objects.exists()


def test_who_became_the_only_one_since_she_asked_is_not_hidden(daan, an):
    appoint(an)
    request = cases.submit(Right.ERASURE, subject=daan.subject)
    an.user_permissions.clear()

    with pytest.raises(LastInRole):
        cases.approve(request, subject=daan.subject)

    daan.subject.refresh_from_db()
    assert daan.subject.hidden_at is None


def test_the_only_custodian_cannot_leave_either(an):
    an.user_permissions.add(Permission.objects.get(codename="view_ban"))

    with pytest.raises(LastInRole):
        cases.submit(Right.ERASURE, subject=an.subject)


def test_her_page_says_what_to_do_first(daan):
    answer = browser_of(daan).get(reverse("privacy:erase"))

    assert answer.status_code == 400
    assert str(LastInRole(list(setting("ROLES").values())[:1])) in html.unescape(answer.content.decode())


@pytest.mark.parametrize("by_group", [False, True])
def test_once_a_successor_is_named_she_can(daan, an, by_group):
    appoint(an, by_group=by_group)

    assert cases.run(leave(daan))


@pytest.mark.parametrize("state", ["hidden", "inactive", "superuser"])
def test_who_cannot_take_over_is_no_successor(daan, an, state):
    """Hidden or shut out, she sees no desk; a superuser has every permission and no task."""
    if state == "superuser":
        Member.objects.filter(pk=an.pk).update(is_superuser=True)
    else:
        appoint(an)
        Member.objects.filter(pk=an.pk).update(is_active=state != "inactive")
    if state == "hidden":
        leave(an)

    with pytest.raises(LastInRole):
        leave(daan)


def test_who_lost_the_task_meanwhile_stops_the_run_and_it_says_so(daan, an):
    appoint(an)
    request = leave(daan)
    an.user_permissions.clear()

    with pytest.raises(LastInRole):
        cases.run(request)

    assert Step.objects.get(run__request=request, name="look for a successor").problem == "LastInRole"
    assert Member.objects.filter(pk=daan.pk).exists()
    appoint(make_member("Els"))
    type(request.run).objects.update(lease_until=None)
    assert cases.run(request)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_leave_at_once_one_stays(daan, an):
    needs_threads()
    appoint(an)

    done = at_once(lambda: leave(daan), lambda: leave(an))

    assert {type(each) for each in done} == {DataSubjectRequest, LastInRole}
    assert Subject.objects.hidden().count() == 1


def test_a_member_without_a_task_is_asked_nothing(an, daan, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        successors.need_one(an.subject)


def test_who_worked_for_us_leaves_references_and_no_rights(daan, an, bo):
    """Staff are data subjects too."""
    appoint(an)
    trail.record("desk.opened", subject_ref=bo.subject.ref, actor_ref=daan.subject.ref)

    cases.run(leave(daan))

    assert TrailEntry.objects.get(event="desk.opened").actor_ref == str(daan.subject.ref)
    assert not Member.user_permissions.through.objects.filter(member_id=daan.pk).exists()
    assert not Subject.objects.filter(pk=daan.subject.pk).exists()


@pytest.mark.parametrize(
    "remove",
    [
        lambda an: an.delete(),
        lambda an: Member.objects.filter(pk=an.pk).delete(),
        lambda an: Member._base_manager.all().delete(),
        lambda an: an.subject.delete(),
        lambda an: Subject.objects.all().delete(),
    ],
)
def test_there_is_no_second_way_to_remove_a_person(an, remove):
    with pytest.raises((ErasureOnly, ProtectedError)), transaction.atomic():
        remove(an)

    assert Member.objects.filter(pk=an.pk).exists()


def test_after_a_restore_who_left_is_erased_again_whoever_had_the_task_then(daan, an):
    """The backup is older than the successor's appointment."""
    with lost():
        appoint(an)
        cases.run(leave(daan))

    replay.replay()

    assert not Member.objects.filter(pk=daan.pk).exists()
