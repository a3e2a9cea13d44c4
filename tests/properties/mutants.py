"""Data maps with one line changed, and what notices it."""

from dataclasses import replace
from datetime import timedelta

from django.core.checks import run_checks
from django.db import models, transaction
from django.utils import timezone

from privacy.datamap import DataMap, KeepGround, keep, kept, registry
from privacy.datamap.maps import Registry
from privacy.errors import PrivacyError
from privacy.rights import retention, withdrawal
from privacy.subjects import rows_concerning

from ..ledgers import around_acts, put_back
from .acts import erase
from .filler import fill
from .traces import allowed, hits


def lines_that_erase():
    """Every line with a treatment that is not `keep`."""
    return [(data_map, line) for data_map in registry.maps.values() for line in data_map.lines.values() if line.erase and not line.keeps]


def keeping(data_map, line):
    """The same map, but this line keeps its value."""
    return leaving(data_map, line, keep("mutated"))


def leaving(data_map, line, treatment):
    """The same map, but erasure leaves something else of this line."""
    return _with_lines(data_map, data_map.lines | {line.name: replace(line, erase=treatment)})


def without(data_map, name):
    """The same map, but this line is gone."""
    return _with_lines(data_map, {each: line for each, line in data_map.lines.items() if each != name})


def rows_that_go():
    """Every table whose rows an erasure removes or empties."""
    return [data_map for data_map in registry.maps.values() if data_map.row.name != "kept"]


def staying(data_map):
    """The same map, but its rows stay as they are."""
    return _with_lines(data_map, data_map.lines, row=kept(KeepGround.LEGAL_CLAIMS, "mutated"))


def _with_lines(data_map, lines, row=None):
    """Else it says what it said: one that lost a word would be caught for that word."""
    said = {name: getattr(data_map, name) for name in ("model", "activity", "term", "arrives", "stays", "together", "made_with")}
    beside = {name: getattr(data_map, name) for name in ("examples", "in_copies", "copied")}
    declared = {**said, "row": row or data_map.row, "called": data_map._called}
    return type(data_map.__name__, (DataMap,), {**lines, **beside}, **declared, into=Registry())


def row_caught_by(mutant) -> str:
    """What notices that the rows of this table stay: a check, the erasure itself, or a trace."""
    may_stay = allowed()
    with registry.replaced(mutant):
        if found := run_checks(tags=["privacy"]):
            return found[0].id
        return _taken_back(lambda: _erase(mutant, None, may_stay))


def caught_by(mutant, line) -> str:
    """What notices that this line keeps its value: a check, the erasure itself, or a trace it leaves. Empty when nothing does."""
    may_stay = allowed()
    with registry.replaced(mutant):
        if found := run_checks(tags=["privacy"]):
            return found[0].id
        return _refused_or_traced(mutant, line, may_stay)


def _refused_or_traced(mutant, line, may_stay) -> str:
    """Every act on a person of its own."""
    return _taken_back(lambda: next(filter(None, (act(mutant, line, may_stay) for act in (_expire, _withdraw, _erase))), ""))


def _taken_back(act) -> str:
    """What `act` noticed, or what refused it; nothing of it stays."""
    with put_back(), around_acts():
        try:
            return act()
        except PrivacyError as refusal:
            return type(refusal).__name__
        finally:
            transaction.set_rollback(True)


def _expire(mutant, line, may_stay):
    if line.expires is None:
        return ""
    an = fill("Ani", 5)
    retention.apply(timezone.now() + timedelta(days=line.expires.days))
    return "retention" if _column(mutant, line) in hits(an.marks) else ""


def _withdraw(mutant, line, may_stay):
    if not mutant.rests_on_consent_alone(line):
        return ""
    an = fill("Anja", 6)
    withdrawal.erase_what_rests_on_consent(an.subject)
    return "withdrawal" if _column(mutant, line) in hits(an.marks) or _names_a_file(mutant, line, an) else ""


def _erase(mutant, line, may_stay):
    an = fill("Anke", 7)
    erase(an.subject)
    return "trace" if hits(an.marks) - may_stay else ""


def _names_a_file(mutant, line, filled):
    """The name of a file says nothing of her, so that no mark shows it."""
    is_file = isinstance(mutant.field(line), models.FileField)
    return is_file and rows_concerning(mutant, filled.subject).exclude(**{line.name: ""}).exists()


def _column(data_map, line):
    return data_map.model._meta.db_table, data_map.field(line).column
