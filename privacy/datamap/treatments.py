"""What erasure leaves in a column: frozen values that become set expressions, never a loop over rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Concat, TruncMonth
from django.utils.translation import gettext_lazy as _

# Visibly synthetic; `.invalid` never resolves (RFC 2606).
STAND_IN_TEXT = "(erased)"
STAND_IN_DOMAIN = "@erased.invalid"

# First two digits of Belgian postal codes, as the post assigns them.
PROVINCES = {
    "Brussel": range(10, 13),
    "Waals-Brabant": range(13, 15),
    "Vlaams-Brabant": [*range(15, 20), *range(30, 35)],
    "Antwerpen": range(20, 30),
    "Limburg": range(35, 40),
    "Luik": range(40, 50),
    "Namen": range(50, 60),
    "Henegouwen": [*range(60, 66), *range(70, 80)],
    "Luxemburg": range(66, 70),
    "West-Vlaanderen": range(80, 90),
    "Oost-Vlaanderen": range(90, 100),
}


@dataclass(frozen=True)
class Treatment:
    """One way to leave a column; `expression(field)` is what the column is set to, over the row itself."""

    name: str
    label: str

    def expression(self, field):
        raise NotImplementedError

    def is_constant(self, field) -> bool:
        """Every row gets this same value, which a unique column cannot hold twice. NULL is no value."""
        return False


class Detach(Treatment):
    def expression(self, field):
        return None


class Empty(Treatment):
    def expression(self, field):
        return None


class Blank(Treatment):
    def expression(self, field):
        return ""

    def is_constant(self, field):
        return True


class Month(Treatment):
    """The first moment of the month in UTC: any other zone would walk back a month at each retry (test_month_is_stable)."""

    def expression(self, field):
        if isinstance(field, models.DateTimeField):
            return TruncMonth(field.name, tzinfo=UTC)
        return TruncMonth(field.name)


class Province(Treatment):
    """A town that starts with its postal code becomes its province; a province stays; anything else becomes empty text."""

    def expression(self, field):
        by_code = [
            When(Q(**{f"{field.name}__regex": f"^({'|'.join(map(str, starts))})[0-9][0-9]"}), then=Value(name))
            for name, starts in PROVINCES.items()
        ]
        is_province = When(Q(**{f"{field.name}__in": list(PROVINCES)}), then=F(field.name))
        return Case(is_province, *by_code, default=Value(""))


class RandomHex(Func):
    """32 random hexadecimal digits, drawn anew for each row by the database."""

    arity = 0
    output_field = models.CharField()

    def as_sqlite(self, compiler, connection, **context):
        return "lower(hex(randomblob(16)))", []

    def as_postgresql(self, compiler, connection, **context):
        return "replace(gen_random_uuid()::text, '-', '')", []


class StandIn(Treatment):
    """A value that depends on neither the old one nor the key: random where it must be unique, else the same for all."""

    CONSTANTS = {
        models.BooleanField: False,
        models.IntegerField: 0,
        models.FloatField: 0.0,
        models.DecimalField: 0,
        models.DateTimeField: datetime(1900, 1, 1, tzinfo=UTC),
        models.DateField: date(1900, 1, 1),
        models.GenericIPAddressField: "0.0.0.0",  # noqa: S104 - no address to bind to, the address of nobody
        models.BinaryField: b"",
        models.URLField: "https://erased.invalid/",
    }

    def expression(self, field):
        if isinstance(field, models.EmailField):
            return Concat(RandomHex(), Value(STAND_IN_DOMAIN), output_field=models.CharField())
        if isinstance(field, models.UUIDField):
            return RandomUUID()
        for kind, value in self.CONSTANTS.items():
            if isinstance(field, kind):
                return value
        if isinstance(field, models.JSONField):
            return {}
        if isinstance(field, models.CharField) and self._must_differ(field):
            return RandomHex()
        return STAND_IN_TEXT[: field.max_length]

    def is_constant(self, field):
        random = isinstance(field, (models.EmailField, models.UUIDField, models.CharField)) and not isinstance(field, models.URLField)
        return not random

    @staticmethod
    def _must_differ(field):
        return field.unique


class RandomUUID(Func):
    """A random UUID, drawn anew for each row by the database."""

    arity = 0
    output_field = models.UUIDField()

    def as_sqlite(self, compiler, connection, **context):
        return "lower(hex(randomblob(16)))", []

    def as_postgresql(self, compiler, connection, **context):
        return "gen_random_uuid()", []


class DeleteFile(Treatment):
    """The file is noted for removal before the column is emptied (rights/erasure.py)."""

    def expression(self, field):
        return None if field.null else ""


@dataclass(frozen=True)
class Keep(Treatment):
    """The value stays; `reason` says why it no longer concerns the person."""

    reason: str = ""

    def expression(self, field):
        return F(field.name)


detach = Detach("detach", _("the link to the person is removed"))
blank = Blank("blank", _("the text is removed"))
empty = Empty("empty", _("the value is removed"))
month = Month("month", _("only the month stays"))
province = Province("province", _("only the province stays"))
stand_in = StandIn("stand_in", _("replaced by a synthetic value"))
delete_file = DeleteFile("delete_file", _("the file is deleted"))


def keep(reason: str) -> Keep:
    """The value stays, for this reason."""
    return Keep("keep", _("the value stays"), reason)
