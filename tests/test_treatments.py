"""What each treatment leaves in a column, on the database the suite runs on."""

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import models
from django.utils import timezone

from privacy.datamap import blank, delete_file, detach, empty, keep, month, province, stand_in
from privacy.datamap.treatments import PROVINCES

from .shapes import Shapes

pytestmark = pytest.mark.django_db


class Table:
    """Rows of one column."""

    def __init__(self, column, *values, meta=None):
        shapes = Shapes()
        self.model = shapes.plain(value=column, meta=meta)
        shapes.make_tables()
        self.rows = self.model._base_manager
        for value in values:
            self.rows.create(value=value)

    def treat(self, treatment):
        self.rows.update(value=treatment.expression(self.model._meta.get_field("value")))
        return list(self.rows.order_by("pk").values_list("value", flat=True))


@pytest.mark.parametrize(
    ("treatment", "column", "value", "left"),
    [
        (detach, models.IntegerField(null=True), 7, None),
        (empty, models.GenericIPAddressField(null=True), "192.0.2.7", None),
        (empty, models.JSONField(null=True), {"a": 1}, None),
        (blank, models.CharField(max_length=9), "An", ""),
        (blank, models.TextField(null=True), "An", ""),
        (keep("an average"), models.IntegerField(), 4, 4),
        (delete_file, models.FileField(), "an.jpg", ""),
        (delete_file, models.FileField(null=True), "an.jpg", None),
    ],
)
def test_a_treatment_leaves_this_and_the_same_when_repeated(treatment, column, value, left):
    table = Table(column.clone(), value)

    assert (table.treat(treatment), table.treat(treatment)) == ([left], [left])


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (datetime(2024, 2, 29, 23, 30, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)),  # already March in Brussels
        (datetime(2024, 3, 1, 2, 30, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)),  # still February in New York
        (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)),
        (datetime(2023, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2023, 12, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Brussels", "America/New_York", "Pacific/Kiritimati"])
def test_a_month_stays_the_same_when_repeated(zone, moment, begins):
    table = Table(models.DateTimeField(), moment)

    with timezone.override(zone):
        left = [table.treat(month) for _again in range(3)]

    assert left == [[begins]] * 3


def test_a_date_becomes_the_first_of_its_month():
    table = Table(models.DateField(), date(2024, 2, 29), date(2024, 3, 1))

    assert (table.treat(month), table.treat(month)) == ([date(2024, 2, 1), date(2024, 3, 1)],) * 2


def expected_province(code):
    """As the post numbers them: https://en.wikipedia.org/wiki/Postal_codes_in_Belgium."""
    bounds = {
        1300: "Brussel",
        1500: "Waals-Brabant",
        2000: "Vlaams-Brabant",
        3000: "Antwerpen",
        3500: "Vlaams-Brabant",
        4000: "Limburg",
        5000: "Luik",
        6000: "Namen",
        6600: "Henegouwen",
        7000: "Luxemburg",
        8000: "Henegouwen",
        9000: "West-Vlaanderen",
    }
    return next((name for bound, name in bounds.items() if code < bound), "Oost-Vlaanderen")


def test_every_belgian_postal_code_becomes_its_province_and_stays_so():
    codes = range(1000, 9993)
    table = Table(models.CharField(max_length=50))
    table.rows.bulk_create([table.model(value=f"{code} Ergens") for code in codes])

    first, again = table.treat(province), table.treat(province)

    assert first == [expected_province(code) for code in codes]
    assert again == first


@pytest.mark.parametrize("town", ["Gent", "9000 Gent of 1000 Brussel?", "", "0999 Nergens", "999", "10115 Berlin", "Rue 1000", None])
def test_what_is_no_postal_code_leaves_no_more_than_a_province(town):
    table = Table(models.CharField(max_length=50, null=True), town)

    (left,) = table.treat(province)

    assert left == ("Oost-Vlaanderen" if town and town.startswith("9000 ") else "")


def test_a_bare_postal_code_and_a_province_are_understood():
    table = Table(models.TextField(), "9000", "9000-Gent", *PROVINCES)

    assert table.treat(province) == ["Oost-Vlaanderen", "Oost-Vlaanderen", *PROVINCES]


STAND_INS = [
    (models.BooleanField(), True, False),
    (models.IntegerField(), 42, 0),
    (models.PositiveSmallIntegerField(), 42, 0),
    (models.FloatField(), 4.2, 0.0),
    (models.DecimalField(max_digits=5, decimal_places=2), Decimal("4.20"), Decimal("0.00")),
    (models.DateTimeField(), datetime(2024, 3, 1, 9, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC)),
    (models.DateField(), date(1985, 4, 12), date(1900, 1, 1)),
    (models.TimeField(), time(9, 30), time(0)),
    (models.DurationField(), timedelta(days=3), timedelta(0)),
    (models.JSONField(), {"name": "An"}, {}),
    (models.GenericIPAddressField(), "192.0.2.7", "0.0.0.0"),
    (models.GenericIPAddressField(protocol="IPv6"), "2001:db8::7", "::"),
    (models.URLField(), "https://an.example/", "https://erased.invalid/"),
    (models.CharField(max_length=50), "An", "(erased)"),
    (models.CharField(max_length=3), "An", "(er"),
    (models.SlugField(), "an", "(erased)"),
    (models.TextField(), "An", "(erased)"),
]


@pytest.mark.parametrize(("column", "value", "left"), STAND_INS)
def test_a_stand_in_says_nothing_of_the_old_value(column, value, left):
    table = Table(column.clone(), value)

    assert table.treat(stand_in) == [left]


def test_a_stand_in_for_bytes_is_empty():
    table = Table(models.BinaryField(), b"An")

    assert [bytes(left) for left in table.treat(stand_in)] == [b""]


@pytest.mark.parametrize(
    ("column", "looks_like"),
    [
        (models.EmailField(), r"^[0-9a-f]{32}@erased\.invalid$"),
        (models.EmailField(max_length=30), r"^[0-9a-f]{15}@erased\.invalid$"),
        (models.CharField(max_length=50, unique=True), r"^erased-[0-9a-f]{32}$"),
        (models.CharField(max_length=12, unique=True), r"^[0-9a-f]{12}$"),
        (models.TextField(unique=True), r"^erased-[0-9a-f]{32}$"),
        (models.URLField(unique=True), r"^https://erased\.invalid/[0-9a-f]{32}$"),
        (models.UUIDField(unique=True), r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    ],
)
def test_stand_ins_that_must_differ_do_and_look_synthetic(column, looks_like):
    values = [uuid.uuid4() if isinstance(column, models.UUIDField) else f"an{number}" for number in range(3)]
    table = Table(column.clone(), *values)

    left = [str(value) for value in table.treat(stand_in)]

    assert len(set(left)) == 3
    assert [value for value in left if not re.match(looks_like, value)] == []


def test_stand_ins_differ_in_a_column_that_is_unique_with_others():
    once = models.UniqueConstraint(fields=["value", "id"], name="once")
    table = Table(models.CharField(max_length=50), "a", "b", meta={"constraints": [once]})

    assert len(set(table.treat(stand_in))) == 2
