"""Erasure: ours as casework runs it, the limit in one transaction, each on a copy of its own, the outcomes compared."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from unittest.mock import patch

import psycopg
from django.db import connection

from privacy import steps
from privacy.casework import cases
from privacy.datamap import Right
from privacy.subjects import Subject

from . import limit, memory, states
from .copies import Copies
from .people import Person
from .results import ERASE, FEW, Result, goal, result

# The steps whose work the limit does too; all else is casework.
DATA_STEPS = {"treat rows", "remove the person"}
# The highest ratios that will do: few rows, many rows.
GOALS = (1.5, 1.15)


def measure(copies: Copies, person: Person, warm_up: Person, *, rounds: int) -> Result:
    """Ours and the limit take turns."""
    taken = [one_round(copies, person, warm_up) for _nth in range(rounds)]
    with copies.one() as address:
        peak = memory.peak_mib("erase", person, warm_up, address=address)
    return result(
        f"{ERASE}{person.rows} rows",
        person.rows,
        [ours.data for ours, _limit in taken],
        [limit for _ours, limit in taken],
        goal=goal(GOALS, person.rows),
        peak_mib=peak,
        act_s=median(ours.act for ours, _limit in taken),
        round_trips=round_trips(copies, person, warm_up) if person.rows <= FEW else None,
    )


@dataclass
class Erased:
    """Seconds of the data steps and of the whole act; how many statements the data steps sent, where they were counted."""

    data: float = 0
    act: float = 0
    round_trips: int = 0


def erase(person: Person, *, count: bool = False) -> Erased:
    """A request carried out. Counting statements takes time, so a counted act is not measured."""
    subject = Subject.objects.get(ref=person.subject)
    request = cases.submit(Right.ERASURE, subject=subject, channel=cases.Channel.COMMAND, actor_ref="bench")
    cases.approve(request, subject=subject, grace=timedelta(0))
    connection.force_debug_cursor = count
    erased, begin = Erased(), time.perf_counter()
    with watched(erased):
        cases.run(request)
    erased.act = time.perf_counter() - begin
    connection.force_debug_cursor = False
    return erased


@contextmanager
def watched(erased: Erased):
    """What lies between two steps, such as finding the person, counts for the later one."""
    do, before = steps._do, (time.perf_counter(), len(connection.queries_log))

    def watching(run, definition, *others):
        nonlocal before
        do(run, definition, *others)
        now = time.perf_counter(), len(connection.queries_log)
        if definition.name in DATA_STEPS:
            erased.data += now[0] - before[0]
            erased.round_trips += now[1] - before[1]
        before = now

    with patch.object(steps, "_do", watching):
        yield


def erase_by_hand(address: str, person: Person, warm_up: Person) -> float:
    """Seconds of the limit, on a connection that was used before."""
    with psycopg.connect(address, autocommit=True) as by_hand:
        limit.erase(by_hand, warm_up.keys)
        begin = time.perf_counter()
        met = limit.erase(by_hand, person.keys)
        seconds = time.perf_counter() - begin
    if met < person.rows:
        raise states.Differs(f"the limit met {met} of {person.rows} rows")
    return seconds


def rows_alone(person: Person) -> float:
    """Seconds of the steps whose work others do too."""
    return erase(person).data


def by_hand(person: Person) -> None:
    """The limit on the connection that Django has."""
    connection.ensure_connection()
    limit.erase(connection.connection, person.keys)


def one_round(copies: Copies, person: Person, warm_up: Person) -> tuple[Erased, float]:
    """Both, from the same beginning to the same end."""
    with copies.one():
        erase(warm_up)
        ours = erase(person)
        end = states.state()
    with copies.one() as address:
        seconds = erase_by_hand(address, person, warm_up)
        states.refuse_difference(end, states.state())
    return ours, seconds


def round_trips(copies: Copies, person: Person, warm_up: Person) -> int:
    with copies.one():
        erase(warm_up)
        return erase(person, count=True).round_trips
