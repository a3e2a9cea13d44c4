"""What people read for a value."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import models
from django.utils import timezone, translation

from privacy.pages.values import AT_ONCE, structure, text, writer_of

REF = UUID(int=7)
SAID = '<bdi class="said">%s</bdi>'


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (models.BooleanField(), True, SAID % "ja"),
        (models.BooleanField(null=True), False, SAID % "nee"),
        (models.IntegerField(), 2025, SAID % "2025"),
        (models.FloatField(), 1.5, SAID % "1,5"),
        (models.DecimalField(), Decimal("1234.50"), SAID % "1.234,50"),
        (models.CharField(choices=[("v", "vrouw")]), "v", SAID % "vrouw"),
        (models.CharField(choices=[("groep", [("v", "vrouw")])]), "v", SAID % "vrouw"),
        (models.CharField(choices=[("v", "vrouw")]), "oud", SAID % "oud"),
        (
            models.DateTimeField(),
            datetime(2020, 7, 1, 22, 30, tzinfo=UTC),
            '<time datetime="2020-07-01T22:30:00+00:00">2 juli 2020, 00:30</time>',
        ),
        (models.DateField(), date(1985, 4, 12), '<time datetime="1985-04-12">12 april 1985</time>'),
        (models.TimeField(), time(9, 5), SAID % "09:05:00"),
        (models.DurationField(), timedelta(hours=1, seconds=2), SAID % "01:00:02"),
        (models.UUIDField(), REF, f"<code>{REF}</code>"),
        (models.GenericIPAddressField(), "192.0.2.1", "<code>192.0.2.1</code>"),
        (models.BinaryField(), b"abc", SAID % "3 bytes"),
        (models.BinaryField(), memoryview(b"a"), SAID % "1 byte"),
        (models.JSONField(), ["first_name", "town"], SAID % "voornaam, gemeente"),
        (models.JSONField(), {"kleur": "rood", "lijst": [1, "<b>"]}, SAID % "kleur: rood\nlijst: [1, &quot;&lt;b&gt;&quot;]"),
        (models.JSONField(), 0.5, SAID % "0.5"),
        (models.FileField(), "map/foto.png", SAID % "map/foto.png"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_shown_as_people_read_it(field, value, shown):
    """G-24."""
    with translation.override("nl"):
        assert writer_of(field)(value) == shown


def test_the_year_is_left_out_when_it_is_this_one():
    now = timezone.now()

    shown = writer_of(models.DateTimeField())(now - timedelta(days=1 if now.timetuple().tm_yday > 2 else 0))

    assert f"{now.year}," not in shown.partition(">")[2]


@pytest.mark.parametrize("length", [AT_ONCE, AT_ONCE + 1, 10_000])
@pytest.mark.parametrize("word", ["a", "ab ", "<b>"])
def test_a_long_text_is_whole_however_it_is_cut(word, length):
    said = (word * length)[:length]

    shown = text(said)

    assert ("<details" in shown) is (length > AT_ONCE)
    parts = [part.partition("</bdi>")[0] for part in shown.split('<bdi class="said">')[1:]]
    whole = "".join(parts).replace(" …", " " if word == "ab " else "")
    assert whole.replace("&lt;", "<").replace("&gt;", ">") == said


def test_what_lies_deep_in_an_object_stays_readable():
    assert "é" in structure({"een": {"twee": ["é"]}})
