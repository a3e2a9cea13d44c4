"""The register of processing activities is read from the data map, and can be handed over."""

import csv
import dataclasses
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db.models import DateTimeField, GenericIPAddressField, TextField
from django.utils import translation

from privacy.datamap import KeepGround, LawfulBasis, after, checks, deleted, empty, kept, observed, provided, registry
from privacy.datamap.maps import HeldElsewhere
from privacy.datamap.printing import CONTEXT, as_csv, as_json, as_text
from privacy.datamap.register import entries
from privacy.evidence.growing import GrowingModel

from .shapes import CONTRACT, Shapes

pytestmark = pytest.mark.django_db


def printed(format, **options):
    file = io.StringIO()
    call_command("print_register", format=format, stdout=file, **options)
    return file.getvalue()


def one_entry(**texts):
    """The register of one activity with one table that expires and something held elsewhere."""
    shapes = Shapes()
    activity = dataclasses.replace(CONTRACT, **texts)
    View = shapes.model("View", note=TextField("note"), ip=GenericIPAddressField("address", null=True), at=DateTimeField("looked"))
    expiring = observed(erase=empty, expires=after(days=90, since="at"))
    shapes.declare(View, deleted, activity=activity, note=provided(), ip=expiring, at=observed())
    shapes.registry.elsewhere.append(HeldElsewhere("web server log", activity, "network address", "rotation"))
    return entries(shapes.registry)


def test_an_entry_has_all_that_article_30_asks(settings):
    """G-61."""
    (entry,) = one_entry(recipients=("hosting",))

    officer = settings.PRIVACY["DPO"]
    assert entry.controller.name == settings.PRIVACY["CONTROLLER"]["name"]
    assert entry.data_protection_officer == (str(officer["name"]), officer["email"])
    assert (entry.purpose, entry.lawful_bases, entry.recipients) == ("Try shapes", (LawfulBasis.CONTRACT,), ("hosting",))
    assert all([entry.persons, entry.transfers, entry.retention, entry.security, entry.source])


def test_an_entry_names_each_personal_column_and_no_other():
    (entry,) = one_entry()

    (category,) = entry.categories

    assert [column.name for column in category.columns] == ["person", "note", "ip", "at"]


@translation.override("en")
def test_time_limits_follow_from_what_expires():
    (entry,) = one_entry()

    assert entry.categories[0].time_limits == ("address: the value is removed 90 days after “looked”",)


@translation.override("en")
def test_time_limits_follow_from_what_is_kept():
    shapes = Shapes()
    shapes.declare(shapes.model(), kept(KeepGround.LEGAL_CLAIMS, "10 years after the contract"))

    (entry,) = entries(shapes.registry)

    assert entry.categories[0].time_limits == ("legal claims; 10 years after the contract",)


@translation.override("en")
@pytest.mark.parametrize(("years", "said"), [(1, "1 year after the answer"), (7, "7 years after the answer")])
def test_time_limits_follow_the_setting(settings, years, said):
    """It changes on the desk: what was said once would go on saying five."""
    settings.PRIVACY = {**settings.PRIVACY, "ACCOUNTABILITY_YEARS": years}

    limits = {category.label: category.time_limits for entry in entries() for category in entry.categories}

    assert limits["privacy.DataSubjectRequest"] == (f"showing that we kept the rules; {said}",)
    assert "5 year" not in as_text(entries())


@translation.override("en")
def test_a_table_that_only_grows_has_no_end_date():
    """Nothing takes a row out of it, so nobody may promise when."""
    growing = {data_map.label() for data_map in registry.maps.values() if issubclass(data_map.model, GrowingModel)}

    limits = {category.label: category.time_limits for entry in entries() for category in entry.categories}

    assert {label for label, said in limits.items() if any("without end date; once" in words for words in said)} == growing


def test_an_activity_whose_data_are_all_elsewhere_has_an_entry():
    shapes = Shapes()
    shapes.registry.elsewhere.append(HeldElsewhere("web server log", CONTRACT, "network address", "rotation"))

    (entry,) = entries(shapes.registry)

    assert (entry.slug, entry.categories, entry.held_elsewhere[0].name) == ("shapes", (), "web server log")


def test_the_register_of_the_project_holds_every_table_of_the_map():
    labels = {category.label for entry in entries() for category in entry.categories}

    assert labels == {data_map.label() for data_map in registry.maps.values()}
    assert labels | {model._meta.label for model in registry.exempt} == {model._meta.label for model in checks.models_of()}


@pytest.mark.parametrize("format", ["text", "json", "csv"])
def test_the_register_prints_the_same_each_time(format):
    assert printed(format) == printed(format) != ""


def test_text_fits_a_terminal_of_80_columns():
    widest = max(printed("text").splitlines(), key=len)

    assert len(widest) <= 80


@translation.override("en")
def test_text_says_each_thing_once_with_its_label():
    lines = as_text(one_entry()).splitlines()

    labels = [line[:20].strip() for line in lines[5:] if line[:20].strip()]
    assert labels == [
        "Purpose", "Controller", "Data protection", "Lawful bases", "Persons", "Source",
        "Data", "Held elsewhere", "Recipients", "Transfers", "Time limits", "Security",
    ]  # fmt: skip


def test_json_is_linked_data_in_words_of_the_privacy_vocabulary():
    """G-61."""
    (node,) = json.loads(as_json(one_entry()))["activities"]

    assert node["lawful_bases"][0]["@id"] == "eu-gdpr:A6-1-b"
    assert set(node) - set(CONTEXT) == {"@type", "transfers"}
    assert json.loads(printed("json"))["@context"]["dpv"] == "https://w3id.org/dpv#"


def test_json_keeps_letters_as_they_are():
    assert "Crème brûlée, 日本" in as_json(one_entry(purpose="Crème brûlée, 日本"))


def test_csv_has_a_line_per_table_each_complete_in_itself():
    """G-61."""
    rows = list(csv.DictReader(io.StringIO(as_csv(one_entry()))))

    assert [(row["table"], row["category"]) for row in rows] == [("shapes.View", "views"), ("", "web server log")]
    assert {(row["purpose"], row["lawful_bases"] != "", row["security"] != "") for row in rows} == {("Try shapes", True, True)}
    assert None not in rows[0].values()


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_is_no_formula_to_a_spreadsheet(first):
    """T-11."""
    purpose = f"{first}HYPERLINK(1)"

    (row, _elsewhere) = csv.DictReader(io.StringIO(as_csv(one_entry(purpose=purpose)), newline=""))

    assert row["purpose"] == f"'{purpose}"


def test_a_register_is_printed_in_the_language_that_was_asked():
    english, dutch = json.loads(printed("json", language="en")), json.loads(printed("json", language="nl"))

    assert title_of(english, "account.EmailAddress") == "email addresses"
    assert title_of(dutch, "account.EmailAddress") == "e-mailadressen"


def title_of(register, label):
    return next(held["title"] for node in register["activities"] for held in node["categories"] if held["label"] == label)


def test_an_unknown_format_is_refused():
    with pytest.raises(CommandError, match="invalid choice: 'xml'"):
        call_command("print_register", "--format", "xml")


def test_a_language_that_the_engine_has_no_words_in_is_refused():
    with pytest.raises(CommandError, match=r"invalid choice: 'fr' \(choose from 'en', 'nl'\)"):
        call_command("print_register", "--language", "fr")
