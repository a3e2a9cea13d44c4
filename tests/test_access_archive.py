"""The archive: complete, exact, readable by any tool, and silent about others."""

import hashlib
import re
import subprocess
import tracemalloc
from datetime import UTC, datetime
from io import RawIOBase

import jsonschema
import pytest
from django.utils import timezone

from privacy.datamap import DataMap, KeepGround, Right, kept, observed, person, registry
from privacy.datamap.maps import Registry
from privacy.evidence import trail
from privacy.evidence.recipients import Disclosure, tell
from privacy.rights.access import Scope, write_archive
from usage.models import Message, ResourceView

from .archives import HOSTILE, archive_of
from .makers import make_comment, make_favourite, make_grant, make_member, make_message, make_partner, make_resource, make_score, make_view


@pytest.fixture
def busy(an, bo, edupartner):
    """An has rows of every shape; some of them are Bo's too."""
    make_view(an)
    make_score(an)
    make_favourite(an, note=HOSTILE)
    make_comment(an, text=HOSTILE)
    make_message(an, bo, "van An aan Bo")
    make_message(bo, an, "van Bo aan An", read_at=timezone.now())
    make_grant(an, edupartner)
    make_view(bo)
    make_comment(bo)
    return an


def test_every_file_is_valid_against_its_own_schema(busy):
    """G-56, G-60."""
    archive = archive_of(busy)

    for part in archive.parts.values():
        if part["file"]:
            schema = archive.json(part["schema"])
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(archive.json(part["file"]), schema, jsonschema.Draft202012Validator)


