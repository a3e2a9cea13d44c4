"""What would go to a receiver, before anything does: how much of what, what it does not take, and whether it takes so much at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from privacy.pages.download import Choice
from privacy.rights import estimate
from privacy.rights.counting import count_each
from privacy.rights.handing_over import says_whose
from privacy.rights.portability import Scope
from privacy.rights.weighing import weigh

from .remote import Takes


@dataclass(frozen=True)
class Kind:
    """One kind of data; `why` says why the receiver leaves it, "" where it does not. It may read it to see whose the rest is."""

    title: str
    rows: int
    bytes: int
    why: str
    says_whose: bool = False


@dataclass(frozen=True)
class Package:
    kinds: list[Kind]
    choice: Choice
    takes: Takes

    @classmethod
    def of(cls, subject, takes: Takes) -> "Package":
        """What a receiver does not know it has no place for. Of one that did not say anything goes."""
        parts = list(Scope.PORTABLE.parts())
        counts = count_each(Scope.PORTABLE.rows(data_map, subject) for data_map, _lines in parts)
        kinds = [_kind(part, rows, subject, takes) for part, rows in zip(parts, counts, strict=True) if rows]
        expected = estimate.of_each(subject, [Scope.PORTABLE])[Scope.PORTABLE]
        return cls(sorted(kinds, key=lambda kind: -kind.rows), Choice(Scope.PORTABLE, expected), takes)

    @cached_property
    def goes(self) -> list[Kind]:
        """What she can tick there."""
        return [kind for kind in self.kinds if not kind.why and self._fits([kind])]

    @property
    def stays(self) -> list[Kind]:
        """Also what is more by itself than the receiver takes: part by part it can be brought by hand."""
        alone = _("This alone is more than it takes at once. Fetch it part by part, and bring it there yourself.")
        too_much = [replace(kind, why=alone) for kind in self.kinds if not kind.why and not self._fits([kind])]
        return [kind for kind in self.kinds if kind.why and not kind.says_whose] + too_much

    @cached_property
    def shows_whose(self) -> list[Kind]:
        """What goes along and is taken in nowhere."""
        return [replace(kind, why="") for kind in self.kinds if kind.why and kind.says_whose]

    @property
    def is_too_much(self) -> bool:
        """Each kind fits, all of them together do not: she has to choose there."""
        return not self._fits(self.goes)

    @property
    def measures(self) -> list[tuple[str, str]]:
        """What there is beside what it takes at most, of each limit that it named."""
        rows, size = (sum(getattr(kind, what) for kind in self._along(self.goes)) for what in ("rows", "bytes"))
        found = []
        if self.takes.rows is not None:
            amounts = {"here": number_format(rows), "most": number_format(self.takes.rows)}
            found.append((_("Records"), _("%(here)s; it takes %(most)s at most") % amounts))
        if self.takes.bytes is not None:
            amounts = {"here": filesizeformat(size), "most": filesizeformat(self.takes.bytes)}
            found.append((_("Size"), _("about %(here)s; it takes %(most)s at most") % amounts))
        return found

    def _along(self, kinds: Iterable[Kind]) -> list[Kind]:
        """With what is read to see whose they are."""
        return [*kinds, *self.shows_whose]

    def _fits(self, kinds: Iterable[Kind]) -> bool:
        limits = {"rows": self.takes.rows, "bytes": self.takes.bytes}
        return all(most is None or sum(getattr(kind, what) for kind in self._along(kinds)) <= most for what, most in limits.items())


def _kind(part, rows, subject, takes) -> Kind:
    data_map, lines = part
    label = data_map.label()
    why = takes.why_not.get(label, _("This kind of data has no place there.")) if takes.why_not else ""
    shows_whose = label in says_whose()
    size = weigh(data_map, lines, rows, subject, Scope.PORTABLE) if not why or shows_whose else 0
    return Kind(str(data_map.heading()), rows, size, why, shows_whose)
