"""The list of banned addresses knows every spelling of a mailbox and takes no two people for one (T-16)."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts import spellings
from accounts.addresses import one_spelling
from accounts.bans import ban, canonical, holders_of, is_banned
from accounts.models import Member

from .makers import PASSWORD, make_member

GROUNDS = {"breach": "Sold addresses of colleagues.", "notices": "On 3 March and on 2 April."}

SPELLINGS = {
    "anpeeters@gmail.com": [
        *("An.Peeters@gmail.com", "a.n.p.e.e.t.e.r.s@gmail.com", "anpeeters+school@gmail.com", "an.peeters+a+b@GMAIL.com"),
        *("anpeeters@googlemail.com", "AN.PEETERS+x@GoogleMail.com", "\uff41n.peeters@gmail.com", "an.peeters@\uff47mail.com"),
        *("  anpeeters@gmail.com ", "anpeeters@gmail\u3002com", "\uff21\uff2e.peeters\uff0bx@gmail.com"),
    ],
    "an.peeters@outlook.com": ["an.peeters+x@outlook.com", "AN.Peeters@Outlook.com"],
    "an.peeters@hotmail.be": ["an.peeters+school@hotmail.be"],
    "an@live.nl": ["an+1@live.nl"],
    "an.peeters@icloud.com": ["an.peeters+x@icloud.com", "an.peeters@me.com", "An.Peeters+school@mac.com"],
    "anpeeters@proton.me": ["an.peeters@proton.me", "an-peeters@protonmail.com", "an_peeters+x@pm.me", "anpeeters@protonmail.ch"],
    "an.peeters@fastmail.com": ["an.peeters+x@fastmail.com"],
    "anpeeters@fastmail.com": ["school@anpeeters.fastmail.com", "anpeeters+x@anpeeters.fastmail.com", "X@AnPeeters.Fastmail.com"],
    "anpeeters@yahoo.com": ["anpeeters-school@yahoo.com", "ANPEETERS-a-b@yahoo.com"],
    "an@yandex.com": ["an+x@yandex.ru", "an@ya.ru"],
    "an@mailbox.org": ["an+x@mailbox.org"],
    "an@posteo.net": ["an+x@posteo.net"],
    "an@xn--strae-oqa.example": ["an@stra\u00dfe.example", "AN@STRA\u1e9eE.example"],
}
SEPARATE = [
    ("an.peeters@outlook.com", "anpeeters@outlook.com"),
    ("an@outlook.com", "an@hotmail.com"),
    ("an@hotmail.com", "an@hotmail.be"),
    ("an@yahoo.com", "an@ymail.com"),
    ("an+x@yahoo.com", "an@yahoo.com"),
    ("an-peeters@gmail.com", "an@gmail.com"),
    ("an_peeters@gmail.com", "anpeeters@gmail.com"),
    ("an.peeters@icloud.com", "anpeeters@icloud.com"),
    ("an.peeters@school.example", "anpeeters@school.example"),
    ("an+x@school.example", "an@school.example"),
    ("an@gmail.com.evil.example", "an@gmail.com"),
    ("an@mail.gmail.com", "an@gmail.com"),
    ("x@an.fastmail.com", "x@bo.fastmail.com"),
    ("x@an.fastmail.com", "x@fastmail.com"),
    ("x@an.mail.fastmail.com", "an@fastmail.com"),
    # Letters that look alike: another host is another mailbox, whoever drew it to deceive.
    ("an@school.example", "an@s\u0441hool.example"),
    ("an@paypal.example", "an@p\u0430ypal.example"),
    ("+x@gmail.com", "+y@gmail.com"),
    ("-x@yahoo.com", "-y@yahoo.com"),
]
EVERY_SPELLING = [(mailbox, spelling) for mailbox, spellings in SPELLINGS.items() for spelling in spellings]


@pytest.mark.parametrize(("mailbox", "spelling"), EVERY_SPELLING)
def test_every_spelling_is_one_mailbox(mailbox, spelling):
    assert canonical(spelling) == mailbox


@pytest.mark.parametrize(("one", "other"), SEPARATE)
def test_two_mailboxes_are_never_taken_for_one(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(("mailbox", "spelling"), EVERY_SPELLING)
@pytest.mark.django_db
def test_a_ban_on_one_spelling_knows_the_other(mailbox, spelling):
    ban(spelling, **GROUNDS)

    assert is_banned(mailbox)


@pytest.mark.django_db
def test_nobody_comes_back_under_another_spelling(client):
    ban("an.peeters@gmail.com", **GROUNDS)

    for spelling in SPELLINGS["anpeeters@gmail.com"]:
        client.post("/account/signup/", {"email": spelling, "password1": PASSWORD, "password2": PASSWORD})

    assert not Member.objects.exists()


@pytest.mark.django_db
def test_what_is_stored_stays_as_she_spelled_it(client):
    client.post("/account/signup/", {"email": "An.Peeters+school@gmail.com", "password1": PASSWORD, "password2": PASSWORD})

    assert Member.objects.get().email == "an.peeters+school@gmail.com"


@pytest.mark.django_db
def test_a_ban_finds_who_confirmed_another_spelling_and_nobody_else(an, bo):
    els = make_member("Els", email="els.claes@gmail.com")
    make_member("Elsje", email="elsclaes@outlook.com")
    make_member("Vreemd", email="e.lsclaes@gmail.com", verified=False)

    assert holders_of("ELSCLAES+weg@googlemail.com") == [els.subject]


def test_no_domain_belongs_to_two_providers():
    domains = [domain for provider in spellings.PROVIDERS for domain in provider.domains]

    assert len(domains) == len(set(domains))


names = st.from_regex(r"\A[a-z0-9][a-z0-9._+-]{0,20}[a-z0-9]\Z")


@given(names, st.sampled_from([*spellings.PROVIDER_OF, "school.example"]))
def test_a_mailbox_is_its_own_mailbox(name, domain):
    """Twice is once; and the domain stays one of the provider's."""
    once = spellings.mailbox_of(f"{name}@{domain}")

    assert spellings.mailbox_of(once) == once
    assert once.rpartition("@")[0]
    assert spellings.PROVIDER_OF.get(once.rpartition("@")[2]) == spellings.PROVIDER_OF.get(domain)


@given(names.filter(str.isalnum), names, st.sampled_from(list(spellings.PROVIDER_OF)))
def test_what_follows_the_sign_of_a_tag_never_matters(name, tag, domain):
    sign = spellings.PROVIDER_OF[domain].tag

    assert spellings.mailbox_of(f"{name}{sign}{tag}@{domain}") == spellings.mailbox_of(f"{name}@{domain}")


def test_no_letter_that_only_looks_like_another_makes_a_second_address():
    """T-16: of every letter, figure and sign of Unicode, in the name as in a spelling of ours: it is one of ASCII, or no address."""
    letters = [chr(code) for code in range(128, 0x110000) if unicodedata.category(chr(code))[0] in "LNMPS"]

    spelled = [spelling for letter in letters if (spelling := spelling_of(f"c{letter}rl@elders.example"))]

    assert len(letters) > 100_000
    assert [spelling for spelling in spelled if not spelling.isascii()] == []


def spelling_of(address):
    try:
        return one_spelling(address)
    except ValidationError:
        return ""
