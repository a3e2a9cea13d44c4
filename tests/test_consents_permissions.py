"""Consent to a partner: given, withdrawn, given again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from consents import permissions
from consents.errors import AccountLeaving, AttributesNotOffered
from consents.models import ConsentEvent, PartnerGrant
from privacy.datamap import Right
from privacy.models import DataSubjectRequest, Notice, TrailEntry
from privacy.rights import erasure

from .makers import make_grant, make_partner
from .races import at_once, needs_threads


def kinds():
    return list(ConsentEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_giving_consent_records_who_agreed_to_what_under_which_text(an, edupartner):
    """G-51."""
    grant = permissions.give(an, edupartner, ["email", "first_name"], text_version="2025-01", language="fr")

    event = ConsentEvent.objects.get()
    assert (event.subject_ref, event.partner, event.kind, event.method) == (an.subject.ref, edupartner, "given", "page")
    assert (event.attributes, event.text_version, event.language) == (["first_name", "email"], "2025-01", "fr")
    assert (grant.attributes, grant.granted_at) == (event.attributes, event.at)


def test_consent_given_twice_is_recorded_once(an, edupartner):
    first = make_grant(an, edupartner)

    second = make_grant(an, edupartner)

    assert (kinds(), second.pk, second.granted_at) == (["given"], first.pk, first.granted_at)


@pytest.mark.parametrize("change", [{"attributes": ["first_name", "email"]}, {"text_version": "2025-02"}])
def test_other_fields_or_another_text_are_a_new_consent(an, edupartner, change):
    before = make_grant(an, edupartner)

    after = make_grant(an, edupartner, **change)

    assert kinds() == ["given", "given"]
    assert (after.pk, after.sub) == (before.pk, before.sub)


def test_a_partner_cannot_be_allowed_a_field_that_it_does_not_ask_for(an, edupartner):
    with pytest.raises(AttributesNotOffered) as refusal:
        make_grant(an, edupartner, ["first_name", "birth_date"])

    assert refusal.value.names == ["birth_date"]
    assert not PartnerGrant.objects.exists()


@pytest.mark.parametrize("attributes", [["password"], ["id"], ["first_name", "first_name"], ["shoe_size"], "email"])
def test_a_partner_asks_only_for_what_members_fill_in(edupartner, attributes):
    """K-10."""
    edupartner.attributes = attributes

    with pytest.raises(ValidationError) as refusal:
        edupartner.full_clean()

    assert list(refusal.value.error_dict) == ["attributes"]


def test_who_asked_for_erasure_cannot_allow_partners(an, edupartner):
    erasure.hide(an.subject)

    with pytest.raises(AccountLeaving):
        make_grant(an, edupartner)

    assert kinds() == []


def test_a_consent_that_cannot_be_recorded_is_not_in_force(an, edupartner):
    with pytest.raises(IntegrityError):
        permissions.give(an, edupartner, ["first_name"], text_version=None, language="nl")

    assert not PartnerGrant.including_hidden.exists()


def test_each_partner_knows_a_member_by_another_name(an, edupartner):
    """T-23."""
    here, there = make_grant(an, edupartner), make_grant(an, make_partner("toetspartner"))

    assert here.sub != there.sub
    assert {an.pk, an.subject.ref}.isdisjoint({here.sub, there.sub})


def test_withdrawing_ends_the_permission_and_names_the_text_that_was_agreed_to(an, edupartner):
    """K-18, G-52."""
    grant = make_grant(an, edupartner, text_version="2025-01", language="fr")

    permissions.withdraw(grant)

    event = ConsentEvent.objects.order_by("pk").last()
    assert (event.kind, event.method, event.at) == ("withdrawn", "page", grant.revoked_at)
    assert (event.attributes, event.text_version, event.language) == (["first_name"], "2025-01", "fr")
    assert not PartnerGrant.objects.live().exists()


def test_the_partner_is_told_of_a_withdrawal_under_the_name_it_knows(an, edupartner):
    """G-48."""
    grant = make_grant(an, edupartner)

    permissions.withdraw(grant)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.event, notice.state) == (edupartner.recipient, "withdrawal", Notice.State.QUEUED)
    assert (notice.known_as, notice.subject_ref) == (str(grant.sub), an.subject.ref)


def test_a_withdrawal_leaves_a_request_that_is_already_fulfilled(an, edupartner):
    """G-12."""
    permissions.withdraw(make_grant(an, edupartner))

    request = DataSubjectRequest.objects.get()
    assert (request.right, request.subject_ref, request.status) == (Right.WITHDRAWAL, an.subject.ref, "fulfilled")
    assert Notice.objects.get().request_ref == request.ref


def test_the_trail_names_who_withdrew_under_which_request(an, edupartner):
    permissions.withdraw(make_grant(an, edupartner))

    entry = TrailEntry.objects.get(event="consent.withdrawn")
    assert (entry.subject_ref, entry.actor_ref) == (an.subject.ref, str(an.subject.ref))
    assert entry.request_ref == DataSubjectRequest.objects.get().ref


def test_withdrawing_what_was_withdrawn_writes_nothing(an, edupartner):
    grant, in_another_tab = make_grant(an, edupartner), PartnerGrant.objects.get()
    ended_at = permissions.withdraw(grant).revoked_at

    again = permissions.withdraw(in_another_tab)

    assert again.revoked_at == ended_at
    assert (kinds(), Notice.objects.count(), DataSubjectRequest.objects.count()) == (["given", "withdrawn"], 1, 1)


def test_withdrawing_still_works_once_erasure_was_asked(an, edupartner):
    grant = make_grant(an, edupartner)
    erasure.hide(an.subject)

    permissions.withdraw(grant)

    assert kinds() == ["given", "withdrawn"]


def test_an_withdrawing_leaves_bo_and_other_partners_alone(an, bo, edupartner):
    elsewhere, of_bo = make_grant(an, make_partner("toetspartner")), make_grant(bo, edupartner)

    permissions.withdraw(make_grant(an, edupartner))

    assert set(PartnerGrant.objects.live()) == {elsewhere, of_bo}


def test_allowing_again_opens_the_same_permission_under_the_same_name(an, edupartner):
    """G-52."""
    before = permissions.withdraw(make_grant(an, edupartner))

    again = make_grant(an, edupartner)

    assert (again.pk, again.sub, again.revoked_at) == (before.pk, before.sub, None)
    assert again.granted_at > before.revoked_at
    assert kinds() == ["given", "withdrawn", "given"]


def test_allowing_again_as_a_new_person_gives_a_new_name_and_asks_to_erase_the_old(an, edupartner):
    before = permissions.withdraw(make_grant(an, edupartner))

    again = permissions.give(an, edupartner, ["first_name"], text_version="2025-01", language="nl", as_new_person=True)

    assert again.sub != before.sub
    assert Notice.objects.get(event="erasure").known_as == str(before.sub)


def test_a_standing_permission_keeps_its_name_even_when_asked_as_a_new_person(an, edupartner):
    before = make_grant(an, edupartner)

    again = permissions.give(an, edupartner, ["email"], text_version="2025-01", language="nl", as_new_person=True)

    assert again.sub == before.sub


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_give_one_consent(an, edupartner):
    needs_threads()

    outcomes = at_once(*[lambda: make_grant(an, edupartner).pk] * 2)

    assert outcomes == [PartnerGrant.objects.get().pk] * 2
    assert kinds() == ["given"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_withdraw_once(an, edupartner):
    needs_threads()
    make_grant(an, edupartner)

    outcomes = at_once(*[lambda: permissions.withdraw(PartnerGrant.objects.get()).is_withdrawn] * 2)

    assert outcomes == [True, True]
    assert (kinds(), Notice.objects.count(), DataSubjectRequest.objects.count()) == (["given", "withdrawn"], 1, 1)


@pytest.mark.django_db(transaction=True)
def test_withdrawing_from_two_partners_at_once_succeeds_for_both(an, edupartner):
    needs_threads()
    grants = [make_grant(an, edupartner), make_grant(an, make_partner("toetspartner"))]

    at_once(*[lambda grant=grant: permissions.withdraw(grant) for grant in grants])

    assert not PartnerGrant.objects.live().exists()
    assert DataSubjectRequest.objects.filter(status="fulfilled").count() == 2


@pytest.mark.django_db(transaction=True)
def test_giving_and_withdrawing_at_once_leave_the_state_that_the_last_event_says(an, edupartner):
    needs_threads()
    grant = make_grant(an, edupartner)

    at_once(lambda: permissions.withdraw(PartnerGrant.objects.get()), lambda: make_grant(an, edupartner, ["email"]))

    grant.refresh_from_db()
    assert grant.is_withdrawn == (kinds()[-1] == "withdrawn")
    assert grant.attributes == ConsentEvent.objects.order_by("pk").last().attributes
