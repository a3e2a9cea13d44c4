"""Whether the trail still says what it said: entries against their seals, and seals against one another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice

from .seals import Root, is_signed
from .trail import DIGESTED, SealedEntry, TrailEntry, TrailSeal, digest_of

# What is in memory at once: seals, and entries of theirs.
SEALS_TOGETHER, ENTRIES_TOGETHER = 500, 5_000
# Faults that are named; who changed a million rows is found out by the first of them.
NAMED = 1_000


@dataclass
class Verdict:
    """What was read, and what does not fit: a changed or missing row by its number, a broken root or signature."""

    seals: int = 0
    entries: int = 0
    head: str = ""
    faults: list[str] = field(default_factory=list)
    roots: dict[int, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.faults

    def note(self, fault: str) -> None:
        if len(self.faults) < NAMED:
            self.faults.append(fault)


def verify(*, remember: set[int] = frozenset()) -> Verdict:
    """Reads every seal once, a batch at a time; `remember` names the seals whose roots are wanted."""
    verdict, after = Verdict(), 0
    while seals := list(TrailSeal.objects.filter(pk__gt=after).order_by("pk")[:SEALS_TOGETHER]):
        members = _checked(verdict, after, seals[-1].pk)
        ahead = next(members, None)
        for closed in seals:
            ahead = _verify_seal(verdict, closed, ahead, members)
        after = seals[-1].pk
        verdict.roots |= {closed.pk: closed.root for closed in seals if closed.pk in remember}
    return verdict


def faults() -> list[str]:
    """Empty when all holds."""
    return verify().faults


def _checked(verdict, after, until) -> Iterator[tuple[int, list[str]]]:
    """(seal, digests) of the members of these seals, in order and in pieces; an entry that does not fit is noted on the way."""
    rows = SealedEntry.objects.filter(seal_id__gt=after, seal_id__lte=until).order_by("seal_id", "entry_id")
    listed = rows.values_list("seal_id", "entry_id", "digest").iterator(ENTRIES_TOGETHER)
    while piece := list(islice(listed, ENTRIES_TOGETHER)):
        found = TrailEntry.objects.filter(pk__in=[entry for _seal, entry, _digest in piece]).values_list(*DIGESTED)
        today = {entry[0]: digest_of(*entry) for entry in found}
        for _seal, entry, digest in piece:
            if today.get(entry) != digest:
                verdict.note(f"entry {entry}")
        verdict.entries += len(piece)
        for seal, members in groupby(piece, key=lambda member: member[0]):
            yield seal, [digest for _seal, _entry, digest in members]


def _verify_seal(verdict, closed, ahead, members):
    """The first members that are of a later seal."""
    root = Root(verdict.head)
    while ahead and ahead[0] <= closed.pk:
        for digest in ahead[1]:
            root.add(digest)
        ahead = next(members, None)
    if closed.root != str(root) or not is_signed(closed):
        verdict.note(f"seal {closed.pk}")
    verdict.head, verdict.seals = closed.root, verdict.seals + 1
    return ahead
