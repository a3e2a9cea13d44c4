"""Who signs up becomes a member and a data subject, once, whatever is typed."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client

from accounts.forms import AddEmailForm
from accounts.models import Member
from privacy.models import Subject

from .makers import PASSWORD, make_member
from .races import at_once, needs_threads

FIELDS = {"email": "els.maes@school.example", "password1": "vijf gele paraplu's", "password2": "vijf gele paraplu's"}
LONG = "x" * 10_000


def sign_up(**fields):
    return Client().post("/account/signup/", FIELDS | fields)


@pytest.mark.django_db
def test_signing_up_makes_a_member_and_a_data_subject():
    sign_up(email=" Els.Maes@School.Example", first_name="Els", last_name="Maes")

    member = Member.objects.get()
    assert (member.email, str(member), member.language) == ("els.maes@school.example", "Els Maes", "nl")
    assert member.subject.kind == "member"


@pytest.mark.django_db
def test_the_mail_is_signed_by_the_platform_and_not_by_the_host():
    sign_up()

    letter = mail.outbox[0]
    assert not letter.subject.startswith("[")
    assert letter.body.startswith("Dit is een bericht van Platform.")


@pytest.mark.django_db
def test_the_first_mail_says_apart_that_she_can_say_no():
    """G-37."""
    sign_up()

    before, apart, after = re.split(r"\n-{20,}\n", mail.outbox[0].body)
    assert "Je kan nee zeggen" in apart
    assert "art. 21 AVG" in apart
    assert "confirm-email/" in before
    assert "art. 21" not in before + after


@pytest.mark.django_db
def test_the_mail_repeats_nothing_that_whoever_signed_up_wrote():
    """T-28: the address may be a stranger's, and the words an advertisement."""
    sign_up(first_name="Win een telefoon", last_name="op https://evil.example/")

    (letter,) = mail.outbox
    assert "Win een" not in letter.subject + letter.body
    assert "evil" not in letter.subject + letter.body


@pytest.mark.django_db
def test_who_opens_the_mailed_link_can_sign_in(client):
    sign_up(first_name="Els")
    link = re.search(r"/account/confirm-email/\S+", mail.outbox[0].body).group()

    client.post(link)
    client.post("/account/login/", {"login": FIELDS["email"], "password": FIELDS["password1"]})

    assert "Els" in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_member_reads_our_letters_in_the_language_she_signed_up_in():
    Client(headers={"accept-language": "fr-BE"}).post("/account/signup/", FIELDS)

    assert Member.objects.get().language == "fr"


@pytest.mark.django_db
def test_a_domain_in_letters_of_its_own_is_kept_as_the_net_knows_it():
    """T-01: one mailbox, one account, and our mail goes to that mailbox."""
    sign_up(email="els@stra\u00dfe.example")

    assert Member.objects.get().email == "els@xn--strae-oqa.example"
    assert mail.outbox[0].to == ["els@xn--strae-oqa.example"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["\u05d0\u05dc\u05d4 \u202eslE", "Els \U0001f98a", "\u0635\u0627\u0644\u062d", "<b>Els</b>", "'; DROP TABLE"]
)
def test_a_name_is_kept_as_it_is_written(name, client):
    sign_up(first_name=name)
    member = Member.objects.get()
    EmailAddress.objects.update(verified=True)

    client.post("/account/login/", {"login": FIELDS["email"], "password": FIELDS["password1"]})

    assert member.first_name == name
    assert b"<b>Els</b>" not in client.get("/").content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"email": "els\0@school.example"},
        {"email": f"{LONG}@school.example"},
        {"email": f"els@{LONG}.example"},
        {"email": f"{'x' * 250}@school.example"},
        {"email": "els@school\u202e.example"},
        {"email": "els"},
        {"email": ""},
        {"first_name": "E\0ls"},
        {"first_name": LONG},
        {"last_name": "y" * 101},
        {"password1": "vijf\0 gele paraplu's", "password2": "vijf\0 gele paraplu's"},
    ],
    ids=lambda fields: f"{next(iter(fields))}={next(iter(fields.values()))[:12]!r}",
)
def test_what_cannot_be_kept_is_answered_beside_its_field(fields):
    response = sign_up(**fields)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == list(fields)
    assert not Subject.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["login", "password/reset", "email", "password/change", "reauthenticate"])
@pytest.mark.parametrize("text", ["\0", "els\0@school.example", LONG, f"{LONG}@school.example", "\u202e\U0001f98a", "%00"])
def test_no_form_of_the_account_fails_on_odd_text(path, text, an, client):
    if path not in {"login", "password/reset"}:
        client.force_login(an)
    names = ["login", "password", "email", "oldpassword", "password1", "password2", "next", "action_add"]

    response = client.post(f"/account/{path}/", dict.fromkeys(names, text))

    assert response.status_code in {200, 302, 400}


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["action_send", "action_remove", "action_primary"])
@pytest.mark.parametrize("text", ["els\0@school.example", f"{LONG}@school.example", "nobody@school.example"])
def test_no_button_beside_an_address_fails_on_odd_text(action, text, an, client):
    client.force_login(an)

    assert client.post("/account/email/", {action: "", "email": text}).status_code == 302


@pytest.mark.django_db
def test_a_sign_up_that_lost_the_race_looks_like_one_with_a_known_address(monkeypatch):
    """The address was free when the form looked it up; then somebody else took it."""

    def somebody_else_takes(address):
        make_member("Els", email=address)
        return False

    monkeypatch.setattr("accounts.forms.is_banned", somebody_else_takes)

    response = sign_up()

    assert (response.status_code, response.url) == (302, "/account/confirm-email/")
    assert Member.objects.get().first_name == "Els"
    assert Subject.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_at_once_make_one_account():
    needs_threads()
    cache.clear()

    responses = at_once(*[sign_up] * 4)

    assert {getattr(response, "status_code", response) for response in responses} == {302}
    assert (Member.objects.count(), Subject.objects.count(), EmailAddress.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
def test_a_change_that_was_confirmed_meanwhile_is_found_done(an, rf):
    """The link was opened in another window, between the form's look-up and its writing."""
    form = AddEmailForm(an, {"email": "nieuw@school.example"})
    assert form.is_valid()
    done = an.emailaddress_set.create(email="nieuw@school.example", verified=True)

    assert form.save(rf.post("/account/email/")) == done


@pytest.mark.django_db
def test_a_member_signs_in_with_her_domain_written_out(client):
    make_member("Els", email="els@xn--strae-oqa.example")

    response = client.post("/account/login/", {"login": "els@stra\u00dfe.example", "password": PASSWORD})

    assert (response.status_code, response.url) == (302, "/my-privacy/")
    assert EmailAddress.objects.count() == 1


@pytest.mark.django_db
def test_an_address_is_one_account_in_whatever_case(an):
    """Signing in, looking up and the database agree."""
    signed_in = Client().post("/account/login/", {"login": "AN.Peeters@School.Example", "password": PASSWORD})

    assert (signed_in.status_code, Member.objects.get(email="AN.PEETERS@school.example")) == (302, an)
    with pytest.raises(IntegrityError):
        Member.objects.create_user("An.Peeters@school.example")
