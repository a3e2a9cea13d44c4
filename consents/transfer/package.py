"""What would go to a receiver, before anything does: how much of what, and what of it the receiver does not take."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from privacy.pages.download import Choice
from privacy.rights import estimate
from privacy.rights.counting import count_each
from privacy.rights.handing_over import says_whose
from privacy.rights.portability import Scope


@dataclass(frozen=True)
class Kind:
    """One kind of data; `why` says why the receiver leaves it, "" where it does not. It may read it to see whose the rest is."""

    title: str
    rows: int
    why: str
    says_whose: bool = False


@dataclass(frozen=True)
class Package:
    kinds: list[Kind]
    choice: Choice

    @classmethod
    def of(cls, subject, taken: dict[str, str]) -> "Package":
        """`taken` as `remote.takes` gives it; what a receiver does not know it has no place for. Empty: it did not say."""
        maps = [data_map for data_map, _lines in Scope.PORTABLE.parts()]
        counts = count_each(Scope.PORTABLE.rows(data_map, subject) for data_map in maps)
        kinds = [_kind(data_map, rows, taken) for data_map, rows in zip(maps, counts, strict=True) if rows]
        return cls(
            sorted(kinds, key=lambda kind: -kind.rows), Choice(Scope.PORTABLE, estimate.of_each(subject, [Scope.PORTABLE])[Scope.PORTABLE])
        )

    @property
    def goes(self) -> list[Kind]:
        return [kind for kind in self.kinds if not kind.why]

    @property
    def stays(self) -> list[Kind]:
        return [kind for kind in self.kinds if kind.why and not kind.says_whose]

    @property
    def shows_whose(self) -> list[Kind]:
        """What goes along and is taken in nowhere."""
        return [replace(kind, why="") for kind in self.kinds if kind.why and kind.says_whose]


def _kind(data_map, rows, taken) -> Kind:
    return Kind(str(data_map.heading()), rows, _why(taken, data_map.label()), data_map.label() in says_whose())


def _why(taken, label) -> str:
    return taken.get(label, _("This kind of data has no place there.")) if taken else ""
