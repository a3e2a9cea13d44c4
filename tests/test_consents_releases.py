"""What a partner is handed, and the record of it."""

import pytest
from django.db import transaction

from consents import permissions
from consents.errors import PermissionEnded
from consents.models import Partner, PartnerGrant
from consents.releases import release
from privacy.models import Disclosure
from privacy.rights import erasure

from .makers import make_grant, make_partner
from .races import let_it_reach_the_lock, needs_threads, outcome, start


def test_a_partner_is_handed_what_was_allowed_and_the_name_it_knows_and_nothing_else(an, edupartner):
    grant = make_grant(an, edupartner, ["first_name"])

    assert release(edupartner, an) == {"sub": str(grant.sub), "first_name": "An"}


def test_every_release_is_one_disclosure_with_names_and_no_values(an, edupartner):
    """K-9."""
    make_grant(an, edupartner, ["first_name", "email"])

    release(edupartner, an)

    disclosure = Disclosure.objects.get()
    assert (disclosure.recipient, disclosure.subject_ref) == (edupartner.recipient, an.subject.ref)
    assert (disclosure.attributes, disclosure.basis) == (["first_name", "email"], "consent")


def test_what_she_left_empty_is_neither_handed_over_nor_on_record(an, edupartner):
    make_grant(an, edupartner, ["first_name", "email"])
    type(an).objects.update(first_name="")
    an.refresh_from_db()

    assert set(release(edupartner, an)) == {"sub", "email"}
    assert Disclosure.objects.get().attributes == ["email"]


def test_a_field_that_the_partner_may_no_longer_ask_is_not_handed_over(an, edupartner):
    make_grant(an, edupartner, ["first_name", "email"])
    Partner.objects.update(attributes=["email"])

    handed = release(edupartner, an)

    assert set(handed) == {"sub", "email"}
    assert Disclosure.objects.get().attributes == ["email"]


def test_a_secret_is_not_handed_over_even_if_both_lists_name_it(an, edupartner):
    """T-12."""
    make_grant(an, edupartner)
    Partner.objects.update(attributes=["first_name", "password"])
    PartnerGrant.objects.update(attributes=["first_name", "password"])

    assert set(release(edupartner, an)) == {"sub", "first_name"}


def test_without_permission_nothing_is_handed_over(an, bo, edupartner):
    make_grant(an, make_partner("toetspartner"))
    make_grant(bo, edupartner)

    with pytest.raises(PermissionEnded):
        release(edupartner, an)

    assert not Disclosure.objects.exists()


def test_after_withdrawal_nothing_is_handed_over(an, edupartner):
    """G-55."""
    permissions.withdraw(make_grant(an, edupartner))

    with pytest.raises(PermissionEnded):
        release(edupartner, an)

    assert not Disclosure.objects.exists()


def test_of_a_hidden_member_nothing_is_handed_over(an, edupartner):
    make_grant(an, edupartner)
    erasure.hide(an.subject)

    with pytest.raises(PermissionEnded):
        release(edupartner, an)

    assert not Disclosure.objects.exists()


def test_a_release_takes_the_same_number_of_queries_whatever_is_handed_over(an, edupartner, django_assert_max_num_queries):
    make_grant(an, edupartner, ["first_name", "email"])

    with django_assert_max_num_queries(5):  # the person's lock, the permission, the disclosure; two for the transaction
        release(edupartner, an)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ends", [lambda an: permissions.withdraw(PartnerGrant.objects.get()), lambda an: erasure.hide(an.subject)])
def test_what_ended_before_the_release_looked_wins(an, edupartner, ends):
    """G-55, T-20."""
    needs_threads()
    make_grant(an, edupartner)

    with transaction.atomic():
        ends(an)
        releasing = start(lambda: release(edupartner, an))
        let_it_reach_the_lock()

    assert isinstance(outcome(releasing), PermissionEnded)
    assert not Disclosure.objects.exists()
