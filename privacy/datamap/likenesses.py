"""What a safe copy of the database gets in a column: a value like the one that was there, which says nothing of the person.

Most are made by functions that privacy.rights.copy_functions lends to one connection. These draw from a secret of that run alone: what
was the same stays the same, in every table, and nobody can go back.
"""

import json
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Case, Count, F, Func, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Left, Trim
from django.db.models.lookups import In

from .code_words import is_code
from .stand_in_words import pool_of, sentences
from .treatments import Treatment

# A value that so many people have says nothing about one of them.
SHARED_BY = 10
# Values of one column that are looked at, the most frequent first, and places in what is drawn from.
VALUES_AT_MOST, PLACES = 1_000, 500
# Days that a moment moves at most, and the day of a birth.
DAYS, DAYS_OF_BIRTH = 28, 1_500


def of_the_row(field):
    return Concat(Value(f"{field.name} "), Cast(F("pk"), TextField()), output_field=TextField())


def picked(field, values, key):
    """One of these; nothing stays nothing."""
    return Made("made_choice", Cast(F(field.name), TextField()), Pool(values), key)


class Made(Func):
    """A function of ours; on PostgreSQL it lives as long as the connection."""

    def __init__(self, function, *arguments, output_field=None):
        super().__init__(*arguments, function=function, output_field=output_field or TextField())

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function=f"pg_temp.{self.extra['function']}", **context)


class Pool(Func):
    """Values to draw from: an array of texts, or JSON where a database has no arrays."""

    arity = 0

    def __init__(self, values):
        super().__init__(output_field=TextField())
        self.values = values

    def as_sqlite(self, compiler, connection, **context):
        return "%s", [json.dumps(self.values)]

    def as_postgresql(self, compiler, connection, **context):
        return f"ARRAY[{', '.join(['%s'] * len(self.values))}]::text[]", [str(each) for each in self.values]


@dataclass(frozen=True)
class Likeness(Treatment):
    """`person`: columns that lead to whom the row is about, the first that is not empty. What is hers moves, and is called, together."""

    person: tuple[str, ...] = ("pk",)

    def prepared(self, field) -> "Likeness":
        """With what has to be read from the table before it changes."""
        return self

    def hers(self, salt: str):
        """The same for all rows about one person."""
        whose = [Cast(F(name), TextField()) for name in self.person] or [Value("all")]
        return Concat(Value(f"{salt} "), Coalesce(*whose) if len(whose) > 1 else whose[0], output_field=TextField())


class AsItIs(Likeness):
    def expression(self, field):
        return F(field.name)


class Key(Likeness):
    """Another number, the same wherever this one stands."""

    def expression(self, field):
        return Made("made_key", F(field.name), output_field=models.UUIDField())


class Reference(Likeness):
    """A key or number kept as text; that of a row which has a plain number stays."""

    def expression(self, field):
        return Made("made_reference", F(field.name), Value(field.max_length or 64))


class Actor(Likeness):
    """Who did it: the reference of a person, or a role."""

    def expression(self, field):
        return Made("made_actor", F(field.name))


class Address(Likeness):
    """Nobody ever reads mail there (RFC 2606)."""

    def expression(self, field):
        return Made("made_address", F(field.name))

    def misfit(self, field):
        return "it is too short for an address" if (field.max_length or 254) < 40 else ""


class Link(Likeness):
    def expression(self, field):
        return Made("made_link", F(field.name))


class Words(Likeness):
    """A text of nearly the same length."""

    def expression(self, field):
        return Made("made_text", F(field.name), of_the_row(field), Pool(sentences()))


class FileName(Likeness):
    """Other words, with the same ending."""

    def expression(self, field):
        return Left(Made("made_file_name", F(field.name), of_the_row(field), Pool(sentences())), field.max_length or 200)


class Secret(Likeness):
    """It lets nobody in: no hash of a password begins so."""

    def expression(self, field):
        return Made("made_secret", F(field.name), Value(field.max_length or 64))


class Nothing(Likeness):
    def expression(self, field):
        return Value(None if field.null else b"", output_field=models.BinaryField())


class Moment(Likeness):
    """Up to four weeks earlier, as much for all that is hers: what came first still does."""

    def expression(self, field):
        return Made("made_moment", F(field.name), self.hers("moment"), output_field=models.DateTimeField())


class Day(Likeness):
    def expression(self, field):
        return Made("made_day", F(field.name), self.hers("moment"), Value(DAYS), output_field=models.DateField())


