"""Statements as text: with places left open for what differs from person to person, and sent together in one round trip."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.sql.subqueries import DeleteQuery, UpdateQuery


@dataclass(frozen=True)
class Open:
    """The place of a value that is not known yet."""

    name: str


@dataclass(frozen=True)
class Sql:
    """One statement with its values, some of them still open."""

    text: str
    values: tuple = ()

    def filled(self, known: dict[str, object]) -> "Sql":
        return Sql(self.text, tuple(known[value.name] if isinstance(value, Open) else value for value in self.values))


def selecting(rows: models.QuerySet) -> Sql:
    return Sql(*rows.query.sql_with_params())


def counting(rows: models.QuerySet) -> Sql:
    """How many rows there are; 0 where their condition can hold for none."""
    number = models.Func(template="COUNT(*)", output_field=models.BigIntegerField())
    try:
        return selecting(rows.order_by().annotate(inzage_number=number).values_list("inzage_number"))
    except EmptyResultSet:
        return Sql("SELECT 0")


def deleting(rows: models.QuerySet) -> Sql:
    """As Django's `_raw_delete` does: no cascade, no signal."""
    query = rows.query.clone()
    query.__class__ = DeleteQuery
    return Sql(*query.get_compiler(connection=connection).as_sql())


def updating(rows: models.QuerySet, values: dict) -> Sql:
    """As Django's `update` does."""
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(values)
    return Sql(*query.get_compiler(connection=connection).as_sql())


def existing(rows: models.QuerySet) -> Sql:
    """Whether there is any."""
    found = selecting(rows.order_by().values("pk"))
    return Sql(f"SELECT EXISTS ({found.text})", found.values)


def beside_each_other(questions: Iterable[Sql]) -> Sql:
    """One row, with the first value of each."""
    questions = list(questions)
    columns = ", ".join(f"({question.text})" for question in questions)
    return Sql(f"SELECT {columns}", tuple(value for question in questions for value in question.values))


def send(statements: Iterable[Sql]) -> list:
    """What each of them brought: its rows, or how many it changed. PostgreSQL takes them all at once."""
    statements = list(statements)
    with connection.cursor() as cursor:
        if not statements:
            return []
        if _takes_several():
            cursor.execute("; ".join(each.text for each in statements), [value for each in statements for value in each.values])
            return list(_outcomes(cursor))
        return [_outcome(cursor, cursor.execute(each.text, each.values)) for each in statements]


def _takes_several() -> bool:
    """Values bound by the server are for a statement by itself."""
    return connection.vendor == "postgresql" and not connection.settings_dict["OPTIONS"].get("server_side_binding")


def _outcomes(cursor) -> Iterator:
    yield _outcome(cursor)
    while cursor.nextset():
        yield _outcome(cursor)


def _outcome(cursor, _executed=None):
    return cursor.fetchall() if cursor.description else cursor.rowcount


def safe_with_the_next() -> list[Sql]:
    """Sent along, nobody waits until what this transaction does is on the disk.

    If the server fails before, it is undone with all that came later: what waits for the disk later never comes without it. Only for what
    has a later step, and what is told to nobody before that.
    """
    is_outermost = not connection.savepoint_ids
    return [Sql("SET LOCAL synchronous_commit TO off")] if connection.vendor == "postgresql" and is_outermost else []


def how_many(outcome) -> int:
    """What the last of a treatment's statements brought."""
    return outcome if isinstance(outcome, int) else outcome[0][0]
