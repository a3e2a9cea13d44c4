"""The two steps of an erasure on rows: whatever concerns the person is treated, then her own row goes. Who has few rows goes in one."""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from itertools import chain, groupby

from django.db import IntegrityError, connection

from ..anyone import keys_of
from ..datamap import registry
from ..errors import ReferencesRemain
from ..evidence import together
from ..sql import Sql, beside_each_other, how_many, safe_with_the_next, send
from ..steps import Work
from ..subjects import Subject
from . import references
from .erasure import erasure_step, note_files, treat
from .pace import pace, resting_after
from .preparing import Prepared, in_batches, lock, own_row, prepared

LAST_STEP = "remove the person"
# Foreign keys are checked now, inside the transaction; SQLite does so at its end.
CHECK = {"postgresql": [Sql("SET CONSTRAINTS ALL IMMEDIATE")], "sqlite": []}


class _TooMany(Exception):
    """More rows than one transaction takes: `found`. Nothing was done."""

    def __init__(self, found: list[tuple[Prepared, int]]):
        self.found = found


@erasure_step("treat rows", order=500)
def _treat_rows(work: Work) -> None:
    """Every table but the person's own; of an ordinary member that too, in one transaction."""
    if work.subject is None:
        return
    chosen = pace()
    batches = deque(in_batches(_left_for_batches(work, chosen.at_once), chosen.at_once))
    while batches:
        batch = batches.popleft()
        with resting_after(chosen, is_last=not batches):
            _commit(work, partial(_treat_batch, work, batch, last=not batches))


def _left_for_batches(work, at_most) -> list[tuple[Prepared, int]]:
    """Nothing, where one transaction took all of it and no step of a host comes before the last one.

    Where the database refuses that, rows that can go still go, and the last step says what stops it.
    """
    last = work.followed_by(LAST_STEP)
    if last is None:
        return _found(work)
    try:
        _commit(work, partial(_remove, work, last, at_most=at_most))
    except _TooMany as many:
        return many.found
    except (ReferencesRemain, IntegrityError):
        return _found(work)
    return []


def _treat_batch(work, batch, *, last):
    send(safe_with_the_next())
    _treat(work, batch)
    if last:
        work.finish()


@erasure_step(LAST_STEP, order=600)
def _remove_the_person(work: Work) -> None:
    """What came in meanwhile is caught under the person's lock, then her own row and the Subject go, raw.

    Never `.delete()`: its collector follows cascades into other people's rows (test_the_last_step_cascades_nowhere).
    """
    if work.subject is not None:
        _commit(work, partial(_remove, work, work))


def _remove(work, last, *, at_most=None):
    """All that is there, then the person; `last` is the step that counts her own rows. _TooMany where it is more than so many rows."""
    people = Subject, type(work.subject.root)
    found, files, looks = _look_under_lock(work, people)
    if at_most is not None and sum(rows for _treatment, rows in found) > at_most:
        raise _TooMany(found)
    _treat(work, ((treatment, None) for treatment, _rows in found))
    _refuse_references(work, looks)
    _delete_own_rows(last, people, files)
    _finish(work, last)


def _look_under_lock(work, people):
    """What there is to treat, the files that her own row names, and where to look for what still points at it.

    Locked is first the person, whom whoever writes by her reference locks too; then the row that keys lead to.
    """
    each = prepared(work.subject, work.request.choices)
    *locked, counts, keys = _send(work, [*map(lock, people), _counting(each), references.keys_in_the_database(people)])
    for model, rows in zip(people, locked, strict=True):
        if not rows:
            raise model.DoesNotExist
    files = {path for _key, *paths in locked[1] for path in paths if path}
    return _with_rows(each, counts), files, references.looks_at(people, keys)


def _found(work) -> list[tuple[Prepared, int]]:
    """What there is to treat, with the number of rows."""
    each = prepared(work.subject, work.request.choices)
    return _with_rows(each, *_send(work, [_counting(each)]))


def _counting(each) -> Sql:
    return beside_each_other(treatment.count for treatment in each)


def _with_rows(each, counts):
    return [(treatment, rows) for treatment, rows in zip(each, counts[0], strict=True) if rows]


def _send(work, statements: Iterable[Sql]) -> list:
    known = {**keys_of(work.subject), **together.of_today(work.request.ref)}
    return send([statement.filled(known) for statement in statements])


def _treat(work, batch: Iterable[tuple[Prepared, int | None]]) -> None:
    """In their order: together, but for those of which files have to be read first."""
    for reads_files, treatments in groupby(batch, key=lambda pair: pair[0].reads_files):
        (_one_by_one if reads_files else _together)(work, list(treatments))


def _one_by_one(work, batch):
    for treatment, at_most in batch:
        work.count(treatment.what, treat(treatment.of(work.subject), at_most, request_ref=work.request.ref))


def _together(work, batch, then=()):
    each = [treatment.statements(at_most) for treatment, at_most in batch]
    outcomes = iter(_send(work, chain(*each, then)))
    for (treatment, _at_most), statements in zip(batch, each, strict=True):
        *_notes, done = [next(outcomes) for _statement in statements] or [0]
        work.count(treatment.what, how_many(done))


def _refuse_references(work, looks):
    """Before the database follows a key that deletes by itself, or has none."""
    table = references.table_found(looks, *_send(work, [references.look_at_all(looks)]))
    if table:
        raise ReferencesRemain(table)


def _delete_own_rows(work, people, files):
    """Counted as the preview counted it."""
    subject, root = (own_row(registry.map_of(model)) for model in people)
    _together(work, [(root, None), (subject, None)], then=CHECK[connection.vendor])
    if files:
        note_files(files - root.treating.still_named(files), request_ref=work.request.ref)


def _finish(work, last):
    work.finish(*([last] if last is not work else []))


def _commit(work, act):
    """`act` in one transaction; where the database refuses because rows still point at what goes, their table is named."""
    try:
        with work.batch():
            act()
    except IntegrityError as error:
        table = _rehearse(work, act) if connection.vendor == "sqlite" else references.table_named_by(error)
        if table:
            raise ReferencesRemain(table) from None
        raise


class _Rehearsed(Exception):
    """Takes everything back."""


def _rehearse(work, act) -> str | None:
    """SQLite refuses without a name: do it once more, ask what dangles, and undo it."""
    table = None
    with suppress(_Rehearsed, IntegrityError), work.batch():
        act()
        table = references.dangling_table()
        raise _Rehearsed
    return table
