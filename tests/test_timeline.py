"""What happened to a person's data, in sentences."""

import ast
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import ProfileConsentEvent, SecurityEvent
from consents import permissions, releases
from consents.models import ConsentEvent
from privacy.casework import at_once, cases
from privacy.casework.settings import Step
from privacy.datamap import LawfulBasis, RefusalGround, Right
from privacy.evidence import events, remarks, trail
from privacy.models import Disclosure
from privacy.pages.timeline import Timeline

from .makers import make_grant, make_partner

PRODUCT = [path for app in ("privacy", "accounts", "consents", "usage", "config") for path in (settings.BASE_DIR / app).rglob("*.py")]
# What fills the hole in `f"consent.{kind}"`.
KINDS = {
    "consent": ConsentEvent.Kind.values,
    "account": [*SecurityEvent.Kind.values, "address_added", "address_removed", "password_changed", "new_browser"],
    "profile": ProfileConsentEvent.Kind.values,
    "letter": ["to_post", "posted", "mailed_again"],
    "message": ["written", "answered"],
    "setting": Step.values,
    "transfer": ["done", "unconfirmed", "failed", "stopped"],
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def happened(member):
    return Timeline(member.subject)[0:50]


def texts(member):
    return [entry.text for entry in happened(member)]


def disclose(member, partner, *, at, attributes=("first_name",)):
    Disclosure.objects.create(
        recipient=partner.recipient, subject_ref=member.subject.ref, attributes=list(attributes), basis=LawfulBasis.CONSENT, at=at
    )


def recorded_in(source, *, of_requests=False):
    """Every event name that a module gives to the trail, each hole filled with all it can hold; or only those of a person's request."""
    tree = ast.parse(source)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        columns = {given.arg or "subject_ref" for given in call.keywords}  # what comes as `**` says who
        if ast.unparse(call.func) == "trail.record" and (not of_requests or columns >= {"subject_ref", "request_ref"}):
            yield from _names(call.args[0], tree)
        elif ast.unparse(call.func) == "record":  # casework.receiving, for every right
            yield from (f"{right}.{call.args[0].value}" for right in Right.values)


def _names(given, tree):
    if isinstance(given, ast.Constant):
        return [given.value]
    if isinstance(given, ast.Name):
        made = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == given.id]
        return [name for value in made for name in _names(value, tree)]
    if isinstance(given, ast.Call):
        made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == ast.unparse(given.func)]
        return _names(made[0].body[-1].value, tree)
    before, _dot, after = "".join(part.value if isinstance(part, ast.Constant) else "?" for part in given.values).partition(".")
    if before == after == "?":
        return []  # `record` itself: its callers say what
    whats = KINDS[before] if after == "?" else [after]
    return [f"{right}.{what}" for right in (Right.values if before == "?" else [before]) for what in whats]


def test_every_event_that_is_recorded_has_a_sentence():
    found = {name for path in PRODUCT for name in recorded_in(path.read_text())}

    assert {
        "erasure.submitted",
        "access.ready",
        "consent.given",
        "desk.opened",
        "access.disowned",
        "access.fetched",
        "erasure.refused",
    } <= found
    unknown = str(events.UNKNOWN[1])
    assert sorted(name for name in found for mine in (True, False) if events.sentence_of(name, is_mine=mine)[1] == unknown) == []


def test_an_event_of_a_new_host_app_is_shown_by_its_name(an):
    trail.record("badge.earned", subject_ref=an.subject.ref)

    assert texts(an) == ["We noted this about you: badge.earned."]


def test_what_she_did_herself_differs_from_what_was_done_for_her(an):
    cases.submit(Right.OBJECTION, subject=an.subject)
    cases.submit(Right.RESTRICTION, subject=an.subject, actor_ref="dpo")

    assert [(entry.text, entry.is_mine) for entry in happened(an)] == [
        ("We noted a request of yours: restriction.", False),
        ("You said no to a use of your data.", True),
    ]


def test_who_opened_her_data_and_why_stands_there(an):
    """G-28."""
    at_once.handed_over(Right.ACCESS, subject=an.subject, actor_ref="ops", received_at=timezone.now())
    remarks.write(trail.record("access.exported", subject_ref=an.subject.ref, actor_ref="ops"), "court order")
    trail.record("desk.opened", subject_ref=an.subject.ref, actor_ref="dpo")

    assert [(entry.text, entry.note) for entry in happened(an)][:2] == [
        ("Our data protection officer opened your request.", ""),
        ("An operator made a copy of your data.", "Reason: court order."),
    ]


def test_a_refusal_is_shown_with_its_ground_and_leads_to_its_page(an):
    request = cases.submit(Right.OBJECTION, subject=an.subject)
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="x", actor_ref="dpo")

    entry = happened(an)[0]

    assert (entry.note, entry.link) == ("Reason: an exception of the regulation applies.", f"Request {request.ref}")
    assert entry.url.endswith(f"/requests/{request.ref}/")


def test_an_entry_of_a_request_that_is_no_longer_kept_leads_nowhere(an):
    trail.record("access.ready", subject_ref=an.subject.ref, request_ref="GONE")

    assert [(entry.text, entry.url) for entry in happened(an)] == [("Your archive is ready.", "")]


def test_a_thousand_releases_of_a_day_are_one_line(an, edupartner):
    """G-22."""
    noon = timezone.now().replace(hour=12, minute=0) - timedelta(days=3)
    for minutes in range(30):
        disclose(an, edupartner, at=noon + timedelta(minutes=minutes), attributes=["first_name", "email"])
    disclose(an, edupartner, at=noon - timedelta(days=1))

    assert [(entry.text, entry.note) for entry in happened(an)] == [
        ("Edupartner received your e-mail address and first name.", "30 times that day."),
        ("Edupartner received your first name.", ""),
    ]


def test_a_release_of_nothing_but_a_code_says_so(an, edupartner):
    disclose(an, edupartner, at=timezone.now(), attributes=[])

    assert texts(an) == ["Edupartner received a code, not your name."]


def test_a_withdrawal_is_one_line_that_names_who_was_told(an, edupartner):
    grant = make_grant(an, edupartner)
    permissions.withdraw(grant)

    assert [(entry.text, entry.note) for entry in happened(an)] == [
        ("You stopped an access that you had allowed.", "We told Edupartner."),
        ("You allowed a partner to receive data from your account.", ""),
    ]


def test_what_happened_to_bo_is_not_shown_to_an(an, bo, edupartner):
    make_grant(bo, edupartner)
    releases.release(edupartner, bo)
    cases.submit(Right.OBJECTION, subject=bo.subject)

    assert happened(an) == []


def test_pages_follow_on_each_other_newest_first_whatever_the_source(an, edupartner):
    for days in range(9):
        disclose(an, edupartner, at=timezone.now() - timedelta(days=days))
        trail.record("subject.shown", subject_ref=an.subject.ref)
    pages = Paginator(Timeline(an.subject), 5)

    found = [entry.at for number in pages.page_range for entry in pages.page(number)]

    assert (pages.count, pages.num_pages, len(found)) == (18, 4, 18)
    assert found == sorted(found, reverse=True)


def test_questions_to_the_database_do_not_grow_with_what_happened(an):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            happened(an)
        return len(asked)

    permissions.withdraw(make_grant(an, make_partner("a")))
    few = questions()
    for slug in "bcdef":
        partner = make_partner(slug)
        grant = make_grant(an, partner)
        releases.release(partner, an)
        permissions.withdraw(grant)

    assert questions() == few <= 4