def test_a_schema_refuses_what_the_archive_would_not_say(busy):
    """G-56."""
    archive = archive_of(busy)
    schema, rows = archive.json("schema/usage_resourceview.json"), archive.rows("usage.ResourceView")

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([rows[0] | {"viewed_at": "gisteren"}], schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([rows[0] | {"more": 1}], schema)


def test_every_mapped_column_but_secrets_is_in_the_archive_and_nothing_else(busy):
    """G-23."""
    archive = archive_of(busy)

    for data_map in registry.maps.values():
        for row in archive.rows(data_map.label()):
            assert set(row) == {line.name for line in data_map.lines.values() if not line.is_secret}
    assert set(archive.parts) == {data_map.label() for data_map in registry.maps.values()}


def test_secrets_stay_inside(busy):
    """T-12."""
    archive = archive_of(busy)

    assert busy.password.encode() not in archive.everything()
    assert "password" in {left["column"] for left in archive.parts["accounts.Member"]["left_out"]}


def test_a_record_type_without_rows_stands_in_the_manifest_alone(an):
    """G-20."""
    archive = archive_of(an)

    part = archive.parts["usage.Message"]
    assert (part["rows"], part["file"], part["schema"]) == (0, None, None)
    assert "data/usage_message.json" not in archive.names
    assert part["columns"]


def test_a_person_with_nothing_but_her_account_gets_her_account(an):
    """G-20."""
    archive = archive_of(an)

    assert [row["email"] for row in archive.rows("accounts.Member")] == [an.email]


def test_the_manifest_comes_last_and_agrees_with_the_files(busy):
    """G-60, T-10."""
    archive = archive_of(busy)

    assert archive.names[-2:] == ["manifest.json", "manifest.sig"]
    for part in archive.parts.values():
        if part["file"]:
            assert part["rows"] == part["expected"]
            raw = archive.zip.read(part["file"])
            written = (len(archive.json(part["file"])), len(raw), hashlib.sha256(raw).hexdigest())
            assert (part["rows"], part["bytes"], part["sha256"]) == written
    assert archive.manifest["rows"] == sum(part["rows"] for part in archive.parts.values())
    assert archive.manifest["subject"] == str(busy.subject_id)


def test_the_manifest_names_whoever_received_her_data_or_was_told(an, bo, edupartner):
    """G-22."""
    told, stranger = make_partner("leesvlieg").recipient, make_partner("toetspartner").recipient
    first, last = (datetime(2025, month, 1, 12, tzinfo=UTC) for month in (3, 5))
    for at, names in ((last, ["town"]), (first, ["first_name", "email"]), (first, ["town"])):
        Disclosure.objects.create(recipient=edupartner.recipient, subject_ref=an.subject.ref, attributes=names, basis="consent", at=at)
    Disclosure.objects.create(recipient=stranger, subject_ref=bo.subject.ref, attributes=["town"], basis="consent")
    tell(told, "rectification", subject_ref=an.subject.ref, known_as="")

    listed = archive_of(an).manifest["recipients"]

    assert {entry["name"]: entry["attributes"] for entry in listed} == {"Edupartner": ["email", "first_name", "town"], "Leesvlieg": []}
    expected = {
        "key": edupartner.recipient.pk,
        "contact": "privacy@edupartner.example",
        "privacy_url": "https://edupartner.example/privacy",
        "first_at": "2025-03-01T12:00:00.000000Z",
        "last_at": "2025-05-01T12:00:00.000000Z",
    }
    assert expected.items() <= listed[0].items()
    assert (listed[1]["first_at"], listed[1]["last_at"]) == (None, None)


def test_the_manifest_says_what_she_may_ask(an):
    """Art. 15(1)(e)."""
    an.language = "nl"
    an.save()

    manifest = archive_of(an).manifest

    assert {"right": "complaint", "label": "klacht"} in manifest["rights"]
    assert {entry["right"] for entry in manifest["rights"]} == set(Right)
    assert manifest["authority"]


def test_the_manifest_says_why_we_hold_it_and_what_it_means(busy, settings):
    """G-21, G-24."""
    manifest = archive_of(busy).manifest
    view = next(part for part in manifest["parts"] if part["record"] == "usage.ResourceView")

    assert manifest["controller"] == settings.PRIVACY["CONTROLLER"]
    assert manifest["dpo"]["email"] == settings.PRIVACY["DPO"]["email"]
    assert view["bases"] == ["contract", "legitimate_interests"]
    assert all(activity["purpose"] and activity["retention"] and activity["source"] for activity in manifest["activities"])
    assert all(column["label"] for part in manifest["parts"] for column in part["columns"])
    assert all(column["description"] for column in view["columns"])


def test_each_part_says_as_of_when_it_holds(busy):
    before = timezone.now()

    archive = archive_of(busy)

    made_at, *read_at = map(datetime.fromisoformat, [archive.manifest["made_at"], *(part["as_of"] for part in archive.parts.values())])
    assert before <= made_at <= min(read_at)
    assert max(read_at) <= timezone.now()


def test_a_code_is_explained(busy):
    """G-24."""
    columns = {column["name"]: column for column in archive_of(busy).parts["accounts.Member"]["columns"]}

    assert columns["gender"]["codes"].keys() == {"female", "male", "other"}
    assert columns["email"]["codes"] is None


def test_codes_of_our_own_tables_are_explained_too(an, edupartner):
    """G-24: as on her page, in her language."""
    trail.record("consent.given", subject_ref=an.subject.ref, actor_ref=an.subject.ref)
    trail.record("access.fetched", subject_ref=an.subject.ref, actor_ref="dpo")
    parts = archive_of(an).parts

    codes = {(record, column["name"]): column["codes"] for record, part in parts.items() for column in part["columns"]}

    assert codes["privacy.Disclosure", "basis"]["consent"] == "toestemming"
    assert codes["privacy.Subject", "kind"] == {"member": "account"}
    assert codes["consents.ConsentEvent", "language"]["nl"] == "Nederlands"
    assert codes["privacy.TrailEntry", "event"]["consent.given"] == "Jij liet een partner gegevens uit je account krijgen."
    assert not any("%(" in said for said in codes["privacy.TrailEntry", "event"].values())


def test_one_row_stands_on_one_line(busy):
    make_view(busy)

    lines = archive_of(busy).zip.read("data/usage_resourceview.json").decode().split("\n")

    assert (lines[0], lines[-2:], len(lines)) == ("[", ["]", ""], 5)


@pytest.mark.parametrize("fast", [True, False])
def test_who_wrote_to_her_is_masked_and_counted(busy, bo, fast):
    """G-27."""
    archive = archive_of(busy, fast=fast)
    rows = {row["text"]: row for row in archive.rows("usage.Message")}

    assert (rows["van An aan Bo"]["sender"], rows["van An aan Bo"]["recipient"]) == (str(busy.pk), None)
    assert (rows["van Bo aan An"]["sender"], rows["van Bo aan An"]["recipient"]) == (None, str(busy.pk))
    assert {masked["column"]: masked["count"] for masked in archive.parts["usage.Message"]["masked"]} == {"sender": 1, "recipient": 1}
    assert str(bo.pk).encode() not in archive.everything()


@pytest.mark.parametrize("fast", [True, False])
def test_a_message_to_oneself_or_from_nobody_masks_nothing(an, fast):
    """G-27."""
    make_message(an, an, "memo")
    make_message(None, an, "van vroeger")

    archive = archive_of(an, fast=fast)

    assert {(row["sender"], row["recipient"]) for row in archive.rows("usage.Message")} == {(str(an.pk), str(an.pk)), (None, str(an.pk))}
    assert archive.parts["usage.Message"]["masked"] == []


@pytest.mark.parametrize("fast", [True, False])
def test_nothing_of_another_member_is_in_it(busy, bo, fast):
    """G-27, T-10."""
    everything = archive_of(busy, fast=fast).everything()

    for value in (bo.email, str(bo.pk), str(bo.subject_id), bo.about_me):
        assert value.encode() not in everything


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("text", [HOSTILE, "é" * 10_000, "\\", '"recipient":  null', "%s %(x)s {}"])
def test_text_stays_exactly_as_it_is(an, bo, text, fast):
    """G-26, T-11."""
    make_message(an, bo, text)

    archive = archive_of(an, fast=fast)

    assert [row["text"] for row in archive.rows("usage.Message")] == [text]
    assert archive.parts["usage.Message"]["masked"][0]["count"] == 1


def test_portable_is_what_she_provided_or_we_observed_on_consent_or_contract(busy):
    """G-57."""
    archive = archive_of(busy, scope=Scope.PORTABLE)

    assert archive.manifest["scope"]["kind"] == "portable"
    columns = [column for part in archive.parts.values() for column in part["columns"]]
    assert {column["portable"] for column in columns} == {True, False}
    assert all(column["portable"] or column["name"] == "id" or column["references"] for column in columns)
    assert set(archive.rows("usage.ResourceView")[0]) == {"id", "resource", "viewed_at", "ip_address"}
    assert "privacy.TrailEntry" not in archive.parts


def test_what_is_kept_for_accountability_is_not_portable(an):
    """G-57."""
    kept_views = {"viewed_at": observed(), "member": person()}
    kind = {
        "model": ResourceView,
        "activity": registry.map_of(ResourceView).activity,
        "row": kept(KeepGround.ACCOUNTABILITY, "5 years"),
        "into": Registry(),
    }

    with registry.replaced(type("KeptViewMap", (DataMap,), kept_views, **kind)):
        labels = [{data_map.label() for data_map, _lines in scope.parts()} for scope in (Scope.EVERYTHING, Scope.PORTABLE)]

    assert ["usage.ResourceView" in found for found in labels] == [True, False]


def test_exporting_changes_nothing(busy):
    """G-59."""
    before = list(Message.objects.values()), list(ResourceView.objects.values())

    archive_of(busy)

    assert (list(Message.objects.values()), list(ResourceView.objects.values())) == before


def test_file_names_are_fixed_and_no_file_runs_or_is_open_to_others(busy):
    """T-11."""
    archive = archive_of(busy)

    for member in archive.zip.infolist():
        assert re.fullmatch(r"[a-zA-Z0-9_-]+(/[a-zA-Z0-9_-]+)*(\.[a-z0-9]+)?", member.filename)
        assert not member.filename.startswith("/")
        assert member.external_attr >> 16 & 0o777 == 0o600
        assert member.date_time == (1980, 1, 1, 0, 0, 0)


def test_unzip_finds_nothing_wrong(busy, tmp_path):
    """G-25."""
    file = tmp_path / "an.zip"
    file.write_bytes(archive_of(busy).raw)

    subprocess.run(["unzip", "-tq", file], check=True, capture_output=True)

    assert archive_of(busy).zip.testzip() is None


class Full(RawIOBase):
    """A disk with room for so many bytes."""

    def __init__(self, room):
        self.room = room

    def write(self, block):
        self.room -= len(block)
        if self.room < 0:
            raise OSError(28, "No space left on device")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fast", [True, False])
def test_a_full_disk_is_an_error_and_the_connection_stays_usable(an, fast):
    resource = make_resource()
    ResourceView.objects.bulk_create([ResourceView(member=an, resource=resource) for _ in range(20_000)])

    with pytest.raises(OSError, match="No space"):
        write_archive(an.subject, Full(70_000), fast=fast)

    assert ResourceView.objects.filter(member=an).count() == 20_000


def test_renew_is_called_now_and_then_and_not_for_every_block(an, monkeypatch):
    resource, calls = make_resource(), []
    ResourceView.objects.bulk_create([ResourceView(member=an, resource=resource) for _ in range(5_000)])
    monkeypatch.setattr("privacy.rights.archive.RENEW_SECONDS", 0)
    archive_of(an, renew=lambda: calls.append(1))
    often = len(calls)
    monkeypatch.setattr("privacy.rights.archive.RENEW_SECONDS", 60)

    archive_of(an, renew=lambda: calls.append(1))

    assert often > 5
    assert len(calls) == often


def test_progress_counts_every_row(busy):
    seen = {}

    archive = archive_of(busy, progress=lambda what, rows: seen.update({what: seen.get(what, 0) + rows}))

    assert seen == {record: part["rows"] for record, part in archive.parts.items() if part["rows"]}


@pytest.mark.slow
@pytest.mark.parametrize("fast", [True, False])
def test_memory_stays_flat(an, fast):
    resource = make_resource()
    archive_of(an, fast=fast)  # what is made once is no part of it
    ResourceView.objects.bulk_create([ResourceView(member=an, resource=resource) for _ in range(20_000)], batch_size=5_000)

    class Nowhere:
        def write(self, block):
            pass

    tracemalloc.start()
    write_archive(an.subject, Nowhere(), fast=fast)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 8 * 1024 * 1024


def test_the_language_is_hers(an):
    """G-24."""
    an.language = "fr"
    an.save()

    assert archive_of(an).manifest["language"] == "fr"


def test_a_hidden_person_still_gets_her_data(an):
    """K-12: until she is erased, signed in again, she may look."""
    make_view(an)
    an.subject.hidden_at = timezone.now()
    an.subject.save()

    assert len(archive_of(an).rows("usage.ResourceView")) == 1


def test_two_people_get_two_archives(an):
    """T-10."""
    cas = make_member("Cas")
    make_view(cas)

    assert archive_of(an).rows("usage.ResourceView") == []
    assert len(archive_of(cas).rows("usage.ResourceView")) == 1
