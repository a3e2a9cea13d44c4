"""What administrators see, and what it leaves behind; run by tests/test_admin.py."""

import pytest
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.checks import run_checks
from django.db import connection

from accounts.models import Member
from privacy.admin import refs_of
from privacy.casework import cases
from privacy.datamap import Right, registry
from privacy.datamap.checks import probe
from privacy.evidence.trail import TrailEntry
from privacy.subjects import rows_concerning
from tests.makers import make_folder, make_member, make_message, make_score
from tests.properties.acts import erase
from tests.signing_in import browser_of
from usage.models import Message, Score

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db):
    """Somebody who may do anything in the administration."""
    return make_member("Rita", last_name="Beheer", is_staff=True, is_superuser=True)


def opened():
    """Whose data were opened, in which table."""
    return set(TrailEntry.objects.filter(event="admin.opened").values_list("subject_ref", "reason"))


def test_a_list_tells_each_person_on_it_and_nobody_else(root, an, bo):
    make_score(an)

    page = browser_of(root).get("/admin/usage/score/")

    assert page.status_code == 200
    assert opened() == {(an.subject.ref, "usage.Score")}
    assert TrailEntry.objects.get(event="admin.opened").actor_ref == str(root.subject.ref)


@pytest.mark.parametrize("lookup", ["last_name__startswith", "last_name", "password__contains", "subject__hidden_at__isnull"])
def test_an_address_cannot_ask_for_what_no_filter_offers(root, an, lookup):
    """T-18: who matches would be told by the count alone, and the term stands in logs."""
    assert browser_of(root).get(f"/admin/accounts/member/?{lookup}=1").status_code == 400
    assert opened() == set()


def test_what_a_filter_offers_may_be_asked(root, an):
    browser = browser_of(root)
    cases.submit(Right.ACCESS, subject=an.subject)

    assert browser.get("/admin/privacy/trailentry/?event=access.submitted").status_code == 200
    assert browser.get("/admin/privacy/trailentry/?event__exact=access.submitted").status_code == 200


def test_an_object_tells_its_person_once_with_what_stands_beside_it(root, an):
    page = browser_of(root).get(f"/admin/accounts/member/{an.pk}/change/").content.decode()

    assert an.email in page
    assert 'name="_save"' not in page
    assert list(TrailEntry.objects.filter(event="admin.opened").values_list("subject_ref", "reason")) == [
        (an.subject.ref, "accounts.Member")
    ]


def test_a_row_of_two_people_tells_both(root, an, bo):
    message = make_message(an, bo)

    browser_of(root).get(f"/admin/usage/message/{message.pk}/change/")

    assert opened() == {(an.subject.ref, "usage.Message"), (bo.subject.ref, "usage.Message")}


def test_the_history_of_an_object_tells_its_person(root, an):
    browser_of(root).get(f"/admin/accounts/member/{an.pk}/history/")

    assert opened() == {(an.subject.ref, "accounts.Member")}


def test_people_are_found_by_key_by_path_and_by_reference(an, bo):
    request = cases.submit(Right.ACCESS, subject=an.subject)
    message = make_message(an, bo)

    found = [refs_of(Member, [an.pk]), refs_of(type(request), [request.pk]), refs_of(Message, [message.pk])]

    assert found == [{an.subject.ref}, {an.subject.ref}, {an.subject.ref, bo.subject.ref}]
    assert refs_of(Score, [make_score(bo).pk]) == {bo.subject.ref}


def test_the_person_sees_it_in_her_timeline(root, an):
    browser_of(root).get(f"/admin/accounts/member/{an.pk}/change/")

    page = browser_of(an).get("/my-privacy/requests/").content.decode()

    assert "beheerder" in page
    assert root.last_name not in page


@pytest.mark.parametrize("address", ["accounts/member/add/", "accounts/member/{}/delete/"])
def test_nothing_is_added_or_deleted(root, an, address):
    assert browser_of(root).get("/admin/" + address.format(an.pk)).status_code == 403


def test_nothing_is_changed(root, an):
    answer = browser_of(root).post(f"/admin/accounts/member/{an.pk}/change/", {"first_name": "Anders"})

    an.refresh_from_db()
    assert (answer.status_code, an.first_name) == (403, "An")


def test_nobody_is_searched_for(root, an):
    """A name would stand in the address, and so in the log of the web server."""
    page = browser_of(root).get("/admin/accounts/member/").content.decode()

    assert 'id="searchbar"' not in page


def test_what_cannot_be_noted_is_not_shown(root, an, monkeypatch):
    browser = browser_of(root)
    browser.raise_request_exception = False
    monkeypatch.setattr("privacy.evidence.trail.record", lambda *_, **__: 1 / 0)

    answer = browser.get(f"/admin/accounts/member/{an.pk}/change/")

    assert (answer.status_code, an.email in answer.content.decode()) == (500, False)


def test_the_trail_can_be_read_and_not_changed_and_tells_nobody(root, an):
    request = cases.submit(Right.ACCESS, subject=an.subject)
    entry = TrailEntry.objects.get(request_ref=request.ref)
    browser = browser_of(root)

    pages = [browser.get(f"/admin/privacy/trailentry/{rest}") for rest in ("", f"{entry.pk}/change/")]

    assert [page.status_code for page in pages] == [200, 200]
    assert [request.ref in page.content.decode() for page in pages] == [True, True]
    assert opened() == {(None, "privacy.TrailEntry")}


def test_who_may_not_use_the_administration_leaves_no_trace(an, bo):
    answer = browser_of(bo).get(f"/admin/accounts/member/{an.pk}/change/")

    assert (answer.status_code, opened()) == (302, set())


def test_a_list_costs_no_more_queries_for_more_rows(root, an, bo, django_assert_max_num_queries):
    """But one line in the trail for each person."""
    browser = browser_of(root)
    for _ in range(30):
        make_score(an)

    with django_assert_max_num_queries(20):
        browser.get("/admin/usage/score/")

    assert TrailEntry.objects.filter(event="admin.opened").count() == 1


def test_an_admin_that_leaves_no_trail_is_warned_of():
    found = [message for message in run_checks(tags=["privacy"]) if message.id == "privacy.W005"]

    labels = {message.obj._meta.label for message in found}
    assert "usage.Folder" in labels
    assert labels & {"accounts.Member", "privacy.TrailEntry", "usage.Score", "auth.Group"} == set()


def test_the_log_of_the_administration_is_declared_and_its_treatment_holds():
    assert [message for message in run_checks(tags=["privacy"]) if message.id != "privacy.W005"] == []
    assert list(probe.check([LogEntry], registry, connection.alias)) == []
    assert apps.is_installed("django.contrib.admin")


def log(actor, row):
    return LogEntry.objects.log_actions(actor.pk, [row], ADDITION, "Added.", single_object=True)


def test_a_person_finds_what_she_did_and_what_was_done_to_her_rows(root, an, bo):
    """UUID keys, whole numbers; a row of somebody else with a key that looks alike."""
    hers, folder, others = log(root, an), log(root, make_folder(an)), log(root, bo)
    log_map = registry.map_of(LogEntry)

    found = {person: set(rows_concerning(log_map, person.subject)) for person in (an, bo, root)}

    assert found == {an: {hers, folder}, bo: {others}, root: {hers, folder, others}}


def test_erasing_a_person_erases_what_the_log_says_of_her_and_nothing_else(root, an, bo):
    log(root, an)
    others = log(root, bo)

    request = erase(an.subject)

    assert request.status == "fulfilled"
    assert list(LogEntry.objects.all()) == [others]
