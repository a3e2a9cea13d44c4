"""The properties hold for a person of a million rows as for one of fifty (PostgreSQL)."""

import io
import json
import zipfile
from collections import Counter

import pytest
from django.db import connection

from bench import people
from privacy.datamap import registry
from privacy.models import Subject
from privacy.rights.access import write_archive
from privacy.rights.preview import preview
from privacy.subjects import rows_concerning

from .acts import erase
from .traces import allowed, hits

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="loaded by PostgreSQL's COPY"),
    pytest.mark.django_db(transaction=True),
]
ROWS, OTHERS = 1_000_000, 50_000


@pytest.fixture
def heavy(settings):
    """A person of so many rows, and an ordinary one beside her."""
    settings.PRIVACY = settings.PRIVACY | {"ERASURE_PACE": "fast"}
    ordinary, large = people.fill([people.WARM_UP_ROWS, ROWS], others=OTHERS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Subject.objects.get(ref=large.subject), Subject.objects.get(ref=ordinary.subject)


def rows_of(subject, *, but_of=None):
    """Table -> every value of each row that concerns this person, and not the other as well."""
    found = {data_map.label(): rows_concerning(data_map, subject) for data_map in registry.maps.values()}
    if but_of:
        found = {
            label: rows.exclude(pk__in=rows_concerning(registry.labelled(label), but_of).values("pk")) for label, rows in found.items()
        }
    return {label: list(map(repr, rows.values_list())) for label, rows in found.items()}


def test_a_million_rows_go_without_a_trace_and_nobody_else_loses_any(heavy):
    """G-41, T-26: what the preview promised is what the ledger counts."""
    an, bo = heavy
    marks = {str(an.ref), an.ref.hex, str(an.root.pk), an.root.pk.hex, an.root.email}
    others, may_stay = rows_of(bo, but_of=an), allowed()
    promised = {each.data_map.label(): each.rows for each in preview(an).categories if each.fate != "kept"}

    request = erase(an)

    assert request.status == "fulfilled"
    assert sum(promised.values()) > 0.99 * ROWS
    assert treated(request, promised) == promised
    assert hits(marks) - may_stay == set()
    left = rows_of(bo)
    assert [label for label, rows in others.items() if not set(rows) <= set(left[label])] == []


def treated(request, tables):
    """Table -> rows, whatever became of them: a message whose other end had left before goes whole."""
    counted = Counter()
    for step in request.run.steps.all():
        for what, rows in step.counts.items():
            counted[what.partition(" ")[0]] += rows
    return {table: counted[table] for table in tables}


def test_an_archive_of_a_million_rows_holds_each_of_them(heavy):
    an, _bo = heavy
    held = {data_map: rows_concerning(data_map, an).count() for data_map in registry.maps.values()}
    file = io.BytesIO()

    manifest = write_archive(an, file)

    with zipfile.ZipFile(file) as opened:
        for part in manifest.parts:
            assert part.rows == held[part.data_map], part.name
            if part.rows:
                assert len(json.loads(opened.read(f"data/{part.name}.json"))) == part.rows
    assert manifest.rows >= ROWS
