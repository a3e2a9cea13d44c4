"""Whether partners may contact a member with offers: apart, unticked, and a no that is passed on (K-9, Art. 21(2))."""

import pytest

from consents import offers, permissions, releases
from consents.errors import AccountLeaving
from consents.models import ConsentEvent, PartnerGrant, WantsNoOffers
from privacy.datamap import Right
from privacy.models import DataSubjectRequest, Notice, TrailEntry
from privacy.rights import erasure

from .makers import make_grant, make_partner
from .properties.acts import erase

SHOWN = {"text_version": "2025-01", "language": "nl"}


@pytest.fixture
def grant(an, edupartner):
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()
    return make_grant(an, edupartner)


@pytest.fixture
def allowed(grant):
    return offers.allow(grant, **SHOWN)


def about_contact():
    return list(ConsentEvent.objects.filter(purpose="contact").order_by("pk").values_list("kind", flat=True))


def told():
    return sorted(Notice.objects.values_list("event", flat=True))


def test_a_permission_is_no_consent_to_offers(grant):
    assert grant.contact_allowed_at is None
    assert about_contact() == []


def test_letting_a_partner_contact_her_is_a_consent_of_its_own(allowed):
    event = ConsentEvent.objects.get(purpose="contact")

    assert (event.kind, event.attributes, event.text_version, event.language) == ("given", [], "2025-01", "nl")
    assert event.at == allowed.contact_allowed_at
    assert TrailEntry.objects.filter(event="contact.given").count() == 1


def test_a_partner_that_makes_offers_is_told_whether_it_may(an, grant):
    said_before = releases.release(grant.partner, an)["may_contact"]
    offers.allow(grant, **SHOWN)

    assert (said_before, releases.release(grant.partner, an)["may_contact"]) == (False, True)


def test_a_partner_that_makes_none_is_told_nothing_of_it(an):
    partner = make_partner("stil")
    make_grant(an, partner)

    assert set(releases.release(partner, an)) == {"sub", "first_name"}


def test_a_second_yes_changes_nothing(allowed):
    again = offers.allow(allowed, **SHOWN)

    assert again.contact_allowed_at == allowed.contact_allowed_at
    assert about_contact() == ["given"]


def test_a_partner_that_makes_no_offers_gets_no_such_consent(an):
    grant = offers.allow(make_grant(an, make_partner("stil")), **SHOWN)

    assert grant.contact_allowed_at is None


def test_a_partner_whose_permission_ended_gets_no_such_consent(grant):
    assert offers.allow(permissions.withdraw(grant), **SHOWN).contact_allowed_at is None


def test_who_asked_for_erasure_lets_nobody_contact_her(an, grant):
    erasure.hide(an.subject)

    with pytest.raises(AccountLeaving):
        offers.allow(grant, **SHOWN)


def test_her_no_ends_it_at_once_and_the_partner_hears_it(allowed):
    known_as = str(allowed.sub)

    offers.stop(allowed)

    notice = Notice.objects.get()
    assert (notice.event, notice.state, notice.known_as) == ("objection", "queued", known_as)
    assert about_contact() == ["given", "withdrawn"]
    assert not PartnerGrant.objects.get().is_withdrawn


def test_her_no_is_an_objection_that_is_done_on_the_spot(allowed):
    """Art. 21(3): nobody weighs it."""
    offers.stop(allowed)

    request = DataSubjectRequest.objects.get()
    assert (request.right, request.status) == (Right.OBJECTION, "fulfilled")
    assert Notice.objects.get().request_ref == request.ref


def test_a_second_no_writes_nothing(allowed):
    offers.stop(offers.stop(allowed))

    assert (about_contact(), DataSubjectRequest.objects.count(), Notice.objects.count()) == (["given", "withdrawn"], 1, 1)


def test_her_no_is_never_refused_for_being_one_too_many(allowed, settings):
    settings.PRIVACY = {**settings.PRIVACY, "REQUESTS_PER_DAY": 0}

    assert offers.stop(allowed).contact_allowed_at is None


def test_stopping_the_access_ends_it_as_well(allowed):
    permissions.withdraw(allowed)

    assert about_contact() == ["given", "withdrawn"]
    assert told() == ["objection", "withdrawal"]
    assert PartnerGrant.including_hidden.get().contact_allowed_at is None


def test_allowing_again_does_not_bring_it_back(an, allowed, edupartner):
    permissions.withdraw(allowed)

    assert make_grant(an, edupartner).contact_allowed_at is None


def test_offers_from_nobody_ends_each_and_tells_who_might(an, allowed):
    make_grant(an, make_partner("stil"))

    objection = offers.refuse_all(an)

    notice = Notice.objects.get()
    assert (notice.event, notice.recipient) == ("objection", allowed.partner.recipient)
    assert objection.request_ref == notice.request_ref == DataSubjectRequest.objects.get().ref
    assert PartnerGrant.objects.filter(revoked_at=None, contact_allowed_at=None).count() == 2


def test_who_wants_no_offers_cannot_give_the_consent_by_accident(an, grant):
    offers.refuse_all(an)

    assert offers.allow(grant, **SHOWN).contact_allowed_at is None
    assert offers.refuse_all(an).pk == WantsNoOffers.objects.get().pk


def test_taking_the_objection_back_allows_nobody(an, allowed):
    offers.refuse_all(an)

    offers.ask_again(an)

    assert not WantsNoOffers.objects.exists()
    assert PartnerGrant.objects.get().contact_allowed_at is None
    assert TrailEntry.objects.filter(event="contact.asked_again").count() == 1


def test_an_objection_of_an_leaves_bo_alone(an, bo, allowed, edupartner):
    of_bo = offers.allow(make_grant(bo, edupartner), **SHOWN)

    offers.refuse_all(an)

    of_bo.refresh_from_db()
    assert of_bo.contact_allowed_at is not None
    assert offers.objection_of(bo) is None


def test_an_erasure_leaves_neither_permission_nor_objection(an, allowed):
    offers.refuse_all(an)
    ref = an.subject.ref

    erase(an.subject)

    assert not WantsNoOffers._base_manager.exists()
    assert set(ConsentEvent.objects.values_list("subject_ref", flat=True)) == {ref}
