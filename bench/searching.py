"""The search for what is left after an erasure: one pass over everything, beside a bare SELECT ... LIKE ANY over the same columns."""

from unittest.mock import patch

import psycopg
from django.conf import settings
from psycopg import sql

from privacy.evidence import residue
from privacy.evidence.identifiers import Identifiers
from privacy.evidence.needles import codes_of, words_of
from privacy.evidence.tables import Table, all_tables
from privacy.rights.identifying import identifiers_of
from privacy.subjects import Subject

from . import limit, states
from .copies import Copies
from .exporting import timed
from .people import Person
from .results import SEARCH, Result, result

NAME, NAME_BESIDE = SEARCH + "for what is left of {} erased", SEARCH + "for what is left of {} erased, beside that of {}"
# A search of our own is worth having only where it is quicker than the statement that anybody would write; one pass serves many only where
# another fifty cost less than a second pass would.
GOAL, GOAL_BESIDE = 1, 2
# Rows that the bare statement reads, shared among those it looks for: all of them would take hours. The rest is worked out.
BARE_ROWS = 500_000


def search(copies: Copies, persons: list[Person], *, rounds: int) -> list[Result]:
    """For the first of these persons, and for all of them at once, after they were erased by hand."""
    one, all_of_them = 1, len(persons)
    with copies.one() as address, patch.dict(settings.PRIVACY, RESIDUE_PAUSE=0), psycopg.connect(address, autocommit=True) as bare:
        sought = {str(person.subject): identifiers_of(Subject.objects.get(ref=person.subject), {}) for person in persons}
        for person in persons:
            limit.erase(bare, person.keys)
        bare.execute("VACUUM ANALYZE")
        passes = [_round(bare, dict(list(sought.items())[:how_many])) for _nth in range(rounds) for how_many in (one, all_of_them)]
    few, many = passes[::2], passes[1::2]
    alone, together = _result(one, few), _result(all_of_them, many)
    beside = NAME_BESIDE.format(all_of_them, one)
    return [alone, together, result(beside, together.rows, _ours(many), _ours(few), goal=GOAL_BESIDE)]


def _result(how_many, passes) -> Result:
    return result(NAME.format(how_many), passes[-1][0], _ours(passes), [bare for _rows, _ours, bare in passes], goal=GOAL)


def _ours(passes) -> list[float]:
    return [ours for _rows, ours, _bare in passes]


def _round(bare, sought) -> tuple[int, float, float]:
    """Rows, and seconds of both ways."""
    found = []
    seconds = timed(lambda: found.append(residue.scan(sought)))
    if any(found[0].found[ref].hits for ref in sought):
        raise states.Differs("something is left of who was erased by hand")
    return found[0].rows, seconds, by_hand(bare, sought, rows=found[0].rows)


def by_hand(bare: psycopg.Connection, sought: dict[str, Identifiers], *, rows: int) -> float:
    """Seconds for so many rows, worked out from a sample of each table."""
    wanted, share = patterns(sought), min(1, BARE_ROWS / len(sought) / rows)
    tables = [table for table in all_tables() if table.columns]
    sample = sum(bare.execute(_counted(table, share)).fetchone()[0] for table in tables)
    seconds = timed(lambda: [_refuse_a_hit(bare.execute(_bare(table, share), {"wanted": wanted})) for table in tables])
    return seconds * rows / sample


def patterns(sought: dict[str, Identifiers]) -> list[str]:
    """Every form that the pass looks for too."""
    forms = set()
    for identifiers in sought.values():
        forms |= {form for value in identifiers.unique for form in words_of(value) | codes_of(value)}
        forms |= {form for name in identifiers.names for form in words_of(name)}
    return [f"%{_literal(form.decode())}%" for form in sorted(forms)]


def _literal(text) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _counted(table: Table, share: float):
    return sql.SQL("SELECT count(*) FROM {}").format(_sampled(table, share))


def _bare(table: Table, share: float):
    """As the columns stand, in their own case, which spares it work."""
    likes = [sql.SQL("{} LIKE ANY (%(wanted)s)").format(_text(table, column)) for column in table.columns]
    return sql.SQL("SELECT ctid FROM {} WHERE {}").format(_sampled(table, share), sql.SQL(" OR ").join(likes))


def _sampled(table, share):
    """The same rows each time."""
    return sql.SQL("{} TABLESAMPLE SYSTEM ({}) REPEATABLE (1)").format(sql.SQL(table.quoted), sql.Literal(100 * share))


def _text(table, column):
    name = sql.Identifier(column)
    return sql.SQL("encode({}, 'escape')" if column in table.binary else "{}::text").format(name)


def _refuse_a_hit(cursor):
    if cursor.fetchone():
        raise states.Differs("the bare statement finds what the search does not")
