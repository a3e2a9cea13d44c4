"""The register as text, JSON-LD and CSV."""

import csv
import io
import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict

from django.utils.translation import gettext as _

from .linked import basis_term, prefixes
from .register import Category, Entry

WIDTH = 80
INDENT = 20
# What a spreadsheet takes for the beginning of a formula, also in the wide forms of East Asian keyboards (T-11).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

# Our words in the W3C's Data Privacy Vocabulary 2.
CONTEXT = {
    **prefixes("dpv", "eu-gdpr", "dct"),
    "activities": "dpv:hasProcess",
    "slug": "dct:identifier",
    "title": "dct:title",
    "controller": "dpv:hasDataController",
    "joint_controllers": "dpv:hasJointDataControllers",
    "data_protection_officer": "dpv:hasDataProtectionOfficer",
    "name": "dpv:hasName",
    "address": "dpv:hasAddress",
    "email": "dpv:hasContact",
    "purpose": "dpv:hasPurpose",
    "lawful_bases": "dpv:hasLegalBasis",
    "persons": "dpv:hasDataSubject",
    "source": "dpv:hasDataSource",
    "categories": "dpv:hasPersonalData",
    "held_elsewhere": "dpv:hasPersonalData",
    "what": "dct:description",
    "recipients": "dpv:hasRecipient",
    "retention": "dpv:hasStorageCondition",
    "security": "dpv:hasTechnicalOrganisationalMeasure",
}

COLUMNS = (
    "activity", "purpose", "controller", "controller_address", "controller_email", "joint_controllers", "dpo", "dpo_email", "lawful_bases",
    "persons", "source", "category", "table", "columns", "on_erasure", "time_limits", "recipients", "transfers", "retention", "security",
)  # fmt: skip


def as_text(entries: list[Entry]) -> str:
    """For reading on a terminal of 80 columns."""
    title = _("Register of processing activities (Art. 30(1) GDPR)")
    return "\n".join([title, "=" * len(title), "", *(line for entry in entries for line in _entry_lines(entry))])


def _entry_lines(entry: Entry) -> Iterator[str]:
    yield from [entry.slug, "-" * len(entry.slug)]
    for label, text in [
        (_("Purpose"), entry.purpose),
        (_("Controller"), ", ".join(filter(None, [entry.controller.name, entry.controller.address, entry.controller.email]))),
        *_listed(_("Jointly with"), entry.joint_controllers),
        (_("Data protection"), ", ".join(filter(None, entry.data_protection_officer))),
        (_("Lawful bases"), ", ".join(str(basis.label) for basis in entry.lawful_bases)),
        (_("Persons"), entry.persons),
        (_("Source"), entry.source),
        *_listed(_("Data"), [_category_text(category) for category in entry.categories]),
        *_listed(_("Held elsewhere"), [f"{held.name}: {held.what}; {held.erased_by}" for held in entry.held_elsewhere]),
        (_("Recipients"), ", ".join(entry.recipients) or _("none")),
        (_("Transfers"), entry.transfers),
        (_("Time limits"), entry.retention),
        (_("Security"), entry.security),
    ]:
        yield _wrapped(label, text)
    yield ""


def _listed(label: str, texts: list[str]) -> Iterator[tuple[str, str]]:
    return zip([label, *[""] * len(texts)], texts, strict=False)


def _category_text(category: Category) -> str:
    columns = ", ".join(column.title for column in category.columns)
    on_erasure = _("on erasure: %(fate)s") % {"fate": category.fate}
    return "; ".join([f"{category.title} [{category.label}]: {columns}", on_erasure, *category.time_limits])


def _wrapped(label: str, text: str) -> str:
    lead = f"{label:<{INDENT - 1}} "
    return textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=" " * INDENT, break_long_words=False, break_on_hyphens=False)


def as_json(entries: list[Entry]) -> str:
    """JSON-LD: plain keys for who reads JSON, `@context` for who reads the Data Privacy Vocabulary."""
    return json.dumps({"@context": CONTEXT, "activities": [_node(entry) for entry in entries]}, indent=2, ensure_ascii=False)


def _node(entry: Entry) -> dict:
    name, email = entry.data_protection_officer
    bases = [{"@id": basis_term(basis), "title": str(basis.label)} for basis in entry.lawful_bases]
    changed = {"data_protection_officer": {"name": name, "email": email}, "lawful_bases": bases}
    changed |= {"joint_controllers": entry.joint_controllers}
    return {"@type": "dpv:Process", **asdict(entry), **changed}


def as_csv(entries: list[Entry]) -> str:
    """One line per activity and category, each complete in itself, as an authority's spreadsheet wants it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerows([_inert(cell) for cell in row] for row in _rows(entry))
    return file.getvalue().removesuffix("\r\n")


def _rows(entry: Entry) -> Iterator[list[str]]:
    controller, bases = entry.controller, "; ".join(str(basis.label) for basis in entry.lawful_bases)
    before = [entry.slug, entry.purpose, controller.name, controller.address, controller.email]
    before += ["; ".join(entry.joint_controllers), *entry.data_protection_officer]
    before += [bases, entry.persons, entry.source]
    after = ["; ".join(entry.recipients), entry.transfers, entry.retention, entry.security]
    for category in entry.categories:
        columns = "; ".join(column.title for column in category.columns)
        yield [*before, category.title, category.label, columns, category.fate, "; ".join(category.time_limits), *after]
    for held in entry.held_elsewhere:
        yield [*before, held.name, "", held.what, held.erased_by, "", *after]


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


FORMATS = {"text": as_text, "json": as_json, "csv": as_csv}
