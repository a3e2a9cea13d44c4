"""What an archive holds beside the rows themselves: sheets, references, files, reasons, and what of others was left out."""

import csv
import hashlib
import io
import json

import jsonschema
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from privacy.datamap import registry
from privacy.evidence import trail
from privacy.rights import inactivity, spreadsheet
from privacy.rights.inactivity import Rule
from privacy.rights.portability import Kind, Scope
from tests.archives import HOSTILE, archive_of
from tests.makers import (
    make_favourite,
    make_grant,
    make_message,
    make_partner,
    make_picture,
    make_publication,
    make_resource,
    make_search,
    make_view,
)
from usage.models import Resource

pytestmark = pytest.mark.django_db

# A spreadsheet would run these.
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1")


@pytest.fixture(params=[True, False], ids=["fast", "by_orm"])
def fast(request):
    return request.param


def sheet_of(archive, record):
    """Head and rows of a sheet, as a spreadsheet of her language reads it."""
    raw = archive.zip.read(archive.parts[record]["csv"])
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";")
    return head, rows


def test_every_file_is_listed_with_size_and_digest(an, bo):
    make_message(sender=an, recipient=bo)

    archive = archive_of(an)

    listed = {file["name"]: (file["bytes"], file["sha256"]) for file in archive.manifest["files"]}
    raw = {name: archive.zip.read(name) for name in archive.names if not name.startswith("manifest.")}
    assert listed == {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in raw.items()}


def test_a_sheet_opens_in_a_spreadsheet_of_her_language(an, fast):
    """G-25, G-56."""
    make_search(member=an, words="één; twee")

    archive = archive_of(an, fast=fast)

    head, rows = sheet_of(archive, "usage.Search")
    assert head == [column["label"] for column in archive.parts["usage.Search"]["columns"]]
    assert "één; twee" in rows[0]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_runs_as_a_formula(an, text, fast):
    """T-11: in the sheet only, JSON stays exact."""
    make_search(member=an, words=text)

    archive = archive_of(an, fast=fast)

    assert sheet_of(archive, "usage.Search")[1][0][2] == f"'{text}"
    assert archive.rows("usage.Search")[0]["words"] == text


def test_sheets_and_json_say_the_same(an, bo, fast):
    for text in (HOSTILE.replace("\x00", ""), "a\r\nb", '"', "", "\x01\x02", "1,5;2"):
        make_message(sender=an, recipient=bo, text=text)

    archive = archive_of(an, fast=fast)

    texts = sorted(row["text"] for row in archive.rows("usage.Message"))
    place = [column["name"] for column in archive.parts["usage.Message"]["columns"]].index("text")
    assert sorted(row[place] for row in sheet_of(archive, "usage.Message")[1]) == texts


def test_what_rows_point_at_is_explained(an, fast):
    view = make_view(member=an)

    archive = archive_of(an, fast=fast)

    known_by = {"title": view.resource.title, "subject_taught": view.resource.subject_taught, "level": view.resource.level}
    assert archive.json("references/usage_resource.json") == [{"key": view.resource_id, "title": view.resource.title, "known_by": known_by}]
    assert archive.manifest["references"][0]["known_by"] == ["title", "subject_taught", "level"]
    resource = next(column for column in archive.parts["usage.ResourceView"]["columns"] if column["name"] == "resource")
    assert resource["references"] == "usage_resource"


def test_what_rows_point_at_is_called_by_its_title_whatever_that_holds(an, fast):
    hostile, nameless = make_resource(HOSTILE.replace("\0", "")), make_resource("")
    make_view(an, resource=hostile)
    make_favourite(an, nameless)

    archive = archive_of(an, fast=fast)

    titles = {row["key"]: row["title"] for row in archive.json("references/usage_resource.json")}
    shown = archive.zip.read("viewer/data/references.js").decode().splitlines()[1:-1]
    with translation.override(archive.manifest["language"]):
        assert titles == {hostile.pk: hostile.title, nameless.pk: str(Resource._meta.verbose_name)}
    assert dict(json.loads(json.loads(line.rstrip(","))) for line in shown) == titles


def test_a_partner_goes_by_the_name_that_people_know(an):
    make_grant(an, make_partner("quizkast"))

    [said] = archive_of(an).json("references/consents_partner.json")

    assert (said["title"], said["known_by"]) == ("Quizkast", {"slug": "quizkast"})


def test_only_what_her_rows_point_at_is_explained(an, bo):
    make_view(member=an)
    make_view(member=bo)

    assert len(archive_of(an).json("references/usage_resource.json")) == 1


def test_her_photo_is_in_it_as_it_is(an):
    an.photo.save("photo.jpg", ContentFile(make_picture()))

    archive = archive_of(an)

    [stored] = archive.manifest["stored_files"]
    assert archive.zip.read(stored["file"]) == an.photo.open().read()
    assert (stored["record"], stored["column"], stored["key"]) == ("accounts.Member", "photo", str(an.pk))


def test_a_file_opens_by_what_she_called_it(an):
    """Where it lies, its name says nothing, not even what kind of file it is."""
    publication = make_publication(an, text="een les")
    type(publication).objects.update(file=default_storage.save("zonder-einde", ContentFile(b"een les")), file_name="Les breuken.TXT")

    archive = archive_of(an)

    [stored] = archive.manifest["stored_files"]
    assert (stored["file"], stored["called"]) == ("files/usage_publication/1-file.txt", "Les breuken.TXT")


def test_a_file_that_is_gone_is_said_and_stops_nothing(an):
    an.photo.save("photo.jpg", ContentFile(make_picture()))
    an.photo.storage.delete(an.photo.name)

    archive = archive_of(an)

    assert [stored["file"] for stored in archive.manifest["stored_files"]] == [None]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", ".", "x" * 100])
