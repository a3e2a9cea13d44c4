"""Letting one partner have less without ending its access, and ending all access at once."""

import pytest

from consents import permissions, releases
from consents.models import ConsentEvent, PartnerGrant
from privacy.models import DataSubjectRequest, Notice, TrailEntry

from .makers import make_grant, make_partner
from .partner_side import Program, make_application
from .races import at_once, needs_threads

SHOWN = {"text_version": "2025-02", "language": "fr"}


@pytest.fixture
def grant(an, edupartner):
    return make_grant(an, edupartner, ["first_name", "email"])


def test_narrowing_is_a_new_consent_to_less(grant):
    permissions.narrow(grant, ["email"], **SHOWN)

    event = ConsentEvent.objects.order_by("pk").last()
    assert (event.kind, event.attributes, event.text_version, event.language) == ("given", ["email"], "2025-02", "fr")
    assert event.asked == ["email", "first_name"]
    assert TrailEntry.objects.filter(event="consent.narrowed").count() == 1


def test_the_partner_hears_which_fields_it_gets_no_more(grant):
    permissions.narrow(grant, ["email"], **SHOWN)

    notice = Notice.objects.get()
    assert (notice.event, notice.attributes, notice.known_as) == ("narrowed", ["first_name"], str(grant.sub))


def test_a_yes_to_less_in_the_place_of_more_is_told_as_well(an, edupartner, grant):
    make_grant(an, edupartner, ["email"])

    notice = Notice.objects.get()
    assert (notice.event, notice.attributes, notice.known_as) == ("narrowed", ["first_name"], str(grant.sub))


def test_a_yes_after_a_stop_narrows_nothing(an, edupartner, grant):
    permissions.withdraw(grant)

    make_grant(an, edupartner, ["email"])

    assert not Notice.objects.filter(event="narrowed").exists()


def test_what_was_left_out_is_not_handed_over(an, edupartner, grant):
    permissions.narrow(grant, ["email"], **SHOWN)

    assert set(releases.release(edupartner, an)) == {"sub", "email"}


def test_her_session_at_the_partner_goes_on_with_less(an, edupartner, client):
    client.force_login(an)
    program = Program(make_application(edupartner), client)
    program.sign_in(["first_name", "email"])

    permissions.narrow(PartnerGrant.objects.get(), ["first_name"], **SHOWN)

    assert set(program.userinfo()) == {"sub", "given_name"}
    assert program.ask().status_code == 302


@pytest.mark.parametrize("keep", [["first_name", "email"], ["first_name", "email", "birth_date"]])
def test_what_leaves_nothing_out_writes_nothing(grant, keep):
    permissions.narrow(grant, keep, **SHOWN)

    assert (ConsentEvent.objects.count(), Notice.objects.count()) == (1, 0)


def test_a_field_is_never_added_by_narrowing(an, edupartner):
    grant = make_grant(an, edupartner, ["first_name"])

    assert permissions.narrow(grant, ["email"], **SHOWN).attributes == []


def test_what_a_partner_needs_stays(edupartner, grant):
    edupartner.needed = ["first_name"]
    edupartner.save()

    assert permissions.narrow(PartnerGrant.objects.get(), ["email"], **SHOWN).attributes == ["first_name", "email"]
    assert permissions.narrow(PartnerGrant.objects.get(), [], **SHOWN).attributes == ["first_name"]


def test_a_permission_that_ended_is_not_narrowed(grant):
    permissions.withdraw(grant)

    assert permissions.narrow(grant, ["email"], **SHOWN).attributes == ["first_name", "email"]
    assert ConsentEvent.objects.order_by("pk").last().kind == "withdrawn"


def test_stopping_all_ends_each_as_one_request_and_tells_each(an, grant):
    make_grant(an, make_partner("toetspartner"))

    ended = permissions.withdraw_all(an)

    assert len(ended) == 2
    assert not PartnerGrant.objects.live().exists()
    request = DataSubjectRequest.objects.get()
    assert set(Notice.objects.values_list("event", "request_ref")) == {("withdrawal", request.ref)}


def test_stopping_all_twice_writes_nothing_more(an, grant):
    permissions.withdraw_all(an)

    assert permissions.withdraw_all(an) == []
    assert (DataSubjectRequest.objects.count(), Notice.objects.count()) == (1, 1)


def test_an_stopping_all_leaves_bo_alone(an, bo, edupartner, grant):
    of_bo = make_grant(bo, edupartner)

    permissions.withdraw_all(an)

    assert list(PartnerGrant.objects.live()) == [of_bo]


@pytest.mark.django_db(transaction=True)
def test_stopping_all_and_one_at_once_ends_each_once(an, edupartner):
    needs_threads()
    grant = make_grant(an, edupartner)

    at_once(lambda: permissions.withdraw_all(an), lambda: permissions.withdraw(PartnerGrant.objects.get(pk=grant.pk)))

    assert ConsentEvent.objects.filter(kind="withdrawn").count() == 1
    assert Notice.objects.count() == 1
