"""What account data mean for a person is declared, for our models and for those of others."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils.functional import Promise

from accounts.models import Member
from accounts.personal_data import MemberMap, SessionMap, UserSessionMap
from privacy.datamap import LawfulBasis, registry
from privacy.subjects import rows_concerning

OURS = {"accounts", "consents", "usage", "privacy"}
OTHERS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in OURS]


@pytest.mark.parametrize("model", OTHERS, ids=lambda model: model._meta.label)
def test_every_table_of_an_installed_package_is_declared(model):
    assert model in registry.maps or model in registry.exempt


@pytest.mark.parametrize("model", [EmailAddress, EmailConfirmation, Session, UserSession], ids=lambda model: model._meta.label)
def test_each_column_of_a_package_is_declared_in_our_own_words(model):
    """Their own names are in one language, or in none."""
    data_map = registry.maps[model]

    assert {field.name for field in model._meta.local_concrete_fields} == set(data_map.lines)
    assert [name for name, line in data_map.lines.items() if line.is_personal and not isinstance(line.label, Promise)] == []


def test_optional_parts_of_the_profile_rest_on_consent_and_go_when_it_is_withdrawn():
    """K-3."""
    on_consent = {name: line for name, line in MemberMap.lines.items() if line.basis == LawfulBasis.CONSENT}

    assert set(on_consent) == {"about_me", "website", "social_networks", "photo"}
    assert [name for name, line in on_consent.items() if line.erase is None] == []


def test_a_member_corrects_her_profile_but_not_her_address_or_her_rights():
    """K-13: the address is changed by confirming the new one."""
    open_to_her = {line.name for line in MemberMap.rectifiable_lines()}

    assert {"first_name", "last_name", "town", "birth_date", "about_me"} <= open_to_her
    assert not open_to_her & {"email", "password", "is_staff", "is_superuser", "is_active"}


def test_a_password_is_never_handed_out():
    """T-12."""
    told = {line.name for line in MemberMap.accessible_lines()}

    assert told == set(MemberMap.lines) - {"password"}


def test_sessions_are_erased_before_the_record_that_leads_to_them():
    order = [data_map.model for data_map in registry.in_erasure_order()]

    assert order.index(Session) < order.index(UserSession) < order.index(Member)


def test_an_mails_link_is_found_through_her_address(an, bo):
    for member in (an, bo):
        EmailConfirmation.create(member.emailaddress_set.get())

    found = rows_concerning(registry.maps[EmailConfirmation], an.subject)

    assert [confirmation.email_address.user for confirmation in found] == [an]


def test_the_key_of_a_session_is_never_handed_out():
    """T-12: whoever knows it is signed in as her."""
    told = {line.name for data_map in (SessionMap, UserSessionMap) for line in data_map.accessible_lines()}

    assert "session_key" not in told
