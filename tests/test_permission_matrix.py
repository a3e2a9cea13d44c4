"""Every address of the site, asked by everybody who has a role, and by who has none (T-18)."""

import re
import uuid
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from accounts.misconduct import objecting
from consents.registration import contacts, fields, proposing

from .gates import ARRIVING, PROGRAM, ROLES, SENT_ON, TABLE
from .makers import make_member, make_partner
from .misconduct import make_colleague, put_ban
from .partner_side import make_application
from .signing_in import browser_of

# To whoever asks, the sign-in page; to who is let in and did not show lately that it is she, the page on which she does.
SIGN_IN, STEP_UP = "account_login", "privacy:step_up"
# Of what an address holds, where nothing else is said: nothing that exists.
USUAL = {"int": "1", "uuid": str(uuid.UUID(int=7)), "slug": "nergens", "str": "NERGENS", "path": "nergens.json"}
PLACE = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


def gates():
    """Name of an address -> gate; an address stands behind one."""
    listed = [(name, gate) for gate, names in TABLE.items() for name in names.split()]
    assert len(listed) == len(dict(listed))
    return dict(listed)


def addresses(patterns=None, before="", namespace=""):
    """(name, path with its places) of every address, those of other people's apps too; one without a name is called as its path."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLPattern):
            path = before + _path(each.pattern)
            yield namespace + (each.name or path), path
        else:
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from addresses(each.url_patterns, before + _path(each.pattern), inner)


def _path(pattern) -> str:
    """A regular expression of allauth's, with a word where it takes one."""
    text = str(pattern)
    return re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", text).replace("^", "").replace("$", "").replace("\\", "") if "(?P" in text else text


def test_every_address_has_its_row_and_every_row_an_address():
    """T-18: who adds a page says who may see it."""
    there = {name for name, _path in addresses()}

    assert there - set(gates()) == set()
    assert set(gates()) - there == set()


@pytest.fixture
def world(db):
    """What the pages are about that are absent to who has no task there."""
    partner = make_partner("quizkast")
    program = make_application(partner, name="Website")
    moderator, banned = make_colleague("Mieke", "moderator"), make_member("Gust")
    ban = put_ban(banned, by=moderator)
    objecting.say_no(ban, banned.subject, "Ik verkocht niets.")
    contact = make_member("Lut")
    contacts.add(partner, contact)
    proposed = fields.of_organisation(partner) | {"purpose": "Laat leerlingen rekenen."}
    proposal = proposing.propose(proposed, partner=partner, by=contact.subject)
    keys = {"misconduct:member": banned, "misconduct:ban": banned, "portal:proposal": proposal, "portal:approve": proposal}
    keys |= dict.fromkeys(["misconduct:one", "misconduct:read", "misconduct:decide"], ban)
    known = {name: {"key": row.pk, "what": "keep"} for name, row in keys.items()}
    return {"moderator": moderator, "contact": contact}, {"partner": partner.slug, "program": program.pk}, known


def browser_in(role, people) -> Client:
    if role == "visitor":
        return Client()
    if role in {"member", "staff"}:
        return browser_of(make_member("Rol", is_staff=role == "staff"))
    return browser_of(people.get(role) or make_colleague("Rol", role))


def asked(browser, path):
    """As it is looked at, and as an empty form is sent, unless it says that this cannot be; afterwards nothing of it happened."""
    answers = [_sent(browser, way, path) for way in ("GET", "POST")]
    return [answer for answer in answers if answer.status_code != 405] or answers


def _sent(browser, way, path):
    cookies = browser.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer = browser.generic(way, path)
        transaction.set_rollback(True)
    browser.cookies = SimpleCookie(cookies)
    return answer


def outcome(name, answer) -> str:
    """The page to which it sends on is named, unless that is where it ends well."""
    if 300 <= answer.status_code < 400:
        there = resolve(urlsplit(answer["Location"]).path).view_name
        return "in" if there == STEP_UP or name in SENT_ON.get(there, "").split() else there
    return str(answer.status_code) if answer.status_code in {403, 404} else "in"


def fits(gate, role, said, status) -> bool:
    """Behind a gate that says 403 nothing has to exist; one that says 404 hides even that."""
    if gate is PROGRAM:
        return status >= 400
    if gate is ARRIVING:
        return said in {"in", SIGN_IN}
    if role in gate.let_in:
        return said == "in" or (said == "404" and gate.refused == 403)
    return said == (SIGN_IN if role == "visitor" else str(gate.refused))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_where_its_tasks_are_and_nowhere_else(role, world):
    """T-18: one table of addresses and roles."""
    people, of_partner, known = world
    browser, table, wrong = browser_in(role, people), gates(), []
    for name, path in dict(addresses()).items():
        filled = PLACE.sub(lambda place, name=name: str(_fill(place, known.get(name, {}) | of_partner)), path)
        for answer in asked(browser, f"/{filled}"):
            said = outcome(name, answer)
            if not fits(table[name], role, said, answer.status_code):
                wrong.append(f"{name} ({answer.request['REQUEST_METHOD']} {filled}): {said} ({answer.status_code})")

    assert "\n".join(wrong) == ""


def _fill(place, known):
    return known.get(place["name"], USUAL[place["kind"] or "str"])
