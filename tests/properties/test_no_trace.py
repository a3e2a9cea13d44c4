"""Property 1: after erasure no cell, file or queue holds a trace of the person."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest

from privacy.datamap import registry
from privacy.days import today
from privacy.models import HeldRecord
from privacy.rights import holds, setting_aside

from .acts import erase
from .filler import fill
from .traces import LEDGER, allowed, files_with, hits, kept_files

pytestmark = pytest.mark.django_db

# What may stay, each with a ground that the person is told. A line more here is a decision, not a repair.
KEPT_TABLES = {
    "accounts.Ban",
    "accounts.ProfileConsentEvent",
    "consents.ConsentEvent",
    "consents.Proposal",
    "consents.ProposalApproval",
    "privacy.AffectedPerson",
    "privacy.AuthorityRequest",
    "privacy.BreachLetter",
    "privacy.Certificate",
    "privacy.DataSubjectRequest",
    "privacy.Disclosure",
    "privacy.Extension",
    "privacy.HeldRecord",
    "privacy.IdentityChange",
    "privacy.IdentityCheck",
    "privacy.Letter",
    "privacy.Mandate",
    "privacy.Notice",
    "privacy.NoticeAttempt",
    "privacy.Pause",
    "privacy.Rectification",
    "privacy.Restriction",
    "privacy.Run",
    "privacy.Step",
    "privacy.TrailEntry",
}
KEPT_COLUMNS = {
    "usage.Score.resource",
    "usage.Score.value",
    "usage.Favourite.resource",
    "usage.Message.text",
    "usage.Comment.resource",
    "usage.Comment.text",
    "usage.Publication.resource",
    "usage.Publication.description",
    "usage.Publication.file",
    "usage.Publication.file_type",
    "usage.Publication.file_size",
}


def test_every_mark_can_be_found_before_erasure():
    an = fill("An", 11)

    found = hits(an.marks)

    unmarked = {data_map.label() for data_map in registry.maps.values()} - {
        data_map.label() for data_map in registry.maps.values() if any(table == data_map.model._meta.db_table for table, _column in found)
    }
    assert unmarked <= {"accounts.Member_groups", "accounts.Member_user_permissions"}


def test_erasing_an_leaves_no_trace():
    """G-41, T-26."""
    an = fill("An", 11)

    request = erase(an.subject)

    assert request.status == "fulfilled"
    assert hits(an.marks) - allowed() == set()
    assert sorted(files_with(an.marks)) == sorted(kept_files())


def test_the_ledger_outside_knows_her_by_nothing_but_her_reference():
    """D-6."""
    an = fill("An", 11)

    erase(an.subject)

    assert LEDGER not in files_with(an.marks - {str(an.subject.ref), an.subject.ref.hex})


def test_what_is_held_stays_in_its_sealed_copies_alone():
    """D-7: everything that can be held, held; nothing of it is found but by who has the key."""
    an, on = fill("An", 11), today()
    terms = {"ground": "legal_claims", "why": "Geschil.", "until": on + timedelta(days=9), "review_on": on + timedelta(days=5)}
    for data_map in holds.holdable():
        holds.place(an.subject, data_map.label(), **terms, actor_ref="dpo")

    request = erase(an.subject)

    assert hits(an.marks) - allowed() == set()
    copies = HeldRecord.objects.filter(request_ref=request.ref)
    assert not [copy for copy in copies if an.word.encode() in bytes(copy.sealed)]
    opened = [setting_aside.open_held(copy, actor_ref="dpo", reason="toets") for copy in copies]
    assert {copy.record for copy in copies} >= {"accounts.Member", "usage.Comment", "usage.Publication", "usage.Message"}
    assert any(an.word.encode() in zipfile.ZipFile(BytesIO(copy)).read("rows.jsonl") for copy in opened)


def test_what_may_stay_is_exactly_what_is_named_here():
    kept = {data_map.label() for data_map in registry.maps.values() if data_map.row.name == "kept"}
    columns = {f"{m.label()}.{line.name}" for m in registry.maps.values() for line in m.lines.values() if line.keeps}

    assert kept == KEPT_TABLES
    assert columns == KEPT_COLUMNS


def test_a_notice_forgets_who_the_person_was_once_it_is_delivered():
    an = fill("An", 11)

    erase(an.subject)

    assert ("privacy_notice", "known_as") not in hits(an.marks)


def test_the_references_left_lead_to_nobody():
    an = fill("An", 11)

    erase(an.subject)

    tables = {table for table, _column in hits({str(an.subject.ref), an.subject.ref.hex})}
    assert tables <= {registry.labelled(label).model._meta.db_table for label in KEPT_TABLES}


@pytest.mark.parametrize("choice", ["former_member", "name_stays", "remove"])
def test_a_publication_stays_or_goes_as_chosen(choice):
    """G-42, K-4."""
    an = fill("An", 11)

    erase(an.subject, {"comments": choice})

    columns = {column for table, column in hits(an.marks) if table == "usage_comment"}
    kept = {"text"}
    assert columns == {"former_member": kept, "name_stays": kept | {"shown_name", "published_at"}, "remove": set()}[choice]


def test_the_file_of_a_publication_goes_with_it():
    """K-4, G-41."""
    an = fill("An", 11)

    erase(an.subject, {"resources": "remove"})

    assert files_with(an.marks) == [LEDGER]
