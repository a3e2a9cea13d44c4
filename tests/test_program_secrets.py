"""The secret of a program: shown once, replaced without a moment at which none works, ended by a click."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consents.errors import EarlierSecretCounts, NoSecret, PartnerHasEnded, TooManyPrograms
from consents.models import Partner, PartnerApplication
from consents.registration import programs

from .makers import make_partner
from .partner_side import SECRET, Program, make_application


@pytest.fixture
def application(edupartner):
    return make_application(edupartner)


def opens(application, secret) -> bool:
    """In the header and in the body alike."""
    asked = Program(application, Client(), secret=secret)
    by_header = asked.post("oidc:introspect", token="x").status_code == 200
    form = {"client_id": application.client_id, "client_secret": secret, "token": "x"}
    by_body = Client().post(reverse("oidc:introspect"), form, secure=True).status_code == 200
    assert by_header == by_body
    return by_header


def test_both_secrets_count_after_a_rotation(application, an):
    new = programs.rotate(application, by=an.subject)

    assert opens(application, new)
    assert opens(application, SECRET)
    assert not opens(application, "geraden")


def test_the_earlier_one_ends_by_a_click(application, an):
    new = programs.rotate(application, by=an.subject)

    programs.end_earlier(application, by=an.subject)

    assert not opens(application, SECRET)
    assert opens(application, new)


def test_the_earlier_one_ends_by_itself_on_its_day(application, an):
    programs.rotate(application, by=an.subject)
    PartnerApplication.objects.update(earlier_secret_until=timezone.now() - timedelta(seconds=1))

    assert not opens(application, SECRET)


def test_a_third_is_refused_while_two_count(application, an):
    """Else whoever rotates twice cuts off the servers that still show the first."""
    programs.rotate(application, by=an.subject)

    with pytest.raises(EarlierSecretCounts):
        programs.rotate(application, by=an.subject)

    assert opens(application, SECRET)


def test_the_secret_before_that_of_another_program_opens_nothing(application, an):
    other = make_application(make_partner("quizkast"), client_secret="van een ander")
    programs.rotate(other, by=an.subject)

    assert not opens(application, "van een ander")


def test_no_secret_stands_in_the_database(application, an):
    new = programs.rotate(application, by=an.subject)

    row = PartnerApplication.objects.values().get()
    assert not {SECRET, new} & set(map(str, row.values()))


def test_a_program_that_keeps_no_secrets_has_none(edupartner, an):
    made, secret = programs.add(edupartner, "In de browser", keeps_secrets=False, by=an.subject)

    assert secret == ""
    with pytest.raises(NoSecret):
        programs.rotate(made, by=an.subject)


def test_a_new_program_works_with_the_secret_that_was_shown(edupartner, an):
    made, secret = programs.add(edupartner, "Website", keeps_secrets=True, by=an.subject)

    assert opens(made, secret)
    assert made.redirect_uris == ""


def test_programs_have_an_end(edupartner, an, monkeypatch):
    monkeypatch.setattr(programs, "AT_MOST", 1)
    programs.add(edupartner, "Website", keeps_secrets=True, by=an.subject)

    with pytest.raises(TooManyPrograms):
        programs.add(edupartner, "App", keeps_secrets=True, by=an.subject)


def test_a_program_of_who_is_not_published_or_ended_opens_nothing(application, an):
    Partner.objects.update(published_at=None)
    assert not opens(application, SECRET)
    Partner.objects.update(published_at=timezone.now(), ended_at=timezone.now())
    assert not opens(application, SECRET)

    with pytest.raises(PartnerHasEnded):
        programs.rotate(application, by=an.subject)