def test_a_name_that_leads_elsewhere_is_no_file_of_hers_and_stops_nothing(an, name):
    """T-11: what another program wrote in the column."""
    type(an).objects.filter(pk=an.pk).update(photo=name)

    archive = archive_of(an)

    assert [stored["file"] for stored in archive.manifest["stored_files"]] == [None]


def test_every_category_is_told_nine_things(an):
    """G-21: none of them empty."""
    told = archive_of(an).json("processing.json")

    for category in told["categories"]:
        assert all(category[name] for name in told["articles"]), category["record"]
    assert sorted(told["articles"].values()) == [*(f"15(1)({letter})" for letter in "abcdefgh"), "15(2)"]


def test_what_of_others_was_left_out_is_said_with_its_reason(an, bo):
    """G-27."""
    make_message(sender=bo, recipient=an)

    redactions = archive_of(an).json("redactions.json")["redactions"]

    assert [(each["record"], each["column"], each["count"]) for each in redactions] == [("usage.Message", "sender", 1)]
    assert all(each["reason"] for each in redactions)


def test_when_another_read_her_message_is_the_others(an, bo, fast):
    """Art. 15(4)."""
    message = make_message(sender=an, recipient=bo)
    message.read_at = message.sent_at
    message.save()

    hers, his = (archive_of(member, fast=fast).rows("usage.Message")[0] for member in (an, bo))

    assert hers["read_at"] is None
    assert his["read_at"] is not None
    assert hers["text"] == his["text"] == message.text


def test_who_of_ours_did_it_is_hers_to_know_by_role_alone(an, daan, fast):
    """Art. 15(4): as on her page."""
    for actor in (an.subject.ref, daan.subject.ref, "dpo"):
        trail.record("desk.opened", subject_ref=an.subject.ref, actor_ref=actor)

    archive = archive_of(an, fast=fast)

    assert {row["actor_ref"] for row in archive.rows("privacy.TrailEntry")} == {str(an.subject.ref), None, "dpo"}
    assert str(daan.subject.ref).encode() not in archive.everything()
    [masked] = archive.parts["privacy.TrailEntry"]["masked"]
    assert (masked["column"], masked["count"]) == ("actor_ref", 1)
    jsonschema.validate(archive.rows("privacy.TrailEntry"), archive.json("schema/privacy_trailentry.json"))


def test_what_another_wrote_is_not_portable(an, bo, fast):
    """Art. 20(1), 20(4)."""
    make_message(sender=bo, recipient=an, text="van Bo")
    make_message(sender=an, recipient=bo, text="van An")

    archive = archive_of(an, fast=fast, scope=Scope.PORTABLE)

    assert sorted(str(row["text"]) for row in archive.rows("usage.Message")) == ["None", "van An"]


def test_a_favourite_keeps_its_folder_on_the_way_elsewhere(an):
    """G-60."""
    make_favourite(member=an)

    archive = archive_of(an, scope=Scope.PORTABLE)

    assert archive.rows("usage.Favourite")[0]["folder"] == archive.rows("usage.Folder")[0]["id"]


def test_an_archive_of_one_purpose_holds_nothing_else(an):
    make_view(member=an)

    archive = archive_of(an, scope=Scope(Kind.EVERYTHING, activity="usage"))

    assert {part["activity"] for part in archive.parts.values()} == {"usage"}
    assert archive.rows("usage.ResourceView")


def test_an_archive_of_a_time_holds_what_happened_then(an):
    views = [make_view(member=an) for _nth in range(3)]
    moments = sorted(view.viewed_at for view in views)

    archive = archive_of(an, scope=Scope(since=moments[1], until=moments[2]))

    assert [row["id"] for row in archive.rows("usage.ResourceView")] == [sorted(views, key=lambda view: view.viewed_at)[1].pk]
    assert archive.rows("accounts.Member")


def test_linked_data_name_every_column(an):
    make_view(member=an)

    context = archive_of(an).json("context.jsonld")

    columns = context["@context"]["usage_resourceview"]["@context"]
    assert columns["viewed_at"] == {"@id": "here:usage_resourceview/viewed_at", "@type": "xsd:dateTime"}
    assert {node["@id"] for node in context["@graph"]} >= {"here:usage_resourceview", "here:accounts_member"}
    assert "dpv" in context["@context"]


def test_the_reading_page_is_in_it(an):
    archive = archive_of(an)

    assert {"index.html", "viewer/viewer.js", "viewer/about.js", "viewer/data/accounts_member.js"} <= set(archive.names)
    assert json.dumps(an.email)[1:-1] in archive.zip.read("viewer/data/accounts_member.js").decode()


class Said:
    """What a field of a host's own make may return."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


@pytest.mark.parametrize("text", ["=1+1;2", 'a"b;c', "x\r\ny", "-1"])
def test_a_value_of_a_make_of_its_own_stays_in_its_cell_and_runs_nothing(text):
    """T-11."""
    [[said]] = csv.reader(io.StringIO(spreadsheet.cell(Said(text)), newline=""), delimiter=";")

    assert said == (f"'{text}" if text[0] in "=-" else text)


def test_what_is_told_beside_her_data_names_the_rule_for_unused_accounts_in_force(an):
    """G-21: with what goes, not with what is kept."""
    before = retention_told(an)
    inactivity.approve(Rule("member", 36, (60, 30, 7)))

    after = retention_told(an)

    named = {record for record, told in after.items() if told - before[record]}
    assert named == {record for record in after if registry.labelled(record).row.name != "kept"}
    assert all("36" in sentence for record in named for sentence in after[record] - before[record])


def retention_told(member):
    return {each["record"]: set(each["retention"]) for each in archive_of(member).json("processing.json")["categories"]}
