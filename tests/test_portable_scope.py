"""A partner's program fetches what a member may take along, where she let it: noted each time, until she ends it (G-58)."""

import io

import pytest
from django.test import Client
from django.urls import reverse

from consents import permissions
from consents.models import PartnerGrant
from consents.registration import fields
from privacy.evidence.recipients import Disclosure
from privacy.rights import restriction
from privacy.rights.erasure import hide
from privacy.rights.normal import normal_form
from privacy.verify import keys_of, verify

from . import partner_side
from .makers import make_favourite

pytestmark = pytest.mark.django_db
PORTABLE = "data.portable"


@pytest.fixture
def program(edupartner, an):
    edupartner.attributes = ["first_name", "town", PORTABLE]
    edupartner.save()
    browser = Client()
    browser.force_login(an)
    return partner_side.Program(partner_side.make_application(edupartner), browser, scope=f"openid first_name {PORTABLE}")


def fetch(program):
    return program.session.get(partner_side.SITE + reverse("oidc:portable"))


def test_it_is_asked_by_name_and_unticked(program):
    page = program.ask().content.decode()

    assert "All data that you can take along" in page or "Alle gegevens die je kan meenemen" in page
    assert f'value="{PORTABLE}">' in page


def test_what_it_fetches_is_the_archive_that_she_could_fetch(program, an):
    make_favourite(an, note="eerst dit")
    program.sign_in(attributes=["first_name", PORTABLE])

    answer = fetch(program)

    raw = io.BytesIO(answer.content)
    keys = keys_of(Client().get("/.well-known/inzage-keys.json").json())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert verify(raw, keys).state.name == "SIGNED"
    assert normal_form(raw)["usage.Favourite"]


def test_nothing_is_fetched_once_the_partner_says_something_else(program, edupartner):
    program.sign_in(attributes=[PORTABLE])
    fields.write_organisation(edupartner, {"purpose": "Verkoopt oefenboeken."})

    assert fetch(program).status_code == 401


def test_each_time_is_a_disclosure(program, an):
    program.sign_in(attributes=[PORTABLE])

    fetch(program)
    fetch(program)

    released = Disclosure.objects.filter(subject_ref=an.subject.ref, attributes=[PORTABLE], basis="consent")
    assert released.count() == 2


def test_userinfo_does_not_hold_it(program):
    program.sign_in(attributes=["first_name", PORTABLE])

    assert set(program.userinfo()) == {"sub", "given_name"}


def test_profile_does_not_give_it(edupartner, program):
    program.scope = program.session.scope = "openid profile"
    program.sign_in(attributes=["first_name", "town", PORTABLE])

    assert PORTABLE not in PartnerGrant.objects.get().attributes
    assert fetch(program).status_code == 403


def test_without_her_tick_it_gets_nothing(program):
    program.sign_in(attributes=["first_name"])

    answer = fetch(program)

    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
    assert not Disclosure.objects.exists()


def test_it_ends_at_once_with_the_permission(program):
    program.sign_in(attributes=[PORTABLE])

    permissions.withdraw(PartnerGrant.objects.get())

    assert fetch(program).status_code == 401


def test_it_ends_at_once_when_she_lets_it_have_less(program):
    program.sign_in(attributes=["first_name", PORTABLE])

    permissions.narrow(PartnerGrant.objects.get(), ["first_name"], text_version="1", language="nl")

    assert fetch(program).status_code == 403
    assert program.userinfo()["given_name"] == "An"


def test_it_ends_when_the_partner_may_not_ask_it_any_more(program, edupartner):
    program.sign_in(attributes=[PORTABLE])
    edupartner.attributes = ["first_name"]
    edupartner.save()

    assert fetch(program).status_code == 403


def test_of_who_is_hidden_nothing_goes_out(program, an):
    program.sign_in(attributes=[PORTABLE])

    hide(an.subject)

    assert fetch(program).status_code == 401


@pytest.mark.parametrize("use", ["usage", "account"])
def test_nothing_goes_out_while_some_of_it_is_on_hold(program, an, use):
    program.sign_in(attributes=[PORTABLE])
    restriction.begin(an.subject, [use], ground="accuracy")

    assert fetch(program).status_code in {401, 403}
    assert not Disclosure.objects.exists()


def test_what_is_on_hold_besides_stops_nothing(program, an):
    program.sign_in(attributes=[PORTABLE])
    restriction.begin(an.subject, ["communication"], ground="objection")

    assert fetch(program).status_code == 200


def test_more_than_four_times_an_hour_is_too_often(program):
    program.sign_in(attributes=[PORTABLE])

    answers = [fetch(program) for _time in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


@pytest.mark.parametrize("token", ["", "x", "Bearer"])
def test_without_a_token_there_is_nothing(client, token):
    assert client.get(reverse("oidc:portable"), headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_token_in_the_address_is_refused(client):
    assert client.get(reverse("oidc:portable"), {"access_token": "x"}).status_code == 400
