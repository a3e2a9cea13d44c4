"""Every address of the site, asked by everybody who has a role, and by who has none (T-18)."""

import re
import uuid
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.misconduct import objecting
from consents.registration import contacts, fields, proposing

from .gates import ARRIVING, PROGRAM, ROLES, TABLE
from .makers import make_member, make_partner
from .misconduct import make_colleague, put_ban
from .partner_side import make_application
from .signing_in import browser_of

SIGN_IN = reverse("account_login")
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


def is_signals_api(name):
    """Made by django-ninja: programs alone, each with a token."""
    return name.startswith("ssf:")


def test_every_address_has_its_row_and_every_row_an_address():
    """T-18: who adds a page says who may see it."""
    there = {name for name, _path in addresses() if not is_signals_api(name)}

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
    """As it is looked at, or where that cannot be, as an empty form is sent; afterwards nothing of it happened."""
    cookies = browser.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer = browser.get(path)
        if answer.status_code == 405:
            answer = browser.post(path)
        transaction.set_rollback(True)
    browser.cookies = SimpleCookie(cookies)
    return answer


def outcome(answer) -> str:
    if answer.status_code == 302 and answer["Location"].partition("?")[0] == SIGN_IN:
        return "sign in"
    return str(answer.status_code) if answer.status_code in {403, 404} else "in"


def fits(gate, role, answer) -> bool:
    """Behind a gate that says 403 nothing has to exist; one that says 404 hides even that."""
    if gate is PROGRAM:
        return answer.status_code >= 400
    if gate is ARRIVING:
        return outcome(answer) in {"in", "sign in"}
    if role in gate.let_in:
        return outcome(answer) == "in" or (outcome(answer) == "404" and gate.refused == 403)
    return outcome(answer) == ("sign in" if role == "visitor" else str(gate.refused))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_where_its_tasks_are_and_nowhere_else(role, world):
    """T-18: one table of addresses and roles."""
    people, of_partner, known = world
    browser, table, wrong = browser_in(role, people), gates(), []
    for name, path in dict(addresses()).items():
        if name in table:
            filled = PLACE.sub(lambda place, name=name: str(_fill(place, known.get(name, {}) | of_partner)), path)
            answer = asked(browser, f"/{filled}")
            if not fits(table[name], role, answer):
                wrong.append(f"{name} ({filled}): {outcome(answer)} ({answer.status_code})")

    assert "\n".join(wrong) == ""


def _fill(place, known):
    return known.get(place["name"], USUAL[place["kind"] or "str"])
