"""Who asks, on the desk: a look, and moving down by two of ours."""

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases, confirming, outside
from privacy.datamap import Right
from privacy.models import IdentityChange, IdentityCheck, OutsideRequest

from .makers import desk_permissions, make_member
from .signing_in import browser_of
from .test_by_hand import entered
from .test_page_desk import text_of


@pytest.fixture
def asked(an):
    """An erasure by the form."""
    outside.ask(Right.ERASURE, an.email, language="nl", network="192.0.2.7", now=timezone.now())
    return confirming.confirm(OutsideRequest.objects.get(), now=timezone.now()).request


@pytest.fixture
def second(db):
    member = make_member("Els", is_staff=True)
    member.user_permissions.add(*desk_permissions())
    return browser_of(member)


def page_of(asked, name="identity", *more):
    return reverse(f"privacy:{name}", args=[asked.ref, *more])


def test_a_look_that_failed_is_noted_and_a_weaker_yes_is_not(asked, daan):
    """T-03, G-16."""
    browser = browser_of(daan)

    assert browser.post(page_of(asked), {"method": "called_back", "passed": "yes"}).status_code == 400
    assert browser.post(page_of(asked), {"method": "called_back", "passed": "no"}).status_code == 302

    assert [check.passed for check in IdentityCheck.objects.order_by("pk")] == [True, False]
    assert text_of(browser.get(page_of(asked)))


def test_one_proposes_another_agrees(asked, daan, second):
    """T-03."""
    browser = browser_of(daan)
    assert browser.post(page_of(asked, "identity_lower"), {"method": "called_back", "why": "no_address"}).status_code == 302
    change = IdentityChange.objects.get()
    agree = page_of(asked, "identity_agree", change.pk)

    assert agree not in browser.get(page_of(asked)).content.decode()
    assert browser.post(agree).status_code == 400
    assert agree in second.get(page_of(asked)).content.decode()
    assert second.post(agree).status_code == 302

    change.refresh_from_db()
    assert change.agreed_at
    assert second.get(page_of(asked)).status_code == 200


@pytest.mark.parametrize(
    "given", [{}, {"method": "stored_address", "why": "cannot"}, {"method": "id_seen", "why": "zielig"}, {"why": "<b>"}]
)
def test_what_is_no_way_down_or_no_reason_is_not_proposed(asked, daan, given):
    """T-04."""
    assert browser_of(daan).post(page_of(asked, "identity_lower"), given).status_code == 400
    assert not IdentityChange.objects.exists()


@pytest.mark.parametrize("given", [{}, {"method": "passport", "passed": "yes"}, {"method": "signed_in", "passed": "yes"}])
def test_what_is_no_way_of_ours_is_not_noted(asked, daan, given):
    """T-04: that she signed in is seen by the software."""
    assert browser_of(daan).post(page_of(asked), given).status_code == 400
    assert IdentityCheck.objects.count() == 1


def test_nothing_can_be_sent_along(asked, daan):
    """G-14, T-04."""
    assert 'type="file"' not in browser_of(daan).get(page_of(asked)).content.decode()


def test_nobody_notes_of_herself_that_it_was_she(daan, second):
    """T-18: also where a colleague entered her letter."""
    asked = entered(daan, make_member("Mia"), identified_by="not_yet")

    assert browser_of(daan).post(page_of(asked), {"method": "stored_address", "passed": "yes"}).status_code == 400
    assert not IdentityCheck.objects.exists()
    assert second.post(page_of(asked), {"method": "stored_address", "passed": "yes"}).status_code == 302


def test_of_a_closed_request_nothing_is_noted(asked, daan):
    cases.stop(asked)
    browser = browser_of(daan)

    assert browser.post(page_of(asked), {"method": "called_back", "passed": "no"}).status_code == 400
    assert browser.get(page_of(asked)).status_code == 200


@pytest.mark.parametrize("name", ["identity", "mandate"])
def test_it_is_for_the_desk_alone(asked, bo, name):
    assert browser_of(bo).get(page_of(asked, name)).status_code == 403


def test_a_change_of_another_request_does_not_exist_here(asked, daan, second):
    other = cases.submit(Right.OBJECTION, subject=make_member("Mia").subject)
    browser_of(daan).post(page_of(asked, "identity_lower"), {"method": "called_back", "why": "no_address"})

    assert second.post(page_of(other, "identity_agree", IdentityChange.objects.get().pk)).status_code == 404
