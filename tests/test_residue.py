"""After an erasure everything is read for what is left (D-9, G-41)."""

import base64
import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import FormalNotice, Member
from privacy import tasks
from privacy.casework import cases, expiry
from privacy.conf import store
from privacy.datamap import Right
from privacy.errors import ReferencesRemain, ResidueFound
from privacy.evidence import residue, sealing, tables_postgresql, tables_sqlite
from privacy.evidence.identifiers import Identifiers
from privacy.evidence.residue import ResidueFinding, ResidueScan
from privacy.models import Run, Step, TrailEntry
from privacy.rights import removing
from privacy.rights.identifying import identifiers_of

from .makers import make_favourite, make_member, make_message, make_publication, make_score
from .signing_in import browser_of

LATER = timedelta(days=8)


def approved(member, **choices):
    request = cases.submit(Right.ERASURE, subject=member.subject, choices=choices)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    return request


def scanned(*values, names=()):
    """(place, kind) -> hits, of one pass for one person."""
    return dict(residue.scan({"R": Identifiers(list(values), list(names))}).found["R"].hits)


def write_raw(kind, value):
    """Into a table that no model knows."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE diary (line integer, entry {kind})")
        cursor.execute("INSERT INTO diary VALUES (1, NULL), (2, %s)", [value])


def wait_for_others(settings, minutes=60):
    settings.PRIVACY = {**settings.PRIVACY, "RESIDUE_PASS_MINUTES": minutes}


def test_what_is_hers_alone_is_read_from_the_data_map(an, edupartner):
    publication = make_publication(an, text="Les over breuken")

    found = identifiers_of(an.subject, {"resources": "remove"})

    digest = hashlib.sha256(b"Les over breuken").hexdigest()
    assert {str(an.pk), str(an.subject_id), an.email, digest} <= set(found.unique)
    assert publication.file.name not in found.unique
    assert found.names == ["An Peeters", "Peeters An", "Peeters, An"]


def test_a_file_that_stays_is_nobodys_identifier(an):
    make_publication(an, text="Les over breuken")

    assert hashlib.sha256(b"Les over breuken").hexdigest() not in identifiers_of(an.subject, {}).unique


def test_an_erasure_looks_and_finds_nothing(an):
    request = approved(an)

    assert cases.run(request)

    scan = ResidueScan.objects.get(request_ref=request.ref)
    assert (scan.remains, scan.names) == (0, 0)
    assert scan.places > 50
    assert scan.rows > 0
    assert set(scan.findings.values_list("kind", flat=True)) == {"kept"}
    assert TrailEntry.objects.filter(event="erasure.searched", request_ref=request.ref).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sqlite", "postgresql", "write"),
    [
        ("text", "text", str.upper),
        ("text", "varchar(200)", lambda value: f"aan {value}, met dank"),
        ("text", "jsonb", lambda value: json.dumps({"to": [value]})),
        ("blob", "bytea", str.encode),
        ("blob", "bytea", lambda value: hashlib.sha256(value.encode()).digest()),
        ("text", "text[]", lambda value: f"{{ander,{value}}}"),
        ("text", "text", lambda value: base64.b64encode(value.encode()).decode().rstrip("=")),
        ("text", "text", lambda value: f"een\t\\regel\n{value}\n"),
    ],
)
def test_an_address_is_found_in_a_table_that_nobody_declared(sqlite, postgresql, write):
    write_raw({"sqlite": sqlite, "postgresql": postgresql}[connection.vendor], write("an@school.example"))

    assert scanned("an@school.example") == {("diary.entry", "remains"): 1}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["uuid", "text"])
def test_a_reference_is_found_whatever_the_column(kind):
    reference = uuid.uuid4()
    write_raw(kind, reference.hex)

    assert scanned(str(reference)) == {("diary.entry", "remains"): 1}


def test_something_left_stops_the_answer_until_it_is_gone(an):
    request = approved(an)
    write_raw("text", f"mail naar {an.email}")

    with pytest.raises(ResidueFound) as refusal:
        cases.run(request)

    assert refusal.value.places == ["diary.entry"]
    assert an.email not in str(refusal.value)
    step = request.run.steps.get(name=residue.LOOKED_STEP)
    assert (step.problem, step.finished_at) == ("ResidueFound", None)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM diary")
    Run.objects.update(lease_until=None)
    assert cases.run(request)
    assert not ResidueFinding.objects.filter(kind="remains").exists()


def test_what_another_wrote_is_listed_and_left_as_it_is(an, bo):
    text = f"Vraag het aan An Peeters, {an.email}."
    favourite = make_favourite(bo, note=text)
    request = approved(an)

    assert cases.run(request)

    found = {(finding.place, finding.kind): list(map(uuid.UUID, finding.keys)) for finding in ResidueFinding.objects.exclude(kind="kept")}
    assert found == {("usage_favourite.note", "another's"): [favourite.pk], ("usage_favourite.note", "name"): [favourite.pk]}
    favourite.refresh_from_db()
    assert favourite.note == text


def test_an_address_in_another_rows_own_facts_is_left_behind(an, bo):
    """A text that Bo gave is hers to keep; what we recorded about her may not name An."""
    Member.objects.filter(pk=bo.pk).update(password=f"x {an.email}")
    request = approved(an)

    with pytest.raises(ResidueFound, match=r"accounts_member\.password"):
        cases.run(request)


def test_who_moderated_can_be_erased_too(an, bo):
    FormalNotice.objects.create(member=bo, text="Schrijf zonder schelden.", given_by=str(an.subject_id))
    request = approved(an)

    assert cases.run(request)

    found = set(ResidueFinding.objects.filter(place__startswith="accounts_").values_list("place", "kind", "hits"))
    assert found == {("accounts_formalnotice.given_by", "kept", 1)}


def test_a_text_that_is_kept_may_say_who_wrote_it(an, bo):
    make_message(an, bo, text=f"Mail me: {an.email}")
    make_message(bo, an, text=f"Dag {an.email}")

    assert cases.run(approved(an))

    kinds = set(ResidueFinding.objects.filter(place="usage_message.text").values_list("kind", flat=True))
    assert kinds == {"kept", "another's"}


def test_a_namesake_stops_nothing(an, bo):
    make_member("Jan", last_name="Peeters", email="jan.an.peeters@school.example")
    make_publication(bo, shown_name="An Peeters")
    make_publication(bo, shown_name="Jan Peeters")
    request = approved(an)

    assert cases.run(request)

    assert ResidueScan.objects.get(request_ref=request.ref).names == 1


def test_entries_of_the_cache_go_by_their_key(an):
    cache.set(f"try:{hashlib.sha256(an.email.encode()).hexdigest()}", 3)
    cache.set("try:another", 3)

    assert cases.run(approved(an))

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:try:another"]


@pytest.mark.django_db
def test_a_large_cache_is_read_to_its_end():
    """2 MB: more than the database hands over at once, while the entries to forget stand at the beginning and the end."""
    cache.set("first:an@school.example", 1)
    for number in range(20):
        cache.set(f"page:{number}", "x" * 100_000)
    cache.set("last:an@school.example", 1)

    scanned("an@school.example")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(CASE WHEN cache_key LIKE '%school%' THEN 1 END) FROM cache")
        assert cursor.fetchone() == (20, 0)


def test_no_session_of_hers_is_left(an):
    """Sessions are compressed: they go by their key, before anything is searched."""
    browser_of(an)

    cases.run(approved(an))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)


def test_what_to_look_for_is_sealed_and_destroyed_afterwards(an, settings):
    wait_for_others(settings)
    request = approved(an)
    assert not cases.run(request)

    files = [path for path in store().rglob("*") if path.is_file()]
    assert [path.name for path in store("identifiers").iterdir()] == [f"{request.ref}.sealed"]
    assert not any(an.email.encode() in path.read_bytes() for path in files)
    assert an.email in sealing.open_again(request.ref).unique
    wait_for_others(settings, 0)
    Run.objects.update(lease_until=None)
    assert cases.run(request)
    assert list(sealing.waiting()) == []


def test_erasures_share_one_pass(an, bo, settings, monkeypatch):
    wait_for_others(settings)
    requests = [approved(an), approved(bo)]
    assert [cases.run(request) for request in requests] == [False, False]
    passes, scan = [], residue.scan
    monkeypatch.setattr(residue, "scan", lambda sought, **how: passes.append(set(sought)) or scan(sought, **how))
    Run.objects.update(lease_until=None)
    Step.objects.filter(name=residue.CLEANED_STEP).update(finished_at=timezone.now() - timedelta(hours=2))

    assert [cases.run(request) for request in requests] == [True, True]
    assert passes == [{request.ref for request in requests}]


def test_the_sweep_starts_a_pass_for_who_waits_for_a_recipient(an, settings, monkeypatch):
    """What is sealed lives seven days, and so may a recipient that cannot be reached."""
    wait_for_others(settings)
    request = approved(an)
    cases.run(request)
    Step.objects.filter(name=residue.CLEANED_STEP).update(finished_at=timezone.now() - timedelta(hours=2))
    monkeypatch.setattr(tasks.search, "apply_async", lambda **options: tasks.search())

    tasks.sweep()

    assert residue.waiting() == {}
    assert ResidueScan.objects.filter(request_ref=request.ref, remains=0).exists()


def test_a_killed_worker_leaves_nothing_to_repair(an, monkeypatch):
    request = approved(an)
    monkeypatch.setattr(residue, "write", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        cases.run(request)
    assert sealing.open_again(request.ref)
    monkeypatch.undo()
    Run.objects.update(lease_until=None)

    assert cases.run(request)
    assert ResidueScan.objects.filter(request_ref=request.ref).count() == 1


def test_a_killed_worker_that_sealed_half_begins_again(an, monkeypatch):
    request = approved(an)
    monkeypatch.setattr(sealing, "rename", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        cases.run(request)
    monkeypatch.undo()
    Run.objects.update(lease_until=None)

    assert cases.run(request)
    assert ResidueScan.objects.filter(request_ref=request.ref, remains=0).exists()


def test_identifiers_go_when_their_request_ended_in_any_way(an):
    request = approved(an)
    sealing.keep(request.ref, identifiers_of(an.subject, {}))
    expiry.forget_identifiers(timezone.now())
    assert sealing.open_again(request.ref)

    cases.cancel(request)
    expiry.forget_identifiers(timezone.now())

    assert list(sealing.waiting()) == []


def test_identifiers_wait_seven_days_at_most(an, settings):
    wait_for_others(settings)
    request = approved(an)
    cases.run(request)

    expiry.forget_identifiers(timezone.now() + LATER)
    Run.objects.update(lease_until=None)

    assert list(sealing.waiting()) == []
    assert cases.run(request)
    assert TrailEntry.objects.get(event="erasure.searched").reason == "not_searched"


def test_identifiers_stay_while_her_rows_do(an, monkeypatch):
    request = approved(an)
    monkeypatch.setattr(removing, "_remove", lambda *given, **more: (_ for _ in ()).throw(ReferencesRemain("diary")))
    with pytest.raises(ReferencesRemain):
        cases.run(request)

    expiry.forget_identifiers(timezone.now() + LATER)

    assert an.email in sealing.open_again(request.ref).unique
    monkeypatch.undo()
    Run.objects.update(lease_until=None)
    assert cases.run(request)
    assert ResidueScan.objects.filter(request_ref=request.ref, remains=0).exists()


def test_in_which_rows_it_stood_is_forgotten(an, bo):
    make_favourite(bo, note=an.email)
    cases.run(approved(an))

    expiry.forget_identifiers(timezone.now() + timedelta(days=91))

    assert ResidueFinding.objects.get(kind="another's").keys == []
    assert list(store("keys", "findings").iterdir()) == []


def test_who_wrote_about_an_can_be_erased_too(an, bo):
    """The finding that points at her row is sealed."""
    Member.objects.filter(pk=bo.pk).update(about_me=an.email)
    cases.run(approved(an))

    assert cases.run(approved(bo))


@pytest.mark.django_db
def test_a_thousand_people_cost_the_statements_of_one():
    with CaptureQueriesContext(connection) as one:
        residue.scan({"R": Identifiers([str(uuid.uuid4())], [])})
    thousand = {f"R{number}": Identifiers([str(uuid.uuid4()), f"lid{number}@school.example"], []) for number in range(1000)}
    with CaptureQueriesContext(connection) as many:
        residue.scan(thousand)

    assert len(many) == len(one)


def test_the_command_searches_at_once_and_fails_on_what_is_left(an, settings, capsys):
    wait_for_others(settings)
    cases.run(approved(an))
    write_raw("text", an.email)

    with pytest.raises(CommandError, match="left behind: 1"):
        call_command("scan_residue")

    assert "1 remains: diary.entry" in capsys.readouterr().out
    assert an.email not in capsys.readouterr().out


def test_what_was_left_can_be_settled_once_nobody_can_search_again(an):
    request = approved(an)
    write_raw("text", an.email)
    with pytest.raises(ResidueFound):
        cases.run(request)
    with pytest.raises(CommandError, match="can still be searched"):
        call_command("scan_residue", settle=request.ref)
    expiry.forget_identifiers(timezone.now() + LATER)
    Run.objects.update(lease_until=None)
    with pytest.raises(ResidueFound):
        cases.run(request)

    call_command("scan_residue", settle=request.ref)
    Run.objects.update(lease_until=None)

    assert cases.run(request)
    assert TrailEntry.objects.get(event="erasure.searched").reason == "settled_by_hand"


def test_who_can_be_searched_for_no_more_starts_no_pass(an, settings):
    wait_for_others(settings)
    request = approved(an)
    cases.run(request)
    ResidueScan.objects.create(request_ref=request.ref, scanned_at=timezone.now(), places=1, rows=1, remains=1, listed=0, names=0)
    assert residue.is_due(timezone.now() + LATER)

    expiry.forget_identifiers(timezone.now() + LATER)

    assert residue.waiting() == {}
    assert not residue.is_due(timezone.now() + LATER)


def test_many_rows_are_read_in_ranges(an, monkeypatch):
    monkeypatch.setattr(tables_sqlite, "ROWS", 3)
    monkeypatch.setattr(tables_sqlite, "AT_ONCE", 2)
    monkeypatch.setattr(tables_postgresql, "PAGES", 1)
    monkeypatch.setattr(tables_postgresql, "BLOCK", 100)
    for _number in range(10):
        make_score(an)

    assert scanned(str(an.pk))["usage_score.member_id", "remains"] == 10