class BirthDay(Likeness):
    """Up to four years earlier."""

    def expression(self, field):
        return Made("made_day", F(field.name), self.hers("birth"), Value(DAYS_OF_BIRTH), output_field=models.DateField())


class Network(Likeness):
    """An address that is for documentation (RFC 5737, 3849)."""

    def expression(self, field):
        return Made("made_network", F(field.name), output_field=models.GenericIPAddressField())


class File(Likeness):
    """The path of a small file of the same kind (privacy.rights.copy_files), which is there where the files are a copy too."""

    def expression(self, field):
        return Made("made_path", F(field.name))


@dataclass(frozen=True)
class Called(Likeness):
    """As people, places and schools are called: `kinds` of stand_in_words, which have the same name in all her rows."""

    kinds: tuple[str, ...] = ()

    def expression(self, field):
        words = [picked(field, pool_of(kind), self.hers(kind)) for kind in self.kinds]
        spaced = [part for word in words for part in (Value(" "), word)]
        return Left(Trim(Concat(*spaced, output_field=TextField())), field.max_length or 200)


@dataclass(frozen=True)
class Drawn(Likeness):
    """What others have, as often as they have it. `otherwise` serves where too few have the same; None: any value may be drawn."""

    otherwise: Likeness | None = None
    values: tuple = ()

    def prepared(self, field):
        at_least = SHARED_BY if self.otherwise else 1
        counts = field.model._base_manager.order_by().values_list(field.name).annotate(how_many=Count("pk")).filter(how_many__gte=at_least)
        found = {value: rows for value, rows in counts.order_by("-how_many", field.name)[:VALUES_AT_MOST] if value not in {None, ""}}
        return replace(self, values=tuple(_in_proportion(found))) if found or not self.otherwise else self.otherwise

    def expression(self, field):
        return picked(field, list(self.values), of_the_row(field)) if self.values else F(field.name)


@dataclass(frozen=True)
class Known(Likeness):
    """A word of the code, or JSON made of such words, stays; anything else becomes text, or empty JSON."""

    values: tuple[str, ...] = ()

    def prepared(self, field):
        texts = field.model._base_manager.order_by().values_list(Cast(field.name, TextField()), flat=True).distinct()
        found = [text for text in texts[:VALUES_AT_MOST] if text]
        is_json = isinstance(field, models.JSONField)
        return replace(self, values=tuple(text for text in found if is_code(json.loads(text) if is_json else text)))

    def expression(self, field):
        text = Cast(F(field.name), TextField())
        stays = [When(In(text, list(self.values)), then=F(field.name))] if self.values else []
        if not isinstance(field, models.JSONField):
            return Case(*stays, default=other_words.expression(field), output_field=TextField())
        nothing = Case(When(In(Left(text, 1), ["["]), then=Value([], field)), default=Value({}, field), output_field=field)
        return Case(When(**{f"{field.name}__isnull": True}, then=F(field.name)), *stays, default=nothing, output_field=field)


def _in_proportion(counts: dict):
    """Each value as many times as fits, at least once."""
    in_all = sum(counts.values())
    for value, rows in counts.items():
        yield from [value] * max(1, round(rows * PLACES / in_all))


as_it_is = AsItIs("as it is", "stays as it is")
rekeyed = Key("key", "another number, the same in every table")
renumbered = Reference("reference", "another number, the same in every table")
renumbered_actor = Actor("actor", "another number, or the word staff")
unreachable = Address("address", "an address that ends in .invalid")
dead_link = Link("link", "a link that ends in .invalid")
other_words = Words("words", "other words, about as many")
other_file_name = FileName("other file name", "other words, with the same ending")
useless = Secret("secret", "a value that lets nobody in")
emptied = Nothing("nothing", "emptied")
earlier = Moment("moment", "up to four weeks earlier")
earlier_day = Day("day", "up to four weeks earlier")
other_birth_day = BirthDay("birth day", "up to four years earlier")
documentation_address = Network("network", "an address for documentation")
small_file = File("file", "a small file of the same kind")
drawn = Drawn("drawn", "drawn from what all have, as often as they have it")
if_known = Known("known", "stays if made of words of the code, else replaced")


def called(*kinds: str) -> Called:
    return Called("called", f"an invented {' and '.join(kinds).replace('_', ' ')}", kinds=kinds)


def drawn_or(otherwise: Likeness) -> Drawn:
    """What at least ten have, as often as they have it."""
    return Drawn("drawn", f"what at least {SHARED_BY} people have, else {otherwise.label}", otherwise=otherwise)
