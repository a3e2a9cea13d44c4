"""What erasure leaves in a column: frozen values that become set expressions, never a loop over rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Concat, Left, TruncMonth, TruncYear
from django.utils.translation import gettext_lazy as _

from .constraints import must_differ

# Visibly synthetic; `.invalid` never resolves (RFC 2606).
STAND_IN_TEXT = "(erased)"
STAND_IN_DOMAIN = "@erased.invalid"
STAND_IN_ADDRESS = "https://erased.invalid/"
# Hexadecimal digits below which two stand-ins may well be the same (32 bits).
RANDOM_AT_LEAST = 8

TEXT = (models.CharField, models.TextField)

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

    def misfit(self, field) -> str:
        """Why this cannot be left in this column, in words; empty where it can."""
        return ""

    def is_constant(self, field) -> bool:
        """Every row gets this same value, which a unique column cannot hold twice. NULL is no value."""
        return False

    def is_random(self, field) -> bool:
        """Each time another value, so that nobody can tell that it was applied."""
        return False


class Detach(Treatment):
    def expression(self, field):
        return None

    def misfit(self, field):
        return "" if field.null else "it is NOT NULL"


class Empty(Detach):
    pass


class Blank(Treatment):
    def expression(self, field):
        return ""

    def misfit(self, field):
        return "" if isinstance(field, TEXT) else "it holds no text"

    def is_constant(self, field):
        return True


@dataclass(frozen=True)
class Truncated(Treatment):
    """The first moment of the span in UTC: any other zone walks back a span at each retry (test_a_month_stays_the_same_when_repeated)."""

    to: type[TruncMonth] | type[TruncYear]

    def expression(self, field):
        if isinstance(field, models.DateTimeField):
            return self.to(field.name, tzinfo=UTC)
        return self.to(field.name)

    def misfit(self, field):
        return "" if isinstance(field, models.DateField) else "it holds no date"


class Province(Treatment):
    """A town that starts with its postal code becomes its province; a province stays; anything else becomes empty text."""

    def expression(self, field):
        by_code = [
            When(Q(**{f"{field.name}__regex": f"^({'|'.join(map(str, starts))})[0-9][0-9]([^0-9]|$)"}), then=Value(name))
            for name, starts in PROVINCES.items()
        ]
        is_province = When(Q(**{f"{field.name}__in": list(PROVINCES)}), then=F(field.name))
        return Case(is_province, *by_code, default=Value(""), output_field=models.TextField())

    def misfit(self, field):
        if not isinstance(field, TEXT):
            return "it holds no text"
        longest = max(map(len, PROVINCES))
        return f"it is shorter than {longest} characters" if (field.max_length or longest) < longest else ""


class RandomHex(Func):
    """32 random hexadecimal digits, drawn anew for each row by the database."""

    arity = 0
    output_field = models.CharField()

    def as_sqlite(self, compiler, connection, **context):
        return "lower(hex(randomblob(16)))", []

    def as_postgresql(self, compiler, connection, **context):
        return "replace(gen_random_uuid()::text, '-', '')", []


class RandomUUID(Func):
    """A random UUID, drawn anew for each row by the database."""

    arity = 0
    output_field = models.UUIDField()

    def as_sqlite(self, compiler, connection, **context):
        return "lower(hex(randomblob(16)))", []

    def as_postgresql(self, compiler, connection, **context):
        return "gen_random_uuid()", []


class StandIn(Treatment):
    """A value that depends on neither the old one nor the key: random where rows must differ, else the same for all."""

    # The first class that fits counts: a DateTimeField is a DateField too, a URLField a CharField.
    CONSTANTS = {
        models.BooleanField: False,
        models.IntegerField: 0,
        models.FloatField: 0.0,
        models.DecimalField: 0,
        models.DateTimeField: datetime(1900, 1, 1, tzinfo=UTC),
        models.DateField: date(1900, 1, 1),
        models.TimeField: time(0),
        models.DurationField: timedelta(0),
        models.BinaryField: b"",
        models.JSONField: {},
        models.URLField: STAND_IN_ADDRESS,
    }

    def expression(self, field):
        if isinstance(field, models.UUIDField):
            return RandomUUID()
        if self.is_random(field):
            return self._random_text(field)
        if isinstance(field, models.GenericIPAddressField):
            return "::" if field.protocol.lower() == "ipv6" else "0.0.0.0"  # noqa: S104 - no address to bind to, the address of nobody
        constant = next((value for kind, value in self.CONSTANTS.items() if isinstance(field, kind)), STAND_IN_TEXT)
        return constant[: field.max_length] if isinstance(field, TEXT) else constant

    def misfit(self, field):
        known = (*TEXT, *self.CONSTANTS, models.UUIDField, models.GenericIPAddressField)
        if field.is_relation or not isinstance(field, known):
            return "there is no stand-in for this kind of column"
        before, after = self._around(field)
        room = (field.max_length or 255) - len(before + after)
        return "it is too short for a stand-in" if self.is_random(field) and isinstance(field, TEXT) and room < RANDOM_AT_LEAST else ""

    def is_constant(self, field):
        return not self.is_random(field)

    def is_random(self, field):
        always = isinstance(field, (models.EmailField, models.UUIDField))
        return always or (isinstance(field, TEXT) and must_differ(field))

    def _random_text(self, field):
        before, after = self._around(field)
        digits = min(32, (field.max_length or 255) - len(before + after))
        return Concat(Value(before), Left(RandomHex(), digits), Value(after), output_field=models.CharField())

    @staticmethod
    def _around(field):
        """What makes a random text visibly synthetic, and an address an address."""
        if isinstance(field, models.EmailField):
            return "", STAND_IN_DOMAIN
        if isinstance(field, models.URLField):
            return STAND_IN_ADDRESS, ""
        return ("erased-" if (field.max_length or 255) >= 40 else ""), ""


class DeleteFile(Treatment):
    """The file is noted for removal before the column is emptied (rights/erasure.py)."""

    def expression(self, field):
        return None if field.null else ""

    def misfit(self, field):
        return "" if isinstance(field, models.FileField) else "it names no file"

    def is_constant(self, field):
        return not field.null


@dataclass(frozen=True)
class Keep(Treatment):
    """The value stays; `reason` says why it no longer concerns the person."""

    reason: str = ""

    def expression(self, field):
        return F(field.name)


detach = Detach("detach", _("the link to the person is removed"))
blank = Blank("blank", _("the text is removed"))
empty = Empty("empty", _("the value is removed"))
month = Truncated("month", _("only the month stays"), TruncMonth)
year = Truncated("year", _("only the year stays"), TruncYear)
province = Province("province", _("only the province stays"))
stand_in = StandIn("stand_in", _("replaced by a synthetic value"))
delete_file = DeleteFile("delete_file", _("the file is deleted"))


def keep(reason: str) -> Keep:
    """The value stays, for this reason."""
    return Keep("keep", _("the value stays"), reason)
