"""What one column means for a person: a line of the data map, and what such a line may say."""

from dataclasses import dataclass

from .treatments import Keep, Treatment
from .vocabulary import LawfulBasis, Role


@dataclass(frozen=True)
class After:
    """A value expires this many days after the moment in the column `since` (Art. 5(1)(e))."""

    days: int
    since: str


@dataclass(frozen=True)
class Line:
    """What one column means for a person."""

    role: Role
    name: str = ""
    erase: Treatment | None = None
    basis: LawfulBasis | None = None
    expires: After | None = None
    rectify: bool = False
    belongs_to: str = ""
    via: str = ""
    by: str = ""
    label: str = ""
    reason: str = ""
    opens_doors: bool = False
    private: bool = False
    actor: bool = False
    named_by: str = ""
    identifies: bool = False
    names: bool = False
    of_same_person: bool = False
    signs_in: bool = False

    @property
    def is_secret(self) -> bool:
        """Never shown: a secret, or a value that leads to the person and lets in whoever knows it."""
        return self.role == Role.SECRET or self.opens_doors

    @property
    def is_personal(self) -> bool:
        return self.role != Role.NOT_PERSONAL

    @property
    def keeps(self) -> bool:
        return isinstance(self.erase, Keep)


def person(*, erase=None, via="", by="", label="", opens_doors=False, identifies=False) -> Line:
    """Leads to the person: a key to a root, a path (`via`), or a value that matches (`by="email"`, `by="subject_ref"`, your own).

    `opens_doors`: who knows the value can act as the person, so it is never shown: the key of a session (T-12).
    `identifies`: nobody else has this value, so that after an erasure it may stand nowhere (evidence/identifiers.py).
    """
    return Line(Role.PERSON, erase=erase, via=via, by=by, label=label, opens_doors=opens_doors, identifies=identifies)


def provided(
    *,
    erase=None,
    basis=None,
    expires=None,
    rectify=False,
    belongs_to="",
    private=False,
    named_by="",
    identifies=False,
    names=False,
    signs_in=False,
    label="",
) -> Line:
    """Given by the person, knowingly. `private`: the other person of the row is not shown it (Art. 15(4)).

    `named_by`: of a file, the column that says what she called it. `names`: a part of her name. `identifies` as in `person`.
    `signs_in`: she needs it to sign in, so it changes also while her data may only be kept (Art. 18(2)).
    """
    more = {
        "belongs_to": belongs_to,
        "private": private,
        "named_by": named_by,
        "identifies": identifies,
        "names": names,
        "signs_in": signs_in,
    }
    return Line(Role.PROVIDED, erase=erase, basis=basis, expires=expires, rectify=rectify, label=label, **more)


def observed(
    *, erase=None, basis=None, expires=None, belongs_to="", private=False, actor=False, identifies=False, signs_in=False, label=""
) -> Line:
    """Recorded while the person used the service. `private` and `signs_in` as in `provided`, `identifies` as in `person`.

    `actor`: it says who did it, by a role or by the reference of a person, which is masked where that is somebody else (Art. 15(4)).
    """
    shared = {"belongs_to": belongs_to, "private": private, "identifies": identifies, "signs_in": signs_in}
    return Line(Role.OBSERVED, erase=erase, basis=basis, expires=expires, actor=actor, label=label, **shared)


def inferred(*, erase=None, basis=None, expires=None, belongs_to="", label="") -> Line:
    """Derived by us; profiling, so ask the DPO (W001)."""
    return Line(Role.INFERRED, erase=erase, basis=basis, expires=expires, belongs_to=belongs_to, label=label)


def secret(*, erase=None, expires=None, belongs_to="", identifies=False, label="") -> Line:
    """Personal, never shown: a password hash, a token. `identifies` as in `person`."""
    return Line(Role.SECRET, erase=erase, expires=expires, belongs_to=belongs_to, identifies=identifies, label=label)


def not_personal(reason: str, *, label="") -> Line:
    """Says nothing about a person, for this reason."""
    return Line(Role.NOT_PERSONAL, reason=reason, label=label)


def of_same_person(reason: str, *, label="") -> Line:
    """A key to another row of the same person, for this reason always: it leads to nobody that another line does not lead to."""
    return Line(Role.NOT_PERSONAL, reason=reason, label=label, of_same_person=True)


def after(*, days: int, since: str) -> After:
    return After(days, since)
